// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "core/search/importance.h"

/// What both kinds of importance share.
namespace lathe::search {

/// A space without what cannot vary, and the trials in it that count.
struct ImportanceData {
  SearchSpace space;
  std::vector<std::size_t> places;  ///< of its parameters in the whole space
  std::vector<const Configuration*> configurations;
  std::vector<double> values;  ///< finite
  std::vector<Configuration> storage;
};
[[nodiscard]] ImportanceData importanceData(const SearchSpace& space, std::span<const Configuration> configurations,
                                            std::span<const double> values);

/// Leaves at most so many trials, chosen at random, in their old order.
void thinOut(ImportanceData& data, std::size_t most, std::uint64_t seed);

struct Scaling {
  double offset = 0, factor = 0;  ///< what was brought near is offset + factor * normalised
};
/// Extreme values brought near, then the mean 0 and the largest size 1; all 0 if nothing varies.
Scaling normalise(std::vector<double>& values);

/// From the reduced space's order to the report's: scaled to the sum of 1, sorted, all of `whole` parameters.
[[nodiscard]] std::vector<Importance> ranked(const ImportanceData& data, const std::vector<double>& shares,
                                             const std::vector<double>& deviations, std::size_t whole);

}  // namespace lathe::search
