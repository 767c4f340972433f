// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/data/buffers.h"
#include "core/engine/predictor.h"

/// What scores.cpp is made of. For this folder only.
namespace lathe::engine {

using ScoreValues = std::map<std::string, double, std::less<>>;

/// The rows that can be scored: labelled, with their weights.
struct ScoredRows {
  const Predictions& predictions;
  const data::Dataset& data;
  std::vector<std::size_t> place;  ///< row of the predictions
  std::vector<std::size_t> row;    ///< row of the dataset
  std::vector<double> weight;
  double total = 0;
  double threshold = 0.5;  ///< of two classes

  [[nodiscard]] const float* predicted(std::size_t i) const {
    return predictions.values.data() + place[i] * predictions.columns;
  }
};

/// Areas under the curves of a ranking of some rows against whether each is positive, ties counting half, weights
/// respected; NaN where one side has no rows, or a value is none. `averagePrecision` is the sum of (R_n - R_n-1) P_n
/// over the thresholds (scikit-learn's average_precision_score).
struct RankAreas {
  double roc = 0;
  double averagePrecision = 0;
};
[[nodiscard]] RankAreas rankAreas(const std::vector<float>& values, const std::vector<bool>& positive,
                                  const std::vector<double>& weights);
/// Over the classes or labels that have rows on both sides.
[[nodiscard]] RankAreas meanOf(const std::vector<RankAreas>& areas);

/// Everything spec::metricsFor the task knows, under its names; "loss" is the log loss, or the squared error.
[[nodiscard]] ScoreValues classScores(const ScoredRows& scored);
[[nodiscard]] ScoreValues labelScores(const ScoredRows& scored);
[[nodiscard]] ScoreValues valueScores(const ScoredRows& scored);
/// Of scores, one a row: the mean is the loss; the areas of the rows with a label, left out where one side has none.
[[nodiscard]] ScoreValues anomalyScores(const ScoredRows& scored);
/// Of predictions rows x targets x levels.
[[nodiscard]] ScoreValues quantileScores(const ScoredRows& scored, const std::vector<double>& levels);

}  // namespace lathe::engine
