// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/curve_reader.h"

#include <algorithm>
#include <limits>

#include "core/store/sqlite/reduce.h"

namespace lathe::store::sqlite {
namespace {

const BlockPoints& load(Connection& connection, CurveBlock& block) {
  if (!block.content) block.content = std::make_unique<const BlockPoints>(readPoints(connection, block));
  return *block.content;
}

}  // namespace

std::shared_ptr<CurveReader::Curve> CurveReader::curve(std::int64_t series) {
  const std::lock_guard lock(m_mutex);
  auto& found = m_curves[series];
  if (!found) found = std::make_shared<Curve>();
  found->used = ++m_clock;
  return found;
}

void CurveReader::refresh(Connection& connection, Curve& curve, const SeriesRow& row) {
  if (curve.generation != row.generation) curve.blocks.clear();
  curve.generation = row.generation;
  // This snapshot may be older than that of the reader before: it must not see more full blocks than there are in it.
  const auto full = static_cast<std::size_t>(row.points / static_cast<std::int64_t>(blockPoints));
  if (curve.blocks.size() > full) curve.blocks.resize(full);
  while (!curve.blocks.empty() && !isFull(curve.blocks.back())) curve.blocks.pop_back();
  const auto known = curve.blocks.size() * segmentsPerBlock;
  for (auto& block : readBlocks(connection, row.id, static_cast<std::int64_t>(known)))
    curve.blocks.push_back(std::move(block));
}

void CurveReader::finish(std::int64_t series, Curve& curve) {
  std::size_t bytes = 0;
  for (const auto& block : curve.blocks) bytes += block.content ? block.content->bytes() : 0;
  if (bytes > m_limit)
    for (auto& block : curve.blocks) block.content.reset();
  if (bytes > m_limit) bytes = 0;
  bytes += curve.blocks.capacity() * sizeof(CurveBlock);
  const std::lock_guard lock(m_mutex);
  const auto mine = m_curves.find(series);
  if (mine == m_curves.end() || mine->second.get() != &curve) return;  // dropped while it was being read
  m_bytes = m_bytes - curve.bytes + bytes;
  curve.bytes = bytes;
  while (m_bytes > m_limit && m_curves.size() > 1) {
    auto oldest = m_curves.end();
    for (auto it = m_curves.begin(); it != m_curves.end(); ++it)
      if (it != mine && (oldest == m_curves.end() || it->second->used < oldest->second->used)) oldest = it;
    m_bytes -= oldest->second->bytes;
    m_curves.erase(oldest);
  }
}

std::vector<Point> CurveReader::points(Connection& connection, const SeriesRow& row, std::int64_t fromStep) {
  const auto cached = curve(row.id);
  const std::lock_guard lock(cached->mutex);
  refresh(connection, *cached, row);
  auto& blocks = cached->blocks;
  const auto first =
      std::partition_point(blocks.begin(), blocks.end(), [&](const CurveBlock& b) { return b.lastStep < fromStep; });
  std::size_t count = 0;
  for (auto block = first; block != blocks.end(); ++block) count += static_cast<std::size_t>(block->points);
  std::vector<Point> result;
  result.reserve(std::min(count, static_cast<std::size_t>(row.points)));
  for (auto block = first; block != blocks.end(); ++block) {
    if (block->content) {
      const auto& points = block->content->points();
      const auto begin = block->content->lowerBound(fromStep);
      result.insert(result.end(), points.begin() + static_cast<std::ptrdiff_t>(begin), points.end());
      continue;
    }
    // Not kept: who asks for all points asks once.
    const auto points = readPoints(connection, *block);
    const auto begin = std::lower_bound(points.begin(), points.end(), fromStep,
                                        [](const Point& point, std::int64_t step) { return point.step < step; });
    result.insert(result.end(), begin, points.end());
  }
  finish(row.id, *cached);
  return result;
}

std::vector<ColumnRange> CurveReader::reduced(Connection& connection, const SeriesRow& row, std::int64_t fromStep,
                                              std::int64_t toStep, int columns) {
  const auto cached = curve(row.id);
  const std::lock_guard lock(cached->mutex);
  refresh(connection, *cached, row);
  if (fromStep == std::numeric_limits<std::int64_t>::min()) fromStep = row.firstStep;
  if (toStep == std::numeric_limits<std::int64_t>::max()) toStep = row.lastStep;
  auto result = reduce(
      cached->blocks, [&](CurveBlock& block) -> const BlockPoints& { return load(connection, block); }, fromStep,
      toStep, columns);
  finish(row.id, *cached);
  return result;
}

std::size_t CurveReader::cachedBytes() const {
  const std::lock_guard lock(m_mutex);
  return m_bytes;
}

}  // namespace lathe::store::sqlite
