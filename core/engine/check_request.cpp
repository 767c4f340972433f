// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "core/engine/training_loop.h"
#include "core/spec/targets.h"

namespace lathe::engine {
namespace {

tl::unexpected<Error> badData(std::string message, TextArgs args = {}) {
  return fail("engine.bad_data", std::move(message),
              LATHE_TEXT("errors", "Read the data again; if it persists, please report it with the data's shape."),
              std::move(args));
}

Result<void> checkRows(const TrainingRequest& request, const std::vector<std::uint32_t>& rows) {
  const auto& data = *request.data;
  const auto task = data.schema.task;
  const bool counts = request.model.schema.target.link == "log";
  const auto targets = spec::targetCount(data.schema);
  const auto classes = static_cast<std::int64_t>(request.model.schema.target.classes.size());
  for (const auto row : rows) {
    if (!data::hasInput(data, row))
      return badData(LATHE_TEXT("errors", "The split names rows that the data does not have."));
    if (task == spec::Task::Classification && (data.classes[row] < 0 || data.classes[row] >= classes))
      return badData(LATHE_TEXT("errors", "Row {row} has a label outside the classes."),
                     {{"row", std::to_string(row + 1)}});
    if (task == spec::Task::Multilabel && !data::isLabelled(data, row))
      return badData(LATHE_TEXT("errors", "Row {row} has no labels."), {{"row", std::to_string(row + 1)}});
    if (spec::predictsNumbers(task) && !data::isLabelled(data, row))
      return badData(LATHE_TEXT("errors", "Row {row} has a target that is not a finite number."),
                     {{"row", std::to_string(row + 1)}});
    for (std::size_t t = 0; counts && t < targets; ++t)
      if (data.targets[row * targets + t] < 0)
        return fail(
            "engine.negative_count",
            LATHE_TEXT("errors", "Row {row} has the target {value}; the Poisson loss needs counts, 0 or more."),
            LATHE_TEXT("errors", "Use the loss mse or huber, or correct the row."),
            {{"row", std::to_string(row + 1)}, {"value", fmt::format("{:g}", data.targets[row * targets + t])}});
    if (!data.weights.empty() && (!std::isfinite(data.weights[row]) || data.weights[row] < 0))
      return badData(LATHE_TEXT("errors", "Row {row} has a weight that is negative or not a number."),
                     {{"row", std::to_string(row + 1)}});
  }
  return {};
}

}  // namespace

Result<void> checkRequest(const TrainingRequest& request) {
  if (!request.data || request.data->split.train.empty())
    return fail("engine.no_training_rows", LATHE_TEXT("errors", "There are no rows to train on."),
                LATHE_TEXT("errors", "Give the training split a larger share, or use more data."));
  if (request.training.epochs < 1 || request.training.batchSize < 1)
    return fail("engine.bad_settings", LATHE_TEXT("errors", "Epochs and batch size must be at least 1."),
                LATHE_TEXT("errors", "Set training.epochs and training.batch_size."));
  const auto& data = *request.data;
  if (data.schema.image != request.model.schema.image || data.schema.inputShape != request.model.schema.inputShape ||
      data.schema.sampleRate != request.model.schema.sampleRate || !data::inputsFitRows(data))
    return badData(LATHE_TEXT("errors", "The data's inputs do not have the size that the model was made for."));
  if (data.schema.task != request.model.schema.task || !data::labelsFitRows(data) ||
      spec::targetCount(data.schema) != spec::targetCount(request.model.schema) ||
      (!data.weights.empty() && data.weights.size() != data.rows))
    return badData(LATHE_TEXT("errors", "Targets or weights do not fit the number of rows."));
  LATHE_TRY(checkRows(request, data.split.train));
  return checkRows(request, data.split.validation);
}

}  // namespace lathe::engine
