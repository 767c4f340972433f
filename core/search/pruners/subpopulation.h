// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/search/trial.h"

namespace lathe::search {

struct Individual {
  std::int64_t trial = -1;
  Configuration configuration;
  double value = 0;  ///< no NaN
};

/// What differential evolution breeds from at one rung (Awad, Mallik and Hutter 2021): the configurations that were
/// compared at its length.
class Subpopulation {
 public:
  explicit Subpopulation(std::size_t most) : m_most(most) {}

  [[nodiscard]] const std::vector<Individual>& members() const { return m_members; }
  /// The slot that the next offspring competes for; m_members must not be empty.
  [[nodiscard]] std::size_t slot() const { return m_offspring % m_members.size(); }
  [[nodiscard]] std::size_t offspring() const { return m_offspring; }  ///< bred so far
  void bred() { ++m_offspring; }
  /// The best ones, at most `count`.
  [[nodiscard]] std::vector<const Individual*> best(std::size_t count) const;
  [[nodiscard]] bool contains(std::int64_t trial) const;

  /// Joins while there is a free slot, then replaces the worst one if it is better. Returns who is out: -1 nobody, a
  /// former member, or the candidate itself.
  std::int64_t join(Individual candidate);
  /// An offspring replaces the member of its slot if it is not worse.
  std::int64_t compete(Individual candidate, std::size_t slot);

 private:
  const std::size_t m_most;
  std::vector<Individual> m_members;
  std::size_t m_offspring = 0;
};

}  // namespace lathe::search
