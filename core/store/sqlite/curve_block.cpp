// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/curve_block.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lathe::store::sqlite {
namespace {

bool hasFinite(const ColumnRange& range) { return range.points > range.nonFinite; }

}  // namespace

ColumnRange summarize(std::span<const Point> points) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  ColumnRange range;
  range.points = static_cast<std::int64_t>(points.size());
  range.firstStep = range.minStep = range.maxStep = points.front().step;
  range.lastStep = points.back().step;
  range.first = range.last = range.min = range.max = none;
  bool any = false;
  for (const auto& point : points) {
    if (!std::isfinite(point.value)) {
      ++range.nonFinite;
      continue;
    }
    if (!any) {
      any = true;
      range.firstStep = range.minStep = range.maxStep = point.step;
      range.first = range.min = range.max = point.value;
    }
    range.lastStep = point.step;
    range.last = point.value;
    if (point.value < range.min) {
      range.min = point.value;
      range.minStep = point.step;
    }
    if (point.value > range.max) {
      range.max = point.value;
      range.maxStep = point.step;
    }
  }
  return range;
}

void extend(ColumnRange& range, const ColumnRange& next) {
  const bool before = hasFinite(range);
  const bool after = hasFinite(next);
  const auto points = range.points + next.points;
  const auto nonFinite = range.nonFinite + next.nonFinite;
  if (!before && after) range = next;
  if (!before && !after) range.lastStep = next.lastStep;
  if (before && after) {
    range.last = next.last;
    range.lastStep = next.lastStep;
    if (next.min < range.min) {
      range.min = next.min;
      range.minStep = next.minStep;
    }
    if (next.max > range.max) {
      range.max = next.max;
      range.maxStep = next.maxStep;
    }
  }
  range.points = points;
  range.nonFinite = nonFinite;
}

BlockPoints::BlockPoints(std::vector<Point> points) : m_points(std::move(points)) {
  m_chunks.reserve(m_points.size() / chunkPoints);
  for (std::size_t i = 0; i + chunkPoints <= m_points.size(); i += chunkPoints)
    m_chunks.push_back(summarize(std::span(m_points).subspan(i, chunkPoints)));
}

std::size_t BlockPoints::lowerBound(std::int64_t step, std::size_t from) const {
  const auto begin = m_points.begin() + static_cast<std::ptrdiff_t>(from);
  const auto found =
      std::lower_bound(begin, m_points.end(), step, [](const Point& point, std::int64_t s) { return point.step < s; });
  return static_cast<std::size_t>(found - m_points.begin());
}

ColumnRange BlockPoints::summary(std::size_t begin, std::size_t end) const {
  const std::span all(m_points);
  const auto firstChunk = (begin + chunkPoints - 1) / chunkPoints;
  const auto lastChunk = end / chunkPoints;
  if (firstChunk >= lastChunk) return summarize(all.subspan(begin, end - begin));
  ColumnRange range = m_chunks[firstChunk];
  if (begin < firstChunk * chunkPoints) {
    range = summarize(all.subspan(begin, firstChunk * chunkPoints - begin));
    extend(range, m_chunks[firstChunk]);
  }
  for (auto chunk = firstChunk + 1; chunk < lastChunk; ++chunk) extend(range, m_chunks[chunk]);
  if (lastChunk * chunkPoints < end)
    extend(range, summarize(all.subspan(lastChunk * chunkPoints, end - lastChunk * chunkPoints)));
  return range;
}

std::size_t BlockPoints::bytes() const {
  return m_points.capacity() * sizeof(Point) + m_chunks.capacity() * sizeof(ColumnRange) + sizeof *this;
}

}  // namespace lathe::store::sqlite
