// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/engine.h"
#include "core/engine/linear_model.h"
#include "core/engine/losses.h"
#include "core/engine/score_parts.h"
#include "core/spec/metrics.h"

namespace lathe::engine {
namespace {

using Scores = std::vector<std::pair<std::string, double>>;

ScoredRows gather(const Predictions& predictions, const data::Dataset& data, const std::vector<std::uint32_t>& rows) {
  ScoredRows scored{predictions, data, {}, {}, {}, 0, 0.5};
  for (std::size_t i = 0; i < predictions.rows; ++i) {
    const std::size_t row = rows.empty() ? i : rows[i];
    if (!data::isLabelled(data, row)) continue;
    if (data.schema.task == spec::Task::Classification &&
        static_cast<std::size_t>(data.classes[row]) >= predictions.columns)
      continue;
    scored.place.push_back(i);
    scored.row.push_back(row);
    scored.weight.push_back(row < data.weights.size() ? static_cast<double>(data.weights[row]) : 1.0);
    scored.total += scored.weight.back();
  }
  return scored;
}

Scores scoresOf(const Predictions& predictions, const data::Dataset& data, const std::vector<std::uint32_t>& rows,
                const std::vector<double>& levels, double threshold) {
  if (predictions.columns == 0 || predictions.values.size() < predictions.rows * predictions.columns ||
      (!rows.empty() && rows.size() != predictions.rows))
    return {};
  const auto task = data.schema.task;
  if (task == spec::Task::Multilabel && predictions.columns != data.schema.target.classes.size()) return {};
  const auto targets = spec::targetCount(data.schema);
  if (task == spec::Task::Anomaly && predictions.columns != 1) return {};
  if (spec::predictsValues(task) && predictions.columns != targets) return {};
  if (task == spec::Task::Quantile && predictions.columns != targets * levels.size()) return {};
  auto scored = gather(predictions, data, rows);
  scored.threshold = threshold;
  if (scored.place.empty() || !(scored.total > 0)) return {};
  const auto values = task == spec::Task::Classification ? classScores(scored)
                      : task == spec::Task::Multilabel   ? labelScores(scored)
                      : task == spec::Task::Quantile     ? quantileScores(scored, levels)
                      : task == spec::Task::Anomaly      ? anomalyScores(scored)
                                                         : valueScores(scored);
  Scores result;
  for (const auto& metric : spec::metricsFor(task)) {
    const auto found = values.find(metric.name);
    if (found != values.end()) result.emplace_back(found->first, found->second);
  }
  return result;
}

}  // namespace

Scores scores(const Predictions& predictions, const data::Dataset& data, const std::vector<std::uint32_t>& rows) {
  return scoresOf(predictions, data, rows, data.schema.target.quantiles, 0.5);
}

Scores scores(const Predictions& predictions, const data::Dataset& data, const std::vector<std::uint32_t>& rows,
              const spec::ModelDescription& model, const spec::LossSpec& loss, double threshold) {
  auto result = scoresOf(predictions, data, rows, model.schema.target.quantiles, threshold);
  // Only borrowed for this call: the pointer owns nothing.
  const std::shared_ptr<const data::Dataset> borrowed(std::shared_ptr<void>(), &data);
  const Loss measure(loss, model, borrowed);
  if (predictions.columns != measure.outputs()) return result;
  for (auto& [name, value] : result)
    if (name == "loss") value = measure.ofPredictions(predictions, rowsOrAll(rows, predictions.rows));
  return result;
}

}  // namespace lathe::engine
