// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <span>
#include <utility>
#include <vector>

#include "core/search/pareto.h"
#include "core/search/trial.h"

/// What pictures of a study show, quick enough for 100 000 trials. Values are to be minimised; NaN stands for a trial
/// without one (pruned, failed, running) and for "nothing to show".
namespace lathe::search {

/// One value a trial: NaN unless complete and finite.
[[nodiscard]] std::vector<double> valuesOf(std::span<const TrialResult> trials, std::size_t goal = 0);

struct BestSoFar {
  std::vector<double> best;               ///< up to each trial, this one too; NaN before the first value
  std::vector<std::size_t> improvements;  ///< trials that were better than all before; one as good as before is none
};
[[nodiscard]] BestSoFar bestSoFar(std::span<const double> values);

/// The empirical distribution function: which share of the values is at most as large.
struct Distribution {
  std::vector<double> values;  ///< different ones, ascending
  std::vector<double> shares;  ///< ascending to 1
};
[[nodiscard]] Distribution distributionOf(std::span<const double> values);

/// From 1 for the smallest; equal values share the mean of their ranks. NaN stays.
[[nodiscard]] std::vector<double> ranksOf(std::span<const double> values);
/// The same on a scale from 0 for the best to 1 for the worst; all 0.5 when all are equal.
[[nodiscard]] std::vector<double> rankShares(std::span<const double> values);

/// The front of two goals: ascending x, descending y, and the area it dominates up to a corner.
class Staircase {
 public:
  Staircase(double x, double y) : m_x(x), m_y(y) {}
  /// The area that a point adds; 0 if it is outside or dominated.
  double add(double x, double y);

 private:
  double m_x, m_y;
  std::vector<std::pair<double, double>> m_steps;
};

/// The volume that points dominate within a reference, while points come in. Two goals: a logarithm of the front's size
/// a point; three: a pass over the front; more: as long as hypervolume() takes.
class GrowingHypervolume {
 public:
  explicit GrowingHypervolume(Goals reference);
  /// The volume with this point too. Points that are not better than the reference in every goal, or are NaN, add none.
  double add(const Goals& point);
  [[nodiscard]] double volume() const { return m_volume; }

 private:
  [[nodiscard]] double gainOfThree(const std::array<double, 3>& point);
  [[nodiscard]] double gainOfMore(const Goals& point);

  const Goals m_reference;
  double m_volume = 0;
  Staircase m_two;
  std::vector<std::array<double, 3>> m_three;  ///< ascending in the last goal
  std::vector<Goals> m_more;
};
/// After each trial; trials that are not complete leave it as it is.
[[nodiscard]] std::vector<double> hypervolumeOverTrials(std::span<const TrialResult> trials, const Goals& reference);
/// A reference for a study that has none: the worst value in each goal and a tenth of the range beyond.
[[nodiscard]] Goals usualReference(std::span<const TrialResult> trials);

/// When a trial ran, in any unit. An end that is NaN: it still runs. A start that is NaN: it never did.
struct Interval {
  double start = 0, end = 0;
};
/// A lane for each trial, as few as possible, the lowest free one first: trials of one lane do not overlap (they may
/// touch). -1 for those that never ran.
[[nodiscard]] std::vector<int> lanesOf(std::span<const Interval> intervals);

}  // namespace lathe::search
