// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/store/records.h"

namespace lathe::store::sqlite {

/// Points of a curve are kept in blocks: full ones of 4096 points, and after the last full one up to eight growing
/// segments of at most 512 points, so that a commit rewrites little.
inline constexpr std::size_t blockPoints = 4096;
inline constexpr std::size_t segmentPoints = 512;
inline constexpr std::size_t segmentsPerBlock = blockPoints / segmentPoints;

/// Packed for a growing segment (fast), or for a full block (small: byte planes, compressed where that pays).
enum class Packing { Fast, Small };

/// Steps must ascend; 1 .. blockPoints of them. Values come back bit for bit; they take four bytes where every one of
/// them is a widened float.
///
/// Format, little-endian: one byte of flags (1: four bytes a value, 2: steps differ unevenly, 4: byte planes); the
/// steps as one varint stride, or as a varint length and a varint a difference; the values as they are, or as planes of
/// their first, second ... bytes, each one byte (0 raw, 1 one byte for all, 2 varint length and raw deflate) and its
/// content.
[[nodiscard]] std::vector<std::byte> encodeBlock(std::span<const Point> points, Packing packing);

/// The points of a block with `count` of them that starts at `firstStep`; nothing when the bytes are not such a block.
/// Safe on any bytes.
[[nodiscard]] std::optional<std::vector<Point>> decodeBlock(std::span<const std::byte> bytes, std::int64_t firstStep,
                                                            std::int64_t count);

}  // namespace lathe::store::sqlite
