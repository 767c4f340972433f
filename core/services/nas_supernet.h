// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "core/services/trial_training.h"

namespace lathe::services {

/// The first part of a study by spos or darts: trains a network of shared weights and gives the configurations that it
/// thinks best into `settings.architecture.ranked`, with what is to be told of it. Goes on from its checkpoint, which
/// is kept in `folder`, at the epoch where it was stopped; the same seed gives the same ranking.
///
/// spos (Guo et al. 2020): each step trains one path, drawn evenly; then regularized evolution looks for the paths with
/// the best first goal on at most 2000 validation rows, within the study's limits.
/// darts (Liu et al. 2019, first order): weights of operations and weights of the network are trained in turn on two
/// halves of the training rows, operations on a quarter of the channels, edges weighed as well (Xu et al. 2020,
/// PC-DARTS); it stops early when two shortcuts lead (Liang et al. 2019, DARTS+) or when the order of operations has
/// stayed for five epochs.
/// Errors: "cancelled" when `stopped` says so, "nas.darts_space", what the engine refuses. Blocks.
Result<void> rankBySharedWeights(const TrialGround& ground, StudySettings& settings, const spec::ExperimentSpec& base,
                                 const spec::SearchSpace& space, const std::filesystem::path& folder,
                                 const std::function<bool()>& stopped, const std::function<void(Message)>& tell);

}  // namespace lathe::services
