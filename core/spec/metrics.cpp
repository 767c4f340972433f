// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/metrics.h"

#include <algorithm>

namespace lathe::spec {
namespace {

struct Row {
  MetricInfo info;
  bool classification;
  bool regression;
};

const std::vector<Row>& table() {
  static const std::vector<Row> rows{
      {{"loss", LATHE_TEXT("spec", "Loss"), false, ""}, true, true},
      {{"accuracy", LATHE_TEXT("spec", "Accuracy"), true, ""}, true, false},
      {{"balanced_accuracy", LATHE_TEXT("spec", "Balanced accuracy"), true, ""}, true, false},
      {{"f1_macro", LATHE_TEXT("spec", "Macro F1"), true, ""}, true, false},
      {{"roc_auc", LATHE_TEXT("spec", "ROC AUC"), true, ""}, true, false},
      {{"log_loss", LATHE_TEXT("spec", "Log loss"), false, ""}, true, false},
      {{"rmse", LATHE_TEXT("spec", "Root mean squared error"), false, "target"}, false, true},
      {{"mae", LATHE_TEXT("spec", "Mean absolute error"), false, "target"}, false, true},
      {{"r2", LATHE_TEXT("spec", "R²"), true, ""}, false, true},
  };
  return rows;
}

}  // namespace

std::vector<MetricInfo> metricsFor(Task task) {
  std::vector<MetricInfo> out;
  for (const auto& row : table())
    if (task == Task::Auto || (task == Task::Classification ? row.classification : row.regression))
      out.push_back(row.info);
  return out;
}

const MetricInfo* findMetric(std::string_view name) {
  const auto& rows = table();
  const auto at = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.info.name == name; });
  return at == rows.end() ? nullptr : &at->info;
}

bool largerIsBetter(std::string_view splitMetric) {
  const auto slash = splitMetric.rfind('/');
  const auto* metric = findMetric(slash == std::string_view::npos ? splitMetric : splitMetric.substr(slash + 1));
  return metric && metric->larger;
}

}  // namespace lathe::spec
