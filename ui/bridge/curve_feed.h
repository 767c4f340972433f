// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <map>
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
  CurveFeed(Workbench& workbench, QObject* parent = nullptr);
  void setQueries(std::vector<CurveQuery> queries);
  [[nodiscard]] const std::vector<CurveData>& data() const { return m_data; }

 Q_SIGNALS:
  void changed();

 private:
  void refresh();
  Workbench& m_workbench;
  std::vector<CurveQuery> m_queries;
  std::vector<CurveData> m_data;
  QTimer m_timer;
  bool m_busy = false;
  bool m_dirty = false;
};

}  // namespace lathe::ui
