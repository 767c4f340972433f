// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "core/base/random.h"

namespace lathe::engine {

/// The eigenvalue of largest size of a function's second derivatives, to about a hundredth, by power iteration over
/// central differences of its gradient. `gradientBeside` gives the gradient at so much beside the place of interest,
/// where steps of a hundredth are small. NaN where a gradient is not finite; 0 where nothing bends.
[[nodiscard]] double largestCurvature(
    std::size_t dimensions, Random& random,
    const std::function<std::vector<double>(const std::vector<double>& by)>& gradientBeside);

}  // namespace lathe::engine
