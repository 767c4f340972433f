// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/smoothing.h"

#include <algorithm>
#include <cmath>

namespace lathe::ui {

std::vector<double> smoothed(std::span<const double> x, std::span<const double> y, double weight, double span) {
  std::vector<double> result(y.begin(), y.end());
  if (weight <= 0 || x.size() != y.size() || span <= 0) return result;
  constexpr double positions = 200;
  const double keep = std::min(std::sqrt(weight), 0.999);
  const double logKeep = std::log(keep);
  double sum = 0;
  double mass = 0;
  double before = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (!std::isfinite(y[i])) continue;
    const double decay = mass > 0 ? std::exp(logKeep * std::max(x[i] - before, 0.0) / span * positions) : 0;
    sum = sum * decay + y[i];
    mass = mass * decay + 1;
    before = x[i];
    result[i] = sum / mass;
  }
  return result;
}

}  // namespace lathe::ui
