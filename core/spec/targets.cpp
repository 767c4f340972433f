// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/targets.h"

#include <algorithm>
#include <cmath>

#include "core/spec/json_tools.h"

namespace lathe::spec {

std::vector<std::string> targetColumns(const TargetSchema& target) {
  if (!target.columns.empty() || target.name.empty()) return target.columns;
  return {target.name};
}

bool predictsNumbers(Task task) { return predictsValues(task) || task == Task::Quantile; }

bool predictsValues(Task task) { return task == Task::Regression || task == Task::Forecast; }

std::size_t stepsAhead(const DataSchema& schema) {
  return static_cast<std::size_t>(std::max<std::int64_t>(1, schema.sequence.horizon));
}

std::size_t targetCount(const DataSchema& schema) {
  if (!predictsNumbers(schema.task)) return 1;
  return std::max<std::size_t>(1, schema.target.columns.size()) * stepsAhead(schema);
}

bool targetsShareUnit(const DataSchema& schema) {
  return predictsNumbers(schema.task) && schema.target.columns.size() <= 1;
}

Shape outputShape(const DataSchema& schema) {
  const auto size = [](std::size_t count) { return static_cast<std::int64_t>(std::max<std::size_t>(1, count)); };
  if (schema.task == Task::Anomaly) return {1};
  if (!predictsNumbers(schema.task)) return {size(schema.target.classes.size())};
  Shape shape{size(schema.target.columns.size())};
  if (schema.sequence.horizon > 0) shape.insert(shape.begin(), schema.sequence.horizon);
  if (schema.task == Task::Quantile) shape.push_back(size(schema.target.quantiles.size()));
  return shape;
}

std::size_t outputCount(const DataSchema& schema) {
  return static_cast<std::size_t>(elementCount(outputShape(schema)));
}

std::vector<double> targetDeviations(const FittedPreprocessing& fitted, std::size_t targets) {
  std::vector<double> deviations(targets, fitted.targetStd);
  if (fitted.targetStds.size() == targets) deviations = fitted.targetStds;
  for (auto& deviation : deviations)
    if (!(deviation > 0) || !std::isfinite(deviation)) deviation = 1;
  return deviations;
}

std::vector<TargetScaling> targetScalings(const ModelDescription& model) {
  const auto targets = targetCount(model.schema);
  std::vector<TargetScaling> scalings(targets);
  if (!predictsNumbers(model.schema.task) || !model.preprocessing.scaleTarget) return scalings;
  const auto& fitted = model.fitted;
  const auto deviations = targetDeviations(fitted, targets);
  for (std::size_t t = 0; t < targets; ++t) {
    const double mean = fitted.targetMeans.size() == targets ? fitted.targetMeans[t] : fitted.targetMean;
    if (model.schema.target.link == "log")
      scalings[t].scale = mean > 0 ? mean : 1;
    else
      scalings[t] = {mean, deviations[t]};
  }
  return scalings;
}

std::size_t middleLevel(const std::vector<double>& quantiles) {
  std::size_t best = 0;
  for (std::size_t q = 1; q < quantiles.size(); ++q)
    if (std::abs(quantiles[q] - 0.5) < std::abs(quantiles[best] - 0.5)) best = q;
  return best;
}

void applyLoss(DataSchema& schema, const LossSpec& loss) {
  schema.target.quantiles = schema.task == Task::Quantile ? loss.quantiles : std::vector<double>();
  schema.target.link = predictsValues(schema.task) && loss.name == "poisson" ? "log" : "";
}

std::vector<std::string> predictionColumns(const DataSchema& schema) {
  const auto& target = schema.target;
  std::vector<std::string> columns;
  if (schema.task == Task::Multilabel) {
    for (const auto& label : target.classes) columns.push_back("prediction_" + label);
  } else if (schema.task == Task::Quantile || schema.task == Task::Forecast) {
    for (std::size_t step = 1; step <= stepsAhead(schema); ++step)
      for (const auto& name : targetColumns(target)) {
        auto column = "prediction_" + name;
        if (schema.sequence.horizon > 0) column += "_h" + std::to_string(step);
        if (schema.task == Task::Forecast) columns.push_back(column);
        for (const double level : target.quantiles) columns.push_back(column + "_q" + numberText(level));
      }
  } else if (schema.task == Task::Classification || schema.task == Task::Anomaly || target.columns.empty()) {
    columns.emplace_back("prediction");
  } else {
    for (const auto& name : target.columns) columns.push_back("prediction_" + name);
  }
  if (schema.task == Task::Classification || schema.task == Task::Multilabel)
    for (const auto& name : target.classes) columns.push_back("prob_" + name);
  return columns;
}

std::string joinNames(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace lathe::spec
