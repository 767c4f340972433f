// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <memory>
#include <vector>

#include "core/store/records.h"

namespace lathe::ui {

class Workbench;

/// What one plot wants to see.
struct CurveQuery {
  store::RunNumber run = 0;
  std::string series;
  std::int64_t fromStep = 0;
  std::int64_t toStep = 0;  ///< 0: to the end
  int columns = 1000;       ///< pixel columns of the plot
  bool operator==(const CurveQuery&) const = default;
};

/// Either every point (when they are few) or one range a pixel column; never loses an extreme.
struct CurveData {
  CurveQuery query;
  std::vector<store::Point> points;
  std::vector<store::ColumnRange> columns;
  std::int64_t totalPoints = 0;
  std::int64_t lastStep = 0;
};

/// Reads the curves of one plot on a worker whenever the store changed or the view moved, at most once a frame, newest
/// request first. GUI thread.
class CurveFeed : public QObject {
  Q_OBJECT
 public:
  explicit CurveFeed(Workbench& workbench, QObject* parent = nullptr);
  void setQueries(std::vector<CurveQuery> queries);
  /// A plot that nobody sees reads nothing; what it missed is read when it is seen again.
  void setPaused(bool paused);
  /// The newest answers, in the order of the queries that they name; while a view moves these may be the queries of a
  /// moment ago.
  [[nodiscard]] const std::vector<CurveData>& data() const { return m_data; }

 Q_SIGNALS:
  void changed();

 private:
  void refresh();
  void schedule();
  Workbench& m_workbench;
  std::vector<CurveQuery> m_queries;
  std::vector<CurveData> m_data;
  QTimer m_timer;
  bool m_busy = false;
  bool m_paused = false;
  bool m_dirty = false;
  quint64 m_asked = 0;  ///< of the newest queries; after answers to older ones it reads again
};

}  // namespace lathe::ui
