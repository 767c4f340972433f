// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/store/sqlite/curve_block.h"

namespace lathe::store::sqlite {

/// Gives the points of a block, loading them when needed.
using BlockLoader = std::function<const BlockPoints&(CurveBlock&)>;

/// Step s belongs to column (s - fromStep) * columns / (toStep - fromStep + 1), rounded down. Blocks that lie within
/// one column are taken from their summary, the others are loaded; so the result is exact, and the cost is at most one
/// block a column. Columns without points are left out.
[[nodiscard]] std::vector<ColumnRange> reduce(std::vector<CurveBlock>& blocks, const BlockLoader& load,
                                              std::int64_t fromStep, std::int64_t toStep, int columns);

}  // namespace lathe::store::sqlite
