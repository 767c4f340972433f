// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"
#include "core/spec/schema.h"

/// Model archives of TorchServe: a zip archive of a TorchScript file, a handler of its own, and what both say.
namespace lathe::exporting {

struct MarDescription {
  std::string name;
  std::string version = "1.0";
  spec::DataSchema schema;
  double decisionThreshold = 0.5;
};

/// Writes MAR-INF/MANIFEST.json, model.pt (a copy of `script`), lathe_handler.py, lathe-model.json (columns, classes,
/// threshold), index_to_name.json where there are classes, and model-config.yaml. Not atomic.
Result<void> writeMar(const std::filesystem::path& script, const MarDescription& description,
                      const std::filesystem::path& file);

/// Takes model.pt out of an archive and writes it to `script`; nothing else of the archive is looked at. Errors:
/// "engine.foreign_model", those of files.
Result<void> extractMar(const std::filesystem::path& file, const std::filesystem::path& script);

/// What an archive calls itself.
struct MarIdentity {
  std::string name, version;
};
/// From its MAR-INF/MANIFEST.json. Errors: "engine.foreign_model".
Result<MarIdentity> marIdentity(const std::filesystem::path& file);

}  // namespace lathe::exporting
