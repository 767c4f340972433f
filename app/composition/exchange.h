// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "core/data/buffers.h"
#include "core/engine/engine.h"

/// The two files that a prediction in a fresh process is handed over by. Each is one line of JSON (sizes, text), then
/// the numbers as they lie in memory: both ends run on this machine.
namespace lathe::app {

struct WorkerAnswer {
  engine::Predictions predictions;
  std::string runtime;  ///< name of the engine that predicted
};

Result<void> writeRows(const data::Dataset& rows, const std::filesystem::path& file);
/// Raw inputs alone: the schema comes from the model's file. Sizes are checked against the file's.
Result<data::Dataset> readRows(const std::filesystem::path& file);

/// An answer, or why there is none.
Result<void> writeAnswer(const Result<WorkerAnswer>& answer, const std::filesystem::path& file);
Result<WorkerAnswer> readAnswer(const std::filesystem::path& file);

}  // namespace lathe::app
