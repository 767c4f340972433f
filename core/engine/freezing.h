// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/base/result.h"
#include "core/engine/checkpoint.h"
#include "core/spec/program.h"
#include "core/spec/training_spec.h"

/// Which parameters stand still: those with an lrFactor of 0 (frozen layers, what adapters spare) always, all but the
/// output layer's while the backbone is frozen (training.freeze). Their bytes never change, no gradient is asked for
/// them, the optimiser does not know them, and a batch normalisation among them uses its running statistics and leaves
/// them as they are. When the backbone thaws the optimiser begins anew with all parameters.
namespace lathe::engine {

/// One for each of the program's parameters; true for running statistics too.
[[nodiscard]] std::vector<bool> frozenParameters(const spec::Program& program, bool backbone);
/// Whether only the output layer learns in an epoch (counted from 1).
[[nodiscard]] bool backboneFrozen(const spec::TrainingSpec& training, int epoch);
/// Epochs before everything learns: 0 where nothing thaws.
[[nodiscard]] int thawingEpochs(const spec::TrainingSpec& training);
/// "engine.all_frozen" when nothing would be left to learn at the training's start.
Result<void> checkFreezing(const spec::Program& program, const spec::TrainingSpec& training);

/// Whether the backbone was frozen when a learner saved itself: as the tensor "freeze.backbone", where the spec freezes
/// anything. Without it: as `otherwise`.
void saveFreezing(Checkpoint& checkpoint, const spec::TrainingSpec& training, bool backbone);
[[nodiscard]] bool savedFreezing(const Checkpoint& checkpoint, bool otherwise);

}  // namespace lathe::engine
