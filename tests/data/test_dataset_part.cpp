// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "core/data/dataset_part.h"
#include "core/data/windows.h"
#include "tests/support/testing.h"

using namespace lathe;
using data::Dataset;

namespace {

// Row r: features 10 r and 10 r + 1, class r % 3, weight r.
Dataset tableOf(std::size_t rows) {
  Dataset dataset;
  dataset.rows = rows;
  for (std::size_t row = 0; row < rows; ++row) {
    dataset.table.push_back(static_cast<float>(10 * row));
    dataset.table.push_back(static_cast<float>(10 * row + 1));
    dataset.classes.push_back(static_cast<std::int32_t>(row % 3));
    dataset.weights.push_back(static_cast<float>(row));
  }
  for (std::uint32_t row = 0; row < rows; ++row)
    (row % 5 == 4 ? dataset.split.test : row % 5 == 3 ? dataset.split.validation : dataset.split.train).push_back(row);
  return dataset;
}

}  // namespace

LATHE_TEST("a part holds its rows in their order, training first, and nothing else") {
  const auto all = tableOf(20);
  const std::vector<std::uint32_t> train{7, 2};
  const std::vector<std::uint32_t> validation{19};
  const auto part = data::partOf(all, train, validation);
  CHECK_EQ(part->rows, std::size_t{3});
  CHECK(part->table == std::vector<float>({70, 71, 20, 21, 190, 191}));
  CHECK(part->classes == std::vector<std::int32_t>({1, 2, 1}));
  CHECK(part->weights == std::vector<float>({7, 2, 19}));
  CHECK(part->targets.empty());
  CHECK(part->pixels.empty());
  CHECK(part->split.train == std::vector<std::uint32_t>({0, 1}));
  CHECK(part->split.validation == std::vector<std::uint32_t>({2}));
  CHECK(part->split.test.empty());
}

LATHE_TEST("a part of windows keeps the rows that they share, and only the split is another") {
  auto all = tableOf(20);
  all.schema.sequence.window = 3;
  all.schema.inputShape = {3, 2};
  all.windows = data::windowsOf({{20}, {}, {}});
  const std::vector<std::uint32_t> train{7, 2};
  const std::vector<std::uint32_t> validation{19};
  const auto part = data::partOf(all, train, validation);
  CHECK(data::inputsFitRows(*part));
  CHECK((part->split == data::Split{{7, 2}, {19}, {}}));
  std::vector<float> input(6);
  data::copyInput(*part, 7, input.data());
  CHECK((input == std::vector<float>{50, 51, 60, 61, 70, 71}));
}

LATHE_TEST("folds hold out each training and validation row once, each class evenly, and never a test row") {
  const auto all = tableOf(300);
  const std::set<std::uint32_t> test(all.split.test.begin(), all.split.test.end());
  std::map<std::uint32_t, int> held;
  for (int fold = 0; fold < 5; ++fold) {
    const auto f = data::foldOf(all, 5, fold, 3);
    CHECK_EQ(f.train.size() + f.heldOut.size(), std::size_t{240});
    std::map<int, int> classes;
    for (const auto row : f.heldOut) {
      ++held[row];
      ++classes[all.classes[row]];
      CHECK(!test.contains(row));
      CHECK(!std::binary_search(f.train.begin(), f.train.end(), row));
    }
    for (const auto& [label, count] : classes) CHECK(count == 16);
    for (const auto row : f.train) CHECK(!test.contains(row));
    CHECK(data::foldOf(all, 5, fold, 3).heldOut == f.heldOut);
    CHECK(data::foldOf(all, 5, fold, 4).heldOut != f.heldOut);
  }
  CHECK_EQ(held.size(), std::size_t{240});
  CHECK(std::all_of(held.begin(), held.end(), [](const auto& each) { return each.second == 1; }));
}
