// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/engine/score_parts.h"
#include "core/spec/targets.h"

namespace lathe::engine {
namespace {

const double noValue = std::numeric_limits<double>::quiet_NaN();

/// Of one target, over all rows ahead.
struct Errors {
  double rmse = 0, mae = 0, mape = 0, r2 = 0, squared = 0;
};

/// Of the predicted columns first, first + step, first + 2 step ...
Errors errorsOf(const ScoredRows& scored, std::size_t first, std::size_t step) {
  const std::size_t columns = scored.predictions.columns;
  const double total = scored.total * static_cast<double>(columns / step);
  const auto forEach = [&](const auto& see) {
    for (std::size_t i = 0; i < scored.place.size(); ++i)
      for (std::size_t at = first; at < columns; at += step)
        see(scored.weight[i], static_cast<double>(scored.data.targets[scored.row[i] * columns + at]),
            static_cast<double>(scored.predicted(i)[at]));
  };
  double mean = 0;
  forEach([&](double weight, double truth, double) { mean += weight * truth; });
  mean /= total;
  double squared = 0;
  double absolute = 0;
  double relative = 0;
  double spread = 0;
  forEach([&](double weight, double truth, double predicted) {
    const double error = predicted - truth;
    squared += weight * error * error;
    absolute += weight * std::abs(error);
    // No share of nothing is known: one such row, and the mean has no value.
    if (weight > 0) relative += truth == 0 ? noValue : weight * std::abs(error / truth);
    spread += weight * (truth - mean) * (truth - mean);
  });
  Errors errors;
  errors.squared = squared / total;
  errors.rmse = std::sqrt(errors.squared);
  errors.mae = absolute / total;
  errors.mape = relative / total;
  errors.r2 = spread > 0 ? 1 - squared / spread : noValue;
  return errors;
}

}  // namespace

ScoreValues valueScores(const ScoredRows& scored) {
  const std::size_t targets = scored.predictions.columns / spec::stepsAhead(scored.data.schema);
  Errors sum;
  for (std::size_t t = 0; t < targets; ++t) {
    const auto errors = errorsOf(scored, t, targets);
    sum.squared += errors.squared;
    sum.rmse += errors.rmse;
    sum.mae += errors.mae;
    sum.mape += errors.mape;
    sum.r2 += errors.r2;
  }
  const auto count = static_cast<double>(targets);
  return {{"loss", sum.squared / count},
          {"rmse", sum.rmse / count},
          {"mae", sum.mae / count},
          {"mape", sum.mape / count},
          {"r2", sum.r2 / count}};
}

ScoreValues quantileScores(const ScoredRows& scored, const std::vector<double>& levels) {
  const std::size_t count = levels.size();
  const std::size_t targets = scored.predictions.columns / count;
  const std::size_t middle = spec::middleLevel(levels);
  double pinball = 0;
  double absolute = 0;
  double inside = 0;
  bool unknown = false;
  for (std::size_t i = 0; i < scored.place.size(); ++i)
    for (std::size_t t = 0; t < targets; ++t) {
      const double weight = scored.weight[i];
      const float* row = scored.predicted(i) + t * count;
      const double truth = scored.data.targets[scored.row[i] * targets + t];
      for (std::size_t q = 0; q < count; ++q) {
        const double above = truth - static_cast<double>(row[q]);
        pinball += weight * std::max(levels[q] * above, (levels[q] - 1) * above);
        unknown = unknown || std::isnan(above);
      }
      absolute += weight * std::abs(truth - static_cast<double>(row[middle]));
      if (truth >= static_cast<double>(row[0]) && truth <= static_cast<double>(row[count - 1])) inside += weight;
    }
  const double rows = scored.total * static_cast<double>(targets);
  const double meanPinball = unknown ? noValue : pinball / (rows * static_cast<double>(count));
  ScoreValues values{{"loss", meanPinball}, {"pinball", meanPinball}, {"mae", absolute / rows}};
  // An interval has two ends.
  if (count > 1) values["interval_coverage"] = unknown ? noValue : inside / rows;
  return values;
}

}  // namespace lathe::engine
