// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/gp_output.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace lathe::search {

Eigen::VectorXd gpOutputs(const Eigen::VectorXd& values, double power, double* logJacobian) {
  const Eigen::Index n = values.size();
  // Distances from the best in units of the upper quartile's.
  const double best = values.minCoeff();
  Eigen::VectorXd outputs = (values.array() * 0.25 - best * 0.25).matrix();
  std::vector<double> sorted(outputs.begin(), outputs.end());
  std::sort(sorted.begin(), sorted.end());
  double unit = sorted[static_cast<std::size_t>(0.75 * static_cast<double>(n - 1))];
  if (!(unit > 1e-12 * sorted.back())) unit = sorted.back();
  double jacobian = 0;
  const double far = 5, shift = 0.05;
  if (unit > 0) {
    outputs /= unit;
    for (double& value : outputs) {
      if (value > far) {
        jacobian += std::log(far / value);
        value = far * (1 + std::log(value / far));
      }
      const double moved = value + shift;
      jacobian += (power - 1) * std::log(moved);
      value = power == 0 ? std::log(moved) : (std::pow(moved, power) - 1) / power;
    }
  }
  outputs.array() -= outputs.mean();
  const double deviation = std::sqrt(outputs.squaredNorm() / static_cast<double>(n));
  if (deviation > 0) {
    outputs /= deviation;
    jacobian -= static_cast<double>(n) * std::log(deviation);
  }
  if (logJacobian != nullptr) *logJacobian = jacobian;
  return outputs;
}

}  // namespace lathe::search
