// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/dataset_part.h"

#include <algorithm>
#include <numeric>

#include "core/base/random.h"

namespace lathe::data {
namespace {

// `from` holds `all` rows of the same length; nothing where it is empty.
template <class T>
void gather(const std::vector<T>& from, std::size_t all, const std::vector<std::uint32_t>& rows, std::vector<T>& to) {
  to.clear();
  if (from.empty() || all == 0) return;
  const std::size_t length = from.size() / all;
  to.reserve(rows.size() * length);
  for (const auto row : rows) {
    const auto first = from.begin() + static_cast<std::ptrdiff_t>(row * length);
    to.insert(to.end(), first, first + static_cast<std::ptrdiff_t>(length));
  }
}

}  // namespace

std::shared_ptr<const Dataset> partOf(const Dataset& dataset, std::span<const std::uint32_t> train,
                                      std::span<const std::uint32_t> validation) {
  std::vector<std::uint32_t> rows(train.begin(), train.end());
  rows.insert(rows.end(), validation.begin(), validation.end());
  auto part = std::make_shared<Dataset>();
  if (!dataset.windows.order.empty()) {
    *part = dataset;
    part->split = {{train.begin(), train.end()}, {validation.begin(), validation.end()}, {}};
    return part;
  }
  part->schema = dataset.schema;
  part->rows = rows.size();
  gather(dataset.table, dataset.rows, rows, part->table);
  for (const auto& texts : dataset.texts) part->texts.push_back(textOf(texts, rows));
  gather(dataset.pixels, dataset.rows, rows, part->pixels);
  if (dataset.samples) {
    auto samples = std::make_shared<Samples>();
    gather(*dataset.samples, dataset.rows, rows, *samples);
    part->samples = std::move(samples);
  }
  gather(dataset.classes, dataset.rows, rows, part->classes);
  gather(dataset.targets, dataset.rows, rows, part->targets);
  gather(dataset.labels, dataset.rows, rows, part->labels);
  gather(dataset.weights, dataset.rows, rows, part->weights);
  part->split.train.resize(train.size());
  std::iota(part->split.train.begin(), part->split.train.end(), 0U);
  part->split.validation.resize(validation.size());
  std::iota(part->split.validation.begin(), part->split.validation.end(), static_cast<std::uint32_t>(train.size()));
  return part;
}

Fold foldOf(const Dataset& dataset, int folds, int fold, std::uint64_t seed) {
  auto rows = dataset.split.train;
  rows.insert(rows.end(), dataset.split.validation.begin(), dataset.split.validation.end());
  std::sort(rows.begin(), rows.end());
  Random random(seed, "folds");
  random.shuffle(rows);
  if (!dataset.classes.empty())
    std::stable_sort(rows.begin(), rows.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return dataset.classes[a] < dataset.classes[b]; });
  Fold result;
  for (std::size_t i = 0; i < rows.size(); ++i)
    (i % static_cast<std::size_t>(folds) == static_cast<std::size_t>(fold) ? result.heldOut : result.train)
        .push_back(rows[i]);
  // A class lies together now; the training shuffles, but its first epoch shall not depend on it.
  std::sort(result.train.begin(), result.train.end());
  std::sort(result.heldOut.begin(), result.heldOut.end());
  return result;
}

}  // namespace lathe::data
