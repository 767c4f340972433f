// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "core/services/trial_training.h"

namespace lathe::services {

struct SharedWatch {
  std::function<bool()> stopped;
  std::function<void(Message)> tell;
  /// Of the time that the shared network may take, how much is used; empty: it has all its epochs.
  std::function<double()> timeUsed;
};

/// The first part of a study by spos or darts: trains a network of shared weights and gives the configurations that it
/// thinks best into `settings.architecture.ranked`, with what is to be told of it. Goes on from its checkpoint, which
/// is kept in `folder` every 20 seconds at the end of an epoch; the same seed gives the same ranking unless the time
/// ends the training, which it then does at any step, with a rate that fell accordingly.
///
/// spos (Guo et al. 2020): each step trains one path, drawn evenly; then regularized evolution looks for the paths with
/// the best first goal on at most 2000 validation rows, within the study's limits.
/// darts (Liu et al. 2019, first order): weights of operations and weights of the network are trained in turn on two
/// halves of the training rows, operations on a quarter of the channels, edges weighed as well (Xu et al. 2020,
/// PC-DARTS); it stops early when two shortcuts lead (Liang et al. 2019, DARTS+), when the order of operations has
/// stayed for five epochs, or when the loss bends ever more sharply along their weights, of which those from before are
/// then taken (Zela et al. 2020).
/// What is told: epochs, loss, losses (one in losses_every epochs), values (of `ranked`: the goal for spos, the
/// logarithm of the probability for darts), seconds; spos: paths; darts: weights (by edge), curvature (one an epoch),
/// stopped (also: time). Errors: "cancelled" when `stopped` says so, "nas.darts_space", what the engine refuses.
/// Blocks.
Result<void> rankBySharedWeights(const TrialGround& ground, StudySettings& settings, const spec::ExperimentSpec& base,
                                 const spec::SearchSpace& space, const std::filesystem::path& folder,
                                 const SharedWatch& watch);

}  // namespace lathe::services
