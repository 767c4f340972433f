// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/engine.h"

namespace lathe::exporting {

/// A kind of file that a model is exported as.
struct ModelFormat {
  const char* name;       ///< as the command line and the manifest spell it
  const char* extension;  ///< ".pt"
  Result<void> (engine::Engine::*write)(const std::filesystem::path& checkpoint, const std::filesystem::path& file);
  Result<std::unique_ptr<engine::Predictor>> (engine::Engine::*load)(const std::filesystem::path& file);
};

[[nodiscard]] const std::vector<ModelFormat>& modelFormats();
[[nodiscard]] std::vector<std::string> modelFormatNames();
/// By name, whatever the case and with or without - and _; null when there is none.
[[nodiscard]] const ModelFormat* modelFormat(std::string_view name);
/// By its extension; null for any other file.
[[nodiscard]] const ModelFormat* modelFormatOf(const std::filesystem::path& file);

/// A model from an exported file of any format. One of an unknown extension is read as TorchScript.
Result<std::unique_ptr<engine::Predictor>> loadModelFile(engine::Engine& engine, const std::filesystem::path& file);

}  // namespace lathe::exporting
