// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "ui/bridge/insight_feeds.h"

namespace lathe::ui {

/// The vertical axis of a heat map: values themselves, or their sizes in powers of ten on both sides of a middle band
/// that holds whatever is smaller than the least size shown.
class HeatAxis {
 public:
  HeatAxis() = default;
  [[nodiscard]] static HeatAxis linear(double low, double high);
  /// 0 < least < most.
  [[nodiscard]] static HeatAxis logarithmic(double least, double most, bool negative, bool positive);
  /// Wide enough for nearly all values of all frames (0.05 per cent may lie beyond at each side, half a per cent of the
  /// sizes in the middle band).
  [[nodiscard]] static HeatAxis fitting(const SpreadFrames& frames, bool logarithmic);

  [[nodiscard]] bool isLog() const { return m_log; }
  [[nodiscard]] double low() const { return m_low; }  ///< of the axis, in its own coordinate
  [[nodiscard]] double high() const { return m_high; }
  [[nodiscard]] double toAxis(double value) const;
  [[nodiscard]] double toValue(double coordinate) const;
  /// Values that deserve a tick.
  [[nodiscard]] std::vector<double> logTicks() const;

 private:
  bool m_log = false;
  double m_low = 0, m_high = 1;
  double m_least = 0;
};

/// What of a layer's values lies in each cell: columns along the steps, rows along the axis.
struct HeatRaster {
  int columns = 0, rows = 0;
  std::vector<float> shares;  ///< of the values of a frame, 0 to 1; column by column
  float most = 0;             ///< the largest of them
  [[nodiscard]] float at(int column, int row) const {
    return shares[static_cast<std::size_t>(column) * static_cast<std::size_t>(rows) + static_cast<std::size_t>(row)];
  }
};

/// Each column shows the last frame before its end, `steps` the range they divide.
[[nodiscard]] HeatRaster makeRaster(const SpreadFrames& frames, const HeatAxis& axis, double firstStep, double lastStep,
                                    int columns, int rows);

/// Index of the frame that is shown at a step: the last one at or before it; the first one for earlier ones; -1: none.
[[nodiscard]] int frameAt(const SpreadFrames& frames, double step);
/// Share of a frame's values between two values.
[[nodiscard]] double shareBetween(const SpreadFrame& frame, double low, double high);

}  // namespace lathe::ui
