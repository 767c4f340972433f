// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "core/search/trial.h"

namespace lathe::search {

/// One side of a box: a range of units for what has an order, else a set of choices, a bit each.
struct Side {
  double low = 0, high = 1;
  std::uint64_t choices = ~std::uint64_t{0};
};

/// What an earlier parameter's value has to be so that a later one is active.
struct Restriction {
  std::size_t parameter = 0;
  std::vector<double> values;                     ///< configurations' codes, ascending
  std::vector<std::pair<double, double>> ranges;  ///< of units, disjoint, ascending; of what has an order
  std::uint64_t choices = 0;                      ///< of what has none
};

/// A space as forests see it: numbers and ordinals on their unit scale, categories by index, and the chance of boxes
/// when each parameter is drawn evenly on its scale. A parameter is active in a box of its ancestors' values, so
/// chances given that it is active are chances of boxes again. Constraints are not looked at. Nothing may be fixed.
class ForestSpace {
 public:
  explicit ForestSpace(const SearchSpace& space);

  [[nodiscard]] std::size_t size() const { return m_space.size(); }
  /// Number of categories; 0 for what has an order (and for more than 64 categories, which are taken by index).
  [[nodiscard]] int categories(std::size_t parameter) const { return m_categories[parameter]; }
  /// Unit or index; NaN stays.
  [[nodiscard]] double code(std::size_t parameter, double value) const;
  /// Ancestors that decide on the parameter, the first ones first.
  [[nodiscard]] const std::vector<Restriction>& restrictions(std::size_t parameter) const {
    return m_restrictions[parameter];
  }
  /// Chance that a restriction holds where its parameter is active.
  [[nodiscard]] double chance(const Restriction& restriction) const;
  /// Two restrictions of one parameter together.
  [[nodiscard]] Restriction both(const Restriction& a, const Restriction& b) const;
  /// Chance of a side, given a restriction of the same parameter if there is one (0 if that cannot hold).
  [[nodiscard]] double share(std::size_t parameter, const Side& side, const Restriction* given = nullptr) const;
  /// Whether a code fulfils it.
  [[nodiscard]] bool holds(const Restriction& restriction, double code) const;

 private:
  [[nodiscard]] Restriction restriction(std::size_t parameter, std::vector<double> values) const;
  [[nodiscard]] std::pair<double, double> cellOf(std::size_t parameter, double value) const;

  const SearchSpace m_space;
  std::vector<int> m_categories;
  std::vector<std::vector<Restriction>> m_restrictions;
};

}  // namespace lathe::search
