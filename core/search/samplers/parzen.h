// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Core>
#include <vector>

#include "core/base/random.h"
#include "core/search/trial.h"

namespace lathe::search {

/// Configurations as Parzen estimators see them: numbers and ordinals on their scales from 0 to 1 (toUnit), categories
/// by index; NaN where a parameter is inactive. Numbers come first.
class ParzenSpace {
 public:
  explicit ParzenSpace(const SearchSpace& space);

  [[nodiscard]] const SearchSpace& space() const { return m_space; }
  [[nodiscard]] Eigen::Index size() const { return static_cast<Eigen::Index>(m_parameters.size()); }
  [[nodiscard]] Eigen::Index numbers() const { return m_numbers; }
  /// Where a parameter's coordinate is.
  [[nodiscard]] Eigen::Index placeOf(std::size_t parameter) const { return m_places[parameter]; }
  [[nodiscard]] const spec::SearchParameter& parameterAt(Eigen::Index place) const {
    return m_space.parameters[m_parameters[static_cast<std::size_t>(place)]];
  }
  /// Writes size() coordinates.
  void code(const Configuration& configuration, float* point) const;

 private:
  const SearchSpace m_space;
  std::vector<std::size_t> m_parameters;  ///< by place
  std::vector<Eigen::Index> m_places;     ///< by parameter
  Eigen::Index m_numbers = 0;
};

struct ParzenRules {
  float width = 1;    ///< of kernels, in units of Scott's (1992) rule
  float pull = 0.3F;  ///< how many evenly spread points join those that a kernel's width is learnt from
  float flip = 0.2F;  ///< the part of a category's kernel that is even over all its choices
  float prior = 1;    ///< weight of a uniform component, in units of a point's
};

/// A mixture of one kernel a point and a uniform component over a whole space (Bergstra et al. 2011; joint over all
/// parameters as Falkner, Klein and Hutter 2018). A kernel is a product over the parameters that are active in both the
/// point and where it is asked for: truncated normal ones whose width is common to all points, learnt from the points
/// in which the parameter is active, and even ones beside the own choice for categories. So parameters that are active
/// together are one group, and what a condition switches off says nothing. Relative to the uniform density.
class Parzen {
 public:
  Parzen(const ParzenSpace& space, const std::vector<const float*>& points, const std::vector<float>& weights,
         const ParzenRules& rules);

  /// Within the space's conditions, perhaps not within its constraints. What is switched on where the chosen point has
  /// nothing is taken from another point that has it.
  [[nodiscard]] Configuration sample(Random& random) const;
  [[nodiscard]] double logDensity(const float* point) const;

 private:
  void learnWidth(Eigen::Index place, const Eigen::ArrayXf& weights, float pull);
  [[nodiscard]] Eigen::Index pick(Random& random) const;
  [[nodiscard]] double drawn(Eigen::Index place, Eigen::Index component, Random& random) const;

  const ParzenSpace& m_space;
  const ParzenRules m_rules;
  const Eigen::Index m_count;
  Eigen::ArrayXXf m_points;         ///< a column a coordinate; 0 where it is inactive
  Eigen::ArrayXXf m_active;         ///< 1 or 0
  std::vector<bool> m_always;       ///< active in all points
  Eigen::ArrayXf m_widths;          ///< of numbers
  Eigen::ArrayXXf m_scaled;         ///< numbers in units of their widths times the root of 2
  Eigen::ArrayXf m_logs;            ///< of the components' weights and of what normalises them
  std::vector<double> m_cumulated;  ///< weights, the uniform component's first
  float m_logPrior = 0;
  mutable Eigen::ArrayXf m_work;
};

}  // namespace lathe::search
