// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/spec/experiment.h"

namespace lathe::spec {

/// A metric by its contract name (loss, accuracy, roc_auc ...), without the SPLIT/ prefix.
struct MetricInfo {
  std::string name;
  std::string label;    ///< LATHE_TEXT("spec", ...)
  bool larger = false;  ///< larger is better
  std::string unit;     ///< "", or "target" when in the target's unit
  bool shown = true;    ///< among what tables and plots show without being asked
};

/// The metrics that fit a task, loss first. Binary and multiclass share Classification; top5_accuracy only exists with
/// more than five classes.
[[nodiscard]] std::vector<MetricInfo> metricsFor(Task task);
[[nodiscard]] const MetricInfo* findMetric(std::string_view name);
/// For "val/accuracy": true when larger is better.
[[nodiscard]] bool largerIsBetter(std::string_view splitMetric);

}  // namespace lathe::spec
