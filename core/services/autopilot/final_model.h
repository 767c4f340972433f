// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/autopilot/contender.h"
#include "core/services/autopilot/ground.h"

namespace lathe::services {

/// What comes of a contest: a weighted ensemble of what helps each other, or the one model that is best, calibrated.
struct FinalModel {
  std::vector<double> weights;  ///< one a candidate, in their order
  std::size_t bestSingle = 0;   ///< candidate
  std::vector<float> values;    ///< predictions of the held-out rows
  double cost = 0;
  double temperature = 1;  ///< beside the candidates' own
  double threshold = 0.5;  ///< two classes: above it the second one is meant
  store::RunNumber run = 0;
  std::filesystem::path checkpoint;
  std::optional<double> milliseconds, bytes;  ///< where there is a limit
  std::vector<Warning> warnings;
};

/// Chooses it by the held-out rows and writes it as a run of its own (of a single model: that model's). Errors:
/// "autopilot.nothing" without a candidate that completed. Blocks.
Result<FinalModel> makeFinalModel(const AutopilotGround& ground, const std::vector<Tried>& tried);

/// The test rows, looked at once: every metric, and bootstrap intervals of 95 % for those that can be resampled.
/// Written to the run. Nothing where there are no test rows.
struct TestScores {
  std::map<std::string, double> metrics;  ///< test/...
  std::map<std::string, Interval> intervals;
  engine::Predictions predictions;
  int looks = 0;
};
Result<TestScores> scoreOnTest(const AutopilotGround& ground, const FinalModel& model);

}  // namespace lathe::services
