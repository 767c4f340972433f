// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/spec/training_spec.h"

/// Every optimiser written down from its paper (or PyTorch's documentation) in double precision, one plain loop each.
namespace lathe::tests {

struct Reference {
  explicit Reference(spec::OptimizerSpec optimizer) : spec(std::move(optimizer)) {}
  /// One step from the gradients at `x`; `t` counts from 1. `decays[i]` says whether decay applies.
  void step(std::vector<double>& x, const std::vector<double>& gradients, int t, double lr,
            const std::vector<bool>& decays);

  spec::OptimizerSpec spec;
  std::vector<double> m, v, s, start, average;
  double d = 1e-6, r = 0, product = 1, weights = 0, factor = 1;
  std::vector<double> moved;
  // YellowFin
  std::vector<double> window;
  double logLargest = 0, logSmallest = 0, meanSquare = 0, meanNorm = 0, meanCurvature = 0, meanDistance = 0;
  double momentum = 0, rate = 0;

 private:
  void yellowfin(std::vector<double>& x, const std::vector<double>& g, int t, double lr);
  void lamb(std::vector<double>& x, const std::vector<double>& g, int t, double lr, const std::vector<bool>& decays);
};

}  // namespace lathe::tests
