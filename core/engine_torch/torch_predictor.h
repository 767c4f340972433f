// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <torch/script.h>

#include "core/engine/engine.h"

namespace lathe::engine {

inline constexpr const char* torchEngineName = "torch";

/// A model from a checkpoint of this engine.
Result<std::unique_ptr<Predictor>> loadCheckpointPredictor(const std::filesystem::path& checkpoint);

/// A checkpoint's model as a TorchScript file with extra files; core/engine/engine.h says which.
Result<void> writeTorchScript(const std::filesystem::path& checkpoint, const std::filesystem::path& file);

/// A model from such a file. The file is not trusted: only straight-line code of the operations that exports are made
/// of is run; anything else is "engine.foreign_model".
Result<std::unique_ptr<Predictor>> loadScriptPredictor(const std::filesystem::path& file);

}  // namespace lathe::engine
