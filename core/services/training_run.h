// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "core/services/machine_curves.h"
#include "core/services/run_observer.h"
#include "core/services/training_service.h"

namespace lathe::services {

/// What one training starts from.
struct TrainingPlan {
  std::shared_ptr<Project> project;  // kept alive until the run has ended
  store::RunNumber number = 0;
  spec::ExperimentSpec spec;
  bool deterministic = true;
  bool resumed = false;
  std::optional<std::filesystem::path> checkpoint;  ///< to go on from; none: from step 1
  double secondsBefore = 0;                         ///< running time of earlier sittings
  LiveSink sink;
};

/// One training of this process: a thread, niced beside a window, that reads, resolves, trains and scores, and a second
/// one that keeps the lease, listens for other processes and writes how far it is. The run's status in the store
/// follows the life cycle table; its last status is always written before wait() returns, or kept in unsaved() when the
/// disk refuses it.
class TrainingRun {
 public:
  /// Called when the store could not write, from the second thread.
  using StoreFailed = std::function<void(const std::filesystem::path& project, const Error& error)>;

  TrainingRun(std::shared_ptr<engine::Engine> engine, Priority priority, TrainingPlan plan, StoreFailed storeFailed);
  TrainingRun(const TrainingRun&) = delete;
  TrainingRun& operator=(const TrainingRun&) = delete;
  ~TrainingRun() = default;

  [[nodiscard]] bool is(const std::filesystem::path& project, store::RunNumber number) const {
    return number == m_plan.number && project == m_folder;
  }
  [[nodiscard]] const std::filesystem::path& projectFolder() const { return m_folder; }

  /// Pause or Cancel at the next step. "run.not_running" when it has ended already.
  Result<void> ask(store::ControlRequest request);
  /// The project's store cannot write: stops the training, which then fails with this error.
  void stopBecause(const Error& error);

  [[nodiscard]] LiveRun live() const;
  [[nodiscard]] bool finished() const;
  void wait() const;

  struct Ending {
    spec::RunStatus status = spec::RunStatus::Completed;
    std::optional<Error> error;
    store::RunUpdate update;
  };
  /// How it ended, when the store could not be told.
  [[nodiscard]] std::optional<Ending> unsaved() const;

 private:
  void work();
  Ending train();
  Result<ResolvedTraining> prepare();
  Result<void> choose(ResolvedTraining& resolved);
  Result<void> noteResolved(const ResolvedTraining& resolved);
  Result<void> score(const ResolvedTraining& resolved, const engine::TrainingSummary& summary,
                     std::map<std::string, double>& metrics);
  Ending ended(spec::RunStatus status, std::optional<Error> error = {}) const;
  Ending endedByRequest() const;
  Ending endedWith(const engine::TrainingSummary& summary, std::map<std::string, double> metrics) const;
  void finish(Ending ending);
  void keepArtefacts();
  [[nodiscard]] store::RunUpdate progressUpdate() const;

  void watch(const std::stop_token& stop);
  void watchStore(Project& project);
  void showPredictions();
  void watchMachine(Project& project, MachineCurves& curves) const;
  void watchData(Project& project);

  [[nodiscard]] std::shared_ptr<Project> project() const;
  [[nodiscard]] double seconds() const;

  const std::shared_ptr<engine::Engine> m_engine;  // shared by all trainings of the service
  const Priority m_priority;
  TrainingPlan m_plan;
  const std::filesystem::path m_folder;
  const StoreFailed m_storeFailed;
  const double m_started;
  engine::TrainingControl m_control;
  std::stop_source m_stopReading;

  mutable std::mutex m_mutex;
  mutable std::condition_variable m_changed;
  std::unique_ptr<RunObserver> m_observer;
  std::optional<Error> m_stopError;
  std::optional<Ending> m_unsaved;
  bool m_finished = false;
  std::vector<Message> m_weightNotes;  // the first thread only
  bool m_dataGone = false;             // the second thread only
  bool m_leaseLost = false;            // the second thread, and the first one after joining it

  std::jthread m_thread;  // last: joined before the rest goes
};

}  // namespace lathe::services
