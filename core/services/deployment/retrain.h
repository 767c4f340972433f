// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "core/services/project.h"
#include "core/services/training_service.h"

/// The same experiment on new data.
namespace lathe::services {

struct TrainedAgain {
  store::RunNumber run = 0;
  /// Rows of the file that neither model learnt from: its test split, without rows that the run was trained on.
  std::vector<std::uint32_t> heldOut;
};

/// Trains the spec of a run on another file with the same columns, from scratch, and waits. Its progress goes to the
/// job ("train"); a cancelled job cancels the run. Errors: a column that is missing or unlabelled, those of training.
Result<TrainedAgain> trainAgain(TrainingService& training, const std::shared_ptr<Project>& project,
                                store::RunNumber run, const std::filesystem::path& file, const JobContext& job);

}  // namespace lathe::services
