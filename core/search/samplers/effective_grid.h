// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/search/trial.h"

namespace lathe::search {

/// The configurations of a space whose floats take a number of values, each counted once: what conditions switch off
/// does not multiply them. Constraints are not looked at. Nothing is listed: the number of ways to go on after some
/// parameters depends only on which later ones are already switched off, and is kept for each of these cases.
class EffectiveGrid {
 public:
  static constexpr std::uint64_t most = std::uint64_t{1} << 62U;

  /// `levels`: values that each float without a step takes, from its low to its high, evenly on its scale; ignored for
  /// the others, which take all they can.
  EffectiveGrid(const SearchSpace& space, std::vector<std::size_t> levels);

  /// Number of configurations; nothing when there are more than `most` or too many cases to count.
  [[nodiscard]] std::optional<std::uint64_t> size();
  /// The rank-th one, rank < size().
  [[nodiscard]] Configuration at(std::uint64_t rank);
  /// Index of a value among those of its parameter; nothing for one that lies between them.
  [[nodiscard]] std::optional<std::uint64_t> indexOf(std::size_t parameter, double value) const;
  [[nodiscard]] double valueAt(std::size_t parameter, std::uint64_t index) const;
  [[nodiscard]] std::uint64_t countOf(std::size_t parameter) const { return m_counts[parameter]; }

 private:
  using Off = std::vector<bool>;  ///< parameters switched off
  struct Case {
    std::size_t parameter;
    Off off;
    bool operator==(const Case&) const = default;
  };
  struct CaseHash {
    std::size_t operator()(const Case& each) const;
  };

  std::uint64_t ways(std::size_t parameter, const Off& off);
  [[nodiscard]] Off after(std::size_t parameter, const Off& off, std::optional<std::uint64_t> index) const;

  const SearchSpace m_space;
  const std::vector<std::size_t> m_levels;
  std::vector<std::uint64_t> m_counts;
  std::vector<std::vector<std::uint64_t>> m_special;  ///< indices that some condition names, ascending
  std::unordered_map<Case, std::uint64_t, CaseHash> m_ways;
};

}  // namespace lathe::search
