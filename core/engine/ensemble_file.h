// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/engine/checkpoint.h"
#include "core/engine/predictor.h"
#include "core/spec/ensemble.h"

/// Checkpoints of several models as the checkpoint of one, which loads and exports as any other (spec/ensemble.h).
namespace lathe::engine {

struct EnsemblePart {
  std::filesystem::path checkpoint;  ///< a best one: weights alone
  double weight = 1;
  double temperature = 1;
};

/// Joins them. The first one says which engine trained them and how they are scored, with `threshold` in the place of
/// its own. Adapters are merged. Errors: of the files, "ensemble.members". Blocks.
Result<void> writeEnsemble(const std::vector<EnsemblePart>& parts, const spec::FittedPreprocessing& fitted,
                           const spec::PreprocessingSpec& preprocessing, double threshold,
                           const std::filesystem::path& file);

/// The tensors of one member, by the names that it has alone.
[[nodiscard]] Checkpoint memberCheckpoint(const Checkpoint& ensemble, std::size_t member);

/// Weighted mean of what the members predict for the same rows.
[[nodiscard]] Predictions combined(const spec::ModelDescription& ensemble, const std::vector<Predictions>& members);

}  // namespace lathe::engine
