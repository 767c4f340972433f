// SPDX-License-Identifier: GPL-3.0-or-later
// Histograms of weights and gradients, and predictions for a few rows.
#include <memory>
#include <utility>

#include "core/store/sqlite/insight_rows.h"
#include "core/store/sqlite/store.h"

namespace lathe::store::sqlite {
namespace {

std::vector<std::byte> copied(std::span<const std::byte> bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

void truncateInsights(Connection& connection, RunNumber run, std::int64_t step) {
  Query(connection, "DELETE FROM histograms WHERE run = ? AND step > ?", run, step).run();
  Query(connection, "DELETE FROM snapshots WHERE run = ? AND step > ?", run, step).run();
}

void SqliteStore::addHistograms(RunNumber run, std::int64_t step, std::vector<NamedHistogram> histograms) {
  if (!m_writer) return;
  m_writer->post([run, step, histograms = std::move(histograms)](WriteContext& context) -> Result<void> {
    for (const auto& each : histograms)
      Query(context.connection, "INSERT OR REPLACE INTO histograms VALUES(?, ?, ?, ifnull(?, x''))", run, each.name,
            step, std::span<const std::byte>(each.bytes))
          .run();
    return {};
  });
}

// Hops from name to name along the key: a run may have thousands of rows.
Result<std::vector<std::string>> SqliteStore::histogramNames(RunNumber run) const {
  return read([&](Connection& connection) -> Result<std::vector<std::string>> {
    std::vector<std::string> names;
    for (std::string last;; names.push_back(last)) {
      Query query(connection, "SELECT name FROM histograms WHERE run = ? AND name > ? ORDER BY name LIMIT 1", run,
                  last);
      if (!query.next()) return names;
      last = query.text(0);
    }
  });
}

Result<std::vector<HistogramRecord>> SqliteStore::histograms(RunNumber run, const std::string& name,
                                                             std::int64_t afterStep) const {
  return read([&](Connection& connection) -> Result<std::vector<HistogramRecord>> {
    Query query(connection, "SELECT step, data FROM histograms WHERE run = ? AND name = ? AND step > ? ORDER BY step",
                run, name, afterStep);
    std::vector<HistogramRecord> found;
    while (query.next()) found.push_back({query.integer(0), copied(query.blob(1))});
    return found;
  });
}

void SqliteStore::putSnapshot(RunNumber run, SnapshotRecord snapshot) {
  if (!m_writer) return;
  m_writer->post([run, snapshot = std::move(snapshot)](WriteContext& context) -> Result<void> {
    Query(context.connection,
          "INSERT INTO snapshots VALUES(?, ?, ?, ifnull(?, x'')) ON CONFLICT(run) DO UPDATE SET step = excluded.step, "
          "content = excluded.content, "
          "pixels = CASE WHEN length(excluded.pixels) > 0 THEN excluded.pixels ELSE pixels END",
          run, snapshot.step, snapshot.json, std::span<const std::byte>(snapshot.pixels))
        .run();
    return {};
  });
}

Result<std::optional<SnapshotRecord>> SqliteStore::snapshot(RunNumber run) const {
  return read([&](Connection& connection) -> Result<std::optional<SnapshotRecord>> {
    Query query(connection, "SELECT step, content, pixels FROM snapshots WHERE run = ?", run);
    if (!query.next()) return std::nullopt;
    return SnapshotRecord{query.integer(0), query.text(1), copied(query.blob(2))};
  });
}

}  // namespace lathe::store::sqlite
