// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/autopilot/greedy_ensemble.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lathe::services {

GreedyEnsemble greedyEnsemble(const std::vector<const std::vector<float>*>& candidates,
                              const std::function<double(const std::vector<float>&)>& cost,
                              const GreedyOptions& options) {
  GreedyEnsemble result;
  if (candidates.empty()) return result;
  const auto length = candidates.front()->size();
  std::vector<double> sum(length, 0);
  std::vector<float> mean(length);
  std::vector<int> taken(candidates.size(), 0);
  std::vector<std::size_t> order;
  double size = 0;
  const auto sizeOf = [&](std::size_t i) { return i < options.sizes.size() ? options.sizes[i] : 0.0; };
  for (int round = 0; round < options.rounds; ++round) {
    double best = std::numeric_limits<double>::infinity();
    std::size_t chosen = candidates.size();
    const auto different = candidates.size() - static_cast<std::size_t>(std::count(taken.begin(), taken.end(), 0));
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (taken[i] == 0 && different >= options.mostMembers) continue;
      if (taken[i] == 0 && options.mostSize > 0 && size + sizeOf(i) > options.mostSize) continue;
      const double share = 1.0 / (round + 1);
      for (std::size_t k = 0; k < length; ++k)
        mean[k] = static_cast<float>((sum[k] + static_cast<double>((*candidates[i])[k])) * share);
      const double value = cost(mean);
      if (value < best) best = value, chosen = i;
    }
    if (chosen == candidates.size()) break;
    for (std::size_t k = 0; k < length; ++k) sum[k] += static_cast<double>((*candidates[chosen])[k]);
    if (taken[chosen]++ == 0) size += sizeOf(chosen);
    order.push_back(chosen);
    result.course.push_back(best);
  }
  if (order.empty()) return result;
  const double lowest = *std::min_element(result.course.begin(), result.course.end());
  const double enough = lowest + options.leastGain * std::abs(lowest);
  std::size_t rounds = 1;
  while (result.course[rounds - 1] > enough) ++rounds;
  result.cost = result.course[rounds - 1];
  result.weights.assign(candidates.size(), 0);
  for (std::size_t i = 0; i < rounds; ++i) result.weights[order[i]] += 1.0 / static_cast<double>(rounds);
  return result;
}

}  // namespace lathe::services
