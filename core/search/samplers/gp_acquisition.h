// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/search/pareto.h"

namespace lathe::search {

/// What a trial promises, from the processes' means and standard deviations there, one a goal.
class GpAcquisition {
 public:
  virtual ~GpAcquisition() = default;
  /// A logarithm, to be maximised. Where slopes are asked for (not null), its derivatives by each goal's mean and
  /// deviation.
  [[nodiscard]] virtual double value(const double* means, const double* deviations, double* meanSlopes,
                                     double* deviationSlopes) const = 0;
};

struct ValueAndSlope {
  double value = 0, slope = 0;
};
/// log(phi(z) + z Phi(z)) without underflow (Ament et al. 2023), and its derivative.
[[nodiscard]] ValueAndSlope logImprovement(double z);
/// log(Phi(z)), likewise.
[[nodiscard]] ValueAndSlope logProbability(double z);

/// Logarithm of the expected improvement on `best` (one goal).
class LogExpectedImprovement final : public GpAcquisition {
 public:
  explicit LogExpectedImprovement(double best) : m_best(best) {}
  [[nodiscard]] double value(const double* means, const double* deviations, double* meanSlopes,
                             double* deviationSlopes) const override;

 private:
  const double m_best;
};

/// Boxes without overlap that fill what is not dominated by `front`, below `reference`. Lower bounds may be -infinity.
struct GoalBox {
  Goals low, high;
};
[[nodiscard]] std::vector<GoalBox> undominatedBoxes(std::vector<Goals> front, const Goals& reference);

/// Logarithm of the expected growth of the hypervolume within `reference`, goals independent (Emmerich 2005): the
/// integral over what is not dominated of the probability that a point is dominated then, box by box, exactly.
class LogExpectedHypervolume final : public GpAcquisition {
 public:
  LogExpectedHypervolume(const std::vector<Goals>& front, const Goals& reference);
  [[nodiscard]] double value(const double* means, const double* deviations, double* meanSlopes,
                             double* deviationSlopes) const override;

 private:
  const std::size_t m_goals;
  std::vector<std::vector<double>> m_levels;      ///< of each goal: where boxes begin and end, ascending
  std::vector<std::vector<std::size_t>> m_boxes;  ///< levels: low and high of each goal in turn
};

}  // namespace lathe::search
