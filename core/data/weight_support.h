// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/weight_file.h"

/// What the readers of files with weights share. For this folder only.
namespace lathe::data {

enum class ElementKind : std::uint8_t { F64, F32, F16, BF16, I64, I32, I16, I8, U8, Bool };
[[nodiscard]] std::size_t bytesOf(ElementKind kind);
/// safetensors' names: F32, BF16, I64, BOOL ...
[[nodiscard]] std::optional<ElementKind> elementKind(std::string_view name);
/// One element of little-endian bytes as float.
[[nodiscard]] float elementAt(ElementKind kind, const char* bytes);

constexpr std::size_t mostDimensions = 16;
/// Elements of a shape; nothing when a size is negative or the product is beyond 2^40.
[[nodiscard]] std::optional<std::uint64_t> elementsOf(const spec::Shape& shape);
/// How many floats may be made of one file: half the memory that is free.
[[nodiscard]] std::uint64_t mostFloats();

tl::unexpected<Error> damagedWeights(const std::filesystem::path& file);
tl::unexpected<Error> unknownElements(const std::filesystem::path& file, const std::string& kind);

/// `content` is the whole file.
Result<WeightFile> readSafetensors(const std::filesystem::path& file, std::string_view content, const JobContext& job);
Result<WeightFile> readTorchZip(const std::filesystem::path& file, const JobContext& job);
Result<WeightFile> readTorchLegacy(const std::filesystem::path& file, std::string_view content, const JobContext& job);

}  // namespace lathe::data
