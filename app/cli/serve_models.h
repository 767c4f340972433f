// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "core/services/model_service.h"
#include "core/serving/server.h"

namespace lathe::cli {

/// What `serve` was given, as files with their names and versions.
struct ServedFiles {
  std::vector<serving::ModelFile> models;
  std::vector<std::filesystem::path> folders;  ///< that clients may register models from
};

/// A project: its exports that are still there, or without any its best run. An export: a folder or a file.
Result<ServedFiles> servedFiles(const std::vector<std::string>& given);

/// The name of an export's file or folder by its lathe-export.json, else by itself; the version by a folder that is a
/// number, else 1.
Result<serving::ModelFile> describeModelFile(const std::filesystem::path& path);

/// Loads what servedFiles() found: exports, and checkpoints of runs.
[[nodiscard]] serving::Server::Loader modelLoader(std::shared_ptr<engine::Engine> engine,
                                                  std::shared_ptr<services::ModelService> models);

}  // namespace lathe::cli
