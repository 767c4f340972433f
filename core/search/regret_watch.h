// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>

#include "core/search/sampler.h"
#include "core/search/terminator.h"

namespace lathe::search {

/// Follows a study with one goal, whoever proposes, and says how much its best could still be beaten by: a Gaussian
/// process of its own gives the bounds of terminator.h. Tells nothing of a space in which nothing varies. A function of
/// what it was told, in this order. One thread at a time.
class RegretWatch {
 public:
  explicit RegretWatch(const SamplerSetup& setup);
  ~RegretWatch();
  RegretWatch(const RegretWatch&) = delete;
  RegretWatch& operator=(const RegretWatch&) = delete;

  /// An ended trial; values are minimised. A trial of which no value is known is left out: it bounds nothing.
  void tell(const TrialResult& result);
  /// `noise`: standard deviation of an evaluation where that is known (of folds); else the process' own estimate.
  /// Nothing before `leastTrials` complete ones. Takes some milliseconds.
  [[nodiscard]] std::optional<Termination> judge(std::optional<double> noise = std::nullopt);

  static constexpr std::size_t leastTrials = 20;

 private:
  struct Parts;
  std::unique_ptr<Parts> m_parts;
};

}  // namespace lathe::search
