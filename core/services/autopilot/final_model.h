// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/autopilot/contender.h"
#include "core/services/autopilot/ground.h"

namespace lathe::services {

/// A member of the final model, and whether it was trained again on all rows but the test rows.
struct MemberRefit {
  enum class End {
    Taken,
    Kept,   ///< not worth it
    Early,  ///< its best epoch came early in its schedule
    NoTime,
    Worse  ///< the new one is not sound
  };
  std::size_t candidate = 0;
  std::string title;
  std::filesystem::path checkpoint;  ///< Taken
  End end = End::Kept;
  int epochs = 0;
  double seconds = 0;
};

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
  std::optional<double> milliseconds, bytes;  ///< where there is a limit: the most of all formats
  std::vector<AutopilotCost> costs;           ///< the same of each format
  std::vector<MemberRefit> refits;
  std::vector<Warning> warnings;
};

/// Chooses it by the held-out rows and writes it as a run of its own, which is not ended yet. Errors:
/// "autopilot.nothing" without a candidate that completed. Blocks.
Result<FinalModel> makeFinalModel(const AutopilotGround& ground, const std::vector<Tried>& tried);
/// Its checkpoint anew: of members that were refitted the new weights.
Result<void> writeFinalModel(const AutopilotGround& ground, const std::vector<Tried>& tried, const FinalModel& model);
/// Tells the store what it is; its run has ended then. `seconds`: what making it took.
Result<void> finishFinalModel(const AutopilotGround& ground, const FinalModel& model, double seconds);

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
