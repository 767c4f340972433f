// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/engine/engine.h"
#include "core/services/project.h"
#include "core/services/run_predictions.h"
#include "core/services/training_service.h"

namespace lathe::services {

/// What is newest of a training, for another thread to look at.
struct RunSnapshot {
  engine::TrainingProgress progress;
  std::int64_t step = 0;                 ///< of the newest point: at least progress.step
  std::map<std::string, double> newest;  ///< last value of each train/ and val/ curve
  std::optional<engine::CheckpointInfo> best, last;
};

/// Carries an engine's points, events and checkpoints to the store, and its progress to the sink, coalesced. The
/// engine calls it from one thread, what is about checkpoints from a second one; snapshot() may be called from any.
class RunObserver final : public engine::TrainingObserver {
 public:
  RunObserver(Project& project, store::RunNumber run, std::shared_ptr<const data::Dataset> data, LiveSink sink);
  RunObserver(const RunObserver&) = delete;
  RunObserver& operator=(const RunObserver&) = delete;
  ~RunObserver() override = default;

  /// Goes on from a checkpoint: drops what was stored after `step`; points that are there already are not stored twice.
  Result<void> continueFrom(std::int64_t step);

  int series(const std::string& name) override;
  void point(int series, std::int64_t step, double value) override;
  void progress(const engine::TrainingProgress& progress) override;
  void event(const std::string& kind, const Message& message) override;
  void histograms(std::int64_t step, const engine::ParameterHistograms& histograms) override;
  void predictions(const engine::PredictionSnapshot& snapshot) override { m_predictions.see(snapshot); }
  Result<void> beforeCheckpoint() override;
  void checkpoint(const engine::CheckpointInfo& info) override;

  /// Queues the newest predictions. From any thread.
  void writePredictions() { m_predictions.write(m_store, m_run); }
  /// Hands the newest progress to the sink when it still waits.
  void flushSink();
  [[nodiscard]] RunSnapshot snapshot() const;
  /// The first error in keeping a curve; the run fails with it.
  [[nodiscard]] std::optional<Error> failure() const;

 private:
  struct Curve {
    std::string name;
    std::int64_t id = 0;
    std::int64_t lastStored = 0;
    std::atomic<double> newest{0};
    std::atomic<bool> any{false};
  };
  [[nodiscard]] std::map<std::string, double> newestLocked() const;
  void offerToSink();

  store::RunStore& m_store;
  const store::RunNumber m_run;
  const LiveSink m_sink;
  PredictionsKeeper m_predictions;
  std::map<std::string, std::int64_t> m_lastSteps;  // of the curves kept by continueFrom()

  std::atomic<std::int64_t> m_step{0};
  mutable std::mutex m_mutex;  // guards growing m_curves, and what follows
  std::deque<Curve> m_curves;  // the engine's thread alone adds, so it reads elements without the lock
  engine::TrainingProgress m_progress;
  std::optional<engine::CheckpointInfo> m_best, m_last;
  std::optional<Error> m_failure;

  // the engine's thread only
  double m_lastOffer = -1;
  bool m_waiting = false;
  int m_pointsSinceLook = 0;
};

}  // namespace lathe::services
