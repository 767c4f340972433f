// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/row_losses.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace lathe::services {
namespace {

constexpr double leastProbability = 1e-12;

double surprise(double probability) { return -std::log(std::max(probability, leastProbability)); }

// Standard deviation of a target on the training rows; 1 where it has none.
double spreadOf(const data::Dataset& data, std::size_t target, std::size_t targets) {
  double sum = 0, squares = 0, count = 0;
  for (const auto row : data.split.train) {
    const double value = data.targets[row * targets + target];
    if (std::isnan(value)) continue;
    sum += value;
    squares += value * value;
    ++count;
  }
  if (count < 2) return 1;
  const double variance = squares / count - sum / count * (sum / count);
  return variance > 0 ? std::sqrt(variance) : 1;
}

bool countsRight(std::string_view metric) {
  return metric.find("accuracy") != std::string_view::npos || metric.find("f1") != std::string_view::npos;
}

bool isAbsolute(std::string_view metric) { return metric == "val/mae" || metric == "val/mape"; }

}  // namespace

RowMeasure rowMeasureOf(const data::Dataset& data, std::string_view metric, const spec::LossSpec& loss) {
  const bool itsLoss = metric == "val/loss" && !loss.classWeights && loss.labelSmoothing == 0;
  if (!data.labels.empty() || !data.classes.empty()) {
    if (countsRight(metric)) return {"error_rate", metric == "val/accuracy" && data.labels.empty()};
    return {"log_loss", metric == "val/log_loss" || (itsLoss && (loss.name == "cross_entropy" || loss.name == "bce"))};
  }
  const bool one = data.rows > 0 && data.targets.size() == data.rows;
  if (isAbsolute(metric)) return {"absolute_error", metric == "val/mae" && one};
  const bool squares = metric == "val/mse" || metric == "val/rmse" || metric == "val/r2";
  return {"squared_error", (squares && one) || (itsLoss && loss.name == "mse")};
}

std::vector<double> rowLosses(const engine::Predictions& predictions, const data::Dataset& data,
                              const std::vector<std::uint32_t>& rows, std::string_view metric) {
  const bool counts = countsRight(metric);
  const bool absolute = isAbsolute(metric);
  std::vector<double> losses(rows.size(), 0);
  const auto columns = predictions.columns;
  if (columns == 0 || predictions.rows != rows.size()) return {};
  if (!data.labels.empty()) {
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (std::size_t c = 0; c < columns; ++c) {
        const double p = predictions.values[i * columns + c];
        const bool truth = data.labels[rows[i] * columns + c] == 1;
        losses[i] += counts ? (truth == (p > 0.5) ? 0 : 1) : surprise(truth ? p : 1 - p);
      }
    return losses;
  }
  if (!data.classes.empty()) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto truth = data.classes[rows[i]];
      if (truth < 0 || static_cast<std::size_t>(truth) >= columns) return {};
      const std::span<const float> row(predictions.values.data() + i * columns, columns);
      const auto right = static_cast<std::size_t>(truth);
      losses[i] = counts ? (engine::decidedClass(row) == right ? 0 : 1) : surprise(row[right]);
    }
    return losses;
  }
  if (data.rows == 0 || data.targets.empty() || data.targets.size() % data.rows != 0) return {};
  const auto targets = data.targets.size() / data.rows;
  if (targets != columns) return {};  // quantiles, say
  for (std::size_t t = 0; t < targets; ++t) {
    const double spread = spreadOf(data, t, targets);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const double error = (predictions.values[i * columns + t] - data.targets[rows[i] * targets + t]) / spread;
      if (std::isfinite(error))
        losses[i] += (absolute ? std::abs(error) : error * error) / static_cast<double>(targets);
    }
  }
  return losses;
}

}  // namespace lathe::services
