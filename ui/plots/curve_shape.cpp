// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_shape.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace lathe::ui {

namespace {

double unitOf(const CurveItem& item, XAxis axis) {
  if (axis == XAxis::Epoch && item.stepsPerEpoch > 0) return 1 / item.stepsPerEpoch;
  if (axis == XAxis::Time && item.secondsPerStep > 0) return item.secondsPerStep;
  return 1;
}

void consider(CurveShape& shape, double x, double y, bool larger) {
  if (!std::isfinite(y)) return;
  shape.low = std::min(shape.low, y);
  shape.high = std::max(shape.high, y);
  if (y > 0 && (shape.lowPositive == 0 || y < shape.lowPositive)) shape.lowPositive = y;
  if (shape.hasBest && !(larger ? y > shape.best : y < shape.best)) return;
  shape.hasBest = true;
  shape.best = y;
  shape.bestX = x;
}

void add(CurveShape& shape, std::int64_t step, double x, double y, bool larger) {
  shape.x.push_back(x);
  shape.y.push_back(y);
  shape.steps.push_back(step);
  consider(shape, x, y, larger);
}

}  // namespace

double positionOf(std::int64_t step, const CurveItem& item, XAxis axis) {
  return static_cast<double>(step) * unitOf(item, axis);
}

double stepAt(double position, const CurveItem& item, XAxis axis) { return position / unitOf(item, axis); }

CurveShape makeShape(const CurveData& data, const CurveItem& item, XAxis axis) {
  CurveShape shape;
  shape.low = std::numeric_limits<double>::infinity();
  shape.high = -shape.low;
  const double unit = unitOf(item, axis);
  if (data.columns.empty()) {
    shape.x.reserve(data.points.size());
    shape.y.reserve(data.points.size());
    shape.steps.reserve(data.points.size());
    for (const auto& point : data.points)
      add(shape, point.step, static_cast<double>(point.step) * unit, point.value, item.larger);
    shape.middleX = shape.x;
    shape.middleY = shape.y;
    return shape;
  }
  shape.x.reserve(data.columns.size() * 4);
  shape.y.reserve(data.columns.size() * 4);
  shape.steps.reserve(data.columns.size() * 4);
  for (const auto& column : data.columns) {
    if (column.points == 0) continue;
    if (column.points <= column.nonFinite) {  // a gap
      shape.x.push_back(static_cast<double>(column.firstStep) * unit);
      shape.y.push_back(std::numeric_limits<double>::quiet_NaN());
      shape.steps.push_back(column.firstStep);
      continue;
    }
    std::array<store::Point, 4> corners{
        store::Point{column.firstStep, column.first}, store::Point{column.minStep, column.min},
        store::Point{column.maxStep, column.max}, store::Point{column.lastStep, column.last}};
    if (column.minStep > column.maxStep) std::swap(corners[1], corners[2]);
    std::int64_t before = std::numeric_limits<std::int64_t>::min();
    for (const auto& corner : corners) {
      if (corner.step <= before) continue;
      before = corner.step;
      add(shape, corner.step, static_cast<double>(corner.step) * unit, corner.value, item.larger);
    }
    // The first and the last value are two fair samples of a column; its extremes are not.
    shape.middleX.push_back(0.5 * static_cast<double>(column.firstStep + column.lastStep) * unit);
    shape.middleY.push_back(0.5 * (column.first + column.last));
  }
  return shape;
}

std::pair<double, double> rangeWithin(const std::vector<double>& x, const std::vector<double>& y, double from,
                                      double to, bool positiveOnly) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  const auto begin = std::lower_bound(x.begin(), x.end(), from) - x.begin();
  const auto end = std::upper_bound(x.begin(), x.end(), to) - x.begin();
  for (auto i = begin; i < end; ++i) {
    const double value = y[static_cast<std::size_t>(i)];
    if (!std::isfinite(value) || (positiveOnly && value <= 0)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  return {low, high};
}

int nearestIndex(const std::vector<double>& x, double position) {
  if (x.empty()) return -1;
  const auto after = std::lower_bound(x.begin(), x.end(), position);
  if (after == x.begin()) return 0;
  if (after == x.end()) return static_cast<int>(x.size()) - 1;
  const auto index = static_cast<int>(after - x.begin());
  return position - *(after - 1) <= *after - position ? index - 1 : index;
}

}  // namespace lathe::ui
