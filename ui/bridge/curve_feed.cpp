// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/curve_feed.h"

#include <algorithm>
#include <map>

#include "ui/bridge/gui_executor.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"

namespace lathe::ui {

namespace {

constexpr int frameMs = 16;
constexpr int fewColumns = 3;  ///< up to so many points a column are sent as they are

/// True when the columns hold every point of theirs: then they can be drawn as points, exactly.
bool complete(const std::vector<store::ColumnRange>& columns) {
  return std::all_of(columns.begin(), columns.end(),
                     [](const auto& column) { return column.points <= 2 && column.nonFinite == 0; });
}

std::vector<store::Point> asPoints(const std::vector<store::ColumnRange>& columns) {
  std::vector<store::Point> points;
  points.reserve(columns.size() * 2);
  for (const auto& column : columns) {
    if (column.points == 0) continue;
    points.push_back({column.firstStep, column.first});
    if (column.points > 1) points.push_back({column.lastStep, column.last});
  }
  return points;
}

CurveData readCurve(const store::RunStore& store, const CurveQuery& query,
                    const std::vector<store::SeriesInfo>& known) {
  CurveData data;
  data.query = query;
  const auto info = std::find_if(known.begin(), known.end(), [&](const auto& s) { return s.name == query.series; });
  if (info == known.end() || info->points == 0) return data;
  data.totalPoints = info->points;
  data.lastStep = info->lastStep;
  const auto from = std::max(query.fromStep, info->firstStep);
  const auto to = query.toStep > 0 ? std::min(query.toStep, info->lastStep) : info->lastStep;
  if (to < from) return data;
  const auto few = static_cast<std::int64_t>(std::max(query.columns, 1)) * fewColumns;
  if (info->points <= few) {
    auto points = store.points(query.run, query.series, from);
    if (!points) return data;
    data.points = std::move(*points);
    while (!data.points.empty() && data.points.back().step > to) data.points.pop_back();
    return data;
  }
  auto columns = store.reduced(query.run, query.series, from, to, std::max(query.columns, 1));
  if (!columns) return data;
  if (complete(*columns))
    data.points = asPoints(*columns);
  else
    data.columns = std::move(*columns);
  return data;
}

}  // namespace

CurveFeed::CurveFeed(Workbench& workbench, QObject* parent) : QObject(parent), m_workbench(workbench) {
  m_timer.setSingleShot(true);
  m_timer.setInterval(frameMs);
  m_timer.setTimerType(Qt::PreciseTimer);
  connect(&m_timer, &QTimer::timeout, this, [this] {
    if (m_dirty && !m_paused && !m_busy) refresh();
  });
  connect(&workbench.runs(), &RunsController::storeChanged, this, &CurveFeed::schedule);
}

void CurveFeed::setQueries(std::vector<CurveQuery> queries) {
  if (queries == m_queries) return;
  m_queries = std::move(queries);
  ++m_asked;
  schedule();
}

void CurveFeed::setPaused(bool paused) {
  if (paused == m_paused) return;
  m_paused = paused;
  if (!paused) schedule();
}

void CurveFeed::schedule() {
  m_dirty = true;
  if (!m_paused && !m_busy && !m_timer.isActive()) refresh();
}

void CurveFeed::refresh() {
  m_dirty = false;
  m_timer.start();
  const auto project = m_workbench.project();
  if (!project || m_queries.empty()) {
    const bool hadData = !m_data.empty();
    m_data.clear();
    if (hadData) Q_EMIT changed();
    return;
  }
  m_busy = true;
  runAsync(
      m_workbench.readers(), this,
      [project, queries = m_queries] {
        std::vector<CurveData> answers;
        answers.reserve(queries.size());
        std::map<store::RunNumber, std::vector<store::SeriesInfo>> known;
        for (const auto& query : queries) {
          auto found = known.find(query.run);
          if (found == known.end())
            found =
                known.emplace(query.run, project->store().series(query.run).value_or(std::vector<store::SeriesInfo>()))
                    .first;
          answers.push_back(readCurve(project->store(), query, found->second));
        }
        return answers;
      },
      [this, asked = m_asked, project](std::vector<CurveData> answers) {
        m_busy = false;
        // A view on the move asks faster than answers come: an answer of a moment ago is better than none.
        if (asked != m_asked || project != m_workbench.project()) m_dirty = true;
        if (project == m_workbench.project()) {
          m_data = std::move(answers);
          Q_EMIT changed();
        }
        if (m_dirty && !m_paused && !m_timer.isActive()) refresh();
      });
}

}  // namespace lathe::ui
