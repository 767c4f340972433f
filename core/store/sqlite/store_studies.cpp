// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/store_studies.h"

#include "core/store/sqlite/json_text.h"
#include "core/store/sqlite/run_changes.h"
#include "core/store/sqlite/store.h"
#include "core/store/sqlite/study_rows.h"

namespace lathe::store::sqlite {
namespace {

using spec::RunStatus;

Result<StudyRecord> existing(Connection& connection, StudyNumber number, std::int64_t now) {
  auto study = readStudy(connection, number, now);
  if (!study) return noSuchStudy(number);
  return std::move(*study);
}

tl::unexpected<Error> alreadyRunning(StudyNumber number) {
  return fail("study.already_running", LATHE_TEXT("errors", "Study {study} is being worked on already."),
              LATHE_TEXT("errors", "Wait until it has ended, or pause it first."), {{"study", std::to_string(number)}});
}

Result<RunNumber> changeRun(Connection& connection, StudyNumber study, const TrialRunChange& change, std::int64_t now) {
  RunNumber number = change.run;
  if (number == 0) {
    NewRun fresh = change.fresh;
    fresh.study = study;
    fresh.trial = change.trial;
    LATHE_ASSIGN(made, createRun(connection, fresh, RunStatus::Running, thisProcess(), now));
    number = made;
  } else if (change.status == RunStatus::Running) {
    LATHE_TRY(takeOver(connection, number, thisProcess(), now));
  }
  LATHE_TRY(updateRun(connection, number, change.update, now));
  if (change.status && *change.status != RunStatus::Running)
    LATHE_TRY(setStatus(connection, number, *change.status, change.error, now));
  return number;
}

}  // namespace

Result<StudyNumber> SqliteStudies::createStudy(const NewStudy& study, const ProcessIdentity& owner) {
  return m_store.write<StudyNumber>([&](Connection& connection) -> Result<StudyNumber> {
    return insertStudy(connection, study, owner, m_store.m_clock.nowMicros());
  });
}

Result<StudyRecord> SqliteStudies::study(StudyNumber number) const {
  return m_store.read([&](Connection& connection) -> Result<StudyRecord> {
    return existing(connection, number, m_store.m_clock.nowMicros());
  });
}

Result<std::vector<StudyRecord>> SqliteStudies::studies(bool includeRemoved) const {
  return m_store.read([&](Connection& connection) -> Result<std::vector<StudyRecord>> {
    return readStudies(connection, includeRemoved, m_store.m_clock.nowMicros());
  });
}

Result<void> SqliteStudies::updateStudy(StudyNumber number, const StudyUpdate& update) {
  return m_store.write<void>([&](Connection& connection) -> Result<void> {
    LATHE_TRY(existing(connection, number, m_store.m_clock.nowMicros()));
    const auto set = [&](const char* sql, const auto& value) {
      if (value) Query(connection, sql, *value, number).run();
    };
    set("UPDATE studies SET name = ? WHERE number = ?", update.name);
    set("UPDATE studies SET settings = ? WHERE number = ?", update.settingsJson);
    set("UPDATE studies SET spec = ? WHERE number = ?", update.specJson);
    set("UPDATE studies SET summary = ? WHERE number = ?", update.summaryJson);
    set("UPDATE studies SET seconds = ifnull(?, 0) WHERE number = ?", update.seconds);
    return {};
  });
}

Result<void> SqliteStudies::setStudyStatus(StudyNumber number, RunStatus to, const std::optional<Error>& error) {
  return m_store.write<void>([&](Connection& connection) -> Result<void> {
    const auto now = m_store.m_clock.nowMicros();
    LATHE_ASSIGN(study, existing(connection, number, now));
    const bool recordsDeath = study.status == RunStatus::Interrupted && to == RunStatus::Interrupted;
    if (!recordsDeath && !spec::allowed(study.status, to))
      return fail("study.bad_transition", LATHE_TEXT("errors", "Study {study} is {from} and cannot become {to}."),
                  LATHE_TEXT("errors", "Look at the study's status and choose what it allows."),
                  {{"study", std::to_string(number)}, {"from", spec::name(study.status)}, {"to", spec::name(to)}});
    const bool ended = spec::isFinal(to) && to != RunStatus::Paused;
    Query(connection, "UPDATE studies SET status = ?, error = ?, ended = ? WHERE number = ?", spec::name(to),
          toText(error), ended ? now : std::int64_t{0}, number)
        .run();
    if (spec::isFinal(to)) {
      dropStudyLease(connection, number);
      Query(connection, "UPDATE studies SET request = 0 WHERE number = ?", number).run();
    }
    return {};
  });
}

Result<void> SqliteStudies::takeOverStudy(StudyNumber number, const ProcessIdentity& owner) {
  return m_store.write<void>([&](Connection& connection) -> Result<void> {
    const auto now = m_store.m_clock.nowMicros();
    LATHE_ASSIGN(study, existing(connection, number, now));
    if (study.removed)
      return fail("study.removed", LATHE_TEXT("errors", "Study {study} has been removed."),
                  LATHE_TEXT("errors", "Bring it back first."), {{"study", std::to_string(number)}});
    if (!spec::isFinal(study.status)) return alreadyRunning(number);
    Query(connection, "UPDATE studies SET status = ?, error = '', ended = 0, request = 0 WHERE number = ?",
          spec::name(RunStatus::Running), number)
        .run();
    writeStudyLease(connection, number, owner, now);
    return {};
  });
}

Result<void> SqliteStudies::studyHeartbeat(StudyNumber number, const ProcessIdentity& owner) {
  return m_store.write<void>([&](Connection& connection) -> Result<void> {
    const auto now = m_store.m_clock.nowMicros();
    const int changed =
        Query(connection,
              "UPDATE study_leases SET heartbeat = ? WHERE study = ? AND host = ? AND boot_id = ? AND pid = ? "
              "AND start_time = ?",
              now, number, owner.host, owner.bootId, owner.pid, static_cast<std::int64_t>(owner.startTime))
            .run();
    // Its trials' runs are this process's as well.
    Query(connection,
          "UPDATE leases SET heartbeat = ? WHERE pid = ? AND start_time = ? AND run IN "
          "(SELECT number FROM runs WHERE study = ? AND status = 'running')",
          now, owner.pid, static_cast<std::int64_t>(owner.startTime), number)
        .run();
    if (changed == 1) return {};
    return fail("run.lease_lost", LATHE_TEXT("errors", "Study {study} no longer belongs to this process."),
                LATHE_TEXT("errors", "Open the project again to see who works on it."),
                {{"study", std::to_string(number)}});
  });
}

Result<void> SqliteStudies::requestStudyControl(StudyNumber number, ControlRequest request) {
  return m_store.write<void>([&](Connection& connection) -> Result<void> {
    LATHE_ASSIGN(study, existing(connection, number, m_store.m_clock.nowMicros()));
    if (request != ControlRequest::None && spec::isFinal(study.status))
      return fail("study.not_running", LATHE_TEXT("errors", "Study {study} is {status}: nobody works on it."),
                  LATHE_TEXT("errors", "Resume it first."),
                  {{"study", std::to_string(number)}, {"status", spec::name(study.status)}});
    Query(connection, "UPDATE studies SET request = ? WHERE number = ?", static_cast<int>(request), number).run();
    return {};
  });
}

Result<ControlRequest> SqliteStudies::takeStudyControlRequest(StudyNumber number) {
  const auto look = [number](Connection& connection) -> Result<ControlRequest> {
    Query query(connection, "SELECT request FROM studies WHERE number = ?", number);
    if (!query.next()) return noSuchStudy(number);
    const auto request = query.integer(0);
    return request == 1 ? ControlRequest::Pause : request == 2 ? ControlRequest::Cancel : ControlRequest::None;
  };
  auto request = m_store.read(look);
  if (!request || *request == ControlRequest::None) return request;
  return m_store.write<ControlRequest>([&](Connection& connection) -> Result<ControlRequest> {
    auto taken = look(connection);
    Query(connection, "UPDATE studies SET request = 0 WHERE number = ?", number).run();
    return taken;
  });
}

Result<void> SqliteStudies::removeStudy(StudyNumber number) {
  return m_store.write<void>([&](Connection& connection) -> Result<void> {
    const auto now = m_store.m_clock.nowMicros();
    LATHE_ASSIGN(study, existing(connection, number, now));
    if (study.removed) return {};
    if (!spec::isFinal(study.status)) return alreadyRunning(number);
    Query(connection, "UPDATE studies SET removed = 1, removed_at = ? WHERE number = ?", now, number).run();
    Query(connection, "UPDATE runs SET removed = 1, removed_at = ? WHERE study = ? AND removed = 0 AND trial >= 0", now,
          number)
        .run();
    return {};
  });
}

Result<void> SqliteStudies::restoreStudy(StudyNumber number) {
  return m_store.write<void>([&](Connection& connection) -> Result<void> {
    LATHE_ASSIGN(study, existing(connection, number, m_store.m_clock.nowMicros()));
    if (!study.removed) return {};
    // Only the runs that went with it.
    Query(connection,
          "UPDATE runs SET removed = 0, removed_at = 0 WHERE study = ?1 AND removed_at = "
          "(SELECT removed_at FROM studies WHERE number = ?1)",
          number)
        .run();
    Query(connection, "UPDATE studies SET removed = 0, removed_at = 0 WHERE number = ?", number).run();
    return {};
  });
}

Result<StudyCommitted> SqliteStudies::commit(StudyNumber number, const StudyBatch& batch) {
  return m_store.write<StudyCommitted>([&](Connection& connection) -> Result<StudyCommitted> {
    const auto now = m_store.m_clock.nowMicros();
    StudyCommitted committed;
    for (const auto& change : batch.runs) {
      LATHE_ASSIGN(run, changeRun(connection, number, change, now));
      committed.runs.push_back(run);
    }
    for (auto trial : batch.trials) {
      for (std::size_t i = 0; i < batch.runs.size(); ++i)
        if (batch.runs[i].trial == trial.number && trial.run == 0) trial.run = committed.runs[i];
      writeTrial(connection, number, trial);
    }
    for (const auto id : batch.taken) eraseQueued(connection, id);
    for (const auto& entry : batch.log) committed.lastLogId = appendLog(connection, number, entry);
    return committed;
  });
}

Result<std::int64_t> SqliteStudies::reserveTrials(StudyNumber number, int count) {
  return m_store.write<std::int64_t>([&](Connection& connection) -> Result<std::int64_t> {
    LATHE_TRY(existing(connection, number, m_store.m_clock.nowMicros()));
    const auto first = nextTrial(connection, number);
    TrialRecord trial;
    trial.createdMicros = m_store.m_clock.nowMicros();
    for (trial.number = first; trial.number < first + count; ++trial.number) writeTrial(connection, number, trial);
    return first;
  });
}

Result<std::vector<TrialRecord>> SqliteStudies::trials(StudyNumber number, std::int64_t fromTrial) const {
  return m_store.read([&](Connection& connection) -> Result<std::vector<TrialRecord>> {
    return readTrials(connection, number, fromTrial);
  });
}

Result<std::optional<TrialRecord>> SqliteStudies::trial(StudyNumber number, std::int64_t trial) const {
  return m_store.read([&](Connection& connection) -> Result<std::optional<TrialRecord>> {
    return readTrial(connection, number, trial);
  });
}

Result<std::vector<StudyLogEntry>> SqliteStudies::studyLog(StudyNumber number, std::int64_t afterId) const {
  return m_store.read([&](Connection& connection) -> Result<std::vector<StudyLogEntry>> {
    return readLog(connection, number, afterId);
  });
}

Result<std::int64_t> SqliteStudies::enqueue(StudyNumber number, const std::vector<double>& configuration) {
  return m_store.write<std::int64_t>([&](Connection& connection) -> Result<std::int64_t> {
    LATHE_TRY(existing(connection, number, m_store.m_clock.nowMicros()));
    return insertQueued(connection, number, configuration);
  });
}

Result<std::optional<QueuedTrial>> SqliteStudies::takeQueued(StudyNumber number) {
  auto waiting = queued(number);
  if (!waiting) return passOn(waiting);
  if (waiting->empty()) return std::optional<QueuedTrial>();
  return m_store.write<std::optional<QueuedTrial>>([&](Connection& connection) -> Result<std::optional<QueuedTrial>> {
    auto found = readQueued(connection, number);
    if (found.empty()) return std::optional<QueuedTrial>();
    eraseQueued(connection, found.front().id);
    return std::optional(std::move(found.front()));
  });
}

Result<std::vector<QueuedTrial>> SqliteStudies::queued(StudyNumber number) const {
  return m_store.read(
      [&](Connection& connection) -> Result<std::vector<QueuedTrial>> { return readQueued(connection, number); });
}

}  // namespace lathe::store::sqlite
