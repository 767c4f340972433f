// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/gp_space.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

// More choices than this get random signs in so many dimensions: nearly equal distances (Johnson and Lindenstrauss
// 1984) at a bounded cost.
constexpr std::size_t mostCorners = 32;

Eigen::MatrixXd corners(std::size_t choices, std::uint64_t seed) {
  const auto count = static_cast<Eigen::Index>(choices);
  if (choices <= 2) return Eigen::RowVectorXd::LinSpaced(count, 0, count == 2 ? 1 : 0);
  if (choices <= mostCorners) return Eigen::MatrixXd::Identity(count, count) / std::numbers::sqrt2;
  Random random(seed, "corners");
  const double side = 1 / std::sqrt(2.0 * mostCorners);
  Eigen::MatrixXd result(static_cast<Eigen::Index>(mostCorners), count);
  for (Eigen::Index i = 0; i < result.size(); ++i) result.data()[i] = random.next() >> 63U ? side : -side;
  return result;
}

}  // namespace

GpSpace::GpSpace(const SearchSpace& space) : m_space(space) {
  const auto addGroup = [&](Kind kind, Eigen::Index features) {
    m_groupOf.insert(m_groupOf.end(), static_cast<std::size_t>(features), groups());
    m_kinds.push_back(kind);
  };
  for (std::size_t i = 0; i < space.size(); ++i) {
    const auto& parameter = space.parameters[i];
    m_first.push_back(features());
    const bool choice = parameter.type == spec::ParameterType::Categorical;
    m_corners.push_back(choice ? corners(parameter.choices.size(), i) : Eigen::MatrixXd());
    addGroup(choice ? Kind::Choice : Kind::Number, choice ? m_corners.back().rows() : 1);
  }
  for (std::size_t i = 0; i < space.size(); ++i) {
    const auto& conditions = space.parameters[i].conditions;
    const bool known = std::any_of(m_conditional.begin(), m_conditional.end(),
                                   [&](std::size_t j) { return space.parameters[j].conditions == conditions; });
    if (conditions.empty() || known) continue;
    m_conditional.push_back(i);
    addGroup(Kind::Condition, 1);
  }
}

void GpSpace::embed(const Configuration& configuration, double* features) const {
  for (std::size_t i = 0; i < m_space.size(); ++i) {
    const double value = configuration[i];
    double* at = features + m_first[i];
    const auto& corner = m_corners[i];
    if (corner.size() == 0)
      *at = std::isnan(value) ? 0.5 : toUnit(m_space.parameters[i], value);
    else if (std::isnan(value))
      std::fill(at, at + corner.rows(), 0.0);
    else
      std::copy_n(corner.col(static_cast<Eigen::Index>(value)).data(), corner.rows(), at);
  }
  double* at = features + (this->features() - static_cast<Eigen::Index>(m_conditional.size()));
  for (const auto i : m_conditional) *at++ = std::isnan(configuration[i]) ? 0 : 1;
}

}  // namespace lathe::search
