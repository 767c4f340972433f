// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"
#include "core/services/choosing.h"
#include "core/services/training_service.h"

namespace lathe::services {

/// Whether the resolved training still leaves something to be found by trying: optimiser, learning rate, a batch size
/// by measuring, or the number of epochs.
[[nodiscard]] bool needsTrying(const spec::TrainingSpec& training);

/// Finds it and writes it into `resolved.spec.training`, a reason each into `resolved.reasons`. In this order: the
/// batch size (the only one that depends on the clock), the epochs, then optimiser, rate and momentum together, by
/// short trainings with successive halving (automatic_candidates.h), on folds of the training and validation rows where
/// these are few and the split is by chance, else judged on the validation rows; test rows are never seen. The same
/// data, seed and machine give the same choice. Blocks; tells `listener` what happens. `threads` trainings at a time.
/// Errors: "cancelled" when `control` asks to stop, and what the engine refuses.
Result<void> tryOut(ResolvedTraining& resolved, engine::Engine& engine, engine::TrainingControl& control,
                    unsigned threads, ChoosingListener* listener = nullptr);

}  // namespace lathe::services
