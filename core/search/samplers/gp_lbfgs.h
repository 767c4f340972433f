// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Core>
#include <functional>

namespace lathe::search {

/// A function's value at `x`; writes its gradient. Infinite where `x` is forbidden (the gradient is then not read).
using Differentiable = std::function<double(const Eigen::VectorXd& x, Eigen::VectorXd& gradient)>;

struct BoxMinimum {
  Eigen::VectorXd x;
  double value = 0;
};
/// A local minimum between `lower` and `upper`: limited-memory BFGS (Nocedal 1980) on what is free, projected steps
/// that are halved until Armijo's condition holds. `start` has to be allowed; it ends after `evaluations` of the
/// function, or when a step gains less than `tolerance`.
[[nodiscard]] BoxMinimum minimizeInBox(const Differentiable& function, const Eigen::VectorXd& start,
                                       const Eigen::VectorXd& lower, const Eigen::VectorXd& upper, int evaluations,
                                       double tolerance, double firstStep);

}  // namespace lathe::search
