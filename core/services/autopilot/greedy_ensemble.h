// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

namespace lathe::services {

/// Which models to join, and with which weights: the one that helps most is added again and again (Caruana et al. 2004,
/// "Ensemble selection from libraries of models"), each counting as often as it was taken.
struct GreedyOptions {
  int rounds = 50;
  std::size_t mostMembers = 12;    ///< different ones
  double leastGain = 1e-4;         ///< of the cost, below which fewer members are better than a smaller cost
  std::vector<double> sizes = {};  ///< of each model; those taken together stay within `mostSize`
  double mostSize = 0;             ///< 0: no limit
};

struct GreedyEnsemble {
  std::vector<double> weights;  ///< one a candidate; they sum to 1
  double cost = 0;
  std::vector<double> course;  ///< cost after each round
};

/// `cost` is asked for the mean of what the candidates predict and is to be made small. So the result is never worse
/// than the best candidate that fits. No weights when there is none with a finite cost.
[[nodiscard]] GreedyEnsemble greedyEnsemble(const std::vector<const std::vector<float>*>& candidates,
                                            const std::function<double(const std::vector<float>&)>& cost,
                                            const GreedyOptions& options = {});

}  // namespace lathe::services
