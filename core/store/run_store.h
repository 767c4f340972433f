// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/store/insight_records.h"
#include "core/store/records.h"
#include "core/store/study_store.h"

namespace lathe::store {

/// Experiments, runs, curves, events and artefacts of one project. Thread-safe. Readers never wait for writers; writes
/// are queued to one writer thread, except those that answer something, which wait for their commit. Another process
/// may have the same store open.
class RunStore {
 public:
  virtual ~RunStore() = default;
  [[nodiscard]] virtual bool readOnly() const = 0;

  // experiments
  virtual Result<ExperimentRecord> saveExperiment(
      std::int64_t id, const std::string& name,
      const std::string& specJson) = 0;  ///< id 0: new; else the next version (none when nothing changed)
  virtual Result<std::vector<ExperimentRecord>> experiments() const = 0;  ///< newest version of each, newest first
  virtual Result<ExperimentRecord> experiment(std::int64_t id, int version = 0) const = 0;  ///< version 0: newest

  // runs
  /// Creates a run in `status` (Queued or Running; Running takes the lease for `owner` in the same transaction).
  virtual Result<RunNumber> createRun(const NewRun& run, spec::RunStatus status, const ProcessIdentity& owner) = 0;
  virtual Result<RunRecord> run(RunNumber number) const = 0;
  virtual Result<std::vector<RunRecord>> runs(const RunFilter& filter = {}) const = 0;  ///< newest first
  virtual Result<std::string> runSpec(RunNumber number) const = 0;
  virtual Result<std::string> runModel(RunNumber number) const = 0;  ///< ModelDescription as JSON
  virtual Result<std::map<std::string, std::string>> runParameters(RunNumber number) const = 0;
  virtual Result<std::map<std::string, std::string>> runEnvironment(RunNumber number) const = 0;
  virtual Result<void> updateRun(RunNumber number, const RunUpdate& update) = 0;
  /// Atomic; refuses what the life-cycle table forbids ("run.bad_transition"). Ending statuses release the lease.
  virtual Result<void> setStatus(RunNumber number, spec::RunStatus to, const std::optional<Error>& error = {}) = 0;
  /// Takes a paused, interrupted, failed, cancelled, pruned or completed run for `owner` and sets it running; exactly
  /// one of several callers wins, the others get "run.already_running".
  virtual Result<void> takeOver(RunNumber number, const ProcessIdentity& owner) = 0;
  virtual Result<void> heartbeat(RunNumber number, const ProcessIdentity& owner) = 0;
  virtual Result<void> requestControl(RunNumber number, ControlRequest request) = 0;
  virtual Result<ControlRequest> takeControlRequest(RunNumber number) = 0;  ///< reads and clears
  virtual Result<void> removeRun(RunNumber number) = 0;                     ///< can be brought back for seven days
  virtual Result<void> restoreRun(RunNumber number) = 0;
  /// Deletes for good what was removed more than so many microseconds ago; gives how many runs that were.
  virtual Result<int> purgeRemoved(std::int64_t olderThanMicros) = 0;
  virtual Result<int> countTestLook(RunNumber number) = 0;  ///< gives the new count

  // curves
  /// Number of a curve, made when new. Cheap; blocks for one commit when new.
  virtual Result<std::int64_t> seriesId(RunNumber run, const std::string& name) = 0;
  /// Queues points; never blocks on the disk (back-pressure only beyond some million queued points). Steps ascend
  /// within a curve (a point at or before the last step is left out); after a resume points from `step` on are
  /// replaced: see truncate().
  virtual void append(std::int64_t series, std::int64_t step, double value) = 0;
  virtual void append(std::int64_t series, std::span<const Point> points) = 0;
  /// Queues points of curves by their names, which are made where they are new: for whoever has many short runs.
  virtual void appendNamed(RunNumber run, std::vector<NamedPoints> curves) = 0;
  /// Drops all points, histograms and predictions of a run after `step` (resume from a checkpoint: no gap, no double
  /// point). Waits for its commit.
  virtual Result<void> truncate(RunNumber run, std::int64_t step) = 0;
  virtual Result<std::vector<SeriesInfo>> series(RunNumber run) const = 0;
  /// All points with step >= fromStep.
  virtual Result<std::vector<Point>> points(RunNumber run, const std::string& name,
                                            std::int64_t fromStep = 0) const = 0;
  /// Lossless reduction to `columns` pixel columns over [fromStep, toStep]: each column's first, last, min and max.
  /// Step s belongs to column (s - fromStep) * columns / (toStep - fromStep + 1); columns without points are left out.
  /// The least and the greatest int64 stand for the curve's own first and last step.
  virtual Result<std::vector<ColumnRange>> reduced(RunNumber run, const std::string& name, std::int64_t fromStep,
                                                   std::int64_t toStep, int columns) const = 0;

  // what else a training shows
  /// Queued like points; one that is there already is replaced.
  virtual void addHistograms(RunNumber run, std::int64_t step, std::vector<NamedHistogram> histograms) = 0;
  virtual Result<std::vector<std::string>> histogramNames(RunNumber run) const = 0;  ///< sorted
  /// Ascending by step, those with step > afterStep.
  virtual Result<std::vector<HistogramRecord>> histograms(RunNumber run, const std::string& name,
                                                          std::int64_t afterStep = 0) const = 0;
  /// Queued; takes the place of the run's last one. Without pixels those that are there stay.
  virtual void putSnapshot(RunNumber run, SnapshotRecord snapshot) = 0;
  virtual Result<std::optional<SnapshotRecord>> snapshot(RunNumber run) const = 0;

  // events and artefacts
  virtual void addEvent(RunNumber run, const std::string& kind, const Message& message) = 0;
  /// An event of kind "warning" that keeps code and hint as well.
  virtual void addWarning(RunNumber run, const Warning& warning) = 0;
  virtual Result<std::vector<Event>> events(RunNumber run, std::int64_t afterId = 0) const = 0;
  virtual Result<std::int64_t> addArtefact(const Artefact& artefact) = 0;
  virtual Result<std::vector<Artefact>> artefacts(RunNumber run = 0) const = 0;  ///< 0: of all runs

  [[nodiscard]] virtual StudyStore& studies() = 0;
  [[nodiscard]] virtual const StudyStore& studies() const = 0;

  // project
  virtual Result<void> setSetting(const std::string& key, const std::string& value) = 0;
  virtual Result<std::string> setting(const std::string& key) const = 0;  ///< "" when never set
  /// Waits until everything queued so far is committed; gives the first write error since the last call (disk full
  /// ...).
  virtual Result<void> flush() = 0;
  /// Grows whenever anything was committed, by this or another process: cheap to poll each frame.
  [[nodiscard]] virtual std::int64_t changeCounter() const = 0;
  /// Commits every 40 ms while watched, every 250 ms otherwise.
  virtual void setWatched(bool watched) = 0;
  /// Points committed in all, for the status bar.
  [[nodiscard]] virtual std::int64_t totalPoints() const = 0;
};

}  // namespace lathe::store
