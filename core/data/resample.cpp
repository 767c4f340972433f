// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/resample.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <tuple>
#include <utility>

namespace lathe::data {
namespace {

constexpr double crossings = 16;
constexpr double beta = 8.6;
constexpr double largestTable = 1 << 21;  // taps
constexpr double passed = 0.95;           // of the lower Nyquist frequency, the rest is for the slope

// The modified Bessel function of order zero, by its series.
double bessel(double x) {
  double sum = 1;
  double term = 1;
  for (int k = 1; k < 60 && term > sum * 1e-17; ++k) {
    term *= (x / (2 * k)) * (x / (2 * k));
    sum += term;
  }
  return sum;
}

// The last convergent of up / down's continued fraction whose numerator is at most `most`.
std::pair<std::int64_t, std::int64_t> nearestFraction(std::int64_t up, std::int64_t down, std::int64_t most) {
  std::int64_t above = 1, below = 0, up0 = 0, down0 = 1;
  auto rest = std::pair(up, down);
  while (rest.second != 0) {
    const auto whole = rest.first / rest.second;
    const auto nextUp = whole * above + up0;
    const auto nextDown = whole * below + down0;
    if (nextUp > most && above > 0 && below > 0) break;
    up0 = std::exchange(above, nextUp);
    down0 = std::exchange(below, nextDown);
    rest = {rest.second, rest.first % rest.second};
  }
  return {std::max<std::int64_t>(1, above), std::max<std::int64_t>(1, below)};
}

double kaiser(double at) { return std::abs(at) >= 1 ? 0 : bessel(beta * std::sqrt(1 - at * at)) / bessel(beta); }

// Eight sums side by side, which the compiler keeps in one register.
float product(const float* a, const float* b, std::int64_t count) {
  constexpr std::int64_t lanes = 8;
  std::array<float, lanes> sums{};
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (std::int64_t lane = 0; lane < lanes; ++lane) sums[static_cast<std::size_t>(lane)] += a[i + lane] * b[i + lane];
  float sum = 0;
  for (; i < count; ++i) sum += a[i] * b[i];
  return std::accumulate(sums.begin(), sums.end(), sum);
}

double sinc(double x) {
  const double turn = std::numbers::pi * x;
  return std::abs(x) < 1e-12 ? 1 : std::sin(turn) / turn;
}

}  // namespace

Resampler::Resampler(int from, int to) {
  const auto common = std::gcd(from, to);
  m_up = to / common;
  m_down = from / common;
  if (m_up == m_down) return;
  const double tapsOfPhase = 2 * crossings / passed * std::max(1.0, static_cast<double>(from) / to);
  const auto mostPhases = std::clamp<std::int64_t>(std::llround(largestTable / tapsOfPhase), 1, 1 << 16);
  if (m_up > mostPhases) std::tie(m_up, m_down) = nearestFraction(m_up, m_down, mostPhases);
  const double cutoff = passed * std::min(1.0, static_cast<double>(to) / from);
  const double reach = crossings / cutoff;
  m_half = static_cast<std::int64_t>(std::ceil(reach));
  const auto width = static_cast<std::size_t>(2 * m_half + 1);
  m_taps.resize(static_cast<std::size_t>(m_up) * width);
  for (std::int64_t phase = 0; phase < m_up; ++phase) {
    float* taps = m_taps.data() + static_cast<std::size_t>(phase) * width;
    const double shift = static_cast<double>(phase) / static_cast<double>(m_up);
    std::vector<double> exact(width);
    double sum = 0;
    for (std::size_t k = 0; k < width; ++k) {
      const double at = static_cast<double>(k) - static_cast<double>(m_half) - shift;
      exact[k] = sinc(cutoff * at) * kaiser(at / (reach + 1));
      sum += exact[k];
    }
    // What is constant stays so.
    for (std::size_t k = 0; k < width; ++k) taps[k] = static_cast<float>(exact[k] / sum);
  }
}

std::size_t Resampler::resampledCount(std::size_t count) const {
  return static_cast<std::size_t>((static_cast<std::int64_t>(count) * m_up + m_down - 1) / m_down);
}

std::size_t Resampler::neededFor(std::size_t count) const {
  return static_cast<std::size_t>(static_cast<std::int64_t>(count) * m_down / m_up + m_half + 1);
}

std::vector<float> Resampler::run(std::span<const float> samples, std::size_t most) const {
  const auto given = static_cast<std::int64_t>(samples.size());
  const auto count = std::min(most, resampledCount(samples.size()));
  if (m_taps.empty()) return {samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(count)};
  std::vector<float> out(count);
  const std::int64_t width = 2 * m_half + 1;
  for (std::size_t n = 0; n < count; ++n) {
    const std::int64_t place = static_cast<std::int64_t>(n) * m_down;
    const std::int64_t first = place / m_up - m_half;
    const float* taps = m_taps.data() + (place % m_up) * width;
    const auto from = std::max<std::int64_t>(0, -first);
    const auto end = std::min(width, given - first);
    out[n] = product(taps + from, samples.data() + first + from, end - from);
  }
  return out;
}

}  // namespace lathe::data
