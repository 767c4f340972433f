// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/metrics.h"

#include <algorithm>

namespace lathe::spec {
namespace {

constexpr unsigned classes = 1;
constexpr unsigned numbers = 2;
constexpr unsigned labels = 4;
constexpr unsigned levels = 8;
constexpr unsigned rarities = 16;

struct Row {
  MetricInfo info;
  unsigned tasks;
};

const std::vector<Row>& table() {
  static const std::vector<Row> rows{
      {{"loss", LATHE_TEXT("spec", "Loss"), false, "", true}, classes | numbers | labels | levels | rarities},
      {{"accuracy", LATHE_TEXT("spec", "Accuracy"), true, "", true}, classes | labels},
      {{"balanced_accuracy", LATHE_TEXT("spec", "Balanced accuracy"), true, "", true}, classes},
      {{"f1_macro", LATHE_TEXT("spec", "Macro F1"), true, "", true}, classes | labels},
      {{"top5_accuracy", LATHE_TEXT("spec", "Top-5 accuracy"), true, "", false}, classes},
      {{"roc_auc", LATHE_TEXT("spec", "ROC AUC"), true, "", true}, classes | labels | rarities},
      {{"pr_auc", LATHE_TEXT("spec", "PR AUC"), true, "", false}, classes | labels | rarities},
      {{"log_loss", LATHE_TEXT("spec", "Log loss"), false, "", true}, classes | labels},
      {{"brier", LATHE_TEXT("spec", "Brier score"), false, "", false}, classes | labels},
      {{"ece", LATHE_TEXT("spec", "Calibration error"), false, "", false}, classes},
      {{"pinball", LATHE_TEXT("spec", "Pinball loss"), false, "target", true}, levels},
      {{"interval_coverage", LATHE_TEXT("spec", "Interval coverage"), true, "", true}, levels},
      {{"rmse", LATHE_TEXT("spec", "Root mean squared error"), false, "target", true}, numbers},
      {{"mae", LATHE_TEXT("spec", "Mean absolute error"), false, "target", true}, numbers | levels},
      {{"mape", LATHE_TEXT("spec", "Mean absolute percentage error"), false, "", false}, numbers},
      {{"r2", LATHE_TEXT("spec", "R²"), true, "", true}, numbers},
  };
  return rows;
}

unsigned maskOf(Task task) {
  switch (task) {
    case Task::Classification:
      return classes;
    case Task::Regression:
    case Task::Forecast:
      return numbers;
    case Task::Multilabel:
      return labels;
    case Task::Quantile:
      return levels;
    case Task::Anomaly:
      return rarities;
    case Task::Auto:
      break;
  }
  return classes | numbers | labels | levels | rarities;
}

}  // namespace

std::vector<MetricInfo> metricsFor(Task task) {
  std::vector<MetricInfo> out;
  for (const auto& row : table())
    if ((row.tasks & maskOf(task)) != 0) out.push_back(row.info);
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
