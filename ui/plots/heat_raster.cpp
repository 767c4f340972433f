// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/heat_raster.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace lathe::ui {

namespace {

constexpr double beyond = 0.0005;
constexpr double tiny = 0.005;  ///< share of sizes that the middle band of a logarithmic axis may hide
constexpr double margin = 0.04;
constexpr double bandWidth = 0.6;  ///< of the middle band, in powers of ten
constexpr double mostDecades = 7;

/// The value below which a share of a frame lies.
double quantile(const SpreadFrame& frame, double share) {
  double sum = 0;
  for (const auto& bin : frame.bins) {
    if (sum + bin.share >= share && bin.share > 0)
      return bin.low + (bin.high - bin.low) * std::clamp((share - sum) / bin.share, 0.0, 1.0);
    sum += bin.share;
  }
  return frame.bins.empty() ? 0 : frame.bins.back().high;
}

/// The size below which hardly any of a frame's values lie, zeros left aside.
double leastSize(const SpreadFrame& frame) {
  std::vector<std::pair<double, double>> sizes;
  double all = 0;
  for (const auto& bin : frame.bins) {
    if (!(bin.low > 0) && !(bin.high < 0)) continue;
    sizes.emplace_back(std::min(std::fabs(bin.low), std::fabs(bin.high)), bin.share);
    all += bin.share;
  }
  std::sort(sizes.begin(), sizes.end());
  double sum = 0;
  for (const auto& [size, share] : sizes)
    if ((sum += share) >= tiny * all) return size;
  return std::numeric_limits<double>::infinity();
}

}  // namespace

HeatAxis HeatAxis::linear(double low, double high) {
  HeatAxis axis;
  axis.m_low = low;
  axis.m_high = high;
  return axis;
}

HeatAxis HeatAxis::logarithmic(double least, double most, bool negative, bool positive) {
  HeatAxis axis;
  axis.m_log = true;
  axis.m_least = least;
  const double reach = std::log10(most / least) + bandWidth / 2;
  axis.m_low = negative ? -reach : -bandWidth / 2;
  axis.m_high = positive ? reach : bandWidth / 2;
  return axis;
}

HeatAxis HeatAxis::fitting(const SpreadFrames& frames, bool logarithmic) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  double least = low;
  for (const auto& frame : frames) {
    if (frame.bins.empty()) continue;
    low = std::min(low, quantile(frame, beyond));
    high = std::max(high, quantile(frame, 1 - beyond));
    least = std::min(least, leastSize(frame));
  }
  if (!(low <= high)) return linear(0, 1);
  const double most = std::max(std::fabs(low), std::fabs(high));
  if (logarithmic && std::isfinite(least) && most > least) {
    least = std::max(least, most * std::pow(10.0, -mostDecades));
    return HeatAxis::logarithmic(least, most * 1.1, low<0, high> 0);
  }
  double room = (high - low) * margin;
  if (!(room > 0)) room = std::max(most * 0.5, 1e-12);
  return linear(low - room, high + room);
}

double HeatAxis::toAxis(double value) const {
  if (!m_log) return value;
  const double size = std::fabs(value);
  if (size <= m_least) return value / m_least * bandWidth / 2;
  const double at = std::log10(size / m_least) + bandWidth / 2;
  return value < 0 ? -at : at;
}

double HeatAxis::toValue(double coordinate) const {
  if (!m_log) return coordinate;
  const double size = std::fabs(coordinate);
  if (size <= bandWidth / 2) return coordinate / (bandWidth / 2) * m_least;
  const double value = m_least * std::pow(10.0, size - bandWidth / 2);
  return coordinate < 0 ? -value : value;
}

std::vector<double> HeatAxis::logTicks() const {
  const double most = std::max(std::fabs(toValue(m_low)), std::fabs(toValue(m_high)));
  const int first = static_cast<int>(std::ceil(std::log10(m_least) - 1e-9));
  const int last = static_cast<int>(std::floor(std::log10(most) + 1e-9));
  const bool both = m_low < -bandWidth && m_high > bandWidth;
  const int stride = std::max(1, (last - first + (both ? 2 : 4)) / (both ? 2 : 4));
  std::vector<double> ticks{0};
  for (int power = last; power >= first; power -= stride)
    for (const double value : {-std::pow(10.0, power), std::pow(10.0, power)})
      if (toAxis(value) >= m_low && toAxis(value) <= m_high) ticks.push_back(value);
  std::sort(ticks.begin(), ticks.end());
  return ticks;
}

int frameAt(const SpreadFrames& frames, double step) {
  if (frames.empty()) return -1;
  const auto after = std::upper_bound(frames.begin(), frames.end(), step, [](double at, const auto& frame) {
    return at < static_cast<double>(frame.step);
  });
  return after == frames.begin() ? 0 : static_cast<int>(after - frames.begin()) - 1;
}

double shareBetween(const SpreadFrame& frame, double low, double high) {
  double sum = 0;
  for (const auto& bin : frame.bins) {
    const double part = std::min(high, bin.high) - std::max(low, bin.low);
    if (part > 0 && bin.high > bin.low) sum += bin.share * std::min(1.0, part / (bin.high - bin.low));
  }
  return sum;
}

HeatRaster makeRaster(const SpreadFrames& frames, const HeatAxis& axis, double firstStep, double lastStep, int columns,
                      int rows) {
  HeatRaster raster{columns, rows, {}, 0};
  raster.shares.assign(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows), 0);
  if (frames.empty()) return raster;
  const double height = (axis.high() - axis.low()) / rows;
  int shown = -1;
  for (int column = 0; column < columns; ++column) {
    auto* cells = raster.shares.data() + static_cast<std::size_t>(column) * static_cast<std::size_t>(rows);
    const double end = firstStep + (lastStep - firstStep) * (column + 1) / columns;
    const int index = frameAt(frames, end);
    if (index == shown) {
      std::copy_n(cells - rows, rows, cells);
      continue;
    }
    shown = index;
    for (const auto& bin : frames[static_cast<std::size_t>(index)].bins) {
      // A bin is spread evenly over what it covers of the axis.
      const double low = axis.toAxis(bin.low);
      const double high = axis.toAxis(bin.high);
      const double from = (low - axis.low()) / height;
      const double to = (high - axis.low()) / height;
      if (!(to > from)) continue;
      const int first = std::clamp(static_cast<int>(std::floor(from)), 0, rows);
      const int last = std::clamp(static_cast<int>(std::ceil(to)), 0, rows);
      for (int row = first; row < last; ++row) {
        const double part = std::min<double>(row + 1, to) - std::max<double>(row, from);
        cells[row] += static_cast<float>(bin.share * std::max(0.0, part) / (to - from));
      }
    }
    raster.most = std::max(raster.most, *std::max_element(cells, cells + rows));
  }
  return raster;
}

}  // namespace lathe::ui
