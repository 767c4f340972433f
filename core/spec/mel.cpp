// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/mel.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lathe::spec {
namespace {

double toMel(double hertz) { return 2595 * std::log10(1 + hertz / 700); }
double toHertz(double mel) { return 700 * (std::pow(10.0, mel / 2595) - 1); }

}  // namespace

std::vector<float> fourierBasis(const MelForm& form) {
  const auto window = form.window;
  const auto bins = form.bins();
  const double turn = 2 * std::numbers::pi / static_cast<double>(window);
  std::vector<double> hann(static_cast<std::size_t>(window));
  double sum = 0;
  for (std::int64_t n = 0; n < window; ++n)
    sum += hann[static_cast<std::size_t>(n)] = 0.5 - 0.5 * std::cos(turn * static_cast<double>(n));
  std::vector<float> basis(static_cast<std::size_t>(2 * bins * window));
  for (std::int64_t k = 0; k < bins; ++k)
    for (std::int64_t n = 0; n < window; ++n) {
      // The product is reduced first: angles stay small, and with them their errors.
      const double angle = turn * static_cast<double>((k * n) % window);
      const double weight = 2 * hann[static_cast<std::size_t>(n)] / sum;
      basis[static_cast<std::size_t>(k * window + n)] = static_cast<float>(weight * std::cos(angle));
      basis[static_cast<std::size_t>((bins + k) * window + n)] = static_cast<float>(weight * std::sin(angle));
    }
  return basis;
}

std::vector<float> melFilters(const MelForm& form) {
  const auto bins = form.bins();
  const double spacing = static_cast<double>(form.rate) / static_cast<double>(form.window);
  const double first = toMel(form.low);
  const double step = (toMel(form.high) - first) / static_cast<double>(form.mels + 1);
  std::vector<float> filters(static_cast<std::size_t>(form.mels * bins), 0.0F);
  for (std::int64_t m = 0; m < form.mels; ++m) {
    const double left = toHertz(first + step * static_cast<double>(m));
    const double centre = toHertz(first + step * static_cast<double>(m + 1));
    const double right = toHertz(first + step * static_cast<double>(m + 2));
    bool any = false;
    for (std::int64_t k = 0; k < bins; ++k) {
      const double hertz = spacing * static_cast<double>(k);
      const double height = std::min((hertz - left) / (centre - left), (right - hertz) / (right - centre));
      if (!(height > 0)) continue;
      filters[static_cast<std::size_t>(m * bins + k)] = static_cast<float>(height);
      any = true;
    }
    if (any) continue;
    const auto nearest = std::clamp<std::int64_t>(std::llround(centre / spacing), 0, bins - 1);
    filters[static_cast<std::size_t>(m * bins + nearest)] = 1;
  }
  return filters;
}

}  // namespace lathe::spec
