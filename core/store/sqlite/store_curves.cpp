// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/insight_rows.h"
#include "core/store/sqlite/store.h"

namespace lathe::store::sqlite {

Result<std::int64_t> SqliteStore::seriesId(RunNumber run, const std::string& name) {
  const auto key = std::pair(run, name);
  {
    const std::lock_guard lock(m_seriesMutex);
    if (const auto known = m_series.find(key); known != m_series.end()) return known->second;
  }
  auto id = read([&](Connection& connection) -> Result<std::int64_t> {
    const auto row = findSeries(connection, run, name);
    return row ? row->id : 0;
  });
  if (!id) return id;
  if (*id == 0) {
    id = write<std::int64_t>([&](Connection& connection) -> Result<std::int64_t> {
      {
        Query owner(connection, "SELECT 1 FROM runs WHERE number = ?", run);
        if (!owner.next()) return noSuchRun(run);
      }
      Query(connection, "INSERT OR IGNORE INTO series(run, name) VALUES(?, ?)", run, name).run();
      const auto row = findSeries(connection, run, name);
      if (!row) throw DamagedContent("a new curve is not found again");
      return row->id;
    });
    if (!id) return id;
  }
  const std::lock_guard lock(m_seriesMutex);
  m_series[key] = *id;
  return id;
}

void SqliteStore::append(std::int64_t series, std::int64_t step, double value) {
  const Point point{step, value};
  append(series, std::span(&point, 1));
}

void SqliteStore::append(std::int64_t series, std::span<const Point> points) {
  if (m_writer) m_writer->append(series, points);
}

void SqliteStore::appendNamed(RunNumber run, std::vector<NamedPoints> curves) {
  if (!m_writer) return;
  m_writer->post([run, curves = std::move(curves)](WriteContext& context) -> Result<void> {
    std::vector<QueuedPoint> queued;
    for (const auto& curve : curves) {
      auto row = findSeries(context.connection, run, curve.name);
      if (!row) {
        Query(context.connection, "INSERT INTO series(run, name) SELECT number, ? FROM runs WHERE number = ?",
              curve.name, run)
            .run();
        row = findSeries(context.connection, run, curve.name);
      }
      if (!row) return noSuchRun(run);
      for (const auto& point : curve.points) queued.push_back({row->id, point});
    }
    context.curves.append(context.connection, queued);
    return {};
  });
}

Result<void> SqliteStore::truncate(RunNumber run, std::int64_t step) {
  if (!m_writer) return readOnlyError(m_file);
  return m_writer->perform<void>([&](WriteContext& context) -> Result<void> {
    context.curves.truncate(context.connection, run, step);
    truncateInsights(context.connection, run, step);
    return {};
  });
}

Result<std::vector<SeriesInfo>> SqliteStore::series(RunNumber run) const {
  return read([&](Connection& connection) -> Result<std::vector<SeriesInfo>> {
    std::vector<SeriesInfo> infos;
    for (auto& row : seriesOf(connection, run))
      infos.push_back({row.id, row.run, std::move(row.name), row.points, row.firstStep, row.lastStep});
    return infos;
  });
}

Result<std::vector<Point>> SqliteStore::points(RunNumber run, const std::string& name, std::int64_t fromStep) const {
  return read([&](Connection& connection) -> Result<std::vector<Point>> {
    const auto row = findSeries(connection, run, name);
    if (!row || row->points == 0) return std::vector<Point>();
    return m_curves.points(connection, *row, fromStep);
  });
}

Result<std::vector<ColumnRange>> SqliteStore::reduced(RunNumber run, const std::string& name, std::int64_t fromStep,
                                                      std::int64_t toStep, int columns) const {
  return read([&](Connection& connection) -> Result<std::vector<ColumnRange>> {
    const auto row = findSeries(connection, run, name);
    if (!row || row->points == 0) return std::vector<ColumnRange>();
    return m_curves.reduced(connection, *row, fromStep, toStep, columns);
  });
}

}  // namespace lathe::store::sqlite
