// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/spec/search_space.h"

/// Search: proposes configurations and stops hopeless trials. No torch, no files, no threads of its own.
namespace lathe::search {

using spec::Configuration;
using spec::SearchSpace;

enum class TrialState : std::uint8_t {
  Running,
  Complete,
  Pruned,  ///< stopped early; what it reported until then stands
  Failed   ///< no value: the configuration is to be avoided
};

/// A value on the way: after so many epochs (or whatever the study counts).
struct TrialReport {
  std::int64_t step = 0;
  double value = 0;
  bool operator==(const TrialReport&) const = default;
};

/// What a sampler hears of a trial. Values are to be minimised, one a goal: whoever maximises negates.
struct TrialResult {
  std::int64_t trial = -1;
  Configuration configuration;
  TrialState state = TrialState::Complete;
  std::vector<double> values = {};        ///< finite, one a goal; empty unless Complete
  std::vector<TrialReport> reports = {};  ///< of the first goal, by ascending step
};

}  // namespace lathe::search
