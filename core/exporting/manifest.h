// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/exporting/parity.h"

namespace lathe::exporting {

struct ExportedFile {
  std::string path;  ///< relative to the export's folder
  std::string format;
  std::uintmax_t bytes = 0;
  std::string sha256;
  ParityReport parity;
};

/// lathe-export.json: schema, classes, formats, parity, hashes, and reference rows with their expected outputs, so that
/// `verify` works from the folder alone.
struct ExportManifest {
  std::string name;
  std::string created;  ///< ISO 8601
  std::string latheVersion;
  std::int64_t run = 0;
  spec::DataSchema schema;
  double targetStd = 1;
  std::vector<ExportedFile> files;
  std::vector<std::vector<float>> referenceRows;  ///< raw inputs, at most 16
  std::vector<std::vector<float>> referenceOutputs;
};

[[nodiscard]] std::string toJson(const ExportManifest& manifest);
Result<ExportManifest> manifestFromJson(std::string_view json);

/// DIR, or a file of an export (NAME.pt): the folder and the manifest beside it.
struct ExportLocation {
  std::filesystem::path folder;
  std::filesystem::path modelFile;
  ExportManifest manifest;
};
Result<ExportLocation> findExport(const std::filesystem::path& dirOrFile);

}  // namespace lathe::exporting
