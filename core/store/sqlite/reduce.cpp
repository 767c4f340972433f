// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/reduce.h"

#include <algorithm>
#include <limits>

namespace lathe::store::sqlite {
namespace {

__extension__ using Wide = unsigned __int128;

// Pixel columns over a range of steps; 128 bits because the range may be all of int64.
class Columns {
 public:
  Columns(std::int64_t from, std::int64_t to, int columns)
      : m_from(static_cast<std::uint64_t>(from)),
        m_span(static_cast<Wide>(static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from)) + 1),
        m_columns(static_cast<Wide>(columns)),
        m_to(to) {}

  [[nodiscard]] std::int64_t columnOf(std::int64_t step) const {
    const auto offset = static_cast<Wide>(static_cast<std::uint64_t>(step) - m_from);
    return static_cast<std::int64_t>(offset * m_columns / m_span);
  }
  // The last step of a column.
  [[nodiscard]] std::int64_t lastStepOf(std::int64_t column) const {
    const auto next =
        (static_cast<Wide>(column + 1) * m_span + m_columns - 1) / m_columns;  // offset of the next column
    if (next >= m_span) return m_to;
    return static_cast<std::int64_t>(m_from + static_cast<std::uint64_t>(next) - 1);
  }

 private:
  std::uint64_t m_from;
  Wide m_span;
  Wide m_columns;
  std::int64_t m_to;
};

// Collects ranges that arrive in order of their columns.
class Collector {
 public:
  explicit Collector(int columns) { m_result.reserve(static_cast<std::size_t>(columns)); }
  void add(std::int64_t column, const ColumnRange& range) {
    if (!m_result.empty() && column == m_column) {
      extend(m_result.back(), range);
      return;
    }
    m_column = column;
    m_result.push_back(range);
  }
  std::vector<ColumnRange> take() { return std::move(m_result); }

 private:
  std::int64_t m_column = -1;
  std::vector<ColumnRange> m_result;
};

}  // namespace

std::vector<ColumnRange> reduce(std::vector<CurveBlock>& blocks, const BlockLoader& load, std::int64_t fromStep,
                                std::int64_t toStep, int columns) {
  if (columns < 1 || fromStep > toStep) return {};
  const Columns grid(fromStep, toStep, columns);
  Collector collector(std::min(columns, 1 << 16));
  auto block =
      std::partition_point(blocks.begin(), blocks.end(), [&](const CurveBlock& b) { return b.lastStep < fromStep; });
  for (; block != blocks.end() && block->firstStep <= toStep; ++block) {
    const bool inside = block->firstStep >= fromStep && block->lastStep <= toStep;
    if (inside && grid.columnOf(block->firstStep) == grid.columnOf(block->lastStep)) {
      collector.add(grid.columnOf(block->firstStep), block->summary);
      continue;
    }
    const auto& content = load(*block);
    const auto& points = content.points();
    std::size_t begin = content.lowerBound(fromStep);
    while (begin < content.size() && points[begin].step <= toStep) {
      const auto column = grid.columnOf(points[begin].step);
      const auto last = grid.lastStepOf(column);
      const auto end =
          last == std::numeric_limits<std::int64_t>::max() ? content.size() : content.lowerBound(last + 1, begin);
      collector.add(column, content.summary(begin, end));
      begin = end;
    }
  }
  return collector.take();
}

}  // namespace lathe::store::sqlite
