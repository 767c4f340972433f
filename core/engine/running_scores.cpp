// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/running_scores.h"

#include <cmath>

namespace lathe::engine {

RunningScores::RunningScores(const spec::DataSchema& schema) {
  switch (schema.task) {
    case spec::Task::Regression:
    case spec::Task::Forecast:
      // Of several, each in its own unit, no common root is known before the end.
      if (spec::targetsShareUnit(schema)) add(Which::Rmse, "rmse");
      add(Which::Mae, "mae");
      break;
    case spec::Task::Quantile:
      add(Which::Pinball, "pinball");
      add(Which::Mae, "mae");
      break;
    case spec::Task::Anomaly:
      break;
    default:
      add(Which::Accuracy, "accuracy");
      break;
  }
}

void RunningScores::add(Which which, const char* name) {
  m_which.push_back(which);
  m_names.emplace_back(name);
}

double RunningScores::value(std::size_t i, const BatchScore& score) const {
  switch (m_which[i]) {
    case Which::Rmse:
      return std::sqrt(score.squaredError / score.rowWeight);
    case Which::Mae:
      return score.absoluteError / score.rowWeight;
    case Which::Pinball:
      return score.pinball / score.rowWeight;
    case Which::Accuracy:
      break;
  }
  return score.correct / score.rowWeight;
}

}  // namespace lathe::engine
