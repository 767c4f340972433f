// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/trees.h"
#include "core/services/autopilot/contender.h"
#include "core/services/autopilot/fold_fit.h"
#include "core/services/autopilot/ground.h"

namespace lathe::services {

/// A model that always says what is most usual: the shares of the classes, the mean of the values. Made of the linear
/// model's checkpoints, so that it can be joined and exported like any other. Nothing where the task has none.
Result<std::optional<FoldFit>> constantFit(const AutopilotGround& ground, const FoldFit& linear, int fold,
                                           const std::filesystem::path& folder);

/// Boosted trees on a fold, as a fit without a checkpoint.
[[nodiscard]] FitResult treesFit(const AutopilotGround& ground, engine::BoostedTrees& trees, int fold, double seconds,
                                 const std::function<bool()>& stopped);

}  // namespace lathe::services
