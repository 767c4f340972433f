// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "ui/bridge/curve_feed.h"
#include "ui/plots/curve_types.h"

namespace lathe::ui {

/// A curve ready to draw: x in the axis' unit, ascending.
struct CurveShape {
  std::vector<double> x, y;              ///< every point, or first, min, max and last of each pixel column
  std::vector<double> middleX, middleY;  ///< what is smoothed: the points, or one value a column
  std::vector<std::int64_t> steps;       ///< of x
  double bestX = 0, best = 0;            ///< of the finite values
  bool hasBest = false;
  double low = 0, high = 0;  ///< of the finite values; low > high: none
  double lowPositive = 0;    ///< smallest value above 0, for a logarithmic axis; 0: none
};

/// Position of a step on the axis of a plot.
[[nodiscard]] double positionOf(std::int64_t step, const CurveItem& item, XAxis axis);
/// The step at a position, as a real number.
[[nodiscard]] double stepAt(double position, const CurveItem& item, XAxis axis);

[[nodiscard]] CurveShape makeShape(const CurveData& data, const CurveItem& item, XAxis axis);

/// Least and largest y over [from, to] of x; first > second: nothing there.
[[nodiscard]] std::pair<double, double> rangeWithin(const std::vector<double>& x, const std::vector<double>& y,
                                                    double from, double to, bool positiveOnly);
/// Index of the nearest x, -1 when there is none.
[[nodiscard]] int nearestIndex(const std::vector<double>& x, double position);

}  // namespace lathe::ui
