// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/normal_numbers.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lathe::search {
namespace {

double tail(double p) {
  const double q = std::sqrt(-2 * std::log(p));
  return (((((-7.784894002430293e-3 * q - 3.223964580411365e-1) * q - 2.400758277161838) * q - 2.549732539343734) * q +
           4.374664141464968) *
              q +
          2.938163982698783) /
         ((((7.784695709041462e-3 * q + 3.224671290700398e-1) * q + 2.445134137142996) * q + 3.754408661907416) * q +
          1);
}

}  // namespace

double normalBelow(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

double normalQuantile(double p) {
  p = std::clamp(p, 1e-300, 1 - 1e-16);
  double x = 0;
  if (p < 0.02425) {
    x = tail(p);
  } else if (p > 1 - 0.02425) {
    x = -tail(1 - p);
  } else {
    const double q = p - 0.5, r = q * q;
    x = (((((-3.969683028665376e1 * r + 2.209460984245205e2) * r - 2.759285104469687e2) * r + 1.383577518672690e2) * r -
          3.066479806614716e1) *
             r +
         2.506628277459239) *
        q /
        (((((-5.447609879822406e1 * r + 1.615858368580409e2) * r - 1.556989798598866e2) * r + 6.680131188771972e1) * r -
          1.328068155288572e1) *
             r +
         1);
  }
  const double error = (normalBelow(x) - p) * std::sqrt(2 * std::numbers::pi) * std::exp(x * x / 2);
  return x - error / (1 + x * error / 2);
}

}  // namespace lathe::search
