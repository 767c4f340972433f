// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/plain_log_mel.h"

#include <cmath>
#include <numeric>

#include "core/spec/primitive.h"

namespace lathe::engine {

std::vector<float> plainLogMel(std::span<const float> samples, std::span<const float> basis,
                               std::span<const float> filters, const LogMelForm& form) {
  const auto mels = static_cast<std::size_t>(form.bands);
  const auto bins = filters.size() / mels;
  const auto window = basis.size() / (2 * bins);
  const auto step = static_cast<std::size_t>(form.hop);
  const std::size_t frames = samples.size() < window ? 0 : 1 + (samples.size() - window) / step;
  double loudness = 1;
  if (form.relative && !samples.empty())
    loudness = std::transform_reduce(samples.begin(), samples.end(), 0.0, std::plus<>(),
                                     [](float x) { return static_cast<double>(x) * static_cast<double>(x); }) /
                   static_cast<double>(samples.size()) +
               spec::smallestPower;
  std::vector<double> picture(mels * frames);
  std::vector<double> power(bins);
  for (std::size_t t = 0; t < frames; ++t) {
    const auto part = samples.subspan(t * step, window);
    const auto correlation = [&](std::size_t row) {
      const auto wave = basis.subspan(row * window, window);
      return std::transform_reduce(part.begin(), part.end(), wave.begin(), 0.0, std::plus<>(),
                                   [](float a, float b) { return static_cast<double>(a) * static_cast<double>(b); });
    };
    for (std::size_t k = 0; k < bins; ++k) {
      const double cosine = correlation(k);
      const double sine = correlation(bins + k);
      power[k] = cosine * cosine + sine * sine;
    }
    for (std::size_t m = 0; m < mels; ++m) {
      double sum = 0;
      for (std::size_t k = 0; k < bins; ++k) sum += static_cast<double>(filters[m * bins + k]) * power[k];
      picture[m * frames + t] = std::log(sum / loudness + form.floor);
    }
  }
  if (form.relative && !picture.empty()) {
    const auto count = static_cast<double>(picture.size());
    const double mean = std::accumulate(picture.begin(), picture.end(), 0.0) / count;
    double squares = 0;
    for (auto& value : picture) {
      value -= mean;
      squares += value * value;
    }
    const double deviation = std::sqrt(squares / count) + spec::smallestDeviation;
    for (auto& value : picture) value /= deviation;
  }
  return {picture.begin(), picture.end()};
}

}  // namespace lathe::engine
