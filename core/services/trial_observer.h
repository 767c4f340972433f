// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "core/engine/engine.h"
#include "core/store/run_store.h"

namespace lathe::services {

/// Keeps what one trial reports: its curves in memory, handed to the store in one piece now and then, so that a
/// thousand short trials do not wait for a thousand times twenty curves to be made. Checkpoints are told by the thread
/// that writes them, all else by the engine's.
class TrialObserver final : public engine::TrainingObserver {
 public:
  /// Hears the goal after each epoch, `epoch` counted from 1 over the whole trial.
  using Judge = std::function<void(std::int64_t epoch, double value)>;

  /// `stepsPerEpoch` tells epochs of a resumed training; `after` points up to this step are there already.
  TrialObserver(store::RunStore& store, store::RunNumber run, std::string goal, std::int64_t stepsPerEpoch,
                std::int64_t after, Judge judge);
  /// From here on all curves have this before their names and are kept until flush(): of what is given up (the fold
  /// that was stopped half way) nothing remains.
  void hold(std::string prefix);

  int series(const std::string& name) override;
  void point(int series, std::int64_t step, double value) override;
  void progress(const engine::TrainingProgress& progress) override;
  void event(const std::string& kind, const Message& message) override;
  Result<void> beforeCheckpoint() override;
  void checkpoint(const engine::CheckpointInfo& info) override;

  /// Queues what is not in the store yet.
  void flush();
  [[nodiscard]] std::int64_t step() const { return m_step; }
  [[nodiscard]] engine::TrainingProgress lastProgress() const { return m_progress; }
  [[nodiscard]] std::filesystem::path bestFile() const;
  [[nodiscard]] std::filesystem::path lastFile() const;

 private:
  struct Curve {
    std::string name;
    std::vector<store::Point> points;
  };
  void hand();

  store::RunStore& m_store;
  const store::RunNumber m_run;
  const std::string m_goal;
  const std::int64_t m_stepsPerEpoch;
  const std::int64_t m_after;
  const Judge m_judge;
  std::string m_prefix;
  bool m_holding = false;
  mutable std::mutex m_mutex;  // guards what follows: the checkpoints' thread hands points on as well
  std::vector<Curve> m_curves;
  std::size_t m_held = 0;
  double m_lastHand;
  std::filesystem::path m_best, m_last;
  // the engine's thread only
  std::int64_t m_step = 0;
  engine::TrainingProgress m_progress;
};

}  // namespace lathe::services
