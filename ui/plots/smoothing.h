// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

namespace lathe::ui {

/// Exponential moving average that forgets by distance along x, without the bias of its start: the same picture however
/// densely a curve was logged (the time-weighted average of Weights & Biases' run charts). `weight` in [0, 1), 0 gives
/// y; `span` is the length of the whole x axis. Values that are not finite are passed over and stay as they are.
[[nodiscard]] std::vector<double> smoothed(std::span<const double> x, std::span<const double> y, double weight,
                                           double span);

}  // namespace lathe::ui
