// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/study_rows.h"

#include <algorithm>
#include <cstring>

#include "core/store/sqlite/errors.h"
#include "core/store/sqlite/json_text.h"
#include "core/store/sqlite/run_rows.h"

namespace lathe::store::sqlite {
namespace {

using spec::RunStatus;

std::span<const std::byte> bytesOf(const std::vector<double>& values) { return std::as_bytes(std::span(values)); }

std::vector<double> doublesOf(std::span<const std::byte> bytes) {
  if (bytes.size() % sizeof(double) != 0) throw DamagedContent("numbers of a trial are cut");
  std::vector<double> values(bytes.size() / sizeof(double));
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

RunStatus statusOf(const std::string& text) {
  const auto status = spec::runStatus(text);
  if (!status) throw DamagedContent("a study or trial has the unknown status " + text);
  return *status;
}

#define LATHE_STUDY_COLUMNS                                                                                 \
  "SELECT s.number, s.name, s.kind, s.status, s.settings, s.space, s.spec, s.summary, s.created, s.ended, " \
  "s.seconds, s.error, s.removed, s.trials, s.completed, s.pruned, s.failed, l.host, l.boot_id, l.pid, "    \
  "l.start_time, l.heartbeat FROM studies s LEFT JOIN study_leases l ON l.study = s.number "

StudyRecord studyFrom(const Query& query, OwnerProbe& probe) {
  StudyRecord study;
  study.number = query.integer(0);
  study.name = query.text(1);
  study.kind = query.text(2);
  study.status = statusOf(query.text(3));
  study.settingsJson = query.text(4);
  study.spaceJson = query.text(5);
  study.specJson = query.text(6);
  study.summaryJson = query.text(7);
  study.createdMicros = query.integer(8);
  study.endedMicros = query.integer(9);
  study.seconds = query.real(10);
  study.error = errorFromText(query.text(11));
  study.removed = query.integer(12) != 0;
  study.trials = query.integer(13);
  study.completed = query.integer(14);
  study.pruned = query.integer(15);
  study.failed = query.integer(16);
  if (query.isNull(17)) return study;
  ProcessIdentity owner{query.text(17), query.text(18), query.integer(19),
                        static_cast<std::uint64_t>(query.integer(20))};
  const auto heartbeat = query.integer(21);
  if (!spec::isFinal(study.status) && probe.dead(owner, heartbeat)) {
    study.status = RunStatus::Interrupted;
    study.endedMicros = std::max(study.endedMicros, heartbeat);
    return study;
  }
  study.owner = std::move(owner);
  return study;
}

#define LATHE_TRIAL_COLUMNS                                                                                          \
  "SELECT number, run, status, configuration, goals, steps, target, parent, origin, seen, created, ended, seconds, " \
  "error FROM trials "

TrialRecord trialFrom(const Query& query) {
  TrialRecord trial;
  trial.number = query.integer(0);
  trial.run = query.integer(1);
  trial.status = statusOf(query.text(2));
  trial.configuration = doublesOf(query.blob(3));
  trial.values = doublesOf(query.blob(4));
  trial.steps = query.integer(5);
  trial.target = query.integer(6);
  trial.parent = query.integer(7);
  trial.origin = query.text(8);
  trial.seen = query.integer(9);
  trial.createdMicros = query.integer(10);
  trial.endedMicros = query.integer(11);
  trial.seconds = query.real(12);
  trial.error = errorFromText(query.text(13));
  return trial;
}

// The counting column of a status; null where it is only counted in all.
const char* countColumn(RunStatus status) {
  switch (status) {
    case RunStatus::Completed:
      return "completed";
    case RunStatus::Pruned:
      return "pruned";
    case RunStatus::Failed:
      return "failed";
    default:
      return nullptr;
  }
}

void count(Connection& connection, StudyNumber study, const char* column, int by) {
  if (column == nullptr) return;
  const std::string sql = std::string("UPDATE studies SET ") + column + " = " + column + " + ? WHERE number = ?";
  Query(connection, sql, by, study).run();
}

}  // namespace

tl::unexpected<Error> noSuchStudy(StudyNumber number) {
  return fail("study.missing", LATHE_TEXT("errors", "There is no study {study} in this project."),
              LATHE_TEXT("errors", "Look at the list of studies for those there are."),
              {{"study", std::to_string(number)}});
}

StudyNumber insertStudy(Connection& connection, const NewStudy& study, const ProcessIdentity& owner, std::int64_t now) {
  Query(
      connection, "INSERT INTO studies(name, kind, status, settings, space, spec, created) VALUES(?, ?, ?, ?, ?, ?, ?)",
      study.name, study.kind, spec::name(RunStatus::Running), study.settingsJson, study.spaceJson, study.specJson, now)
      .run();
  const StudyNumber number = connection.lastRowId();
  writeStudyLease(connection, number, owner, now);
  return number;
}

std::optional<StudyRecord> readStudy(Connection& connection, StudyNumber number, std::int64_t now) {
  OwnerProbe probe(now);
  Query query(connection, LATHE_STUDY_COLUMNS "WHERE s.number = ?", number);
  if (!query.next()) return std::nullopt;
  return studyFrom(query, probe);
}

std::vector<StudyRecord> readStudies(Connection& connection, bool includeRemoved, std::int64_t now) {
  OwnerProbe probe(now);
  Query query(connection, LATHE_STUDY_COLUMNS "WHERE s.removed = 0 OR ? ORDER BY s.number DESC", includeRemoved);
  std::vector<StudyRecord> studies;
  while (query.next()) studies.push_back(studyFrom(query, probe));
  return studies;
}

void writeStudyLease(Connection& connection, StudyNumber number, const ProcessIdentity& owner, std::int64_t now) {
  Query(connection, "INSERT OR REPLACE INTO study_leases VALUES(?, ?, ?, ?, ?, ?)", number, owner.host, owner.bootId,
        owner.pid, static_cast<std::int64_t>(owner.startTime), now)
      .run();
}

void dropStudyLease(Connection& connection, StudyNumber number) {
  Query(connection, "DELETE FROM study_leases WHERE study = ?", number).run();
}

void writeTrial(Connection& connection, StudyNumber study, const TrialRecord& trial) {
  std::optional<RunStatus> before;
  {
    Query query(connection, "SELECT status FROM trials WHERE study = ? AND number = ?", study, trial.number);
    if (query.next()) before = statusOf(query.text(0));
  }
  Query(connection,
        "INSERT INTO trials VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ifnull(?, 0), ?) "
        "ON CONFLICT(study, number) DO UPDATE SET run = CASE WHEN excluded.run = 0 THEN run ELSE excluded.run END, "
        "status = excluded.status, configuration = excluded.configuration, goals = excluded.goals, "
        "steps = excluded.steps, target = excluded.target, parent = excluded.parent, origin = excluded.origin, "
        "seen = excluded.seen, ended = excluded.ended, seconds = excluded.seconds, error = excluded.error",
        study, trial.number, trial.run, spec::name(trial.status), bytesOf(trial.configuration), bytesOf(trial.values),
        trial.steps, trial.target, trial.parent, trial.origin, trial.seen, trial.createdMicros, trial.endedMicros,
        trial.seconds, toText(trial.error))
      .run();
  if (!before) count(connection, study, "trials", 1);
  if (before != trial.status) {
    if (before) count(connection, study, countColumn(*before), -1);
    count(connection, study, countColumn(trial.status), 1);
  }
}

std::vector<TrialRecord> readTrials(Connection& connection, StudyNumber study, std::int64_t from) {
  Query query(connection, LATHE_TRIAL_COLUMNS "WHERE study = ? AND number >= ? ORDER BY number", study, from);
  std::vector<TrialRecord> trials;
  while (query.next()) trials.push_back(trialFrom(query));
  return trials;
}

std::optional<TrialRecord> readTrial(Connection& connection, StudyNumber study, std::int64_t number) {
  Query query(connection, LATHE_TRIAL_COLUMNS "WHERE study = ? AND number = ?", study, number);
  if (!query.next()) return std::nullopt;
  return trialFrom(query);
}

std::int64_t nextTrial(Connection& connection, StudyNumber study) {
  Query query(connection, "SELECT ifnull(max(number), -1) + 1 FROM trials WHERE study = ?", study);
  return query.next() ? query.integer(0) : 0;
}

std::int64_t appendLog(Connection& connection, StudyNumber study, const StudyLogEntry& entry) {
  Query(connection,
        "INSERT INTO study_log(study, kind, trial, step, value, seen, status, goals) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        study, static_cast<int>(entry.kind), entry.trial, entry.step, entry.value, entry.seen, spec::name(entry.status),
        bytesOf(entry.values))
      .run();
  return connection.lastRowId();
}

std::vector<StudyLogEntry> readLog(Connection& connection, StudyNumber study, std::int64_t afterId) {
  Query query(connection,
              "SELECT id, kind, trial, step, value, seen, status, goals FROM study_log WHERE study = ? AND id > ? "
              "ORDER BY id",
              study, afterId);
  std::vector<StudyLogEntry> log;
  while (query.next()) {
    StudyLogEntry entry;
    entry.id = query.integer(0);
    const auto kind = query.integer(1);
    if (kind < 1 || kind > static_cast<std::int64_t>(StudyLogEntry::Kind::Planned))
      throw DamagedContent("a study's log has an unknown entry");
    entry.kind = static_cast<StudyLogEntry::Kind>(kind);
    entry.trial = query.integer(2);
    entry.step = query.integer(3);
    entry.value = query.real(4);
    entry.seen = query.integer(5);
    entry.status = statusOf(query.text(6));
    entry.values = doublesOf(query.blob(7));
    log.push_back(std::move(entry));
  }
  return log;
}

std::int64_t insertQueued(Connection& connection, StudyNumber study, const std::vector<double>& configuration) {
  Query(connection, "INSERT INTO study_queue(study, configuration) VALUES(?, ?)", study, bytesOf(configuration)).run();
  return connection.lastRowId();
}

std::vector<QueuedTrial> readQueued(Connection& connection, StudyNumber study) {
  Query query(connection, "SELECT id, configuration FROM study_queue WHERE study = ? ORDER BY id", study);
  std::vector<QueuedTrial> queued;
  while (query.next()) queued.push_back({query.integer(0), doublesOf(query.blob(1))});
  return queued;
}

void eraseQueued(Connection& connection, std::int64_t id) {
  Query(connection, "DELETE FROM study_queue WHERE id = ?", id).run();
}

}  // namespace lathe::store::sqlite
