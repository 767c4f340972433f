// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Core>
#include <vector>

#include "core/base/random.h"
#include "core/search/trial.h"

namespace lathe::search {
double tpeKnob(const char* name, double standard);

class ParzenSpace {
 public:
  explicit ParzenSpace(const SearchSpace& space);
  [[nodiscard]] Eigen::Index numbers() const { return static_cast<Eigen::Index>(m_numbers.size()); }
  [[nodiscard]] Eigen::Index choices() const { return static_cast<Eigen::Index>(m_choices.size()); }
  [[nodiscard]] Eigen::Index size() const { return numbers() + choices(); }
  [[nodiscard]] std::size_t numberParameter(Eigen::Index number) const { return m_numbers[static_cast<std::size_t>(number)]; }
  [[nodiscard]] std::size_t choiceParameter(Eigen::Index choice) const { return m_choices[static_cast<std::size_t>(choice)]; }
  [[nodiscard]] const SearchSpace& space() const { return m_space; }
  [[nodiscard]] float cell(Eigen::Index number) const { return m_cells[static_cast<std::size_t>(number)]; }
  [[nodiscard]] Eigen::Index placeOf(std::size_t parameter) const { return m_places[parameter]; }
  void code(const Configuration& configuration, float* point) const;

 private:
  const SearchSpace m_space;
  std::vector<std::size_t> m_numbers, m_choices;
  std::vector<float> m_cells;
  std::vector<Eigen::Index> m_places;
};

struct ParzenRules {
  float factor = 1, narrowest = 0.02F, widest = 0.5F, shrinkage = 1, flip = 0.2F, prior = 1;
};

class Parzen {
 public:
  Parzen(const ParzenSpace& space, const std::vector<const float*>& points, const std::vector<float>& weights,
         const ParzenRules& rules);
  [[nodiscard]] Configuration sample(Random& random) const;
  [[nodiscard]] Configuration near(const Configuration& at, float scale, Random& random) const;
  [[nodiscard]] double logDensity(const float* point) const;

 private:
  [[nodiscard]] float logInside(Eigen::Index number, float unit) const;
  [[nodiscard]] Eigen::Index pick(Random& random) const;

  const ParzenSpace& m_space;
  const ParzenRules m_rules;
  Eigen::Index m_count;
  Eigen::ArrayXXf m_points;      // count x size, units; NaN inactive
  Eigen::ArrayXXf m_white;
  Eigen::ArrayXXf m_active;
  Eigen::ArrayXf m_logs;
  Eigen::ArrayXf m_cumulated;
  Eigen::MatrixXf m_spread, m_inverse;  // lower
  Eigen::VectorXf m_marginal;
  std::vector<bool> m_always;
  bool m_diagonal = true;
  float m_logPrior = 0;
  std::vector<float> m_same, m_other;
  mutable Eigen::ArrayXf m_work;
};
}  // namespace lathe::search
