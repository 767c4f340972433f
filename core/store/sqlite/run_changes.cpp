// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/run_changes.h"

#include "core/store/sqlite/errors.h"
#include "core/store/sqlite/json_text.h"
#include "core/store/sqlite/run_rows.h"

namespace lathe::store::sqlite {
namespace {

using spec::RunStatus;

Result<RunRecord> existing(Connection& connection, RunNumber number, std::int64_t now) {
  auto run = readRun(connection, number, now);
  if (!run) return noSuchRun(number);
  return std::move(*run);
}

tl::unexpected<Error> badTransition(const RunRecord& run, RunStatus to) {
  return fail("run.bad_transition", LATHE_TEXT("errors", "Run {run} is {from} and cannot become {to}."),
              LATHE_TEXT("errors", "Look at the run's status and choose what it allows."),
              {{"run", std::to_string(run.number)}, {"from", spec::name(run.status)}, {"to", spec::name(to)}});
}

tl::unexpected<Error> alreadyRunning(RunNumber number) {
  return fail("run.already_running", LATHE_TEXT("errors", "Run {run} is being worked on already."),
              LATHE_TEXT("errors", "Wait until it has ended, or pause it first."), {{"run", std::to_string(number)}});
}

tl::unexpected<Error> isRemoved(RunNumber number) {
  return fail("run.removed", LATHE_TEXT("errors", "Run {run} has been removed."),
              LATHE_TEXT("errors", "Bring it back first."), {{"run", std::to_string(number)}});
}

// A column of `runs` where the update has a value.
template <class T>
void set(Connection& connection, RunNumber number, const char* sql, const std::optional<T>& value) {
  if (value) Query(connection, sql, *value, number).run();
}

void startRunning(Connection& connection, RunNumber number, std::int64_t now) {
  Query(connection,
        "UPDATE runs SET status = ?, error = '', ended = 0, request = 0, "
        "started = CASE WHEN started = 0 THEN ? ELSE started END WHERE number = ?",
        spec::name(RunStatus::Running), now, number)
      .run();
}

}  // namespace

Result<RunNumber> createRun(Connection& connection, const NewRun& run, RunStatus status, const ProcessIdentity& owner,
                            std::int64_t now) {
  const bool running = status == RunStatus::Running;
  if (!running && status != RunStatus::Queued)
    return fail("run.bad_transition", LATHE_TEXT("errors", "A new run cannot be {to}."),
                LATHE_TEXT("errors", "Create it as queued or running."), {{"to", spec::name(status)}});
  Query(connection,
        "INSERT INTO runs(experiment, experiment_version, name, model, status, created, started, data_hash, task, "
        "study, trial) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        run.experiment, run.experimentVersion, run.name, run.model, spec::name(status), now,
        running ? now : std::int64_t{0}, run.dataHash, run.task, run.study, run.trial)
      .run();
  const RunNumber number = connection.lastRowId();
  writeDocument(connection, number, "spec", run.specJson);
  writeParameters(connection, number, run.parameters);
  writeEnvironment(connection, number, run.environment);
  // A queued run waits in its owner's memory: it dies with it as well.
  writeLease(connection, number, owner, now);
  return number;
}

Result<void> updateRun(Connection& connection, RunNumber number, const RunUpdate& update, std::int64_t now) {
  LATHE_TRY(existing(connection, number, now));
  if (update.specJson) writeDocument(connection, number, "spec", *update.specJson);
  if (update.modelJson) writeDocument(connection, number, "model", *update.modelJson);
  set(connection, number, "UPDATE runs SET name = ? WHERE number = ?", update.name);
  set(connection, number, "UPDATE runs SET model = ? WHERE number = ?", update.model);
  set(connection, number, "UPDATE runs SET task = ? WHERE number = ?", update.task);
  set(connection, number, "UPDATE runs SET data_hash = ? WHERE number = ?", update.dataHash);
  set(connection, number, "UPDATE runs SET note = ? WHERE number = ?", update.note);
  set(connection, number, "UPDATE runs SET trial = ? WHERE number = ?", update.trial);
  set(connection, number, "UPDATE runs SET best_checkpoint = ? WHERE number = ?", update.bestCheckpoint);
  set(connection, number, "UPDATE runs SET last_checkpoint = ? WHERE number = ?", update.lastCheckpoint);
  // SQLite stores NaN as NULL, which these columns do not take.
  set(connection, number, "UPDATE runs SET seconds = ifnull(?, 0) WHERE number = ?", update.seconds);
  set(connection, number, "UPDATE runs SET samples_per_second = ifnull(?, 0) WHERE number = ?",
      update.samplesPerSecond);
  set(connection, number, "UPDATE runs SET seconds_left = ifnull(?, -1) WHERE number = ?", update.secondsLeft);
  set(connection, number, "UPDATE runs SET epochs = ? WHERE number = ?", update.epochs);
  set(connection, number, "UPDATE runs SET total_epochs = ? WHERE number = ?", update.totalEpochs);
  set(connection, number, "UPDATE runs SET steps = ? WHERE number = ?", update.steps);
  set(connection, number, "UPDATE runs SET total_steps = ? WHERE number = ?", update.totalSteps);
  set(connection, number, "UPDATE runs SET monitor = ? WHERE number = ?", update.monitor);
  set(connection, number, "UPDATE runs SET monitor_larger = ? WHERE number = ?", update.monitorLarger);
  if (update.metrics) writeMetrics(connection, number, *update.metrics);
  if (update.tags) writeTags(connection, number, *update.tags);
  if (update.parameters) writeParameters(connection, number, *update.parameters);
  if (update.environment) writeEnvironment(connection, number, *update.environment);
  return {};
}

Result<void> setStatus(Connection& connection, RunNumber number, RunStatus to, const std::optional<Error>& error,
                       std::int64_t now) {
  LATHE_ASSIGN(run, existing(connection, number, now));
  // A run whose owner died reads as interrupted; saying so in the file is no change.
  const bool recordsDeath = run.status == RunStatus::Interrupted && to == RunStatus::Interrupted;
  if (!recordsDeath && !spec::allowed(run.status, to)) return badTransition(run, to);
  if (to == RunStatus::Running) {
    startRunning(connection, number, now);
  } else {
    const bool ended = spec::isFinal(to) && to != RunStatus::Paused;
    const auto end = recordsDeath && run.endedMicros > 0 ? run.endedMicros : now;
    Query(connection, "UPDATE runs SET status = ?, error = ?, ended = ?, seconds_left = -1 WHERE number = ?",
          spec::name(to), toText(error), ended ? end : std::int64_t{0}, number)
        .run();
  }
  if (spec::isFinal(to)) {
    dropLease(connection, number);
    Query(connection, "UPDATE runs SET request = 0 WHERE number = ?", number).run();
  } else if (!run.owner) {
    writeLease(connection, number, thisProcess(), now);
  }
  return {};
}

Result<void> takeOver(Connection& connection, RunNumber number, const ProcessIdentity& owner, std::int64_t now) {
  LATHE_ASSIGN(run, existing(connection, number, now));
  if (run.removed) return isRemoved(number);
  if (!spec::isFinal(run.status)) return alreadyRunning(number);
  if (!spec::allowed(run.status, RunStatus::Running)) return badTransition(run, RunStatus::Running);
  startRunning(connection, number, now);
  writeLease(connection, number, owner, now);
  return {};
}

Result<void> heartbeat(Connection& connection, RunNumber number, const ProcessIdentity& owner, std::int64_t now) {
  const int changed =
      Query(connection,
            "UPDATE leases SET heartbeat = ? WHERE run = ? AND host = ? AND boot_id = ? AND pid = ? "
            "AND start_time = ?",
            now, number, owner.host, owner.bootId, owner.pid, static_cast<std::int64_t>(owner.startTime))
          .run();
  if (changed == 1) return {};
  return fail("run.lease_lost", LATHE_TEXT("errors", "Run {run} no longer belongs to this process."),
              LATHE_TEXT("errors", "Open the project again to see who works on it."),
              {{"run", std::to_string(number)}});
}

Result<void> requestControl(Connection& connection, RunNumber number, ControlRequest request, std::int64_t now) {
  LATHE_ASSIGN(run, existing(connection, number, now));
  if (request != ControlRequest::None && spec::isFinal(run.status))
    return fail("run.not_running", LATHE_TEXT("errors", "Run {run} is {status}: nobody works on it."),
                LATHE_TEXT("errors", "Resume it first."),
                {{"run", std::to_string(number)}, {"status", spec::name(run.status)}});
  Query(connection, "UPDATE runs SET request = ? WHERE number = ?", static_cast<int>(request), number).run();
  return {};
}

Result<ControlRequest> readControlRequest(Connection& connection, RunNumber number) {
  Query query(connection, "SELECT request FROM runs WHERE number = ?", number);
  if (!query.next()) return noSuchRun(number);
  switch (query.integer(0)) {
    case 1:
      return ControlRequest::Pause;
    case 2:
      return ControlRequest::Cancel;
    default:
      return ControlRequest::None;
  }
}

Result<ControlRequest> takeControlRequest(Connection& connection, RunNumber number) {
  auto request = readControlRequest(connection, number);
  if (request) Query(connection, "UPDATE runs SET request = 0 WHERE number = ?", number).run();
  return request;
}

Result<void> removeRun(Connection& connection, RunNumber number, std::int64_t now) {
  LATHE_ASSIGN(run, existing(connection, number, now));
  if (run.removed) return {};
  if (!spec::allowed(spec::RunAction::Remove, run.status)) return alreadyRunning(number);
  Query(connection, "UPDATE runs SET removed = 1, removed_at = ? WHERE number = ?", now, number).run();
  return {};
}

Result<void> restoreRun(Connection& connection, RunNumber number) {
  const int changed = Query(connection, "UPDATE runs SET removed = 0, removed_at = 0 WHERE number = ?", number).run();
  if (changed == 0) return noSuchRun(number);
  return {};
}

void eraseRun(Connection& connection, RunNumber number) {
  for (const char* sql :
       {"DELETE FROM run_documents WHERE run = ?", "DELETE FROM run_metrics WHERE run = ?",
        "DELETE FROM run_parameters WHERE run = ?", "DELETE FROM run_environment WHERE run = ?",
        "DELETE FROM run_tags WHERE run = ?", "DELETE FROM events WHERE run = ?", "DELETE FROM artefacts WHERE run = ?",
        "DELETE FROM leases WHERE run = ?", "DELETE FROM runs WHERE number = ?"})
    Query(connection, sql, number).run();
}

std::vector<RunNumber> removedRuns(Connection& connection, std::int64_t before) {
  Query query(connection, "SELECT number FROM runs WHERE removed = 1 AND removed_at < ?", before);
  std::vector<RunNumber> numbers;
  while (query.next()) numbers.push_back(query.integer(0));
  return numbers;
}

Result<int> countTestLook(Connection& connection, RunNumber number) {
  Query query(connection, "UPDATE runs SET test_looks = test_looks + 1 WHERE number = ? RETURNING test_looks", number);
  if (!query.next()) return noSuchRun(number);
  return static_cast<int>(query.integer(0));
}

}  // namespace lathe::store::sqlite
