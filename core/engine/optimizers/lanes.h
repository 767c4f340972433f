// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace lathe::engine {

/// Sixteen floats at any place in memory, for loops that the compiler does not turn into vectors by itself. Where the
/// processor has shorter registers the compiler splits it.
using Lanes [[gnu::vector_size(64), gnu::aligned(4), gnu::may_alias]] = float;
constexpr std::size_t laneCount = sizeof(Lanes) / sizeof(float);

inline const Lanes& lanesAt(const float* place) { return *reinterpret_cast<const Lanes*>(place); }

}  // namespace lathe::engine
