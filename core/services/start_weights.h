// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/progress.h"
#include "core/engine/checkpoint.h"
#include "core/services/training_service.h"
#include "core/spec/experiment.h"
#include "core/spec/schema.h"

/// The file of weights that a training starts from (model.weights).
namespace lathe::services {

/// That the file is there; nothing when none is named. `base` is where relative paths begin.
Result<void> checkWeightsFile(const spec::ModelSpec& model, const std::filesystem::path& base);

struct StartWeights {
  std::shared_ptr<const std::vector<engine::NamedTensor>> tensors;
  std::string sha256;
  std::vector<Message> notes;  ///< what was loaded, what was left fresh, what of the file was not used
};
/// Reads the file and matches it to the model; nothing when none is named. Blocks.
Result<StartWeights> readStartWeights(const spec::ModelSpec& spec, const spec::ModelDescription& model,
                                      const std::filesystem::path& base, const JobContext& job);

/// The same for a training that begins: into resolved.initialWeights, with the file's hash in its spec; gives the
/// notes. A file that changed since the hash was written is warned of, or the error "weights.changed" for a run that
/// goes on.
Result<std::vector<Message>> takeStartWeights(ResolvedTraining& resolved, const std::filesystem::path& base,
                                              bool resumed, const JobContext& job);

/// The template in torchvision's layout that a file's tensors were made with: the one that most of them fit by name and
/// shape. "weights.no_match" when none does. Blocks.
Result<std::string> templateForWeights(const std::filesystem::path& file, const JobContext& job = {});

/// Makes the scaling of images concrete: ImageNet's for networks in torchvision's layout.
void resolveImageScaling(spec::ExperimentSpec& spec, std::vector<Message>& reasons);
/// What is odd about freezing or adapting without ready weights.
void warnOfFreezing(const spec::ExperimentSpec& spec, std::vector<Warning>& warnings);

}  // namespace lathe::services
