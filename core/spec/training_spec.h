// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// The training part of an experiment: loss, optimiser, schedule, and when to stop.
namespace lathe::spec {

struct OptimizerSpec {
  std::string name = "adamw";  ///< sgd, adam, adamw
  double lr = 1e-3;
  double weightDecay = 0.01;
  double momentum = 0.9;  ///< sgd
  bool nesterov = false;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  bool operator==(const OptimizerSpec&) const = default;
};

struct ScheduleSpec {
  std::string name = "cosine";   ///< constant, cosine, step, plateau
  double warmupFraction = 0.05;  ///< of all steps, linear (cosine)
  double finalFraction = 0.0;    ///< of lr at the end (cosine)
  int stepEpochs = 10;           ///< step: every so many epochs
  double gamma = 0.1;            ///< step, plateau: factor
  int patience = 3;              ///< plateau: epochs
  bool operator==(const ScheduleSpec&) const = default;
};

struct LossSpec {
  std::string name = "auto";  ///< cross_entropy, focal, bce, mse, mae, huber, poisson, pinball
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
  int epochs = 20;
  int batchSize = 0;  ///< 0: by a rule from the rows (32..256), resolved before step 1
  std::uint64_t seed = 0;
  int threads = 0;                ///< 0: by a rule from the model's size, resolved before step 1
  std::string device = "auto";    ///< auto, cpu, cuda, cuda:N
  std::string executor = "auto";  ///< auto, fused, libtorch
  LossSpec loss;
  OptimizerSpec optimizer;
  ScheduleSpec schedule;
  EarlyStoppingSpec earlyStopping;
  double clipNorm = 0;                       ///< largest gradient norm; 0: off
  std::string decisionThreshold = "argmax";  ///< argmax, tuned, tuned_f1; two classes
  std::string monitor = "val/loss";
  std::string monitorDirection = "minimize";
  double checkpointSeconds = 30;  ///< a checkpoint at least so often, at epoch ends and when pausing too
  bool operator==(const TrainingSpec&) const = default;
};

}  // namespace lathe::spec
