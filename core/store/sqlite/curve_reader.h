// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/store/sqlite/curve_rows.h"

namespace lathe::store::sqlite {

/// Reads curves through any connection, inside the caller's snapshot, and remembers the full blocks it has seen: they
/// never change within a curve's generation, whoever writes. Thread-safe; two readers of the same curve take turns.
class CurveReader {
 public:
  explicit CurveReader(std::size_t cacheBytes) : m_limit(cacheBytes) {}

  [[nodiscard]] std::vector<Point> points(Connection& connection, const SeriesRow& row, std::int64_t fromStep);
  [[nodiscard]] std::vector<ColumnRange> reduced(Connection& connection, const SeriesRow& row, std::int64_t fromStep,
                                                 std::int64_t toStep, int columns);
  [[nodiscard]] std::size_t cachedBytes() const;

 private:
  struct Curve {
    std::mutex mutex;
    std::int64_t generation = -1;
    std::vector<CurveBlock> blocks;
    std::size_t bytes = 0;  ///< of loaded points; with m_mutex
    std::uint64_t used = 0;
  };
  /// The reader keeps the curve alive while another thread drops it from the cache: hence shared.
  std::shared_ptr<Curve> curve(std::int64_t series);
  static void refresh(Connection& connection, Curve& curve, const SeriesRow& row);
  /// Accounts for what the curve holds now and drops what was used longest ago.
  void finish(std::int64_t series, Curve& curve);

  const std::size_t m_limit;
  mutable std::mutex m_mutex;
  std::unordered_map<std::int64_t, std::shared_ptr<Curve>> m_curves;
  std::size_t m_bytes = 0;
  std::uint64_t m_clock = 0;
};

}  // namespace lathe::store::sqlite
