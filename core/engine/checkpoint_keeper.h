// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/engine/training_loop.h"
#include "core/engine/training_state.h"

namespace lathe::engine {

/// Writes best.ckpt (weights) and last.ckpt (everything) of a training. The best state waits in memory between writes,
/// so that a training of a millisecond an epoch is not a training of the disk. best.ckpt is always written before the
/// last.ckpt that refers to it.
class CheckpointKeeper {
 public:
  CheckpointKeeper(const TrainingRequest& request, std::string engineName, Learner& learner, TrainingObserver& observer,
                   const Clock& clock);

  /// In mid-epoch: true when nothing was written for so many seconds (0: never).
  [[nodiscard]] bool due(double seconds) const;
  /// True for the first epoch, and when the last write is half a second (or `seconds`, if less) ago.
  [[nodiscard]] bool dueAtEpochEnd(double seconds) const;
  void rememberBest(const TrainingState& state);
  Result<void> flushBest();
  Result<void> writeAll(const TrainingState& state);
  /// Keeps the learner's state in memory, to go back to. It is written into each last.ckpt (tensors "good.NAME"), so
  /// that a resumed training goes back to the same.
  void rememberGood();
  [[nodiscard]] bool hasGood() const { return !m_good.tensors.empty(); }
  Result<void> goBack();
  /// Reads request.resumeFrom into the learner. `expected` holds what must not have changed.
  Result<TrainingState> restore(const TrainingState& expected);
  /// A training without a folder only tries something.
  [[nodiscard]] bool keepsFiles() const { return !m_request.checkpointFolder.empty(); }
  [[nodiscard]] std::filesystem::path bestFile() const { return m_request.checkpointFolder / "best.ckpt"; }
  [[nodiscard]] std::filesystem::path lastFile() const { return m_request.checkpointFolder / "last.ckpt"; }

 private:
  [[nodiscard]] Checkpoint snapshot(const TrainingState& state, bool resumable) const;
  Result<void> write(const Checkpoint& checkpoint, CheckpointInfo info);
  Result<void> keepBestOf(const std::filesystem::path& resumed, TrainingState& state);

  const TrainingRequest& m_request;
  std::string m_engineName;
  Learner& m_learner;
  TrainingObserver& m_observer;
  const Clock& m_clock;
  std::string m_modelJson;
  std::optional<Checkpoint> m_best;  ///< not on disk yet
  CheckpointInfo m_bestInfo;
  Checkpoint m_good;
  std::optional<double> m_lastWrite;
  std::int64_t m_lastStep = -1;
  int m_lastEpochs = -1;
  double m_started;
};

}  // namespace lathe::engine
