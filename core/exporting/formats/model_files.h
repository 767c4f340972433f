// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/engine/engine.h"

namespace lathe::exporting {

/// What a file of any format is written from.
struct FormatSource {
  engine::Engine& engine;
  std::filesystem::path checkpoint;
  std::filesystem::path folder;  ///< files come below it
  std::string name;              ///< of the export
};

/// Paths below the export's folder.
struct WrittenModel {
  std::filesystem::path file;                ///< that is loaded
  std::vector<std::filesystem::path> along;  ///< what goes with it: a header, a configuration, the same model with an
                                             ///< input a column (modelFormatOf() knows it)
};

/// A kind of file that a model is exported as.
struct ModelFormat {
  const char* name;  ///< as the command line and the manifest spell it
  /// Not atomic: the folder is a temporary one.
  Result<WrittenModel> (*write)(const FormatSource& source);
  /// From the file alone.
  Result<std::unique_ptr<engine::Predictor>> (*load)(engine::Engine& engine, const std::filesystem::path& file);
  /// A file of this kind, by its name alone.
  bool (*recognise)(const std::filesystem::path& file);
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
