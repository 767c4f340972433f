// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/histogram_counter.h"

#include <algorithm>
#include <bit>

namespace lathe::engine {
namespace {

constexpr std::uint32_t magnitudeBits = 0x7FFFFFFF;
constexpr std::size_t mostCounted = std::size_t{1} << 18;
constexpr std::size_t pieceLength = 256;

constexpr std::int64_t usualInterval = 256;
constexpr std::int64_t leastFrames = 16;
constexpr std::int64_t mostFrames = 200;

}  // namespace

// Places first and counts then: the first loop is vectors, the second never waits for it.
void ValueCounter::add(const float* values, std::size_t count, float scale) {
  std::array<std::uint16_t, pieceLength> places{};
  for (std::size_t first = 0; first < count; first += pieceLength) {
    const std::size_t length = std::min(pieceLength, count - first);
    for (std::size_t i = 0; i < length; ++i) {
      const auto bits = std::bit_cast<std::uint32_t>(values[first + i] * scale);
      const int bin = static_cast<int>((bits & magnitudeBits) >> ValueHistogram::bitsBelowBin) - ValueHistogram::base;
      const int kept = std::min(std::max(bin, 0), ValueHistogram::lastBin);
      places[i] = static_cast<std::uint16_t>(static_cast<std::uint32_t>(kept) +
                                             (bits >> 31) * static_cast<std::uint32_t>(halfBins));
    }
    for (std::size_t i = 0; i < length; ++i) ++m_counts[places[i]];
  }
}

ValueHistogram ValueCounter::count(const float* values, std::size_t count, double scale) {
  const auto factor = static_cast<float>(scale);
  if (count <= mostCounted) {
    add(values, count, factor);
  } else {
    const std::size_t pieces = mostCounted / pieceLength;
    for (std::size_t piece = 0; piece < pieces; ++piece) {
      const std::size_t first = piece * (count / pieceLength) / pieces * pieceLength;
      add(values + first, pieceLength, factor);
    }
  }
  ValueHistogram result;
  for (std::size_t bin = halfBins; bin-- > 1;)
    if (m_counts[halfBins + bin] != 0) result.bins.push_back({-static_cast<int>(bin), m_counts[halfBins + bin]});
  if (const auto zero = m_counts[0] + m_counts[halfBins]; zero != 0) result.bins.push_back({0, zero});
  for (std::size_t bin = 1; bin < halfBins; ++bin)
    if (m_counts[bin] != 0) result.bins.push_back({static_cast<int>(bin), m_counts[bin]});
  m_counts.fill(0);
  return result;
}

ParameterHistograms countParameters(const std::vector<Optimizer::Slot>& slots,
                                    const std::vector<const float*>& gradients, double scale) {
  ParameterHistograms result;
  result.reserve(slots.size());
  ValueCounter counter;
  for (std::size_t s = 0; s < slots.size(); ++s)
    result.push_back({slots[s].name, counter.count(slots[s].values, slots[s].count),
                      counter.count(gradients[s], slots[s].count, scale)});
  return result;
}

HistogramPlan::HistogramPlan(const std::string& mode, std::int64_t stepsPerEpoch, std::int64_t totalSteps)
    : m_mode(mode == "off" ? Mode::Off : (mode == "every_epoch" ? Mode::EveryEpoch : Mode::Auto)),
      m_stepsPerEpoch(std::max<std::int64_t>(1, stepsPerEpoch)),
      m_totalSteps(totalSteps),
      m_interval(std::max((totalSteps + mostFrames - 1) / mostFrames,
                          std::clamp<std::int64_t>(totalSteps / leastFrames, 1, usualInterval))) {}

bool HistogramPlan::due(std::int64_t step) const {
  if (m_mode == Mode::Off) return false;
  if (step == 1 || step == m_totalSteps) return true;
  const std::int64_t inEpoch = (step - 1) % m_stepsPerEpoch + 1;
  if (m_mode == Mode::EveryEpoch) return inEpoch == m_stepsPerEpoch;
  if (const std::int64_t parts = m_stepsPerEpoch / m_interval; parts > 0)
    return inEpoch * parts / m_stepsPerEpoch != (inEpoch - 1) * parts / m_stepsPerEpoch;
  return inEpoch == m_stepsPerEpoch && step / m_interval != (step - m_stepsPerEpoch) / m_interval;
}

}  // namespace lathe::engine
