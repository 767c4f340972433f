// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/spec/graph.h"

namespace lathe::data {

/// A tensor of a file, row-major, whatever its element type was.
struct StoredTensor {
  std::string name;
  spec::Shape shape;
  std::vector<float> values;
};

struct WeightFile {
  std::string format;  ///< safetensors, pth, pth (old)
  std::vector<StoredTensor> tensors;
};

/// The tensors of a file with weights, told apart by its first bytes: safetensors, or what torch.save() writes for
/// tensors in dictionaries (state_dict()), in the zip format and in the one before PyTorch 1.6. Names of nested
/// dictionaries are joined by dots, whatever is no tensor is left out. Nothing is executed: of pickle only what builds
/// dictionaries, lists, numbers, texts and tensors is known, and anything else is refused by its name. Sizes are
/// checked before they are believed. Errors: those of files, "weights.damaged", "weights.unknown_format",
/// "weights.code", "weights.torchscript", "weights.element_type", "weights.empty", out of memory, cancelled. Blocks.
Result<WeightFile> readWeightFile(const std::filesystem::path& file, const JobContext& job = {});

}  // namespace lathe::data
