// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/search/sampler.h"

/// Spaces and functions that the tests of search share.
namespace lathe::search {

/// From JSON that is right.
[[nodiscard]] SearchSpace spaceOf(const std::string& json);

/// Two floats, as Branin has them.
[[nodiscard]] SearchSpace braninSpace();
[[nodiscard]] double branin(const Configuration& x);  ///< smallest value 0.397887
/// `count` floats in 0 .. 1.
[[nodiscard]] SearchSpace unitSpace(int count);
[[nodiscard]] double hartmann6(const Configuration& x);  ///< smallest value -3.32237
/// The network-shaped space `mixed` (choices, logarithms, integers, conditions); its optimum is 0.
[[nodiscard]] SearchSpace mixedSpace();
[[nodiscard]] double mixed(const Configuration& x);
/// Every kind of parameter, conditions on a choice, an integer and a float's grid, and two constraints.
[[nodiscard]] SearchSpace everythingSpace();
[[nodiscard]] double everything(const Configuration& x);

struct Studied {
  std::vector<Configuration> asked;
  std::vector<std::vector<double>> values;
  [[nodiscard]] double best() const;  ///< of the first goal
};
using Function = std::function<std::vector<double>(const Configuration&)>;
/// `trials` proposals one after another, each told before the next.
[[nodiscard]] Studied study(const std::string& sampler, const SamplerSetup& setup, const Function& function,
                            int trials);

}  // namespace lathe::search
