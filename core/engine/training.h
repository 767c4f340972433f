// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/buffers.h"
#include "core/engine/checkpoint.h"
#include "core/engine/value_histogram.h"
#include "core/spec/experiment.h"
#include "core/spec/schema.h"

/// A training as a job: what goes in, what is asked of it and reported while it runs, what comes out.
namespace lathe::engine {

/// What is asked of a running training. Set from any thread; seen at the next step.
class TrainingControl {
 public:
  enum class Request { None, Pause, Cancel };
  void request(Request r) { m_request.store(r, std::memory_order_relaxed); }
  [[nodiscard]] Request requested() const { return m_request.load(std::memory_order_relaxed); }

 private:
  std::atomic<Request> m_request{Request::None};
};

struct TrainingProgress {
  std::int64_t step = 0, totalSteps = 0;
  int epoch = 0, totalEpochs = 0;  ///< epoch counts from 1 while running
  double samplesPerSecond = 0;     ///< over the last second or so
  double secondsLeft = -1;         ///< -1: not known yet
};

struct CheckpointInfo {
  std::filesystem::path file;
  std::int64_t step = 0;
  int epoch = 0;
  bool best = false;  ///< best so far by the monitor; else the last state
};

/// Outputs for a few rows of the validation part, chosen by the seed, after an epoch.
struct PredictionSnapshot {
  std::int64_t step = 0;
  int epoch = 0;
  std::vector<std::uint32_t> rows;  ///< of the dataset, ascending
  std::size_t columns = 0;          ///< as in Predictions
  std::vector<float> values;
  double threshold = 0.5;  ///< as in Scoring
};
inline constexpr std::size_t rowsOfSnapshot = 16;

/// Where a training reports, from its own thread, the two about checkpoints from the thread that writes them.
/// Implementations return quickly (they queue) and never throw.
class TrainingObserver {
 public:
  virtual ~TrainingObserver() = default;
  /// Registers a curve ("train/loss", "optim/lr", "system/samples_per_second"); the number is valid for this training.
  virtual int series(const std::string& name) = 0;
  /// Steps count from 1. Called for each step of each train/ curve.
  virtual void point(int series, std::int64_t step, double value) = 0;
  virtual void progress(const TrainingProgress& progress) = 0;
  /// Something worth keeping ("best", "early_stopping", "lr_reduced"), with a LATHE_TEXT("events", ...) sentence.
  virtual void event(const std::string& kind, const Message& message) = 0;
  /// Checkpoint files are about to be replaced: what was reported before they were begun must be safe on disk when this
  /// returns, or a process killed right after would resume beyond its own curves. May block; with an error nothing is
  /// replaced and the training ends with it. From the checkpoints' thread, while steps go on.
  virtual Result<void> beforeCheckpoint() { return {}; }
  /// How weights and gradients of a step are spread, at the steps that training.histograms chooses.
  virtual void histograms(std::int64_t /*step*/, const ParameterHistograms& /*histograms*/) {}
  /// What the model says of a few validation rows, the same ones after each epoch.
  virtual void predictions(const PredictionSnapshot& snapshot) { static_cast<void>(snapshot); }
  /// A checkpoint file is complete on disk, and is not replaced before this returns. From the checkpoints' thread.
  virtual void checkpoint(const CheckpointInfo& info) = 0;
};

struct TrainingRequest {
  spec::ModelDescription model;
  spec::TrainingSpec training;  ///< resolved: batchSize, threads, device, loss are concrete
  std::shared_ptr<const data::Dataset> data;
  std::filesystem::path checkpointFolder;           ///< best, last and previous.ckpt go here; empty: none is written
  std::optional<std::filesystem::path> resumeFrom;  ///< a last.ckpt or previous.ckpt: continue bit for bit
  std::string weightColumn;                         ///< where data->weights come from; only kept with the model
  /// Parameters of the program, by name, that start from these numbers instead of random ones (initial_weights.h);
  /// null: none. Not looked at when the training resumes.
  std::shared_ptr<const std::vector<NamedTensor>> initialWeights = {};
  /// Checkpoints are forced to the disk and the one before is kept; else only a kill is survived, and none is written
  /// before half a second or the end: for many short trainings.
  bool lasting = true;
  bool inherits = false;  ///< resumeFrom is another training's: whatever of the settings differs, its state is taken
};

enum class TrainingOutcome { Completed, Paused, Cancelled };

struct TrainingSummary {
  TrainingOutcome outcome = TrainingOutcome::Completed;
  int epochs = 0;  ///< really done
  std::int64_t steps = 0;
  double samplesPerSecond = 0;  ///< over the whole training, validation excluded
  spec::ValueMap metrics;       ///< "train/loss", "val/accuracy" ...: values at the best checkpoint
  int bestEpoch = 0;
  std::filesystem::path bestCheckpoint;
  std::filesystem::path lastCheckpoint;
  double checkpointSeconds = 0;  ///< that the training's thread gave for checkpoints: copying, and waiting at the end
};

}  // namespace lathe::engine
