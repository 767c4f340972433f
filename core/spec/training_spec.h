// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/spec/augment_spec.h"

/// The training part of an experiment: loss, optimiser, schedule, and when to stop.
namespace lathe::spec {

struct OptimizerSpec {
  std::string name = "adamw";  ///< one of optimizerNames(), or auto in an experiment
  double lr = 1e-3;            ///< of the optimisers that find their own: a factor; 0 in an experiment: automatic
  double weightDecay = 0.01;
  double momentum = 0.9;  ///< sgd, rmsprop, muon, schedule_free_sgd
  bool nesterov = false;
  double beta1 = 0.9;
  double beta2 = 0.999;  ///< rmsprop's alpha, adadelta's rho, yellowfin's smoothing
  double epsilon = 1e-8;
  double hypergradient = 0;  ///< sgd, adam, adamw: how fast the learning rate follows its own gradient; 0: off
  double restLr = 3e-4;      ///< muon: of what is no hidden matrix
  std::string weightDecaySchedule = "constant";  ///< constant, flat_cos, cosine
  bool decayAll = false;                         ///< decay biases and normalisations too
  bool operator==(const OptimizerSpec&) const = default;
};

struct ScheduleSpec {
  std::string name = "cosine";   ///< one of scheduleNames()
  double warmupFraction = 0.05;  ///< of all steps, linear
  double finalFraction = 0.0;    ///< of lr at the end (cosine, cosine_restarts, polynomial, linear, flat_cosine)
  int stepEpochs = 10;           ///< step: every so many epochs
  double gamma = 0.1;            ///< step, plateau: factor of a drop; exponential: factor of an epoch
  int patience = 3;              ///< plateau: epochs
  int restartEpochs = 10;        ///< cosine_restarts: length of the first period
  double restartGrowth = 2;      ///< cosine_restarts: of a period to the next
  double power = 2;              ///< polynomial
  double flatFraction = 0.5;     ///< flat_cosine: part before the fall
  double riseFraction = 0.3;     ///< one_cycle: part with a rising rate
  bool operator==(const ScheduleSpec&) const = default;
};

struct AverageSpec {
  std::string name = "none";    ///< none, ema, swa
  double decay = 0.999;         ///< ema
  double startFraction = 0.75;  ///< swa: of all epochs
  bool operator==(const AverageSpec&) const = default;
};

struct LossSpec {
  std::string name = "auto";  ///< cross_entropy, focal, bce, mse, mae, huber, poisson, pinball,
                              ///< reconstruction
  double labelSmoothing = 0;
  bool classWeights = false;
  double huberDelta = 1.0;  ///< in units of the scaled target
  double focalGamma = 2.0;  ///< focal (Lin 2017): how much less a row counts that is right already
  std::vector<double> quantiles = {0.1, 0.5, 0.9};  ///< pinball: levels
  bool operator==(const LossSpec&) const = default;
};

struct EarlyStoppingSpec {
  int patience = 0;  ///< epochs without improvement; 0: off
  double minDelta = 0;
  bool operator==(const EarlyStoppingSpec&) const = default;
};

struct TrainingSpec {
  int epochs = 20;          ///< 0 in an experiment: as many as are usual for the model and the data
  bool autoEpochs = false;  ///< epochs is the most; how many are worth it is found before step 1
  int batchSize = 0;        ///< 0: by a rule from the rows (32..256); -1: by measuring; resolved before step 1
  std::uint64_t seed = 0;
  int threads = 0;                 ///< 0: by a rule from the model's size, resolved before step 1
  std::string device = "auto";     ///< auto, cpu, cuda, cuda:N
  std::string executor = "auto";   ///< auto, fused, libtorch
  std::string precision = "auto";  ///< auto, float32 or bfloat16: what products are computed in
  LossSpec loss;
  OptimizerSpec optimizer;
  ScheduleSpec schedule;
  AverageSpec average;
  EarlyStoppingSpec earlyStopping;
  AugmentSpec augment;
  double clipNorm = 0;                       ///< largest gradient norm; 0: off
  int accumulateSteps = 1;                   ///< batches whose gradients are averaged for one step
  double layerLrDecay = 1;                   ///< learning rate of a layer as a part of the next one's
  std::string freeze = "none";               ///< none, backbone (all but the output layer), backbone_then_all
  int freezeEpochs = 3;                      ///< backbone_then_all: epochs before everything learns
  std::string dropoutSchedule = "constant";  ///< constant, flat_cos, cosine
  bool spikeGuard = true;                    ///< go back to the last good state when the loss jumps or becomes NaN
  std::string decisionThreshold = "argmax";  ///< argmax, tuned, tuned_f1; two classes
  std::string monitor = "val/loss";
  std::string monitorDirection = "minimize";
  std::string histograms = "auto";  ///< of weights and gradients: auto, every_epoch, off
  double checkpointSeconds = 30;    ///< a checkpoint at least so often, at epoch ends and when pausing too
  bool operator==(const TrainingSpec&) const = default;
};

/// batchSize for "measure which is fast enough".
constexpr int findBatchSize = -1;

/// What a new experiment begins with: optimiser, learning rate, batch size and epochs are chosen before step 1 and
/// written into the run's spec.
[[nodiscard]] inline TrainingSpec automaticTraining() {
  TrainingSpec training;
  training.optimizer.name = "auto";
  training.optimizer.lr = 0;
  training.epochs = 0;
  return training;
}

}  // namespace lathe::spec
