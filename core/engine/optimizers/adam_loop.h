// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/optimizers/update_rule.h"

/// Adam's pass over memory, for the rules that end in it.
namespace lathe::engine {

struct AdamSettings {
  double beta1, beta2, epsilon;
  bool decoupled;  ///< decay shrinks the weights (AdamW) instead of joining the gradient
};

struct AdamNumbers {
  float beta1, beta2, oneMinusBeta1, oneMinusBeta2, stepSize, inverseRootCorrection, epsilon, keep, l2, gradientScale;
};

[[nodiscard]] AdamNumbers adamNumbers(const AdamSettings& settings, std::int64_t step, double lr, double decay,
                                      double gradientScale);
void adamLoop(float* values, const float* gradient, float* first, float* second, std::size_t count,
              const AdamNumbers& numbers);

}  // namespace lathe::engine
