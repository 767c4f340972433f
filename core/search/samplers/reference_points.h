// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/random.h"
#include "core/search/samplers/standing.h"

/// Selection of NSGA-III (Deb and Jain 2014).
namespace lathe::search {

/// Points of the unit simplex on a lattice (Das and Dennis 1998): the finest one that has at most `most` points, but
/// always the corners. From 8 goals on, where even coarse lattices are large, an outer and an inner one.
[[nodiscard]] std::vector<Goals> referencePoints(int goals, std::size_t most);

/// Which `count` of the told ones survive: whole fronts, then those of the front that does not fit that lie nearest to
/// reference directions of which few or none have survived.
[[nodiscard]] std::vector<std::size_t> nichedSurvivors(const std::vector<const Told*>& all, std::size_t count,
                                                       const std::vector<Goals>& directions);

}  // namespace lathe::search
