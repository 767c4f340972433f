// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/engine/step_settings.h"
#include "core/spec/experiment.h"

namespace lathe::engine {

/// The schedule of a learning-rate range test (Smith 2017): up to the given rate by equal factors, from a part of it.
/// No choice for experiments.
inline constexpr const char* rangeTest = "range_test";
inline constexpr double rangeTestSpan = 1e8;

/// What the spec's schedules say about each step. Linear warm-up over warmupFraction of all steps, then over the rest:
/// constant; cosine (Loshchilov and Hutter 2017); cosine_restarts (SGDR, the same paper); one_cycle (Smith 2018, with
/// PyTorch's shape: from lr / 25 up and down to lr / 250000 by cosines, the momentum 0.1 down and up again); linear,
/// polynomial (PyTorch's), exponential (gamma an epoch, smoothly); flat_cosine; coslog4 (RealMLP, Holzmueller 2024: lr
/// * 0.5 * (1 - cos(2 pi log2(1 + 15 t)))). step and plateau go by epochs; the latter's factor is Monitor's.
class LearningRate {
 public:
  LearningRate(const spec::TrainingSpec& training, std::int64_t stepsPerEpoch);
  /// `step` and `epoch` count from 1.
  [[nodiscard]] double at(std::int64_t step, int epoch, double plateauFactor) const;
  /// Of one_cycle, for optimisers that have a momentum or beta 1; else negative: the optimiser's own.
  [[nodiscard]] double momentumAt(std::int64_t step) const;
  /// Rate, momentum, factors of decay and dropout, whether the weights after the step count in their average (each step
  /// for ema, the last step of an epoch for swa), what is frozen and which step of the optimiser it is.
  [[nodiscard]] StepSettings settings(std::int64_t step, int epoch, double plateauFactor) const;

 private:
  [[nodiscard]] double shape(std::int64_t step, int epoch, double plateauFactor) const;
  [[nodiscard]] bool averaged(std::int64_t step, int epoch) const;

  spec::ScheduleSpec m_schedule;
  spec::AverageSpec m_average;
  std::string m_decaySchedule, m_dropoutSchedule;
  double m_lr;
  double m_momentum;
  int m_epochs;
  std::int64_t m_stepsPerEpoch;
  std::int64_t m_totalSteps;
  std::int64_t m_warmupSteps;
  bool m_alwaysFrozen;  ///< of the backbone (freezing.h)
  int m_thawingEpochs;
};

/// Factor of what changes during a training, `done` from 0 to 1: constant; cosine from 1 to 0; flat_cos: 1 for the
/// first half, then cosine to 0 (RealMLP).
[[nodiscard]] double factorOverTime(const std::string& schedule, double done);

/// Watches one metric from epoch to epoch: which epoch was best, when to stop, when to lower the learning rate.
class Monitor {
 public:
  struct State {
    std::optional<double> best;
    int bestEpoch = 0;
    std::int64_t bestStep = 0;
    int sinceBest = 0;     ///< epochs without improvement by more than minDelta
    int sinceReduced = 0;  ///< the same since the learning rate was lowered
    double lrFactor = 1;
    std::optional<double> reference;  ///< what the next improvement is measured against
  };
  struct Verdict {
    bool best = false;
    bool stop = false;
    bool lrReduced = false;
  };

  explicit Monitor(const spec::TrainingSpec& training);
  /// A value that is not finite counts as no improvement.
  Verdict see(double value, int epoch, std::int64_t step);
  [[nodiscard]] const State& state() const { return m_state; }
  void setState(const State& state) { m_state = state; }

 private:
  [[nodiscard]] bool better(double value, double than, double delta) const;

  spec::EarlyStoppingSpec m_stopping;
  spec::ScheduleSpec m_schedule;
  bool m_maximize;
  State m_state;
};

}  // namespace lathe::engine
