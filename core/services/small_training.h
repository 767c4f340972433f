// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <vector>

#include "core/engine/engine.h"
#include "core/services/training_service.h"

/// Trainings that only try something: nothing of them is stored, no file is written.
namespace lathe::services {

struct SmallTraining {
  spec::TrainingSpec training;  ///< resolved but for what is tried
  std::shared_ptr<const data::Dataset> data;
};

struct SmallResult {
  /// The monitor at the best epoch, smaller is better (a score that shall grow is negated); infinite: it diverged.
  double score = std::numeric_limits<double>::infinity();
  double lastScore = std::numeric_limits<double>::infinity();  ///< the same after the last epoch
  int bestEpoch = 0;
  double samplesPerSecond = 0;
  std::vector<double> rates, losses;  ///< optim/lr and train/loss of each step, when `curves` was asked for
};

/// One of them, on the calling thread. Errors: what the engine refuses, but for engine.diverged; "cancelled" when
/// `control` asked to stop. `seen` hears each step's loss and may end the training by giving false.
Result<SmallResult> trainSmall(engine::Engine& engine, const ResolvedTraining& resolved, const SmallTraining& small,
                               engine::TrainingControl& control, bool curves = false,
                               const std::function<bool(double loss)>& seen = {});

/// All of them on `threads` threads; results in the order of `trainings`, the same for any number of threads. The first
/// error ends it. `finished` hears of each by its index as it ends, one call at a time, in no certain order.
Result<std::vector<SmallResult>> trainAll(engine::Engine& engine, const ResolvedTraining& resolved,
                                          const std::vector<SmallTraining>& trainings, unsigned threads,
                                          engine::TrainingControl& control,
                                          const std::function<void(std::size_t, const SmallResult&)>& finished = {});

}  // namespace lathe::services
