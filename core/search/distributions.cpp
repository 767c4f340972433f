// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/distributions.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace lathe::search {
namespace {

constexpr double manyDegrees = 1e6;  // as good as normal

// Logarithm of the gamma function, without lgamma's global sign (Lanczos's series, g = 7).
double logGamma(double x) {
  constexpr double terms[] = {0.99999999999980993,  676.5203681218851,     -1259.1392167224028,
                              771.32342877765313,   -176.61502916214059,   12.507343278686905,
                              -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7};
  if (x < 0.5) return std::log(std::numbers::pi / std::sin(std::numbers::pi * x)) - logGamma(1 - x);
  x -= 1;
  double sum = terms[0];
  for (int i = 1; i < 9; ++i) sum += terms[i] / (x + i);
  const double t = x + 7.5;
  return 0.5 * std::log(2 * std::numbers::pi) + (x + 0.5) * std::log(t) - t + std::log(sum);
}

// Regularised incomplete beta function by its continued fraction, evaluated by Lentz's method.
double incompleteBeta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x);
  const double front = std::exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * std::log(x) + b * std::log1p(-x)) / a;
  constexpr double tiny = 1e-300;
  const auto kept = [](double value) { return std::abs(value) < tiny ? tiny : value; };
  double c = 1, d = 1 / kept(1 - (a + b) * x / (a + 1)), fraction = d;
  for (int m = 1; m < 2000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / kept(1 + even * d);
    c = kept(1 + even / c);
    fraction *= c * d;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / kept(1 + odd * d);
    c = kept(1 + odd / c);
    fraction *= c * d;
    if (std::abs(c * d - 1) < 1e-15) break;
  }
  return front * fraction;
}

}  // namespace

double normalCdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double normalQuantile(double share) {
  if (share <= 0) return -std::numeric_limits<double>::infinity();
  if (share >= 1) return std::numeric_limits<double>::infinity();
  if (share > 0.5) return -normalQuantile(1 - share);
  double low = -40, high = 0;
  for (int i = 0; i < 100 && low < high; ++i) {
    const double middle = (low + high) / 2;
    (normalCdf(middle) < share ? low : high) = middle;
  }
  return (low + high) / 2;
}

double studentCdf(double t, double freedom) {
  if (!(freedom < manyDegrees)) return normalCdf(t);
  const double tail = 0.5 * incompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t));
  return t > 0 ? 1 - tail : tail;
}

double studentQuantile(double share, double freedom) {
  if (!(freedom < manyDegrees)) return normalQuantile(share);
  if (share <= 0) return -std::numeric_limits<double>::infinity();
  if (share >= 1) return std::numeric_limits<double>::infinity();
  if (share > 0.5) return -studentQuantile(1 - share, freedom);
  double low = -1;
  while (studentCdf(low, freedom) > share && low > -1e150) low *= 2;
  double high = 0;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (studentCdf(middle, freedom) < share ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace lathe::search
