// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/engine/checkpoint_writer.h"
#include "core/engine/training_loop.h"
#include "core/engine/training_state.h"

namespace lathe::engine {

/// Writes best.ckpt (weights) and last.ckpt (everything) of a training, and keeps the last.ckpt before it as
/// previous.ckpt. The training's thread only copies the state, into memory that it uses again and again; a thread of
/// its own flushes the observer, hashes, writes, syncs and renames. While one checkpoint is being written no other is
/// due: the training never waits for a disk, except at its end and when it pauses. The best state waits in memory
/// between writes, so that a training of a millisecond an epoch is not a training of the disk. best.ckpt is always
/// written before the last.ckpt that refers to it. Without a folder in the request nothing is ever written.
class CheckpointKeeper {
 public:
  CheckpointKeeper(const TrainingRequest& request, std::string engineName, Learner& learner, TrainingObserver& observer,
                   const Clock& clock);

  /// In mid-epoch: true when nothing was written for so many seconds (0: never).
  [[nodiscard]] bool due(double seconds) const;
  /// True when half a second has passed since the last write (or the start), or two hundred times what that cost, so
  /// that short epochs of a large network do not spend much on checkpoints; but at the latest after `seconds`.
  [[nodiscard]] bool dueAtEpochEnd(double seconds) const;
  /// A write that failed in the meantime. Cheap: ask at each step.
  Result<void> failure() { return m_writer.failed() ? m_writer.wait() : Result<void>(); }

  void rememberBest(const TrainingState& state);
  /// Begins to write. Waits only when the checkpoint before is not done.
  Result<void> writeAll(const TrainingState& state);
  /// Writes, unless it has been, on the calling thread, and returns when all of it lies on the disk.
  Result<void> finish(const TrainingState& state);
  /// After a failure: the best state, so that what was learnt stays. Blocks.
  Result<void> flushBest();

  /// Keeps the learner's state in memory, to go back to. It is written into each last.ckpt (tensors "good.NAME"), so
  /// that a resumed training goes back to the same.
  void rememberGood();
  [[nodiscard]] bool hasGood() const { return !m_good[m_goodNow].tensors.empty(); }
  Result<void> goBack();
  /// Reads request.resumeFrom into the learner. `expected` holds what must not have changed.
  Result<TrainingState> restore(const TrainingState& expected);
  /// Seconds that the training's thread gave for all of it.
  [[nodiscard]] double spent() const { return m_spent; }
  /// Empty without a folder.
  [[nodiscard]] std::filesystem::path bestFile() const { return file("best.ckpt"); }
  [[nodiscard]] std::filesystem::path lastFile() const { return file("last.ckpt"); }

 private:
  /// A state in memory, of the training's thread or of the writer's.
  struct Kept {
    bool waiting = false;
    Checkpoint content;
    TrainingState state;
  };

  [[nodiscard]] std::filesystem::path file(const char* name) const;
  [[nodiscard]] bool enabled() const { return !m_request.checkpointFolder.empty(); }
  void prepare(const TrainingState* last);
  /// Whether there is anything that the last write has not written.
  [[nodiscard]] bool isNew(const TrainingState& state) const;
  void wrote(const TrainingState& state, double at);
  Result<void> refuseOthers(const Checkpoint& checkpoint, const TrainingState& found,
                            const TrainingState& expected) const;
  Result<void> keepBestOf(const std::filesystem::path& resumed, TrainingState& state);
  // the writer's thread
  Result<void> work();
  [[nodiscard]] std::map<std::string, std::string> metaOf(const TrainingState& state) const;
  Result<void> write(const Kept& kept, bool best);

  const TrainingRequest& m_request;
  std::string m_engineName;
  Learner& m_learner;
  TrainingObserver& m_observer;
  const Clock& m_clock;
  std::shared_ptr<const std::string> m_modelJson;
  std::string m_settingsJson;
  Kept m_best;
  std::array<Checkpoint, 2> m_good;  ///< one of them may be with the writer
  std::size_t m_goodNow = 0;
  std::optional<double> m_lastWrite;
  double m_copyCost = 0, m_spent = 0;
  std::int64_t m_lastStep = -1;
  int m_lastEpochs = -1;
  double m_started;
  // The writer's while it is busy.
  struct Job {
    Kept best, last;
    std::optional<std::size_t> good;  ///< which of m_good goes with it
    bool keepsPrevious = false;       ///< there is a last.ckpt of this training, and it is whole
    bool tidied = false;
  } m_job;
  CheckpointWriter m_writer;  // last: its thread uses all of the above
};

/// Where the last.ckpt before `last` is kept.
[[nodiscard]] std::filesystem::path previousCheckpoint(const std::filesystem::path& last);

}  // namespace lathe::engine
