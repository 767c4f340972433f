// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include "core/engine/engine.h"
#include "core/services/training_service.h"

/// What a person asks to have measured: a learning rate, a batch size.
namespace lathe::services {

struct RatePoint {
  double rate = 0;
  double loss = 0;      ///< of one batch
  double smoothed = 0;  ///< exponential mean of the losses so far
};

/// A learning-rate range test (Smith 2017, "Cyclical learning rates for training neural networks"): one training in
/// which the rate grows by equal factors from 1e-7 to 10, ended when the smoothed loss is four times its smallest.
struct RateCurve {
  std::vector<RatePoint> points;
  /// Where the smoothed loss falls fastest over a factor of three, halfway (on the log scale) to where it is smallest
  /// when that lies beyond; 0: it never falls.
  double suggestion = 0;
  double diverges = 0;  ///< rate at which the test was ended; 0: it got to the end
};
/// Blocks for a few hundred steps. An automatic optimiser stands for adamw. Errors: "cancelled", what the engine
/// refuses, "training.no_suggestion" never: an empty suggestion says it.
Result<RateCurve> findLearningRate(const ResolvedTraining& resolved, engine::Engine& engine,
                                   engine::TrainingControl& control,
                                   const std::function<void(const RatePoint&)>& seen = {});
/// The suggestion of a curve, see RateCurve.
[[nodiscard]] double suggestedRate(const std::vector<RatePoint>& points);

struct BatchSpeed {
  int batchSize = 0;
  double samplesPerSecond = 0;
};
/// Throughput of batches of 16, 32, 64 ... rows within memory and the training rows, up to 4096, by short trainings;
/// and the smallest that reaches 80 % of the fastest (the knee). Depends on the clock. Blocks for about a second;
/// `seen` hears of each size.
struct BatchCurve {
  std::vector<BatchSpeed> points;
  int suggestion = 0;
};
Result<BatchCurve> findBatchSize(const ResolvedTraining& resolved, engine::Engine& engine,
                                 engine::TrainingControl& control,
                                 const std::function<void(const BatchSpeed&)>& seen = {});

}  // namespace lathe::services
