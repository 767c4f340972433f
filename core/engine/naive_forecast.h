// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/data/buffers.h"
#include "core/engine/predictor.h"

namespace lathe::engine {

/// What a forecast has to be better than: at each row ahead the last known value of the target up to the given row (the
/// "naive" forecast), in the target's unit. 0 where none is known. For the task forecast, whose data have the targets
/// among their features.
[[nodiscard]] Predictions repeatLastValue(const data::Dataset& data, const std::vector<std::uint32_t>& rows);

}  // namespace lathe::engine
