// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/store/sqlite/block_codec.h"
#include "core/store/sqlite/connection.h"
#include "core/store/sqlite/curve_block.h"

/// Rows of the tables series and blocks. Everything throws SQLite::Exception or DamagedContent.
namespace lathe::store::sqlite {

/// A row of `series`.
struct SeriesRow {
  std::int64_t id = 0;
  std::int64_t run = 0;
  std::string name;
  std::int64_t points = 0;
  std::int64_t firstStep = 0, lastStep = 0;
  std::int64_t generation = 0;
};

[[nodiscard]] std::optional<SeriesRow> findSeries(Connection& connection, std::int64_t run, const std::string& name);
[[nodiscard]] std::optional<SeriesRow> findSeries(Connection& connection, std::int64_t id);
[[nodiscard]] std::vector<SeriesRow> seriesOf(Connection& connection, std::int64_t run);

/// Id of the block of a curve that starts at the given segment (point index / segmentPoints).
[[nodiscard]] std::int64_t blockId(std::int64_t series, std::int64_t segment);
/// The segment of a block's id.
[[nodiscard]] std::int64_t segmentOf(std::int64_t id);
/// Whether a block is a full one, which never changes within a generation.
[[nodiscard]] bool isFull(const CurveBlock& block);

/// Blocks of a curve from a segment on, without their points.
[[nodiscard]] std::vector<CurveBlock> readBlocks(Connection& connection, std::int64_t series, std::int64_t fromSegment);
[[nodiscard]] std::vector<Point> readPoints(Connection& connection, const CurveBlock& block);

void writeBlock(Connection& connection, std::int64_t series, std::int64_t segment, std::span<const Point> points,
                Packing packing);
/// Deletes the blocks of a curve with fromSegment <= segment < toSegment.
void deleteBlocks(Connection& connection, std::int64_t series, std::int64_t fromSegment, std::int64_t toSegment);
inline constexpr std::int64_t endOfCurve = std::int64_t{1} << 32;

}  // namespace lathe::store::sqlite
