// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/curvature.h"

#include <cmath>

namespace lathe::engine {
namespace {

constexpr int mostSteps = 30;
constexpr double side = 1e-2;
constexpr double steadyEnough = 5e-3;  // relative change of the eigenvalue

double scaled(std::vector<double>& direction, double length) {
  double squares = 0;
  for (const double each : direction) squares += each * each;
  const double norm = std::sqrt(squares);
  if (norm > 0)
    for (double& each : direction) each *= length / norm;
  return norm;
}

}  // namespace

double largestCurvature(std::size_t dimensions, Random& random,
                        const std::function<std::vector<double>(const std::vector<double>& by)>& gradientBeside) {
  std::vector<double> direction(dimensions);
  for (double& each : direction) each = random.normal();
  double value = 0;
  for (int i = 0; i < mostSteps; ++i) {
    if (scaled(direction, side) <= 0) return 0;
    auto bent = gradientBeside(direction);
    auto back = direction;
    for (double& each : back) each = -each;
    const auto below = gradientBeside(back);
    const double before = value;
    value = 0;
    for (std::size_t k = 0; k < dimensions; ++k) {
      bent[k] = (bent[k] - below[k]) / (2 * side);
      value += bent[k] * direction[k] / side;
    }
    if (!std::isfinite(value)) return std::nan("");
    if (i > 0 && std::abs(value - before) <= steadyEnough * std::abs(value)) break;
    direction = std::move(bent);
  }
  return value;
}

}  // namespace lathe::engine
