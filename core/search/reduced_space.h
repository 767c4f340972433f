// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/search/trial.h"

namespace lathe::search {

/// A space without what cannot vary: fixed parameters, those with one value, and those that their conditions switch off
/// for good. Conditions and constraints on these are worked out.
class ReducedSpace {
 public:
  explicit ReducedSpace(const SearchSpace& whole);

  [[nodiscard]] const SearchSpace& space() const { return m_space; }
  /// Configurations of the whole space in the reduced one. Nothing for those with another value of a fixed parameter,
  /// which say nothing here.
  [[nodiscard]] std::optional<Configuration> reduce(const Configuration& whole) const;
  [[nodiscard]] Configuration expand(const Configuration& reduced) const;

 private:
  const SearchSpace m_whole;
  SearchSpace m_space;
  std::vector<std::optional<std::size_t>> m_places;  ///< of a whole parameter in the reduced space
  std::vector<std::optional<double>> m_constants;    ///< of a parameter that has only this value while it is active
};

}  // namespace lathe::search
