// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/search/trial.h"

namespace lathe::search {

enum class ContourKind : std::uint8_t {
  /// Between the trials that were seen, by the inverse fourth power of their distance (Shepard 1968): shows single
  /// trials,
  /// with whatever else they had.
  Interpolated,
  /// What a random forest says about the two when the other parameters are averaged away (as fANOVA does).
  Averaged
};

struct ContourOptions {
  ContourKind kind = ContourKind::Interpolated;
  std::size_t columns = 48, rows = 48;  ///< at most; what has fewer values gets one each
  std::uint64_t seed = 0;
};

/// Values over a grid of two parameters, each on its own scale.
struct Contour {
  std::vector<double> x, y;    ///< units of the grid's columns (first parameter) and rows, ascending
  std::vector<double> values;  ///< [row * x.size() + column]; NaN where nothing is known
  [[nodiscard]] double at(std::size_t column, std::size_t row) const { return values[row * x.size() + column]; }
};

/// From trials that have both parameters; categories do not learn from each other. Empty values when there is no such
/// trial, or when a parameter cannot vary (Averaged).
[[nodiscard]] Contour contour(const SearchSpace& space, std::size_t first, std::size_t second,
                              std::span<const Configuration> configurations, std::span<const double> values,
                              const ContourOptions& options = {});

}  // namespace lathe::search
