// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/run_rows.h"

#include <algorithm>

#include "core/store/sqlite/errors.h"
#include "core/store/sqlite/json_text.h"

namespace lathe::store::sqlite {
namespace {

constexpr std::int64_t foreignHeartbeatMicros = 60'000'000;

// The columns that recordFrom() reads.
#define LATHE_RUN_COLUMNS                                                                                           \
  "SELECT r.number, r.experiment, r.experiment_version, r.name, r.model, r.status, r.created, r.started, r.ended, " \
  "r.seconds, r.epochs, r.total_epochs, r.steps, r.total_steps, r.samples_per_second, r.seconds_left, r.monitor, "  \
  "r.monitor_larger, r.data_hash, r.task, r.best_checkpoint, r.last_checkpoint, r.error, r.test_looks, r.note, "    \
  "r.removed, r.removed_at, l.host, l.boot_id, l.pid, l.start_time, l.heartbeat, r.study, r.trial "                 \
  "FROM runs r LEFT JOIN leases l ON l.run = r.number "

RunRecord recordFrom(const Query& query, OwnerProbe& probe) {
  RunRecord run;
  run.number = query.integer(0);
  run.experiment = query.integer(1);
  run.experimentVersion = static_cast<int>(query.integer(2));
  run.name = query.text(3);
  run.model = query.text(4);
  const auto status = spec::runStatus(query.text(5));
  if (!status) throw DamagedContent("run " + std::to_string(run.number) + " has no known status");
  run.status = *status;
  run.createdMicros = query.integer(6);
  run.startedMicros = query.integer(7);
  run.endedMicros = query.integer(8);
  run.seconds = query.real(9);
  run.epochs = static_cast<int>(query.integer(10));
  run.totalEpochs = static_cast<int>(query.integer(11));
  run.steps = query.integer(12);
  run.totalSteps = query.integer(13);
  run.samplesPerSecond = query.real(14);
  run.secondsLeft = query.real(15);
  run.monitor = query.text(16);
  run.monitorLarger = query.integer(17) != 0;
  run.dataHash = query.text(18);
  run.task = query.text(19);
  run.bestCheckpoint = query.text(20);
  run.lastCheckpoint = query.text(21);
  run.error = errorFromText(query.text(22));
  run.testLooks = static_cast<int>(query.integer(23));
  run.note = query.text(24);
  run.removed = query.integer(25) != 0;
  run.removedMicros = query.integer(26);
  run.study = query.integer(32);
  run.trial = query.integer(33);
  if (query.isNull(27)) return run;
  ProcessIdentity owner{query.text(27), query.text(28), query.integer(29),
                        static_cast<std::uint64_t>(query.integer(30))};
  const auto heartbeat = query.integer(31);
  if (!spec::isFinal(run.status) && probe.dead(owner, heartbeat)) {
    run.status = spec::RunStatus::Interrupted;
    run.secondsLeft = -1;
    run.endedMicros = std::max(run.endedMicros, heartbeat);
    return run;
  }
  run.owner = std::move(owner);
  return run;
}

void addDetails(Connection& connection, RunRecord& run) {
  Query metrics(connection, "SELECT name, value FROM run_metrics WHERE run = ?", run.number);
  while (metrics.next()) run.metrics[metrics.text(0)] = metrics.real(1);
  Query tags(connection, "SELECT tag FROM run_tags WHERE run = ? ORDER BY position", run.number);
  while (tags.next()) run.tags.push_back(tags.text(0));
}

bool wanted(const RunRecord& run, const RunFilter& filter) {
  if (filter.status && run.status != *filter.status) return false;
  return filter.tag.empty() || std::find(run.tags.begin(), run.tags.end(), filter.tag) != run.tags.end();
}

std::map<std::string, std::string> readMap(Query& query) {
  std::map<std::string, std::string> values;
  while (query.next()) values[query.text(0)] = query.text(1);
  return values;
}

}  // namespace

bool OwnerProbe::dead(const ProcessIdentity& owner, std::int64_t heartbeatMicros) {
  auto known = std::find_if(m_known.begin(), m_known.end(), [&](const auto& entry) { return entry.first == owner; });
  if (known == m_known.end()) known = m_known.insert(m_known.end(), {owner, ownerState(owner)});
  if (known->second == OwnerState::ElsewhereUnknown) return heartbeatMicros < m_now - foreignHeartbeatMicros;
  return known->second == OwnerState::Dead;
}

std::optional<RunRecord> readRun(Connection& connection, RunNumber number, std::int64_t nowMicros) {
  OwnerProbe probe(nowMicros);
  Query query(connection, LATHE_RUN_COLUMNS "WHERE r.number = ?", number);
  if (!query.next()) return std::nullopt;
  auto run = recordFrom(query, probe);
  addDetails(connection, run);
  return run;
}

std::vector<RunRecord> readRuns(Connection& connection, const RunFilter& filter, std::int64_t nowMicros) {
  OwnerProbe probe(nowMicros);
  std::vector<RunRecord> runs;
  {
    Query query(connection,
                LATHE_RUN_COLUMNS
                "WHERE (r.removed = 0 OR ?1) AND (?2 OR r.study = 0 OR r.trial < 0) AND (?3 = 0 OR r.study = ?3) "
                "ORDER BY r.number DESC",
                filter.includeRemoved, filter.includeTrials || filter.study > 0, filter.study);
    while (query.next()) runs.push_back(recordFrom(query, probe));
  }
  // Both lists descend by number: one pass gives every run its metrics, without a query a run.
  Query metrics(connection, "SELECT run, name, value FROM run_metrics ORDER BY run DESC");
  auto run = runs.begin();
  while (run != runs.end() && metrics.next()) {
    const auto number = metrics.integer(0);
    while (run != runs.end() && run->number > number) ++run;
    if (run != runs.end() && run->number == number) run->metrics[metrics.text(1)] = metrics.real(2);
  }
  Query tags(connection, "SELECT run, tag FROM run_tags ORDER BY run DESC, position");
  run = runs.begin();
  while (run != runs.end() && tags.next()) {
    const auto number = tags.integer(0);
    while (run != runs.end() && run->number > number) ++run;
    if (run != runs.end() && run->number == number) run->tags.push_back(tags.text(1));
  }
  std::erase_if(runs, [&](const RunRecord& record) { return !wanted(record, filter); });
  return runs;
}

std::optional<std::string> readDocument(Connection& connection, RunNumber number, const char* kind) {
  Query query(connection,
              "SELECT d.content FROM runs r LEFT JOIN run_documents d ON d.run = r.number AND d.kind = ? "
              "WHERE r.number = ?",
              kind, number);
  if (!query.next()) return std::nullopt;
  return query.text(0);
}

void writeDocument(Connection& connection, RunNumber number, const char* kind, const std::string& content) {
  Query(connection, "INSERT OR REPLACE INTO run_documents VALUES(?, ?, ?)", number, kind, content).run();
}

std::map<std::string, std::string> readParameters(Connection& connection, RunNumber number) {
  Query query(connection, "SELECT name, value FROM run_parameters WHERE run = ?", number);
  return readMap(query);
}

std::map<std::string, std::string> readEnvironment(Connection& connection, RunNumber number) {
  Query query(connection, "SELECT name, value FROM run_environment WHERE run = ?", number);
  return readMap(query);
}

void writeParameters(Connection& connection, RunNumber number, const std::map<std::string, std::string>& values) {
  Query(connection, "DELETE FROM run_parameters WHERE run = ?", number).run();
  for (const auto& [name, value] : values)
    Query(connection, "INSERT INTO run_parameters VALUES(?, ?, ?)", number, name, value).run();
}

void writeEnvironment(Connection& connection, RunNumber number, const std::map<std::string, std::string>& values) {
  Query(connection, "DELETE FROM run_environment WHERE run = ?", number).run();
  for (const auto& [name, value] : values)
    Query(connection, "INSERT INTO run_environment VALUES(?, ?, ?)", number, name, value).run();
}

void writeMetrics(Connection& connection, RunNumber number, const std::map<std::string, double>& metrics) {
  Query(connection, "DELETE FROM run_metrics WHERE run = ?", number).run();
  for (const auto& [name, value] : metrics)
    Query(connection, "INSERT INTO run_metrics VALUES(?, ?, ?)", number, name, value).run();
}

void writeTags(Connection& connection, RunNumber number, const std::vector<std::string>& tags) {
  Query(connection, "DELETE FROM run_tags WHERE run = ?", number).run();
  std::int64_t position = 0;
  for (const auto& tag : tags) Query(connection, "INSERT INTO run_tags VALUES(?, ?, ?)", number, position++, tag).run();
}

void writeLease(Connection& connection, RunNumber number, const ProcessIdentity& owner, std::int64_t nowMicros) {
  Query(connection, "INSERT OR REPLACE INTO leases VALUES(?, ?, ?, ?, ?, ?)", number, owner.host, owner.bootId,
        owner.pid, static_cast<std::int64_t>(owner.startTime), nowMicros)
      .run();
}

void dropLease(Connection& connection, RunNumber number) {
  Query(connection, "DELETE FROM leases WHERE run = ?", number).run();
}

}  // namespace lathe::store::sqlite
