// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/curve_writer.h"

#include <algorithm>

#include "core/store/sqlite/errors.h"

namespace lathe::store::sqlite {
namespace {

constexpr std::size_t rememberedCurves = 512;

void changeTotal(Connection& connection, std::int64_t points) {
  if (points != 0) Query(connection, "UPDATE totals SET points = points + ?", points).run();
}

void updateSeries(Connection& connection, const SeriesRow& row) {
  Query(connection, "UPDATE series SET points = ?, first_step = ?, last_step = ?, generation = ? WHERE id = ?",
        row.points, row.firstStep, row.lastStep, row.generation, row.id)
      .run();
}

// The points after the last full block.
std::vector<Point> readOpen(Connection& connection, const SeriesRow& row) {
  const auto full = row.points / static_cast<std::int64_t>(blockPoints);
  std::vector<Point> open;
  for (const auto& block : readBlocks(connection, row.id, full * static_cast<std::int64_t>(segmentsPerBlock))) {
    const auto points = readPoints(connection, block);
    open.insert(open.end(), points.begin(), points.end());
  }
  if (static_cast<std::int64_t>(open.size()) != row.points % static_cast<std::int64_t>(blockPoints))
    throw DamagedContent("a curve has another number of points than it says");
  return open;
}

// Segments of the open points from index `from` on.
void writeSegments(Connection& connection, const SeriesRow& row, const std::vector<Point>& open, std::size_t from) {
  const auto base = (row.points - static_cast<std::int64_t>(open.size())) / static_cast<std::int64_t>(segmentPoints);
  const std::span all(open);
  for (std::size_t i = from / segmentPoints * segmentPoints; i < open.size(); i += segmentPoints)
    writeBlock(connection, row.id, base + static_cast<std::int64_t>(i / segmentPoints),
               all.subspan(i, std::min(segmentPoints, open.size() - i)), Packing::Fast);
}

}  // namespace

CurveWriter::Tail* CurveWriter::tail(Connection& connection, std::int64_t series) {
  auto row = findSeries(connection, series);
  if (!row) {
    m_tails.erase(series);
    return nullptr;
  }
  if (m_tails.size() > rememberedCurves) m_tails.clear();
  auto& known = m_tails[series];
  // Another process may have written or cut the curve since.
  if (known.row.id != row->id || known.row.generation != row->generation || known.row.points != row->points) {
    known.open = readOpen(connection, *row);
    known.row = std::move(*row);
  }
  return &known;
}

void CurveWriter::append(Connection& connection, std::span<const QueuedPoint> points) {
  std::unordered_map<std::int64_t, std::vector<Point>> bySeries;
  std::vector<Point>* last = nullptr;
  std::int64_t lastSeries = 0;
  for (const auto& queued : points) {
    if (last == nullptr || queued.series != lastSeries) {
      last = &bySeries[queued.series];
      lastSeries = queued.series;
    }
    last->push_back(queued.point);
  }
  for (const auto& [series, added] : bySeries) {
    Tail* end = nullptr;
    try {
      end = tail(connection, series);
    } catch (const DamagedContent& damage) {  // the other curves go on
      m_damage = damage.what();
      m_tails.erase(series);
    }
    if (end != nullptr) appendTo(connection, *end, added);
  }
}

void CurveWriter::appendTo(Connection& connection, Tail& tail, const std::vector<Point>& points) {
  auto& row = tail.row;
  const auto before = row.points;
  auto changedFrom = tail.open.size();
  for (const auto& point : points) {
    if (row.points > 0 && point.step <= row.lastStep) continue;
    if (row.points == 0) row.firstStep = point.step;
    row.lastStep = point.step;
    ++row.points;
    tail.open.push_back(point);
    if (tail.open.size() < blockPoints) continue;
    const auto segment =
        (row.points - static_cast<std::int64_t>(blockPoints)) / static_cast<std::int64_t>(segmentPoints);
    if (changedFrom > 0)
      deleteBlocks(connection, row.id, segment + 1, segment + static_cast<std::int64_t>(segmentsPerBlock));
    writeBlock(connection, row.id, segment, tail.open, Packing::Small);
    tail.open.clear();
    changedFrom = 0;
  }
  if (row.points == before) return;
  writeSegments(connection, row, tail.open, changedFrom);
  updateSeries(connection, row);
  changeTotal(connection, row.points - before);
}

void CurveWriter::truncate(Connection& connection, std::int64_t run, std::int64_t step) {
  for (auto row : seriesOf(connection, run)) {
    if (row.points == 0 || row.lastStep <= step) continue;
    m_tails.erase(row.id);
    const auto before = row.points;
    const auto blocks = readBlocks(connection, row.id, 0);
    const auto cut = std::find_if(blocks.begin(), blocks.end(), [&](const auto& b) { return b.lastStep > step; });
    std::vector<Point> kept;
    row.points = 0;
    if (cut != blocks.end()) {
      const auto segment = segmentOf(cut->id);
      row.points = segment * static_cast<std::int64_t>(segmentPoints);
      if (cut->firstStep <= step) kept = readPoints(connection, *cut);
      kept.erase(std::find_if(kept.begin(), kept.end(), [&](const Point& p) { return p.step > step; }), kept.end());
      row.points += static_cast<std::int64_t>(kept.size());
      deleteBlocks(connection, row.id, segment, endOfCurve);
      row.lastStep = !kept.empty() ? kept.back().step : cut != blocks.begin() ? std::prev(cut)->lastStep : 0;
    }
    if (row.points == 0) row.firstStep = row.lastStep = 0;
    // A cut full block becomes segments again.
    const auto base = (row.points - static_cast<std::int64_t>(kept.size())) / static_cast<std::int64_t>(segmentPoints);
    const std::span all(kept);
    for (std::size_t i = 0; i < kept.size(); i += segmentPoints)
      writeBlock(connection, row.id, base + static_cast<std::int64_t>(i / segmentPoints),
                 all.subspan(i, std::min(segmentPoints, kept.size() - i)), Packing::Fast);
    ++row.generation;
    updateSeries(connection, row);
    changeTotal(connection, row.points - before);
  }
}

void CurveWriter::erase(Connection& connection, std::int64_t run) {
  for (const auto& row : seriesOf(connection, run)) {
    m_tails.erase(row.id);
    deleteBlocks(connection, row.id, 0, endOfCurve);
    changeTotal(connection, -row.points);
    Query(connection, "DELETE FROM series WHERE id = ?", row.id).run();
  }
}

}  // namespace lathe::store::sqlite
