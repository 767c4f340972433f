// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace lathe::engine {

/// What the schedules say about one step.
struct StepSettings {
  std::int64_t step = 0;         ///< counts from 1
  std::int64_t updateStep = 0;   ///< what the optimiser counts: steps since it began, anew when layers thaw; 0: step
  double lr = 0;                 ///< the learning rate, warm-up and everything else included
  double momentum = -1;          ///< in the place of the optimiser's momentum (or beta 1); negative: as in the spec
  double weightDecayFactor = 1;  ///< of training.optimizer.weight_decay
  double dropoutFactor = 1;      ///< of every dropout probability
  bool average = false;          ///< the weights after this step count in the average of weights
  bool backboneFrozen = false;   ///< only the output layer learns (core/engine/freezing.h)
};

}  // namespace lathe::engine
