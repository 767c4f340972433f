// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/engine/predictor.h"
#include "core/spec/training_spec.h"

namespace lathe::services {

/// What each of these rows costs a model, so that two models can be compared row by row. `metric` ("val/accuracy") says
/// in which sense: where it counts right classes, 1 for a wrong one; else the negative log-likelihood of the true class
/// (of labels the sum over them). Of numbers the absolute (mae) or squared error in units of the target's spread on the
/// training rows, mean over targets. `rows` as given to predict(). Empty where the task has no such number.
[[nodiscard]] std::vector<double> rowLosses(const engine::Predictions& predictions, const data::Dataset& data,
                                            const std::vector<std::uint32_t>& rows, std::string_view metric);

/// In which sense that is, and whether their mean is the goal itself, up to a growing function. Where it is not (areas
/// under curves, F1), models that are told apart by it need not be told apart by the goal.
struct RowMeasure {
  const char* name;  ///< error_rate, log_loss, absolute_error, squared_error
  bool isGoal = false;
};
[[nodiscard]] RowMeasure rowMeasureOf(const data::Dataset& data, std::string_view metric, const spec::LossSpec& loss);

}  // namespace lathe::services
