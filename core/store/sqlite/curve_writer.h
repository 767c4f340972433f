// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/store/sqlite/curve_rows.h"

namespace lathe::store::sqlite {

struct QueuedPoint {
  std::int64_t series = 0;
  Point point;
};

/// Appends to and cuts curves, inside the caller's transaction. Keeps the newest points of the curves being written;
/// after a rollback forget() must be called. Writer's thread only.
class CurveWriter {
 public:
  /// Points of curves that no longer exist, and points at or before a curve's last step, are left out.
  void append(Connection& connection, std::span<const QueuedPoint> points);
  /// Why points of a damaged curve were left out since the last call; "" when there are none.
  [[nodiscard]] std::string takeDamage() { return std::exchange(m_damage, {}); }
  /// Takes away all points of a run after `step`.
  void truncate(Connection& connection, std::int64_t run, std::int64_t step);
  /// Takes away all curves of a run.
  void erase(Connection& connection, std::int64_t run);
  void forget() { m_tails.clear(); }

 private:
  /// What is known of a curve's end: its row, and the points after the last full block.
  struct Tail {
    SeriesRow row;
    std::vector<Point> open;
  };
  Tail* tail(Connection& connection, std::int64_t series);
  static void appendTo(Connection& connection, Tail& tail, const std::vector<Point>& points);

  std::unordered_map<std::int64_t, Tail> m_tails;
  std::string m_damage;
};

}  // namespace lathe::store::sqlite
