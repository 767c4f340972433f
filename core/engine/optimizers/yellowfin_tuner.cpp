// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/optimizers/yellowfin_tuner.h"

#include <cmath>

namespace lathe::engine {
namespace {

constexpr double tiny = 1e-30;

// The root in (0, 1) of p x = (1 - x)^3, with p = D^2 h^2 / (2 C): the square root of the momentum that makes one step
// bring the distance down most (appendix D).
double rootOfMomentum(double p) {
  if (!std::isfinite(p)) return 0;
  double low = 0;
  double high = 1;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    const double rest = 1 - middle;
    (p * middle < rest * rest * rest ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

void YellowfinTuner::tune(double squares, double meanSquares) {
  auto& n = numbers;
  // Beyond what float sums hold nothing can be measured; what was found before still holds.
  if (!std::isfinite(squares) || !std::isfinite(meanSquares)) return;
  squares = std::max(squares, tiny);
  const auto slot = static_cast<std::size_t>(n[Updates]) % window;
  n[Curvatures + slot] = squares;
  n[Updates] += 1;
  const auto seen = static_cast<std::ptrdiff_t>(std::min<double>(n[Updates], window));
  const auto [least, most] = std::minmax_element(n.begin() + Curvatures, n.begin() + Curvatures + seen);
  // What a mean that began at zero is divided by.
  const double correction = 1 - std::pow(m_beta, n[Updates]);
  smooth(LogLargest, std::log(*most));
  smooth(LogSmallest, std::log(*least));
  const double largest = std::exp(n[LogLargest] / correction);
  const double smallest = std::exp(n[LogSmallest] / correction);

  smooth(MeanSquare, squares);
  const double variance = std::max(n[MeanSquare] / correction - meanSquares / (correction * correction), tiny);

  smooth(MeanNorm, std::sqrt(squares));
  smooth(MeanCurvature, squares);
  smooth(MeanDistance, n[MeanNorm] / n[MeanCurvature]);
  const double distance = n[MeanDistance] / correction;

  const double root = rootOfMomentum(distance * distance * smallest * smallest / (2 * variance));
  const double condition = std::sqrt(largest / smallest);
  const double momentum = std::max(root * root, std::pow((condition - 1) / (condition + 1), 2));
  const double rate = std::pow(1 - std::sqrt(momentum), 2) / smallest;
  const bool first = n[Updates] == 1;
  n[Momentum] = first ? momentum : m_beta * n[Momentum] + (1 - m_beta) * momentum;
  n[Rate] = first ? rate : m_beta * n[Rate] + (1 - m_beta) * rate;
}

}  // namespace lathe::engine
