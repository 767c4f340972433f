// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "core/engine/engine.h"
#include "core/engine/linear_model.h"
#include "core/engine/losses.h"
#include "core/spec/metrics.h"

namespace lathe::engine {
namespace {

constexpr double smallestProbability = 1e-37;
const double noValue = std::numeric_limits<double>::quiet_NaN();

using Values = std::map<std::string, double, std::less<>>;

/// The rows that can be scored: labelled, with their weights.
struct Scored {
  std::vector<std::size_t> place;  ///< row of the predictions
  std::vector<double> weight;
  std::vector<std::size_t> label;  ///< classification
  std::vector<double> target;      ///< regression
  double total = 0;
};

Scored gather(const Predictions& predictions, const data::Dataset& data, const std::vector<std::uint32_t>& rows) {
  Scored scored;
  const bool classes = data.schema.task == spec::Task::Classification;
  for (std::size_t i = 0; i < predictions.rows; ++i) {
    const std::size_t row = rows.empty() ? i : rows[i];
    if (classes) {
      const auto label = row < data.classes.size() ? data.classes[row] : -1;
      if (label < 0 || static_cast<std::size_t>(label) >= predictions.columns) continue;
      scored.label.push_back(static_cast<std::size_t>(label));
    } else {
      const double target = row < data.targets.size() ? data.targets[row] : noValue;
      if (std::isnan(target)) continue;
      scored.target.push_back(target);
    }
    scored.place.push_back(i);
    scored.weight.push_back(row < data.weights.size() ? data.weights[row] : 1.0);
    scored.total += scored.weight.back();
  }
  return scored;
}

/// Area under the ROC curve of one class against the rest: the weighted share of (positive, negative) pairs in the
/// right order, ties counting half. NaN when one side is empty. No prediction may be NaN.
double areaUnderCurve(const Predictions& predictions, const Scored& scored, std::size_t positive) {
  std::vector<std::size_t> order(scored.place.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto value = [&](std::size_t i) {
    return predictions.values[scored.place[i] * predictions.columns + positive];
  };
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return value(a) < value(b); });
  double below = 0;
  double positives = 0;
  double pairs = 0;
  for (std::size_t i = 0; i < order.size();) {
    double tiedPositive = 0;
    double tiedNegative = 0;
    std::size_t end = i;
    for (; end < order.size() && value(order[end]) == value(order[i]); ++end)
      (scored.label[order[end]] == positive ? tiedPositive : tiedNegative) += scored.weight[order[end]];
    pairs += tiedPositive * (below + 0.5 * tiedNegative);
    below += tiedNegative;
    positives += tiedPositive;
    i = end;
  }
  return positives > 0 && below > 0 ? pairs / (positives * below) : noValue;
}

/// Two classes: of the second one. More: the mean over the classes that have rows on both sides.
double areaUnderCurves(const Predictions& predictions, const Scored& scored) {
  // NaN has no place in an order, and equals not even itself.
  if (std::any_of(predictions.values.begin(), predictions.values.end(), [](float p) { return std::isnan(p); }))
    return noValue;
  if (predictions.columns == 2) return areaUnderCurve(predictions, scored, 1);
  double sum = 0;
  int counted = 0;
  for (std::size_t c = 0; c < predictions.columns; ++c) {
    const double area = areaUnderCurve(predictions, scored, c);
    if (std::isnan(area)) continue;
    sum += area;
    ++counted;
  }
  return counted > 0 ? sum / counted : noValue;
}

Values classificationScores(const Predictions& predictions, const Scored& scored) {
  const std::size_t classes = predictions.columns;
  std::vector<double> truth(classes, 0);
  std::vector<double> guessed(classes, 0);
  std::vector<double> right(classes, 0);
  double logLoss = 0;
  for (std::size_t i = 0; i < scored.place.size(); ++i) {
    const float* row = predictions.values.data() + scored.place[i] * classes;
    const auto guess = static_cast<std::size_t>(std::max_element(row, row + classes) - row);
    const auto label = scored.label[i];
    truth[label] += scored.weight[i];
    guessed[guess] += scored.weight[i];
    if (guess == label) right[label] += scored.weight[i];
    const double p = row[label];
    logLoss -= scored.weight[i] * std::log(p < smallestProbability ? smallestProbability : p);
  }
  double recalls = 0;
  double f1 = 0;
  int present = 0;
  int seen = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    if (truth[c] > 0) {
      recalls += right[c] / truth[c];
      ++present;
    }
    if (truth[c] + guessed[c] <= 0) continue;
    f1 += 2 * right[c] / (truth[c] + guessed[c]);
    ++seen;
  }
  const double correct = std::accumulate(right.begin(), right.end(), 0.0);
  const double meanLogLoss = logLoss / scored.total;
  return {{"loss", meanLogLoss},
          {"log_loss", meanLogLoss},
          {"accuracy", correct / scored.total},
          {"balanced_accuracy", present > 0 ? recalls / present : noValue},
          {"f1_macro", seen > 0 ? f1 / seen : noValue},
          {"roc_auc", areaUnderCurves(predictions, scored)}};
}

Values regressionScores(const Predictions& predictions, const Scored& scored) {
  double mean = 0;
  for (std::size_t i = 0; i < scored.place.size(); ++i) mean += scored.weight[i] * scored.target[i];
  mean /= scored.total;
  double squared = 0;
  double absolute = 0;
  double spread = 0;
  for (std::size_t i = 0; i < scored.place.size(); ++i) {
    const double error = predictions.values[scored.place[i] * predictions.columns] - scored.target[i];
    squared += scored.weight[i] * error * error;
    absolute += scored.weight[i] * std::abs(error);
    spread += scored.weight[i] * (scored.target[i] - mean) * (scored.target[i] - mean);
  }
  return {{"loss", squared / scored.total},
          {"rmse", std::sqrt(squared / scored.total)},
          {"mae", absolute / scored.total},
          {"r2", spread > 0 ? 1 - squared / spread : noValue}};
}

}  // namespace

std::vector<std::pair<std::string, double>> scores(const Predictions& predictions, const data::Dataset& data,
                                                   const std::vector<std::uint32_t>& rows) {
  if (predictions.columns == 0 || predictions.values.size() < predictions.rows * predictions.columns ||
      (!rows.empty() && rows.size() != predictions.rows))
    return {};
  const Scored scored = gather(predictions, data, rows);
  if (scored.place.empty() || !(scored.total > 0)) return {};
  const bool classes = data.schema.task == spec::Task::Classification;
  const Values values = classes ? classificationScores(predictions, scored) : regressionScores(predictions, scored);
  std::vector<std::pair<std::string, double>> result;
  for (const auto& metric : spec::metricsFor(data.schema.task)) {
    const auto found = values.find(metric.name);
    if (found != values.end()) result.emplace_back(found->first, found->second);
  }
  return result;
}

std::vector<std::pair<std::string, double>> scores(const Predictions& predictions, const data::Dataset& data,
                                                   const std::vector<std::uint32_t>& rows,
                                                   const spec::ModelDescription& model, const spec::LossSpec& loss) {
  auto result = scores(predictions, data, rows);
  // Only borrowed for this call: the pointer owns nothing.
  const std::shared_ptr<const data::Dataset> borrowed(std::shared_ptr<void>(), &data);
  const Loss measure(loss, model, borrowed);
  if (predictions.columns != measure.outputs()) return result;
  for (auto& [name, value] : result)
    if (name == "loss") value = measure.ofPredictions(predictions, rowsOrAll(rows, predictions.rows));
  return result;
}

}  // namespace lathe::engine
