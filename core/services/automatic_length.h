// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/choosing.h"
#include "core/services/training_service.h"
#include "core/services/trials.h"

namespace lathe::services {

/// Finds how many epochs are worth it, at most `resolved.spec.training.epochs`, by trainings of 5, 10, 20 ... epochs
/// until twice as many gain less than half a percent; on folds where there are some, else judged on the validation
/// rows. Where optimiser and schedule are the template's usual ones (`resolved.usualTraining`), by trainings of an
/// eighth, a quarter, a half and all of them, and then a third and three times the usual learning rate at the length
/// that was best: few rows are soon learnt by heart, and how soon is what tables differ in most. A training is judged
/// by its last epoch: the best of many epochs on few rows is luck. Writes epochs, learning rate and the reasons.
/// Blocks. Errors: those of Trials::scores.
Result<void> chooseLength(ResolvedTraining& resolved, Trials& trials, ChoosingListener* listener);

}  // namespace lathe::services
