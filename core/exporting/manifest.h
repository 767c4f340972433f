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

/// What a file with weights of fewer bits (quantization.h) is beside a float32 file of the same format.
struct Quantization {
  std::string kind;  ///< f16, bf16, int8, int8-static
  std::uintmax_t floatBytes = 0;
  double latencyMs1 = 0, latencyMs32 = 0;  ///< of 1 and of 32 rows, medians, measured in turn with float32
  double floatLatencyMs1 = 0, floatLatencyMs32 = 0;
  std::string metric;  ///< on validation rows; empty: there are none with labels
  double value = 0, floatValue = 0;
  bool operator==(const Quantization&) const = default;
};

struct ExportedFile {
  std::string path;  ///< relative to the export's folder
  std::string format;
  std::uintmax_t bytes = 0;
  std::string sha256;
  ParityReport parity;
  std::vector<AlongFile> along = {};
  std::optional<Quantization> quantization = {};  ///< its parity is told and not judged
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

/// {"kind", "float_bytes", "latency_ms_1" ...} as the manifest and the command line have it; a value that is not finite
/// is null.
[[nodiscard]] std::string toJson(const Quantization& quantization);

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
