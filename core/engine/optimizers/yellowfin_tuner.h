// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace lathe::engine {

/// YellowFin's measurements (Zhang and Mitliagkas 2017, algorithms 1 to 4) and what follows from them; the same for
/// every device.
class YellowfinTuner {
 public:
  static constexpr std::size_t window = 20;  ///< of the curvature range, as in the paper
  enum Number : std::size_t {
    Updates,
    LogLargest,  ///< smoothed logarithms of the window's extremes
    LogSmallest,
    MeanSquare,  ///< of the gradient's length
    MeanNorm,
    MeanCurvature,
    MeanDistance,
    Momentum,
    Rate,
    Curvatures,  ///< the window
    NumberCount = Curvatures + window
  };

  explicit YellowfinTuner(double beta) : m_beta(beta) {}
  /// Squared length of the gradient, and of the mean of gradients that began at zero and is smoothed by the same beta.
  void tune(double squares, double meanSquares);
  [[nodiscard]] double momentum() const { return numbers[Momentum]; }
  /// The first steps, while hardly anything is measured, are slow.
  [[nodiscard]] double rate() const { return numbers[Rate] * std::min(1.0, numbers[Updates] / (10.0 * window)); }

  std::array<double, NumberCount> numbers{};  ///< its whole state

 private:
  void smooth(Number which, double value) { numbers[which] = m_beta * numbers[which] + (1 - m_beta) * value; }

  double m_beta;
};

}  // namespace lathe::engine
