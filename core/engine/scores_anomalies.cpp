// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/engine/score_parts.h"

namespace lathe::engine {

ScoreValues anomalyScores(const ScoredRows& scored) {
  const auto& labels = scored.data.classes;
  double total = 0;
  std::vector<float> values;
  std::vector<bool> positive;
  std::vector<double> weights;
  for (std::size_t i = 0; i < scored.place.size(); ++i) {
    const float score = scored.predicted(i)[0];
    total += scored.weight[i] * static_cast<double>(score);
    const auto row = scored.row[i];
    if (row >= labels.size() || labels[row] < 0) continue;
    values.push_back(score);
    positive.push_back(labels[row] > 0);
    weights.push_back(scored.weight[i]);
  }
  ScoreValues found{{"loss", total / scored.total}};
  const auto areas = rankAreas(values, positive, weights);
  if (std::isnan(areas.roc)) return found;
  found["roc_auc"] = areas.roc;
  found["pr_auc"] = areas.averagePrecision;
  return found;
}

}  // namespace lathe::engine
