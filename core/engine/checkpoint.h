// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/spec/program.h"

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
  std::vector<NamedTensor> spare;  ///< memory that add() may use
  [[nodiscard]] const NamedTensor* find(std::string_view name) const;
  /// Forgets the tensors but keeps their memory: when the same ones are added again, in the same order, none is
  /// allocated.
  void recycle();
  /// A tensor of so many bytes, to be filled; valid until the next call.
  NamedTensor& add(std::string_view name, std::string_view dtype, const spec::Shape& shape, std::size_t bytes);
  /// The same, filled from `values`.
  void add(std::string_view name, std::string_view dtype, const spec::Shape& shape, std::size_t bytes,
           const void* values);
};

/// What a file is written from without being gathered first. All of it outlives the writing.
struct CheckpointParts {
  struct Group {
    std::string prefix;  ///< of each name
    std::span<const NamedTensor> tensors;
  };
  std::map<std::string, std::string> meta;
  std::vector<Group> groups;
};

/// Atomic: temporary name, fsync, rename. With `previous` what the file held is kept under that name. Hashes once,
/// copies nothing. Without `lasting` no fsync.
Result<void> writeCheckpoint(const CheckpointParts& parts, const std::filesystem::path& file,
                             const std::filesystem::path& previous = {}, bool lasting = true);
/// The same. Gives the SHA-256 of the file.
Result<std::string> writeCheckpoint(const Checkpoint& checkpoint, const std::filesystem::path& file);
/// Refuses a checkpoint that has not each parameter of the program, in its shape, as float32.
Result<void> checkWeights(const spec::Program& program, const Checkpoint& checkpoint);
/// The numbers of each of the program's parameters.
Result<std::vector<std::vector<float>>> weightsOf(const spec::Program& program, const Checkpoint& checkpoint);
/// Sizes are checked before they are believed; a wrong hash is "checkpoint.corrupt".
Result<Checkpoint> readCheckpoint(const std::filesystem::path& file);

}  // namespace lathe::engine
