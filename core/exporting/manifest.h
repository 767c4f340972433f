// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/exporting/parity.h"

namespace lathe::exporting {

/// What goes with a model's file and is not loaded by itself: a header, a configuration.
struct AlongFile {
  std::string path;  ///< relative to the export's folder
  std::uintmax_t bytes = 0;
  std::string sha256;
};

struct ExportedFile {
  std::string path;  ///< relative to the export's folder
  std::string format;
  std::uintmax_t bytes = 0;
  std::string sha256;
  ParityReport parity;
  std::vector<AlongFile> along = {};
};

/// lathe-export.json: schema, classes, formats, parity, hashes, and reference rows with their expected outputs, so that
/// `verify` works from the folder alone. One file describes every export of a folder: the newest at its top, those of
/// other names in `others`. While an export is replaced, both its versions are listed and the hash of the file on disk
/// tells which of them is there: so the rename of that one file replaces export and description at once.
struct ExportManifest {
  std::string name;
  std::string created;  ///< ISO 8601
  std::string latheVersion;
  std::int64_t run = 0;
  spec::DataSchema schema;
  double targetStd = 1;            ///< of the first target
  std::vector<double> targetStds;  ///< several targets: of each; else empty
  double decisionThreshold = 0.5;  ///< two classes: the second one is meant above it
  std::vector<ExportedFile> files;
  std::vector<AlongFile> documents;               ///< for people: the model card
  std::vector<std::vector<float>> referenceRows;  ///< raw inputs, at most 16
  std::vector<std::vector<float>> referenceOutputs;
  std::vector<ExportManifest> others;  ///< at most 256, without others of their own
};

inline constexpr std::size_t mostOtherExports = 256;

[[nodiscard]] std::string toJson(const ExportManifest& manifest);
Result<ExportManifest> manifestFromJson(std::string_view json);

/// The manifest of a folder; nothing when there is none.
Result<std::optional<ExportManifest>> manifestOf(const std::filesystem::path& folder);

/// DIR (its newest export), or a file of an export (NAME.pt, NAME/1/saved_model.pb): the folder, the manifest that
/// describes that very file, and the hash that the manifest wants of it. `manifest.others` is empty.
struct ExportLocation {
  std::filesystem::path folder;
  std::filesystem::path modelFile;
  std::string sha256;
  ExportManifest manifest;
};
Result<ExportLocation> findExport(const std::filesystem::path& dirOrFile);

}  // namespace lathe::exporting
