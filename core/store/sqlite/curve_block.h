// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/store/records.h"

namespace lathe::store::sqlite {

/// The summary of a range of points; `points` is not empty.
[[nodiscard]] ColumnRange summarize(std::span<const Point> points);

/// Adds the summary of points that come after those of `range`.
void extend(ColumnRange& range, const ColumnRange& next);

/// A block's points in memory, with a summary of every 64 of them.
class BlockPoints {
 public:
  explicit BlockPoints(std::vector<Point> points);

  [[nodiscard]] std::size_t size() const { return m_points.size(); }
  [[nodiscard]] const std::vector<Point>& points() const { return m_points; }
  /// Index of the first point at or after `step`, searched from `from` on.
  [[nodiscard]] std::size_t lowerBound(std::int64_t step, std::size_t from = 0) const;
  /// Summary of the points [begin, end); not empty.
  [[nodiscard]] ColumnRange summary(std::size_t begin, std::size_t end) const;
  [[nodiscard]] std::size_t bytes() const;

 private:
  static constexpr std::size_t chunkPoints = 64;
  std::vector<Point> m_points;
  std::vector<ColumnRange> m_chunks;
};

/// One block of a curve: what its row says, and its points once somebody needed them.
struct CurveBlock {
  std::int64_t id = 0;
  std::int64_t points = 0;
  std::int64_t firstStep = 0, lastStep = 0;
  ColumnRange summary;
  std::unique_ptr<const BlockPoints> content;
};

}  // namespace lathe::store::sqlite
