// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

/// Several goals, all to be minimised. A point has one value a goal.
namespace lathe::search {

using Goals = std::vector<double>;

/// Nowhere worse, somewhere better.
[[nodiscard]] bool dominates(const Goals& a, const Goals& b);

/// Indices of the points that no other one dominates, ascending; of equal points all.
[[nodiscard]] std::vector<std::size_t> paretoFront(const std::vector<Goals>& points);

/// The front each point lies in once those before are taken away: 0 for the Pareto front. Kung's sorting for two goals,
/// O(n^2) for more.
[[nodiscard]] std::vector<int> nondominatedRanks(const std::vector<Goals>& points);

/// Distances of neighbours in each goal, summed (Deb 2002), of points of one front; infinite at the ends.
[[nodiscard]] std::vector<double> crowdingDistances(const std::vector<Goals>& points);

/// Volume that the points dominate within `reference`; points that are not better than it in every goal count nothing.
/// Sweep for two goals, the WFG algorithm (While, Bradstreet and Barone 2012) for more.
[[nodiscard]] double hypervolume(const std::vector<Goals>& points, const Goals& reference);
/// What each point adds to the volume of all; 0 for dominated ones.
[[nodiscard]] std::vector<double> hypervolumeContributions(const std::vector<Goals>& points, const Goals& reference);

}  // namespace lathe::search
