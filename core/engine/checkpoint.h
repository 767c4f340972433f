// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/spec/graph.h"

namespace lathe::engine {

/// A tensor by name, as plain bytes (little-endian, row-major).
struct NamedTensor {
  std::string name;
  std::string dtype;  ///< F32, F64, I64, U8 (safetensors' names)
  spec::Shape shape;
  std::vector<std::uint8_t> bytes;
};

/// Everything to go on from: weights, optimiser state, generators, counters. The file is a safetensors file (8-byte
/// length, JSON header, tensors) whose __metadata__ holds `meta` and a SHA-256 of header and content.
struct Checkpoint {
  std::map<std::string, std::string> meta;  ///< "model" (ModelDescription), "state" (JSON), "format" ...
  std::vector<NamedTensor> tensors;
  [[nodiscard]] const NamedTensor* find(std::string_view name) const;
};

/// Atomic: temporary name, fsync, rename. Gives the SHA-256 of the file.
Result<std::string> writeCheckpoint(const Checkpoint& checkpoint, const std::filesystem::path& file);
/// Sizes are checked before they are believed; a wrong hash is "checkpoint.corrupt".
Result<Checkpoint> readCheckpoint(const std::filesystem::path& file);

}  // namespace lathe::engine
