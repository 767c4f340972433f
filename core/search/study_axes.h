// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/search/trial.h"

/// Scales for pictures of a study: where a value stands between 0 and 1, and which values are written beside.
namespace lathe::search {

struct Tick {
  double position = 0;  ///< 0 .. 1
  double value = 0;     ///< coded: a number, or a choice's index
};
struct Axis {
  bool log = false;
  double low = 0, high = 1;  ///< values at both ends; of choices the first and the last index
  std::vector<Tick> ticks;   ///< ascending
};

/// A parameter on its unit scale (toUnit): all choices are ticks; numbers have round ones, about `most` of them.
[[nodiscard]] Axis axisOf(const spec::SearchParameter& parameter, int most = 6);
/// For values that were seen: logarithmic when all are positive and they span more than three powers of ten. NaN and
/// infinite ones do not count.
[[nodiscard]] Axis axisOf(std::span<const double> values, int most = 6);
/// Where a value stands on an axis of values; beyond the ends at the ends; NaN stays.
[[nodiscard]] double positionOn(const Axis& axis, double value);

/// A slice: one parameter of every trial against a goal.
struct SlicePoint {
  std::uint32_t trial = 0;  ///< place in what was given
  double unit = 0;          ///< the parameter on its scale
  double value = 0;
};
/// Of trials that have both the parameter and a value, for every parameter.
[[nodiscard]] std::vector<std::vector<SlicePoint>> slices(const SearchSpace& space,
                                                          std::span<const Configuration> configurations,
                                                          std::span<const double> values);

/// Parallel coordinates: an axis a parameter, then one for the values.
struct ParallelCoordinates {
  std::vector<Axis> axes;
  std::vector<float> positions;  ///< [trial * axes.size() + axis]; NaN where a trial has none
};
[[nodiscard]] ParallelCoordinates parallelCoordinates(const SearchSpace& space,
                                                      std::span<const Configuration> configurations,
                                                      std::span<const double> values);

}  // namespace lathe::search
