// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <unordered_map>
#include <utility>
#include <vector>

#include "core/search/pruner.h"

namespace lathe::search {

/// minSteps * eta^k, rounded, below maxSteps, then maxSteps. A later rung that is nearer to maxSteps than a third of
/// the usual factor (on a logarithmic scale) is left out, since little is gained by stopping there.
[[nodiscard]] std::vector<std::int64_t> geometricRungs(const PrunerSetup& setup);
/// setup.eta, or the least that makes sense.
[[nodiscard]] double etaOf(const PrunerSetup& setup);
/// count / eta, rounded down.
[[nodiscard]] std::size_t shareOf(std::size_t count, double eta);

/// What each trial that has not ended reported last; NaN before.
class NewestValues {
 public:
  void report(std::int64_t trial, double value) { m_values[trial] = value; }
  void forget(std::int64_t trial) { m_values.erase(trial); }
  [[nodiscard]] double of(std::int64_t trial) const;

 private:
  std::unordered_map<std::int64_t, double> m_values;
};

/// Trials to be named by hopeless(), once, unless they end before.
class HopelessTrials {
 public:
  void add(std::int64_t trial) { m_trials.push_back(trial); }
  void add(const std::vector<std::int64_t>& trials) { m_trials.insert(m_trials.end(), trials.begin(), trials.end()); }
  void ended(std::int64_t trial) { std::erase(m_trials, trial); }
  [[nodiscard]] std::vector<std::int64_t> take() { return std::exchange(m_trials, {}); }

 private:
  std::vector<std::int64_t> m_trials;
};

}  // namespace lathe::search
