// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/services/autopilot/contender.h"
#include "core/services/training_service.h"
#include "core/spec/search_space.h"

/// What is tried, in order of what it is expected to gain a second: fixed settings that did well on many tables, then
/// places near them.
namespace lathe::services {

struct PortfolioGround {
  const ResolvedTraining& base;  ///< resolved for the whole data with the usual template
  double seconds = 0;            ///< of the budget
  int dealt = 1;                 ///< folds of the data
};

/// Baselines first.
[[nodiscard]] std::vector<Contender> portfolioFor(const PortfolioGround& ground);

/// The space around it, for specOf(searchBase()).
[[nodiscard]] spec::SearchSpace portfolioSpace(const PortfolioGround& ground);
/// A configuration of the space as a candidate.
Result<Contender> proposedCandidate(const PortfolioGround& ground, const spec::SearchSpace& space,
                                    const spec::Configuration& configuration, std::int64_t number);

}  // namespace lathe::services
