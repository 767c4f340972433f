// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/spec/training_spec.h"

/// What an automatic choice of optimiser and learning rate tries, and how much work it may cost: rules without a clock,
/// so that the same data give the same choice. Pure, any thread.
namespace lathe::services {

/// Optimisers with rate and momentum (or betas) to be tried for what `training` leaves open: adamw and sgd for an
/// automatic name, else the named one around its usual rate. A momentum or a beta that somebody changed stays. `wide`:
/// the full grid; else the few that nearly always hold the best. The first one is what is taken when nothing can be
/// tried.
[[nodiscard]] std::vector<spec::OptimizerSpec> candidatesFor(const spec::TrainingSpec& training, bool wide);

/// Work of a training in FLOP; each step counts a million more, for what it costs whatever its size.
[[nodiscard]] double workOf(std::int64_t steps, double stepFlops);

/// One round of successive halving (Jamieson and Talwalkar 2016).
struct Rung {
  int candidates = 0;
  double fidelity = 1;  ///< part of the training's steps
  int folds = 1;        ///< trainings a candidate, on different folds; only at fidelity 1
};
/// Rounds of about equal work, a third of the candidates going on from one to the next. The whole may cost a fifth of
/// the training, or 2.5e11 FLOP (a second or two) where that is more, but never more than 120 trainings. Empty when
/// there is no room for trainings that say anything: shorter than 20 steps.
struct SweepPlan {
  bool wide = false;
  std::vector<Rung> rungs;
};
[[nodiscard]] SweepPlan planSweep(const spec::TrainingSpec& training, std::int64_t stepsPerEpoch, double stepFlops,
                                  bool folds);

/// The best rate falls with the length of the training as its -0.32th power (Bjorck et al. 2024, "Scaling optimal
/// learning rate across token horizons"): what was best over a part of the steps, for all of them.
[[nodiscard]] double rateForLonger(double rate, double fidelity);

}  // namespace lathe::services
