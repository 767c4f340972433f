// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/autopilot/contender.h"
#include "core/services/autopilot/ground.h"

namespace lathe::services {

/// A model that always says what is most usual: the shares of the classes, the mean of the values. Made of the linear
/// model's checkpoints, so that it can be joined and exported like any other. Nothing where the task has none.
Result<std::optional<FoldFit>> constantFit(const AutopilotGround& ground, const FoldFit& linear, int fold,
                                           const std::filesystem::path& folder);

}  // namespace lathe::services
