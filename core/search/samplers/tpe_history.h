// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/search/sampler.h"
#include "core/search/samplers/parzen.h"
#include "core/search/samplers/standing.h"

namespace lathe::search {

/// What a study knows, and which of it is good: for `tpe` and `motpe`. The last result of a trial is the one it has.
class TpeHistory {
 public:
  TpeHistory(const SamplerSetup& setup, const ParzenSpace& space);

  void begin(std::int64_t trial, const Configuration& configuration);
  void tell(const TrialResult& result);

  /// Evaluated, or running.
  [[nodiscard]] const std::unordered_set<std::uint64_t>& known() const { return m_known; }
  /// Results that say how good a configuration is.
  [[nodiscard]] std::size_t rated() const { return m_rated; }
  /// Some of them by what was seen on the way.
  [[nodiscard]] bool prunes() const { return m_rated > m_complete; }

  struct Split {
    std::vector<const float*> good, bad;  ///< points of a ParzenSpace; bad: what failed or still runs, too
    std::vector<float> goodWeights, badWeights;
  };
  /// One goal: the best by their values at the highest step that enough trials have reached (ending counts as the
  /// highest; Falkner, Klein and Hutter 2018, BOHB), weighted by rank. Several goals: the first fronts, and of the
  /// front that does not fit those that add most to the hypervolume, one after another, weighted by what they add
  /// (Ozaki et al. 2022); volumes are counted in points of a fixed sequence. Of more than `mostBad` others the newest
  /// half of that and an even sample of the older ones stand for all.
  [[nodiscard]] Split split() const;

  static constexpr std::size_t mostBad = 400;

 private:
  struct Entry {
    std::vector<float> point;
    TrialState state = TrialState::Failed;
    Goals values;                      ///< Complete
    std::vector<TrialReport> reports;  ///< by step
  };
  [[nodiscard]] std::vector<float> coded(const Configuration& configuration) const;
  [[nodiscard]] static bool isRated(const Entry& entry);
  void noteFront(std::size_t entry);
  [[nodiscard]] std::int64_t highestStep() const;
  [[nodiscard]] std::vector<std::pair<std::size_t, double>> valuesAt(std::int64_t step) const;
  [[nodiscard]] std::vector<std::size_t> bestOfOne(std::vector<float>& weights) const;
  [[nodiscard]] std::vector<std::size_t> bestOfMany(std::vector<float>& weights) const;
  /// Of a front, what adds most to the volume, one after another, and how much it adds.
  [[nodiscard]] std::vector<std::pair<std::size_t, int>> greedy(std::vector<std::size_t> front, std::size_t most) const;

  const SamplerSetup m_setup;
  const ParzenSpace& m_space;
  std::vector<Entry> m_entries;
  std::unordered_map<std::int64_t, std::size_t> m_places;  ///< of trials' entries
  std::map<std::int64_t, std::vector<float>> m_running;
  std::unordered_set<std::uint64_t> m_known;
  std::size_t m_rated = 0, m_complete = 0;
  std::vector<std::size_t> m_front;  ///< entries that are not dominated, when there are several goals
  std::vector<float> m_samples;      ///< points of the unit cube, a goal a coordinate
};

}  // namespace lathe::search
