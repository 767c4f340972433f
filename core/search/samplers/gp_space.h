// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Core>
#include <vector>

#include "core/search/trial.h"

namespace lathe::search {

/// Configurations as points of a Euclidean space, so that any kernel of a distance is positive definite on them:
/// numbers and ordinals on their scales of 0 .. 1 (0.5 while inactive), a choice by corners that all have distance 1
/// from each other, and one more feature for each set of conditions that says whether it holds (Swersky et al. 2013
/// give inactive parameters a distance of their own, too). Values on a grid are where they are: a model sees what is
/// evaluated (Garrido-Merchan and Hernandez-Lobato 2020). Features of one group share a length scale.
class GpSpace {
 public:
  enum class Kind : std::uint8_t { Number, Choice, Condition };

  explicit GpSpace(const SearchSpace& space);

  [[nodiscard]] Eigen::Index features() const { return static_cast<Eigen::Index>(m_groupOf.size()); }
  [[nodiscard]] Eigen::Index groups() const { return static_cast<Eigen::Index>(m_kinds.size()); }
  [[nodiscard]] Eigen::Index groupOf(Eigen::Index feature) const {
    return m_groupOf[static_cast<std::size_t>(feature)];
  }
  [[nodiscard]] Kind kind(Eigen::Index group) const { return m_kinds[static_cast<std::size_t>(group)]; }
  /// Of a number or an ordinal: its only one. Of a choice: its first.
  [[nodiscard]] Eigen::Index featureOf(std::size_t parameter) const { return m_first[parameter]; }

  void embed(const Configuration& configuration, double* features) const;

 private:
  const SearchSpace m_space;
  std::vector<Eigen::Index> m_first;       ///< of each parameter
  std::vector<Eigen::Index> m_groupOf;     ///< of each feature
  std::vector<Kind> m_kinds;               ///< of each group
  std::vector<std::size_t> m_conditional;  ///< a parameter that is active when the n-th set of conditions holds
  std::vector<Eigen::MatrixXd> m_corners;  ///< of each parameter: a column a choice; empty for numbers
};

}  // namespace lathe::search
