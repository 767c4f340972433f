// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/importance.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/random.h"
#include "core/search/importance_tools.h"
#include "core/search/reduced_space.h"

namespace lathe::search {

Observations observationsOf(std::span<const TrialResult> trials, std::size_t goal) {
  Observations observations;
  for (const auto& trial : trials)
    if (trial.state == TrialState::Complete && goal < trial.values.size() && std::isfinite(trial.values[goal])) {
      observations.configurations.push_back(trial.configuration);
      observations.values.push_back(trial.values[goal]);
    }
  return observations;
}

ImportanceData importanceData(const SearchSpace& space, std::span<const Configuration> configurations,
                              std::span<const double> values) {
  ImportanceData data;
  const ReducedSpace reduced(space);
  data.space = reduced.space();
  for (const auto& parameter : data.space.parameters) data.places.push_back(space.find(parameter.name).value_or(0));
  const bool whole = data.space == space;
  const auto count = std::min(configurations.size(), values.size());
  if (!whole) data.storage.reserve(count);
  data.configurations.reserve(count);
  data.values.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!std::isfinite(values[i]) || configurations[i].size() != space.size()) continue;
    if (!whole) {
      auto inner = reduced.reduce(configurations[i]);
      if (!inner) continue;
      data.storage.push_back(std::move(*inner));
    }
    data.configurations.push_back(whole ? &configurations[i] : &data.storage.back());
    data.values.push_back(values[i]);
  }
  return data;
}

void thinOut(ImportanceData& data, std::size_t most, std::uint64_t seed) {
  if (data.values.size() <= most) return;
  std::vector<std::uint32_t> order(data.values.size());
  std::iota(order.begin(), order.end(), 0U);
  Random(seed, "thin").shuffle(order);
  order.resize(most);
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < most; ++i) {
    data.configurations[i] = data.configurations[order[i]];
    data.values[i] = data.values[order[i]];
  }
  data.configurations.resize(most);
  data.values.resize(most);
}

Scaling normalise(std::vector<double>& values) {
  if (values.empty()) return {};
  auto sorted = values;
  const auto quantile = [&](double share) {
    const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(sorted.size() - 1));
    std::nth_element(sorted.begin(), at, sorted.end());
    return *at;
  };
  const double low = quantile(0.25), high = quantile(0.75);
  if (const double reach = 3 * (high - low); reach > 0)
    for (auto& value : values) value = std::clamp(value, low - reach, high + reach);
  // Scaled before the mean is taken: sums of the largest doubles overflow.
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  if (largest > 0)
    for (auto& value : values) value /= largest;
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  double most = 0;
  for (auto& value : values) {
    value -= mean;
    most = std::max(most, std::abs(value));
  }
  for (auto& value : values) value = most > 1e-14 ? value / most : 0;
  return {largest * mean, largest * most};
}

std::vector<Importance> ranked(const ImportanceData& data, const std::vector<double>& shares,
                               const std::vector<double>& deviations, std::size_t whole) {
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  std::vector<Importance> result(whole);
  for (std::size_t i = 0; i < whole; ++i) result[i].parameter = i;
  for (std::size_t i = 0; i < shares.size() && sum > 0; ++i)
    result[data.places[i]] = {data.places[i], shares[i] / sum, deviations[i] / sum};
  std::stable_sort(result.begin(), result.end(),
                   [](const Importance& a, const Importance& b) { return a.importance > b.importance; });
  return result;
}

}  // namespace lathe::search
