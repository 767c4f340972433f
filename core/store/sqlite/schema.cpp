// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/schema.h"

#include <SQLiteCpp/Backup.h>
#include <array>
#include <fmt/format.h>
#include <sqlite3.h>

#include "core/base/files.h"
#include "core/store/sqlite/errors.h"

namespace lathe::store::sqlite {
namespace fs = std::filesystem;
namespace {

constexpr const char* experimentsAndRuns = R"sql(
CREATE TABLE experiments(id INTEGER PRIMARY KEY AUTOINCREMENT, newest INTEGER NOT NULL) STRICT;
CREATE TABLE experiment_versions(
  experiment INTEGER NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL, spec TEXT NOT NULL,
  saved INTEGER NOT NULL, PRIMARY KEY(experiment, version)) STRICT;
CREATE TABLE runs(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  experiment INTEGER NOT NULL DEFAULT 0, experiment_version INTEGER NOT NULL DEFAULT 0,
  name TEXT NOT NULL, model TEXT NOT NULL, status TEXT NOT NULL,
  created INTEGER NOT NULL, started INTEGER NOT NULL DEFAULT 0, ended INTEGER NOT NULL DEFAULT 0,
  seconds REAL NOT NULL DEFAULT 0, epochs INTEGER NOT NULL DEFAULT 0, total_epochs INTEGER NOT NULL DEFAULT 0,
  steps INTEGER NOT NULL DEFAULT 0, total_steps INTEGER NOT NULL DEFAULT 0,
  samples_per_second REAL NOT NULL DEFAULT 0, seconds_left REAL NOT NULL DEFAULT -1,
  monitor TEXT NOT NULL DEFAULT '', monitor_larger INTEGER NOT NULL DEFAULT 0,
  data_hash TEXT NOT NULL, task TEXT NOT NULL,
  best_checkpoint TEXT NOT NULL DEFAULT '', last_checkpoint TEXT NOT NULL DEFAULT '',
  error TEXT NOT NULL DEFAULT '', test_looks INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '',
  removed INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE run_documents(run INTEGER NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY(run, kind))
  STRICT;
CREATE TABLE run_metrics(run INTEGER NOT NULL, name TEXT NOT NULL, value REAL, PRIMARY KEY(run, name))
  STRICT, WITHOUT ROWID;
CREATE TABLE run_parameters(run INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(run, name))
  STRICT, WITHOUT ROWID;
CREATE TABLE run_environment(run INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(run, name))
  STRICT, WITHOUT ROWID;
CREATE TABLE run_tags(run INTEGER NOT NULL, position INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY(run, position))
  STRICT, WITHOUT ROWID;
CREATE TABLE events(
  id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL, micros INTEGER NOT NULL, kind TEXT NOT NULL,
  message TEXT NOT NULL) STRICT;
CREATE INDEX events_of_run ON events(run, id);
CREATE TABLE artefacts(
  id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL,
  sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, created INTEGER NOT NULL, details TEXT NOT NULL) STRICT;
CREATE INDEX artefacts_of_run ON artefacts(run, id);
CREATE TABLE settings(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
)sql";

// A block's id is its curve's number * 2^32 + the index of its first point / 512: one clustered range per curve.
// `generation` grows when points are taken away, so that cached blocks are known to be stale.
constexpr const char* curves = R"sql(
CREATE TABLE series(
  id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL, name TEXT NOT NULL,
  points INTEGER NOT NULL DEFAULT 0, first_step INTEGER NOT NULL DEFAULT 0, last_step INTEGER NOT NULL DEFAULT 0,
  generation INTEGER NOT NULL DEFAULT 0, UNIQUE(run, name)) STRICT;
CREATE TABLE blocks(
  id INTEGER PRIMARY KEY, points INTEGER NOT NULL, first_step INTEGER NOT NULL, last_step INTEGER NOT NULL,
  not_finite INTEGER NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, min_at INTEGER NOT NULL,
  max_at INTEGER NOT NULL, first_value REAL, last_value REAL, min_value REAL, max_value REAL,
  data BLOB NOT NULL) STRICT;
CREATE TABLE totals(id INTEGER PRIMARY KEY CHECK(id = 1), points INTEGER NOT NULL) STRICT;
INSERT INTO totals VALUES(1, 0);
)sql";

constexpr const char* leasesAndRequests = R"sql(
CREATE TABLE leases(
  run INTEGER PRIMARY KEY, host TEXT NOT NULL, boot_id TEXT NOT NULL, pid INTEGER NOT NULL,
  start_time INTEGER NOT NULL, heartbeat INTEGER NOT NULL) STRICT;
ALTER TABLE runs ADD COLUMN request INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN removed_at INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr const char* histogramsAndSnapshots = R"sql(
CREATE TABLE histograms(
  run INTEGER NOT NULL, name TEXT NOT NULL, step INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY(run, name, step))
  STRICT, WITHOUT ROWID;
CREATE TABLE snapshots(
  run INTEGER PRIMARY KEY, step INTEGER NOT NULL, content TEXT NOT NULL, pixels BLOB NOT NULL) STRICT;
)sql";

// Arrays of numbers are little-endian doubles. A study's lease has the columns of a run's.
constexpr const char* studies = R"sql(
CREATE TABLE studies(
  number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL,
  settings TEXT NOT NULL, space TEXT NOT NULL, spec TEXT NOT NULL, summary TEXT NOT NULL DEFAULT '',
  created INTEGER NOT NULL, ended INTEGER NOT NULL DEFAULT 0, seconds REAL NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '', request INTEGER NOT NULL DEFAULT 0,
  removed INTEGER NOT NULL DEFAULT 0, removed_at INTEGER NOT NULL DEFAULT 0,
  trials INTEGER NOT NULL DEFAULT 0, completed INTEGER NOT NULL DEFAULT 0, pruned INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE study_leases(
  study INTEGER PRIMARY KEY, host TEXT NOT NULL, boot_id TEXT NOT NULL, pid INTEGER NOT NULL,
  start_time INTEGER NOT NULL, heartbeat INTEGER NOT NULL) STRICT;
CREATE TABLE trials(
  study INTEGER NOT NULL, number INTEGER NOT NULL, run INTEGER NOT NULL, status TEXT NOT NULL,
  configuration BLOB NOT NULL, goals BLOB NOT NULL, steps INTEGER NOT NULL, target INTEGER NOT NULL,
  parent INTEGER NOT NULL, origin TEXT NOT NULL, seen INTEGER NOT NULL, created INTEGER NOT NULL,
  ended INTEGER NOT NULL, seconds REAL NOT NULL, error TEXT NOT NULL, PRIMARY KEY(study, number))
  STRICT, WITHOUT ROWID;
CREATE TABLE study_log(
  id INTEGER PRIMARY KEY AUTOINCREMENT, study INTEGER NOT NULL, kind INTEGER NOT NULL, trial INTEGER NOT NULL,
  step INTEGER NOT NULL, value REAL, seen INTEGER NOT NULL, status TEXT NOT NULL, goals BLOB NOT NULL) STRICT;
CREATE INDEX study_log_of ON study_log(study, id);
CREATE TABLE study_queue(
  id INTEGER PRIMARY KEY AUTOINCREMENT, study INTEGER NOT NULL, configuration BLOB NOT NULL) STRICT;
ALTER TABLE runs ADD COLUMN study INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN trial INTEGER NOT NULL DEFAULT -1;
CREATE INDEX runs_of_study ON runs(study, trial) WHERE study > 0;
)sql";

constexpr std::array<Migration, 5> all{
    {{1, experimentsAndRuns}, {2, curves}, {3, leasesAndRequests}, {4, histogramsAndSnapshots}, {5, studies}}};

bool holdsAnything(Connection& connection) {
  Query query(connection, "SELECT count(*) FROM sqlite_schema");
  return query.next() && query.integer(0) > 0;
}

// From a connection of its own, which reads what was last committed; whole or not at all.
Result<void> writeBackup(const fs::path& file, int version) {
  const auto target = backupPath(file, version);
  const auto temporary = fs::path(target.string() + ".tmp");
  std::error_code ignored;
  fs::remove(temporary, ignored);
  auto copied = guarded(temporary, [&]() -> Result<void> {
    Connection source(file, Access::ReadOnly);
    SQLite::Database copy(temporary.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    SQLite::Backup backup(copy, source.database());
    if (const int code = backup.executeStep(-1); code != SQLITE_DONE)
      return storeError(code, sqlite3_errstr(code), temporary);
    return {};
  });
  if (copied) {
    std::error_code failed;
    fs::rename(temporary, target, failed);
    if (failed) copied = fileError(failed.value(), target);
  }
  if (!copied) fs::remove(temporary, ignored);
  return copied;
}

}  // namespace

std::span<const Migration> migrations() { return all; }

int schemaVersion(Connection& connection) {
  Query query(connection, "PRAGMA user_version");
  return query.next() ? static_cast<int>(query.integer(0)) : 0;
}

tl::unexpected<Error> newerVersion(const fs::path& file, int found, int known) {
  return fail("store.newer_version",
              LATHE_TEXT("errors", "{file} was written by a newer Lathe (format {found}, this one knows {known})."),
              LATHE_TEXT("errors", "Open it with that version of Lathe; nothing was changed."),
              {{"file", file.string()}, {"found", std::to_string(found)}, {"known", std::to_string(known)}});
}

fs::path backupPath(const fs::path& file, int version) {
  return {fmt::format("{}.format-{}.backup", file.string(), version)};
}

Result<void> migrate(Connection& connection, std::span<const Migration> steps) {
  const int known = steps.empty() ? 0 : steps.back().version;
  return guarded(connection.file(), [&]() -> Result<void> {
    if (schemaVersion(connection) == known) return {};
    connection.execute("BEGIN IMMEDIATE");
    const int found = schemaVersion(connection);  // again: another process may have been first
    Result<void> result;
    if (found > known) result = newerVersion(connection.file(), found, known);
    if (result && found < known && holdsAnything(connection)) result = writeBackup(connection.file(), found);
    if (!result) {
      connection.rollBack();
      return result;
    }
    try {
      for (const auto& step : steps)
        if (step.version > found) connection.execute(step.sql);
      connection.execute(fmt::format("PRAGMA application_id={}", applicationId).c_str());
      connection.execute(fmt::format("PRAGMA user_version={}", known).c_str());
      connection.execute("COMMIT");
    } catch (...) {
      connection.rollBack();
      throw;
    }
    return {};
  });
}

}  // namespace lathe::store::sqlite
