// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/store/sqlite/connection.h"
#include "core/store/sqlite/curve_reader.h"
#include "core/store/sqlite/errors.h"
#include "core/store/sqlite/sqlite_store.h"
#include "core/store/sqlite/store_studies.h"
#include "core/store/sqlite/watch_mark.h"
#include "core/store/sqlite/writer.h"

namespace lathe::store::sqlite {

/// RunStore over a file that open.cpp has checked and migrated.
class SqliteStore final : public RunStore {
 public:
  /// `writing` null: read-only.
  SqliteStore(std::filesystem::path file, Access readAccess, std::unique_ptr<Connection> writing, const Clock& clock);
  ~SqliteStore() override;
  SqliteStore(const SqliteStore&) = delete;
  SqliteStore& operator=(const SqliteStore&) = delete;

  [[nodiscard]] bool readOnly() const override { return m_writer == nullptr; }

  Result<ExperimentRecord> saveExperiment(std::int64_t id, const std::string& name,
                                          const std::string& specJson) override;
  Result<std::vector<ExperimentRecord>> experiments() const override;
  Result<ExperimentRecord> experiment(std::int64_t id, int version) const override;

  Result<RunNumber> createRun(const NewRun& run, spec::RunStatus status, const ProcessIdentity& owner) override;
  Result<RunRecord> run(RunNumber number) const override;
  Result<std::vector<RunRecord>> runs(const RunFilter& filter) const override;
  Result<std::string> runSpec(RunNumber number) const override;
  Result<std::string> runModel(RunNumber number) const override;
  Result<std::map<std::string, std::string>> runParameters(RunNumber number) const override;
  Result<std::map<std::string, std::string>> runEnvironment(RunNumber number) const override;
  Result<void> updateRun(RunNumber number, const RunUpdate& update) override;
  Result<void> setStatus(RunNumber number, spec::RunStatus to, const std::optional<Error>& error) override;
  Result<void> takeOver(RunNumber number, const ProcessIdentity& owner) override;
  Result<void> heartbeat(RunNumber number, const ProcessIdentity& owner) override;
  Result<void> requestControl(RunNumber number, ControlRequest request) override;
  Result<ControlRequest> takeControlRequest(RunNumber number) override;
  Result<void> removeRun(RunNumber number) override;
  Result<void> restoreRun(RunNumber number) override;
  Result<int> purgeRemoved(std::int64_t olderThanMicros) override;
  Result<int> countTestLook(RunNumber number) override;

  Result<std::int64_t> seriesId(RunNumber run, const std::string& name) override;
  void append(std::int64_t series, std::int64_t step, double value) override;
  void append(std::int64_t series, std::span<const Point> points) override;
  void appendNamed(RunNumber run, std::vector<NamedPoints> curves) override;
  Result<void> truncate(RunNumber run, std::int64_t step) override;
  Result<std::vector<SeriesInfo>> series(RunNumber run) const override;
  Result<std::vector<Point>> points(RunNumber run, const std::string& name, std::int64_t fromStep) const override;
  Result<std::vector<ColumnRange>> reduced(RunNumber run, const std::string& name, std::int64_t fromStep,
                                           std::int64_t toStep, int columns) const override;

  void addHistograms(RunNumber run, std::int64_t step, std::vector<NamedHistogram> histograms) override;
  Result<std::vector<std::string>> histogramNames(RunNumber run) const override;
  Result<std::vector<HistogramRecord>> histograms(RunNumber run, const std::string& name,
                                                  std::int64_t afterStep) const override;
  void putSnapshot(RunNumber run, SnapshotRecord snapshot) override;
  Result<std::optional<SnapshotRecord>> snapshot(RunNumber run) const override;

  void addEvent(RunNumber run, const std::string& kind, const Message& message) override;
  void addWarning(RunNumber run, const Warning& warning) override;
  Result<std::vector<Event>> events(RunNumber run, std::int64_t afterId) const override;
  Result<std::int64_t> addArtefact(const Artefact& artefact) override;
  Result<std::vector<Artefact>> artefacts(RunNumber run) const override;

  [[nodiscard]] StudyStore& studies() override { return m_studies; }
  [[nodiscard]] const StudyStore& studies() const override { return m_studies; }

  Result<void> setSetting(const std::string& key, const std::string& value) override;
  Result<std::string> setting(const std::string& key) const override;
  Result<void> flush() override;
  [[nodiscard]] std::int64_t changeCounter() const override;
  void setWatched(bool watched) override;
  [[nodiscard]] std::int64_t totalPoints() const override;

 private:
  friend class SqliteStudies;
  void postEvent(RunNumber run, const std::string& kind, const std::string& text);
  /// Runs `body(Connection&)` on a free reading connection, in a snapshot.
  template <class Body>
  auto read(Body&& body) const -> decltype(body(std::declval<Connection&>())) {
    return guarded(m_file, [&] {
      Reading reading(*this);
      const Snapshot snapshot(*reading.connection);
      return body(*reading.connection);
    });
  }
  /// Runs `body(Connection&)` in the writer's transaction and waits for its commit.
  template <class T, class Body>
  Result<T> write(Body&& body) {
    if (!m_writer) return readOnlyError(m_file);
    return m_writer->perform<T>([&](WriteContext& context) -> Result<T> { return body(context.connection); });
  }

  /// A connection on loan.
  struct Reading {
    explicit Reading(const SqliteStore& owner);
    ~Reading();
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    const SqliteStore& store;
    std::unique_ptr<Connection> connection;
  };

  const std::filesystem::path m_file;
  const Access m_readAccess;
  const Clock& m_clock;
  mutable std::mutex m_poolMutex;
  mutable std::vector<std::unique_ptr<Connection>> m_pool;
  mutable CurveReader m_curves;

  mutable std::mutex m_seriesMutex;
  std::map<std::pair<RunNumber, std::string>, std::int64_t> m_series;

  mutable std::mutex m_counterMutex;
  mutable std::unique_ptr<Connection> m_counterConnection;  ///< data_version only counts what others commit
  mutable std::int64_t m_dataVersion = -1;
  mutable std::int64_t m_counter = 0;

  SqliteStudies m_studies{*this};
  std::unique_ptr<WatchMark> m_watch;
  std::unique_ptr<Writer> m_writer;
};

}  // namespace lathe::store::sqlite
