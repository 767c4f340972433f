// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/engine/optimizer.h"
#include "core/engine/value_histogram.h"

namespace lathe::engine {

/// Counts values: about a nanosecond each. Of many (beyond 2^18) it takes evenly spread pieces, so that a look at a
/// large layer costs no more than at a middle one. Not thread-safe.
class ValueCounter {
 public:
  /// Of values times `scale`. NaN counts among the largest.
  [[nodiscard]] ValueHistogram count(const float* values, std::size_t count, double scale = 1);

 private:
  void add(const float* values, std::size_t count, float scale);
  static constexpr std::size_t halfBins = ValueHistogram::lastBin + 1;
  std::array<std::uint32_t, 2 * halfBins> m_counts{};  ///< from 0 up, then from 0 down
};

/// Of every slot; `scale` makes the gradients what the optimiser sees before clipping.
[[nodiscard]] ParameterHistograms countParameters(const std::vector<Optimizer::Slot>& slots,
                                                  const std::vector<const float*>& gradients, double scale);

/// At which steps a training counts: a function of the step alone, so that a resumed training counts at the same ones.
/// "every_epoch": at the first step and at the last of each epoch. "auto": at epoch ends too, but 256 steps apart (in
/// short trainings a sixteenth of them, in long ones a two hundredth), and in the midst of epochs longer than that.
/// "off": never.
class HistogramPlan {
 public:
  HistogramPlan(const std::string& mode, std::int64_t stepsPerEpoch, std::int64_t totalSteps);
  [[nodiscard]] bool due(std::int64_t step) const;

 private:
  enum class Mode : std::uint8_t { Off, EveryEpoch, Auto };
  Mode m_mode;
  std::int64_t m_stepsPerEpoch, m_totalSteps, m_interval;
};

}  // namespace lathe::engine
