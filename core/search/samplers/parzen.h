// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
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
  [[nodiscard]] std::size_t size() const { return m_parameters.size(); }
  [[nodiscard]] std::size_t numbers() const { return m_numbers; }
  /// Where a parameter's coordinate is.
  [[nodiscard]] std::size_t placeOf(std::size_t parameter) const { return m_places[parameter]; }
  [[nodiscard]] const spec::SearchParameter& parameterAt(std::size_t place) const {
    return m_space.parameters[m_parameters[place]];
  }
  /// Writes size() coordinates.
  void code(const Configuration& configuration, float* point) const;

 private:
  const SearchSpace m_space;
  std::vector<std::size_t> m_parameters;  ///< by place
  std::vector<std::size_t> m_places;      ///< by parameter
  std::size_t m_numbers = 0;
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
  using Column = std::vector<float>;  ///< a number a point
  static constexpr std::size_t uniform = static_cast<std::size_t>(-1);

  void learnWidth(std::size_t place, const Column& weights, float pull);
  [[nodiscard]] std::size_t pick(Random& random) const;
  [[nodiscard]] double drawn(std::size_t place, std::size_t component, Random& random) const;

  const ParzenSpace& m_space;
  const ParzenRules m_rules;
  const std::size_t m_count;
  std::vector<Column> m_points;     ///< of each coordinate; 0 where it is inactive
  std::vector<Column> m_active;     ///< 1 or 0
  std::vector<bool> m_always;       ///< active in all points
  std::vector<float> m_widths;      ///< of numbers
  std::vector<Column> m_scaled;     ///< numbers in units of their widths times the root of 2
  Column m_logs;                    ///< of the components' weights and of what normalises them
  std::vector<double> m_cumulated;  ///< weights, the uniform component's first
  float m_logPrior = 0;
  mutable Column m_work;
};

}  // namespace lathe::search
