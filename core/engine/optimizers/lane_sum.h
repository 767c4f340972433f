// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

/// Sums inside the loops of this folder: float lanes for a block of elements, double from block to block. The order of
/// additions is fixed, so the bits are too.
namespace lathe::engine {

constexpr std::size_t sumLanes = 16;
constexpr std::size_t sumBlock = 1024;

/// One block's lanes as one number.
inline double laneSum(const float* lanes) {
  float sum = 0;
  for (std::size_t lane = 0; lane < sumLanes; ++lane) sum += lanes[lane];
  return sum;
}

}  // namespace lathe::engine
