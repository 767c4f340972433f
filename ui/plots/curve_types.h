// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>
#include <vector>

#include "core/store/records.h"

namespace lathe::ui {

enum class XAxis { Step, Epoch, Time };

/// One curve of a plot.
struct CurveItem {
  store::RunNumber run = 0;
  std::string series;  ///< "train/loss"
  QString label;       ///< in the legend and the crosshair: "14 cnn"
  int colourIndex = 0;
  bool thin = false;      ///< training curves, one value a step: only these are smoothed
  bool markBest = false;  ///< a ring at the best value
  bool larger = false;    ///< best is the largest
  bool inLegend = true;
  double stepsPerEpoch = 0;   ///< 0: not known, the epoch axis falls back to steps
  double secondsPerStep = 0;  ///< 0: not known, the time axis falls back to steps
  bool operator==(const CurveItem&) const = default;
};

}  // namespace lathe::ui
