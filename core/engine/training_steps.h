// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/engine/batching.h"
#include "core/engine/checkpoint_keeper.h"
#include "core/engine/histogram_counter.h"
#include "core/engine/rate_meter.h"
#include "core/engine/running_scores.h"
#include "core/engine/schedule.h"
#include "core/engine/snapshot_rows.h"
#include "core/engine/spike_guard.h"
#include "core/engine/training_loop.h"
#include "core/engine/training_state.h"
#include "core/engine/training_trouble.h"

namespace lathe::engine {

/// The training of runTraining() driven from outside, one step at a time: for who takes the steps of several trainings
/// at once (population.h). next() and done() do everything but the step itself; they are called in turn, on one thread.
class TrainingLoop {
 public:
  /// A step to take.
  struct Step {
    std::span<const std::uint32_t> rows;  ///< of the dataset; valid until done()
    StepSettings settings;
  };

  /// All but the name outlives the loop.
  TrainingLoop(const TrainingRequest& request, const std::string& engineName, Learner& learner,
               TrainingObserver& observer, TrainingControl& control, const Clock& clock);

  /// The next step; none when the training has ended, well or not.
  std::optional<Step> next();
  /// What came of the step that next() asked for.
  void done(const Result<StepOutcome>& outcome);
  /// When next() gave none.
  [[nodiscard]] const Result<TrainingSummary>& result() const { return m_result; }

 private:
  enum class Place { Before, BetweenEpochs, InEpoch, Ended };

  Result<void> begin();
  Result<void> restore();
  Result<std::optional<Step>> upToStep();
  Step prepareStep();
  Result<void> take(const StepOutcome& outcome);
  Result<void> afterStep();
  /// `asked`: somebody asked it to stop.
  Result<void> conclude(bool asked);
  void endWith(const Error& error);
  void countStretch();
  void registerSeries();
  Result<void> finishEpoch();
  Result<std::map<std::string, double>> epochMetrics(int epochNumber);
  Result<void> addValidation(std::map<std::string, double>& metrics, int epochNumber, bool secondTry);
  Result<void> judgeEpoch(int epochNumber);
  Result<void> goBack(const Trouble& trouble);
  void logOptimizer(const StepSettings& settings, const StepOutcome& outcome);
  void reportVerdict(const Monitor::Verdict& verdict, int epochNumber, double value);
  void reportProgress(bool always);
  void logRunning(const BatchScore& score);
  [[nodiscard]] Trouble trouble(TroubleKind kind, std::int64_t step, int epochNumber) const {
    return {kind, step, epochNumber, m_training.optimizer.lr};
  }
  [[nodiscard]] TrainingState currentState() const;
  [[nodiscard]] TrainingSummary summary(TrainingOutcome outcome) const;

  const TrainingRequest& m_request;
  const spec::TrainingSpec& m_training;
  Learner& m_learner;
  TrainingObserver& m_observer;
  TrainingControl& m_control;
  const Clock& m_clock;
  RunningScores m_running;
  BatchPlan m_plan;
  EpochOrder m_order;
  LearningRate m_lr;
  Monitor m_monitor;
  CheckpointKeeper m_keeper;
  SpikeGuard m_guard;
  TrainingState m_state;
  std::optional<RateMeter> m_rate;
  Place m_place = Place::Before;
  Step m_asked;               ///< the step in work
  double m_stretchStart = 0;  ///< of the time that counts as training
  Result<TrainingSummary> m_result;
  double m_lastProgress = 0;
  double m_lastRatePoint = 0;
  std::int64_t m_lastRateStep = 0;
  bool m_stop = false;
  int m_lossSeries = 0, m_lrSeries = 0, m_rateSeries = 0;
  std::vector<int> m_runningSeries;
  int m_normSeries = -1, m_momentumSeries = -1;
  std::map<std::string, int> m_validationSeries;
  HistogramPlan m_histograms;
  ParameterHistograms m_counted;  ///< of the step in work, where it counts
  SnapshotRows m_snapshot;
};

}  // namespace lathe::engine
