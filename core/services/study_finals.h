// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <numeric>
#include <vector>

#include "core/services/trial_training.h"

/// Trainings of a study's best with other seeds, once its trials have ended.
namespace lathe::services {

/// One of the best: its trial, and its trainings by seed. The trial's own is among them only when nothing else is: it
/// was chosen by its luck as well.
struct Candidate {
  store::TrialRecord trial;
  std::vector<store::RunNumber> runs;
  std::vector<double> values;  ///< of the first goal, one a training
  [[nodiscard]] double mean() const {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  }
};

/// Who watches them. Both are called from threads of their own, now and then.
struct FinalsWatch {
  std::function<bool()> stopped;
  std::function<void(double share)> progress = {};  ///< of all trainings, 0 to 1
};

struct FinalsGround {
  const TrialGround& trials;
  store::StudyNumber study = 0;
  const spec::ExperimentSpec& base;
  const spec::SearchSpace& space;
};

/// An architecture that was found is claimed after trainings from scratch only: its trial may have begun with weights
/// of its parent, or have been short.
[[nodiscard]] bool startsAnew(const StudySettings& settings);

/// Trains all of them on the study's number of threads, where an earlier sitting has not done so. A training that fails
/// is left out; with none left its error comes back. "cancelled" when watch.stopped said so. Blocks.
Result<void> trainAllAgain(const FinalsGround& ground, std::vector<Candidate>& candidates, const FinalsWatch& watch);

/// With folds no training of a candidate is one of the whole data: the winner gets one, which the test rows are asked
/// of. Blocks.
Result<store::RunNumber> trainFinal(const FinalsGround& ground, const Candidate& winner, const FinalsWatch& watch);

/// Whether a run is such a training, not a trial.
[[nodiscard]] bool isFinalTraining(const store::RunRecord& run);

}  // namespace lathe::services
