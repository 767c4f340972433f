// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/insight_rows.h"
#include "core/store/sqlite/run_changes.h"
#include "core/store/sqlite/run_rows.h"
#include "core/store/sqlite/store.h"

namespace lathe::store::sqlite {
namespace {

tl::unexpected<Error> noSuchExperiment(std::int64_t id) {
  return fail("experiment.missing", LATHE_TEXT("errors", "There is no experiment {id} in this project."),
              LATHE_TEXT("errors", "Look at the list of experiments for those there are."),
              {{"id", std::to_string(id)}});
}

#define LATHE_EXPERIMENT_COLUMNS "SELECT v.experiment, v.name, v.version, v.spec, v.saved FROM experiment_versions v "

ExperimentRecord experimentFrom(const Query& query) {
  return {query.integer(0), query.text(1), static_cast<int>(query.integer(2)), query.text(3), query.integer(4)};
}

std::optional<ExperimentRecord> readExperiment(Connection& connection, std::int64_t id, int version) {
  Query query(connection,
              LATHE_EXPERIMENT_COLUMNS
              "JOIN experiments e ON e.id = v.experiment WHERE e.id = ? AND v.version = ifnull(nullif(?, 0), e.newest)",
              id, version);
  if (!query.next()) return std::nullopt;
  return experimentFrom(query);
}

}  // namespace

Result<ExperimentRecord> SqliteStore::saveExperiment(std::int64_t id, const std::string& name,
                                                     const std::string& specJson) {
  return write<ExperimentRecord>([&, now = m_clock.nowMicros()](Connection& connection) -> Result<ExperimentRecord> {
    ExperimentRecord record{id, name, 1, specJson, now};
    if (id == 0) {
      Query(connection, "INSERT INTO experiments(newest) VALUES(1)").run();
      record.id = connection.lastRowId();
    } else {
      auto before = readExperiment(connection, id, 0);
      if (!before) return noSuchExperiment(id);
      if (before->name == name && before->specJson == specJson) return std::move(*before);
      record.version = before->version + 1;
      Query(connection, "UPDATE experiments SET newest = ? WHERE id = ?", record.version, id).run();
    }
    Query(connection, "INSERT INTO experiment_versions(experiment, version, name, spec, saved) VALUES(?, ?, ?, ?, ?)",
          record.id, record.version, name, specJson, now)
        .run();
    return record;
  });
}

Result<std::vector<ExperimentRecord>> SqliteStore::experiments() const {
  return read([&](Connection& connection) -> Result<std::vector<ExperimentRecord>> {
    Query query(connection, LATHE_EXPERIMENT_COLUMNS
                "JOIN experiments e ON e.id = v.experiment AND v.version = e.newest ORDER BY v.saved DESC, e.id DESC");
    std::vector<ExperimentRecord> records;
    while (query.next()) records.push_back(experimentFrom(query));
    return records;
  });
}

Result<ExperimentRecord> SqliteStore::experiment(std::int64_t id, int version) const {
  return read([&](Connection& connection) -> Result<ExperimentRecord> {
    auto record = readExperiment(connection, id, version);
    if (!record) return noSuchExperiment(id);
    return std::move(*record);
  });
}

Result<RunNumber> SqliteStore::createRun(const NewRun& run, spec::RunStatus status, const ProcessIdentity& owner) {
  return write<RunNumber>(
      [&](Connection& connection) { return sqlite::createRun(connection, run, status, owner, m_clock.nowMicros()); });
}

Result<RunRecord> SqliteStore::run(RunNumber number) const {
  return read([&](Connection& connection) -> Result<RunRecord> {
    auto record = readRun(connection, number, m_clock.nowMicros());
    if (!record) return noSuchRun(number);
    return std::move(*record);
  });
}

Result<std::vector<RunRecord>> SqliteStore::runs(const RunFilter& filter) const {
  return read([&](Connection& connection) -> Result<std::vector<RunRecord>> {
    return readRuns(connection, filter, m_clock.nowMicros());
  });
}

Result<std::string> SqliteStore::runSpec(RunNumber number) const {
  return read([&](Connection& connection) -> Result<std::string> {
    auto content = readDocument(connection, number, "spec");
    if (!content) return noSuchRun(number);
    return std::move(*content);
  });
}

Result<std::string> SqliteStore::runModel(RunNumber number) const {
  return read([&](Connection& connection) -> Result<std::string> {
    auto content = readDocument(connection, number, "model");
    if (!content) return noSuchRun(number);
    return std::move(*content);
  });
}

Result<std::map<std::string, std::string>> SqliteStore::runParameters(RunNumber number) const {
  return read([&](Connection& connection) -> Result<std::map<std::string, std::string>> {
    return readParameters(connection, number);
  });
}

Result<std::map<std::string, std::string>> SqliteStore::runEnvironment(RunNumber number) const {
  return read([&](Connection& connection) -> Result<std::map<std::string, std::string>> {
    return readEnvironment(connection, number);
  });
}

Result<void> SqliteStore::updateRun(RunNumber number, const RunUpdate& update) {
  return write<void>(
      [&](Connection& connection) { return sqlite::updateRun(connection, number, update, m_clock.nowMicros()); });
}

Result<void> SqliteStore::setStatus(RunNumber number, spec::RunStatus to, const std::optional<Error>& error) {
  return write<void>(
      [&](Connection& connection) { return sqlite::setStatus(connection, number, to, error, m_clock.nowMicros()); });
}

Result<void> SqliteStore::takeOver(RunNumber number, const ProcessIdentity& owner) {
  return write<void>(
      [&](Connection& connection) { return sqlite::takeOver(connection, number, owner, m_clock.nowMicros()); });
}

Result<void> SqliteStore::heartbeat(RunNumber number, const ProcessIdentity& owner) {
  return write<void>(
      [&](Connection& connection) { return sqlite::heartbeat(connection, number, owner, m_clock.nowMicros()); });
}

Result<void> SqliteStore::requestControl(RunNumber number, ControlRequest request) {
  return write<void>(
      [&](Connection& connection) { return sqlite::requestControl(connection, number, request, m_clock.nowMicros()); });
}

Result<ControlRequest> SqliteStore::takeControlRequest(RunNumber number) {
  // Asked many times a second and nearly always none: no write for that.
  auto request = read([&](Connection& connection) { return readControlRequest(connection, number); });
  if (!request || *request == ControlRequest::None) return request;
  return write<ControlRequest>([&](Connection& connection) { return sqlite::takeControlRequest(connection, number); });
}

Result<void> SqliteStore::removeRun(RunNumber number) {
  return write<void>(
      [&](Connection& connection) { return sqlite::removeRun(connection, number, m_clock.nowMicros()); });
}

Result<void> SqliteStore::restoreRun(RunNumber number) {
  return write<void>([&](Connection& connection) { return sqlite::restoreRun(connection, number); });
}

Result<int> SqliteStore::purgeRemoved(std::int64_t olderThanMicros) {
  if (!m_writer) return readOnlyError(m_file);
  const auto before = m_clock.nowMicros() - olderThanMicros;
  return m_writer->perform<int>([&](WriteContext& context) -> Result<int> {
    const auto numbers = removedRuns(context.connection, before);
    for (const auto number : numbers) {
      context.curves.erase(context.connection, number);
      truncateInsights(context.connection, number, -1);
      eraseRun(context.connection, number);
    }
    return static_cast<int>(numbers.size());
  });
}

Result<int> SqliteStore::countTestLook(RunNumber number) {
  return write<int>([&](Connection& connection) { return sqlite::countTestLook(connection, number); });
}

}  // namespace lathe::store::sqlite
