// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <unordered_set>

#include "core/base/random.h"
#include "core/search/trial.h"

/// Variation of configurations on each parameter's own scale. What comes into being by a changed condition is taken
/// from a parent that has it, else drawn.
namespace lathe::search {

/// Simulated binary crossover (Deb and Agrawal 1995) of numbers and ordinals, each with probability 1/2; categories
/// from one parent or the other. One of the two children. `spread`: the distribution's index; larger is nearer to the
/// parents.
[[nodiscard]] Configuration crossover(const SearchSpace& space, const Configuration& a, const Configuration& b,
                                      double spread, Random& random);

/// Polynomial mutation (Deb 2002) of numbers and ordinals, at least by one value; another category instead of each
/// category. Each active parameter with probability `rate`, at least one of them.
void mutate(const SearchSpace& space, Configuration& configuration, double rate, double spread, Random& random);

/// Normal steps of numbers and ordinals, `width` of their whole scale but at least one value, mirrored at the ends;
/// another category instead of each category. Chosen as for mutate().
void step(const SearchSpace& space, Configuration& configuration, double rate, double width, Random& random);

/// The first of what `make` gives that fulfils the constraints and is not in `known` (hashOf); when none of a number
/// of tries does, the last one that fulfils them, else the last one.
[[nodiscard]] Configuration firstNew(const SearchSpace& space, const std::unordered_set<std::uint64_t>& known,
                                     const std::function<Configuration()>& make);

/// Point `index` of a scrambled sequence, so that a first generation is spread evenly. Constraints are not looked at.
[[nodiscard]] Configuration spreadPoint(const SearchSpace& space, std::uint32_t index, std::uint64_t seed);

/// The trial-th such point, another one when firstNew() would not take it.
[[nodiscard]] Configuration newSpreadPoint(const SearchSpace& space, const std::unordered_set<std::uint64_t>& known,
                                           std::int64_t trial, std::uint64_t seed);

}  // namespace lathe::search
