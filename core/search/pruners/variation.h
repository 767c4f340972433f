// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "core/base/random.h"
#include "core/search/trial.h"

namespace lathe::search {

/// Differential evolution, rand/1/bin with F = CR = 0.5, in the unit coding (toUnit): three parents make a mutant, of
/// which each parameter, at least one, replaces the target's by chance. What is inactive in a parent is drawn; what
/// leaves 0 .. 1 is drawn anew; constraints are mended. Nothing when that does not succeed.
[[nodiscard]] std::optional<Configuration> differentialOffspring(const SearchSpace& space, const Configuration& target,
                                                                 const Configuration& base, const Configuration& plus,
                                                                 const Configuration& minus, Random& random);

/// How population based training explores (Jaderberg and others 2017): numbers times 0.8 or 1.25 (counted from the low
/// end where it is negative, so that zero is nothing special; a shift in the unit coding for logarithmic ones), ordered
/// choices to a neighbour, categories anew with probability 0.25. At least a fiftieth of the range or a step, within
/// the range. Only parameters that `inheritable` allows (empty: all) change, and none of the others is switched on or
/// off. The parent's own configuration when nothing else is possible.
[[nodiscard]] Configuration explored(const SearchSpace& space, const Configuration& parent,
                                     const std::vector<bool>& inheritable, Random& random);

}  // namespace lathe::search
