// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/curve_rows.h"

#include "core/store/sqlite/errors.h"

namespace lathe::store::sqlite {
namespace {

SeriesRow seriesRow(const Query& query) {
  SeriesRow row;
  row.id = query.integer(0);
  row.run = query.integer(1);
  row.name = query.text(2);
  row.points = query.integer(3);
  row.firstStep = query.integer(4);
  row.lastStep = query.integer(5);
  row.generation = query.integer(6);
  const auto within = [](std::int64_t value, int bits) { return value >= 0 && value < std::int64_t{1} << bits; };
  if (!within(row.id, 31) || !within(row.points, 40) || !within(row.generation, 62))
    throw DamagedContent("a curve has impossible numbers");
  return row;
}

}  // namespace

std::optional<SeriesRow> findSeries(Connection& connection, std::int64_t run, const std::string& name) {
  Query query(connection,
              "SELECT id, run, name, points, first_step, last_step, generation FROM series WHERE run = ? AND name = ?",
              run, name);
  if (!query.next()) return std::nullopt;
  return seriesRow(query);
}

std::optional<SeriesRow> findSeries(Connection& connection, std::int64_t id) {
  Query query(connection, "SELECT id, run, name, points, first_step, last_step, generation FROM series WHERE id = ?",
              id);
  if (!query.next()) return std::nullopt;
  return seriesRow(query);
}

std::vector<SeriesRow> seriesOf(Connection& connection, std::int64_t run) {
  Query query(connection,
              "SELECT id, run, name, points, first_step, last_step, generation FROM series WHERE run = ? ORDER BY id",
              run);
  std::vector<SeriesRow> rows;
  while (query.next()) rows.push_back(seriesRow(query));
  return rows;
}

std::int64_t blockId(std::int64_t series, std::int64_t segment) { return series * endOfCurve + segment; }

std::int64_t segmentOf(std::int64_t id) { return id & (endOfCurve - 1); }

bool isFull(const CurveBlock& block) {
  return block.points == static_cast<std::int64_t>(blockPoints) &&
         segmentOf(block.id) % static_cast<std::int64_t>(segmentsPerBlock) == 0;
}

std::vector<CurveBlock> readBlocks(Connection& connection, std::int64_t series, std::int64_t fromSegment) {
  Query query(connection,
              "SELECT id, points, first_step, last_step, not_finite, first_at, last_at, min_at, max_at, first_value, "
              "last_value, min_value, max_value FROM blocks WHERE id >= ? AND id < ? ORDER BY id",
              blockId(series, fromSegment), blockId(series + 1, 0));
  std::vector<CurveBlock> blocks;
  while (query.next()) {
    CurveBlock block;
    block.id = query.integer(0);
    block.points = query.integer(1);
    block.firstStep = query.integer(2);
    block.lastStep = query.integer(3);
    auto& summary = block.summary;
    summary.points = block.points;
    summary.nonFinite = query.integer(4);
    summary.firstStep = query.integer(5);
    summary.lastStep = query.integer(6);
    summary.minStep = query.integer(7);
    summary.maxStep = query.integer(8);
    summary.first = query.real(9);
    summary.last = query.real(10);
    summary.min = query.real(11);
    summary.max = query.real(12);
    blocks.push_back(std::move(block));
  }
  return blocks;
}

std::vector<Point> readPoints(Connection& connection, const CurveBlock& block) {
  Query query(connection, "SELECT data FROM blocks WHERE id = ?", block.id);
  if (!query.next()) throw DamagedContent("a block of a curve is missing");
  auto points = decodeBlock(query.blob(0), block.firstStep, block.points);
  if (!points || points->back().step != block.lastStep) throw DamagedContent("a block of a curve cannot be read");
  return std::move(*points);
}

void writeBlock(Connection& connection, std::int64_t series, std::int64_t segment, std::span<const Point> points,
                Packing packing) {
  const auto data = encodeBlock(points, packing);
  const auto summary = summarize(points);
  Query(connection, "INSERT OR REPLACE INTO blocks VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        blockId(series, segment), summary.points, points.front().step, points.back().step, summary.nonFinite,
        summary.firstStep, summary.lastStep, summary.minStep, summary.maxStep, summary.first, summary.last, summary.min,
        summary.max, std::span<const std::byte>(data))
      .run();
}

void deleteBlocks(Connection& connection, std::int64_t series, std::int64_t fromSegment, std::int64_t toSegment) {
  Query(connection, "DELETE FROM blocks WHERE id >= ? AND id < ?", blockId(series, fromSegment),
        blockId(series, 0) + toSegment)
      .run();
}

}  // namespace lathe::store::sqlite
