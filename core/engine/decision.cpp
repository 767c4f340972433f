// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/engine/predictor.h"

namespace lathe::engine {
namespace {

struct Ranked {
  double probability = 0;
  bool positive = false;
  double weight = 0;
};

std::vector<Ranked> rankedRows(const Predictions& predictions, const data::Dataset& data,
                               const std::vector<std::uint32_t>& rows) {
  std::vector<Ranked> ranked;
  for (std::size_t i = 0; i < predictions.rows; ++i) {
    const std::size_t row = rows.empty() ? i : rows[i];
    const double p = predictions.values[i * predictions.columns + 1];
    if (!data::isLabelled(data, row) || std::isnan(p)) continue;
    const double weight = row < data.weights.size() ? static_cast<double>(data.weights[row]) : 1.0;
    ranked.push_back({p, data.classes[row] == 1, weight});
  }
  std::sort(ranked.begin(), ranked.end(),
            [](const Ranked& a, const Ranked& b) { return a.probability > b.probability; });
  return ranked;
}

double balancedAccuracy(double truePositive, double falsePositive, double positives, double negatives) {
  return 0.5 * (truePositive / positives + (negatives - falsePositive) / negatives);
}

double macroF1(double truePositive, double falsePositive, double positives, double negatives) {
  const double trueNegative = negatives - falsePositive;
  const double falseNegative = positives - truePositive;
  const auto f1 = [](double right, double wrong) { return right > 0 ? 2 * right / (2 * right + wrong) : 0.0; };
  return 0.5 * (f1(truePositive, falsePositive + falseNegative) + f1(trueNegative, falsePositive + falseNegative));
}

}  // namespace

std::size_t decidedClass(std::span<const float> probabilities, double threshold) {
  if (probabilities.size() == 2 && threshold != 0.5) return static_cast<double>(probabilities[1]) > threshold ? 1 : 0;
  return static_cast<std::size_t>(std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin());
}

double tunedThreshold(const Predictions& predictions, const data::Dataset& data, const std::vector<std::uint32_t>& rows,
                      std::string_view criterion) {
  if (predictions.columns != 2) return 0.5;
  const auto ranked = rankedRows(predictions, data, rows);
  double positives = 0;
  double negatives = 0;
  for (const auto& row : ranked) (row.positive ? positives : negatives) += row.weight;
  if (!(positives > 0) || !(negatives > 0)) return 0.5;
  const auto quality = criterion == "tuned_f1" ? macroF1 : balancedAccuracy;
  double best = -1;
  double threshold = 0.5;
  double truePositive = 0;
  double falsePositive = 0;
  const auto consider = [&](double candidate) {
    const double value = quality(truePositive, falsePositive, positives, negatives);
    // What only rounding tells apart is as good.
    constexpr double rounding = 1e-12;
    const bool nearer = std::abs(candidate - 0.5) < std::abs(threshold - 0.5);
    if (value < best - rounding || (value < best + rounding && !nearer)) return;
    best = std::max(best, value);
    threshold = candidate;
  };
  consider(1);
  for (std::size_t i = 0; i < ranked.size();) {
    const double p = ranked[i].probability;
    for (; i < ranked.size() && ranked[i].probability == p; ++i)
      (ranked[i].positive ? truePositive : falsePositive) += ranked[i].weight;
    consider(i < ranked.size() ? 0.5 * (p + ranked[i].probability) : 0);
  }
  return threshold;
}

}  // namespace lathe::engine
