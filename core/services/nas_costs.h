// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/services/trial_training.h"

/// What one trial of a search for architectures does beyond an ordinary training.
namespace lathe::services {

/// Refuses an architecture beyond the study's limits: "nas.too_large" by its graph, "nas.too_slow" when one row through
/// its exported, untrained model takes too long. Blocks: the latter takes one step of training and an export.
Result<void> checkLimits(const TrialGround& ground, const ResolvedTraining& resolved,
                         const engine::TrainingRequest& request);

/// Parameters of the parent's checkpoint that fit this model by layer and shape, under this model's names; null when
/// none does or the file cannot be read. `aligned`: which of the parent's nodes each of ours is.
[[nodiscard]] std::shared_ptr<const std::vector<engine::NamedTensor>> weightsOfParent(
    const ResolvedTraining& resolved, const std::filesystem::path& checkpoint, const std::vector<int>& aligned);

/// Zero-cost scores of the untrained network: proxy/synflow, proxy/naswot, proxy/grad_norm. Empty where the engine has
/// none.
[[nodiscard]] std::map<std::string, double> proxiesOf(const TrialGround& ground,
                                                      const engine::TrainingRequest& request);

}  // namespace lathe::services
