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

namespace lathe::engine {

/// What one step of a learner gave.
struct StepOutcome {
  BatchScore score;
  double gradientNorm = -1;  ///< before clipping; negative: not measured; not finite: nothing was learnt from the batch
};

/// The part of a training that differs between engines. Used from the training's thread alone.
class Learner {
 public:
  virtual ~Learner() = default;
  /// Descends the loss of these dataset rows once; `step` counts from 1. When the loss is not finite nothing is
  /// changed, and the caller stops.
  virtual Result<StepOutcome> step(std::span<const std::uint32_t> rows, std::int64_t step, double lr) = 0;
  /// Outputs of dataset rows in evaluation mode.
  virtual Result<Predictions> evaluate(std::span<const std::uint32_t> rows) = 0;
  /// Adds weights and, when asked, everything else that the next step depends on.
  virtual void save(Checkpoint& checkpoint, bool resumable) const = 0;
  /// From a checkpoint saved as resumable: the next step gives the same bits.
  virtual Result<void> restore(const Checkpoint& checkpoint) = 0;
};

/// Epochs, schedules, curves, validation, best and last checkpoints, early stopping, pause, cancel and exact resume:
/// the same for every engine. Curves: train/loss and running train/accuracy (rmse, mae) of the epoch at each step,
/// optim/lr, optim/grad_norm, system/samples_per_second, and val/METRIC at the last step of each epoch. A checkpoint is
/// written at epoch ends (not more often than every half second), every checkpointSeconds, and when stopping. Blocks.
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
/// How the training of a checkpoint measured itself.
[[nodiscard]] std::optional<Scoring> scoringOf(const Checkpoint& checkpoint);

}  // namespace lathe::engine
