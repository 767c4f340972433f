// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Core>

namespace lathe::search {

/// Outputs as a Gaussian process likes them: mean 0, deviation 1, far outliers above drawn in by a logarithm, and
/// `power` (Box and Cox 1964; 1 nothing, 0 a logarithm of the distance from the best) applied to the distance from the
/// smallest one. Monotone. `logJacobian`, if given, gets the logarithm of what the transform does to densities.
[[nodiscard]] Eigen::VectorXd gpOutputs(const Eigen::VectorXd& values, double power, double* logJacobian = nullptr);

}  // namespace lathe::search
