// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lathe::data {

/// Sound at another rate: a windowed sinc (Kaiser's window, beta 8.6, about 85 dB) of 16 zero crossings a side, cut off
/// at the lower of the two rates, as a table with one row of taps for each phase (Smith, "Digital audio resampling",
/// 2002; Kaiser and Schafer 1980). Where two rates would need a table of more than two million taps, the nearest
/// ratio (of the continued fraction) that needs fewer stands for theirs. Immutable, thread-safe.
class Resampler {
 public:
  /// Rates in Hz, 1 to a million.
  Resampler(int from, int to);
  /// Samples that `count` of them become.
  [[nodiscard]] std::size_t resampledCount(std::size_t count) const;
  /// Samples that must be given so that `count` come out whole.
  [[nodiscard]] std::size_t neededFor(std::size_t count) const;
  /// The first `most` samples of the result. Beyond its ends the sound is silent.
  [[nodiscard]] std::vector<float> run(std::span<const float> samples, std::size_t most) const;

 private:
  std::int64_t m_up = 1, m_down = 1;  ///< the ratio of the rates in lowest terms
  std::int64_t m_half = 0;            ///< taps on each side
  std::vector<float> m_taps;          ///< phases x (2 half + 1)
};

}  // namespace lathe::data
