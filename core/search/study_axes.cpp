// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/study_axes.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

// The next of 1, 2, 5, 10, ... that is not below.
double roundStep(double least) {
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

std::vector<double> roundNumbers(double low, double high, int most, double leastStep) {
  std::vector<double> numbers;
  const double range = high - low;
  if (!(range > 0) || !std::isfinite(range)) return {low};
  const double step = std::max(roundStep(range / std::max(most, 1)), leastStep);
  const double first = std::ceil(low / step - 1e-9);
  // Counted: adding up steps would not hit round numbers.
  for (int i = 0; i <= 4 * most + 4; ++i) {
    const double number = (first + i) * step;
    if (number > high + 1e-9 * step) break;
    numbers.push_back(std::clamp(number, low, high));
  }
  return numbers;
}

// Powers of ten, every n-th if there are too many; 2 and 5 times them if there are few.
std::vector<double> powers(double low, double high, int most) {
  const double first = std::floor(std::log10(low)), last = std::ceil(std::log10(high));
  const double decades = std::log10(high) - std::log10(low);
  if (decades < 0.5) return roundNumbers(low, high, most, 0);
  const double every = std::max(1.0, std::ceil(decades / std::max(most, 1)));
  std::vector<double> numbers;
  for (double power = std::ceil(first / every) * every; power <= last; power += every)
    for (const double factor : {1.0, 2.0, 5.0}) {
      if (factor > 1 && 2 * decades > most) continue;
      // By division below 1: 10^-3 is not 0.001.
      const double number = power < 0 ? factor / std::pow(10, -power) : factor * std::pow(10, power);
      if (number >= low * (1 - 1e-9) && number <= high * (1 + 1e-9)) numbers.push_back(std::clamp(number, low, high));
    }
  return numbers.empty() ? std::vector<double>{low, high} : numbers;
}

std::vector<double> roundOnes(const Axis& axis, int most, double leastStep) {
  return axis.log ? powers(axis.low, axis.high, most) : roundNumbers(axis.low, axis.high, most, leastStep);
}

}  // namespace

Axis axisOf(const spec::SearchParameter& parameter, int most) {
  Axis axis;
  axis.log = parameter.log;
  if (parameter.isChoice()) {
    axis.high = static_cast<double>(parameter.choices.size()) - 1;
    for (double i = 0; i <= axis.high; ++i) axis.ticks.push_back({toUnit(parameter, i), i});
    return axis;
  }
  axis.low = parameter.low;
  axis.high = parameter.high;
  const bool integer = parameter.type == spec::ParameterType::Int;
  for (double value : roundOnes(axis, most, integer ? 1 : 0)) {
    if (integer) value = std::round(value);
    if (!axis.ticks.empty() && axis.ticks.back().value == value) continue;
    axis.ticks.push_back({toUnit(parameter, value), value});
  }
  return axis;
}

Axis axisOf(std::span<const double> values, int most) {
  Axis axis;
  axis.low = std::numeric_limits<double>::infinity();
  axis.high = -axis.low;
  for (const double value : values)
    if (std::isfinite(value)) {
      axis.low = std::min(axis.low, value);
      axis.high = std::max(axis.high, value);
    }
  if (axis.low > axis.high) return {};
  axis.log = axis.low > 0 && axis.high / axis.low > 1000;
  for (const double value : roundOnes(axis, most, 0)) axis.ticks.push_back({positionOn(axis, value), value});
  return axis;
}

double positionOn(const Axis& axis, double value) {
  if (std::isnan(value)) return value;
  if (axis.low == axis.high) return value < axis.low ? 0 : value > axis.high ? 1 : 0.5;
  value = std::clamp(value, axis.low, axis.high);
  if (axis.log) return (std::log(value) - std::log(axis.low)) / (std::log(axis.high) - std::log(axis.low));
  // Halves, since the range of doubles is wider than the largest one.
  return (value / 2 - axis.low / 2) / (axis.high / 2 - axis.low / 2);
}

std::vector<std::vector<SlicePoint>> slices(const SearchSpace& space, std::span<const Configuration> configurations,
                                            std::span<const double> values) {
  std::vector<std::vector<SlicePoint>> result(space.size());
  const auto count = std::min(configurations.size(), values.size());
  for (std::size_t i = 0; i < count; ++i) {
    if (!std::isfinite(values[i]) || configurations[i].size() != space.size()) continue;
    for (std::size_t p = 0; p < space.size(); ++p)
      if (const double value = configurations[i][p]; !std::isnan(value))
        result[p].push_back({static_cast<std::uint32_t>(i), toUnit(space.parameters[p], value), values[i]});
  }
  return result;
}

ParallelCoordinates parallelCoordinates(const SearchSpace& space, std::span<const Configuration> configurations,
                                        std::span<const double> values) {
  ParallelCoordinates result;
  for (const auto& parameter : space.parameters) result.axes.push_back(axisOf(parameter));
  const auto count = std::min(configurations.size(), values.size());
  result.axes.push_back(axisOf(values.first(count)));
  result.positions.assign(count * result.axes.size(), std::numeric_limits<float>::quiet_NaN());
  for (std::size_t i = 0; i < count; ++i) {
    float* positions = &result.positions[i * result.axes.size()];
    if (configurations[i].size() != space.size()) continue;
    for (std::size_t p = 0; p < space.size(); ++p)
      if (const double value = configurations[i][p]; !std::isnan(value))
        positions[p] = static_cast<float>(toUnit(space.parameters[p], value));
    positions[space.size()] = static_cast<float>(positionOn(result.axes.back(), values[i]));
  }
  return result;
}

}  // namespace lathe::search
