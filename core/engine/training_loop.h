// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/engine/checkpoint.h"
#include "core/engine/engine.h"
#include "core/engine/losses.h"
#include "core/engine/step_settings.h"

namespace lathe::engine {

/// What one step of a learner gave.
struct StepOutcome {
  BatchScore score;
  double gradientNorm = -1;  ///< before clipping; negative: not measured; not finite: nothing was learnt from the batch
  double lr = -1;            ///< what an optimiser that tunes itself really went by; negative: as it was given
  double momentum = -1;      ///< of this step; negative: the optimiser has none
};

/// The part of a training that differs between engines. Used from the training's thread alone.
class Learner {
 public:
  virtual ~Learner() = default;
  /// Descends the loss of these dataset rows once: training.batchSize of them, or that many times accumulateSteps,
  /// whose gradients are then averaged batch by batch. When loss or gradient are not finite no weight is changed, and
  /// the caller stops or goes back.
  virtual Result<StepOutcome> step(std::span<const std::uint32_t> rows, const StepSettings& settings) = 0;
  /// What the step after the coming one will be asked for, so that its batch can be made ahead. Only a hint: the call
  /// may not come, and rows are read before this returns.
  virtual void announce(std::span<const std::uint32_t> rows, std::int64_t step) {
    static_cast<void>(rows);
    static_cast<void>(step);
  }
  /// The coming step also counts its weights and gradients into `histograms`, which stays empty where a learner does
  /// not do that.
  virtual void countNextStep(ParameterHistograms& histograms) { static_cast<void>(histograms); }
  /// Outputs of dataset rows in evaluation mode.
  virtual Result<Predictions> evaluate(std::span<const std::uint32_t> rows) = 0;
  /// There is an average of weights by now: what is evaluated and deployed.
  [[nodiscard]] virtual bool hasAverage() const { return false; }
  /// Puts the average in the place of the weights, for evaluate() and save(..., false), with batch-norm statistics made
  /// anew where they would not fit; and puts the weights back, bit for bit.
  virtual Result<void> enterAverage() { return {}; }
  virtual Result<void> leaveAverage() { return {}; }
  /// Adds weights and, when asked, everything else that the next step depends on.
  virtual void save(Checkpoint& checkpoint, bool resumable) const = 0;
  /// From a checkpoint saved as resumable: the next step gives the same bits.
  virtual Result<void> restore(const Checkpoint& checkpoint) = 0;
};

/// Epochs, schedules, curves, validation, best and last checkpoints, early stopping, pause, cancel and exact resume:
/// the same for every engine. Curves: train/loss and running train/accuracy (rmse, mae) of the epoch at each step (of
/// mixed batches both labels count, each with its share, see MixedRows),
/// optim/lr, optim/momentum, optim/grad_norm, at most once a second system/samples_per_second, and val/METRIC at the
/// last step of each epoch. A loss that jumps takes the training back to its last good state (spike_guard.h). A
/// checkpoint is written at epoch ends (not more often than every half second), every checkpointSeconds, and when
/// stopping, by a thread of its own (checkpoint_keeper.h). Blocks.
Result<TrainingSummary> runTraining(const TrainingRequest& request, const std::string& engineName, Learner& learner,
                                    TrainingObserver& observer, TrainingControl& control,
                                    const Clock& clock = systemClock());

/// What every engine refuses before it starts: no training rows, labels out of range, sizes that do not fit.
Result<void> checkRequest(const TrainingRequest& request);

/// The model inside a checkpoint written by runTraining().
Result<spec::ModelDescription> modelOf(const Checkpoint& checkpoint, const std::string& engineName,
                                       const std::filesystem::path& file);

/// Among a training's metrics where its decision threshold is tuned: the threshold.
inline constexpr const char* decisionMetric = "data/decision";
inline constexpr const char* scoringKey = "scoring";
/// What stands under "format" in a checkpoint's meta.
inline constexpr const char* checkpointFormat = "lathe-checkpoint-1";
/// How the training of a checkpoint measured itself.
[[nodiscard]] std::optional<Scoring> scoringOf(const Checkpoint& checkpoint);

}  // namespace lathe::engine
