// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "core/search/regression_forest.h"

/// What trees say about one or two parameters when the others are averaged away, exactly: sums over the leaves' boxes.
/// Averages are over configurations that have the parameters in question.
namespace lathe::search {

/// A parameter's scale cut where a tree cuts it: one cell a category, or between two cuts.
struct AxisCells {
  std::vector<double> edges;   ///< units, ascending, from 0 to 1; empty for categories
  std::vector<double> masses;  ///< chances of the cells, summing to 1
};

struct Marginal {
  AxisCells axis;
  std::vector<double> values;
  double activeShare = 1;
  [[nodiscard]] double variance() const;
};
[[nodiscard]] Marginal marginalOf(const LeafBoxes& boxes, const ForestSpace& space, std::size_t parameter);

struct PairMarginal {
  AxisCells first, second;
  std::vector<double> values;  ///< [first * second.masses.size() + second]
  double activeShare = 1;      ///< chance that both are active
  /// Variance that neither alone explains.
  [[nodiscard]] double interaction() const;
};
[[nodiscard]] PairMarginal marginalOf(const LeafBoxes& boxes, const ForestSpace& space, std::size_t first,
                                      std::size_t second);

/// Mean and variance of a tree over the whole space.
struct TreeMoments {
  double mean = 0, variance = 0;
};
[[nodiscard]] TreeMoments momentsOf(const LeafBoxes& boxes, const ForestSpace& space);

}  // namespace lathe::search
