// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/spec/experiment.h"

namespace lathe::engine {

/// The learning rate of each step: constant, cosine with linear warm-up (Loshchilov and Hutter 2017, one cycle), a
/// factor every so many epochs, or reduced on a plateau (the factor of which is Monitor's).
class LearningRate {
 public:
  LearningRate(const spec::TrainingSpec& training, std::int64_t stepsPerEpoch);
  /// `step` and `epoch` count from 1.
  [[nodiscard]] double at(std::int64_t step, int epoch, double plateauFactor) const;

 private:
  spec::ScheduleSpec m_schedule;
  double m_lr;
  std::int64_t m_totalSteps;
  std::int64_t m_warmupSteps;
};

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
