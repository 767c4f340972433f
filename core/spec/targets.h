// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/spec/schema.h"

/// What a task's target means for the outputs of a model. Pure, any thread.
namespace lathe::spec {

/// How a network's scaled output becomes a value in the target's unit: value = output * scale + shift, or
/// e^output * scale with a logarithmic link.
struct TargetScaling {
  double shift = 0;
  double scale = 1;
  bool operator==(const TargetScaling&) const = default;
};

/// The columns a target is read from: several, or its name alone; none for anomalies without a label.
[[nodiscard]] std::vector<std::string> targetColumns(const TargetSchema& target);
/// Tasks whose target is a number: regression, quantile and forecast.
[[nodiscard]] bool predictsNumbers(Task task);
/// Those of them whose outputs are the values themselves: regression and forecast.
[[nodiscard]] bool predictsValues(Task task);
/// Rows ahead that are predicted, 1 without a horizon.
[[nodiscard]] std::size_t stepsAhead(const DataSchema& schema);
/// Numbers to predict a row: 1, the targets of a regression with several, or each of these for each row ahead (the
/// next row's first).
[[nodiscard]] std::size_t targetCount(const DataSchema& schema);
/// All numbers to predict are in one unit: one target, at one row or at several ahead.
[[nodiscard]] bool targetsShareUnit(const DataSchema& schema);
/// Of one row of output: [C], [L], [T] or [T, Q]; with a horizon [H, T] or [H, T, Q].
[[nodiscard]] Shape outputShape(const DataSchema& schema);
[[nodiscard]] std::size_t outputCount(const DataSchema& schema);
/// One a target: standard deviation and mean of the training rows, with a logarithmic link the mean alone; 1 and 0
/// where the target is not scaled. Tasks with classes: {1, 0}.
[[nodiscard]] std::vector<TargetScaling> targetScalings(const ModelDescription& model);
/// One a target; positive.
[[nodiscard]] std::vector<double> targetDeviations(const FittedPreprocessing& fitted, std::size_t targets);

/// The level next to the median, the lower one of two.
[[nodiscard]] std::size_t middleLevel(const std::vector<double>& quantiles);
/// What the loss says about a model's outputs: the levels of quantiles, the link of counts.
void applyLoss(DataSchema& schema, const LossSpec& loss);

/// The columns of a table of predictions: "prediction" (of several, labels or forecasts: "prediction_NAME"; of
/// forecasts with "_hK" behind, K from 1; of quantiles with "_qP" behind that), then "prob_NAME" for each class or
/// label.
[[nodiscard]] std::vector<std::string> predictionColumns(const DataSchema& schema);
/// "a, b, c"
[[nodiscard]] std::string joinNames(const std::vector<std::string>& names);

}  // namespace lathe::spec
