// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/progress.h"
#include "core/data/buffers.h"
#include "core/spec/program.h"
#include "core/spec/schema.h"

/// The wall in front of LibTorch: an engine trains and evaluates programs over plain buffers. Implementations:
/// engine_torch, and FakeEngine (fake_engine.h) for tests and builds without LibTorch.
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
  std::string sha256;
  std::int64_t step = 0;
  int epoch = 0;
  bool best = false;  ///< best so far by the monitor; else the last state
};

/// Where a training reports, from its own thread. Implementations return quickly (they queue) and never throw.
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
  /// Checkpoint files are about to be replaced: what was reported so far must be safe on disk when this returns, or a
  /// process killed right after would resume beyond its own curves.
  virtual void beforeCheckpoint() {}
  /// A checkpoint file is complete on disk.
  virtual void checkpoint(const CheckpointInfo& info) = 0;
};

struct TrainingRequest {
  spec::ModelDescription model;
  spec::TrainingSpec training;  ///< resolved: batchSize, threads, device, loss are concrete
  std::shared_ptr<const data::Dataset> data;
  std::filesystem::path checkpointFolder;           ///< best.ckpt and last.ckpt go here
  std::optional<std::filesystem::path> resumeFrom;  ///< a last.ckpt: continue bit for bit
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
};

/// Outputs for some rows: probabilities rows x C, or values rows x T in the target's unit.
struct Predictions {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<float> values;
};

struct EngineInfo {
  std::string name;  ///< "LibTorch 1.13.1", "FakeEngine"
  std::string blas;  ///< "OpenBLAS (OpenMP)" ...
  bool blasIsSlow = false;
  std::string blasHint;              ///< the command that mends it
  std::vector<std::string> devices;  ///< cpu, cuda:0 ...
};

/// A trained or exported model ready to predict. Thread-safe after loading.
class Predictor {
 public:
  virtual ~Predictor() = default;
  [[nodiscard]] virtual const spec::DataSchema& schema() const = 0;
  /// Predicts the given rows of the data (all when empty), in batches.
  virtual Result<Predictions> predict(const data::Dataset& data, const std::vector<std::uint32_t>& rows,
                                      const JobContext& job = {}) const = 0;
};

/// Memory a training will need beyond the data itself.
struct MemoryEstimate {
  std::uint64_t bytes = 0;
  int largestBatchThatFits = 0;  ///< a smaller batch to propose
};

/// Thread-safe; several trainings may run at the same time, each with its own generators and thread count.
class Engine {
 public:
  virtual ~Engine() = default;
  [[nodiscard]] virtual EngineInfo info() const = 0;

  /// Runs on the calling thread until done, paused or cancelled. Errors: "engine.diverged" (loss NaN or infinite, with
  /// step), "engine.out_of_memory", "engine.checkpoint_mismatch", file errors. Best and last checkpoints stay valid on
  /// errors.
  virtual Result<TrainingSummary> train(const TrainingRequest& request, TrainingObserver& observer,
                                        TrainingControl& control) = 0;

  /// A model from a checkpoint.
  virtual Result<std::unique_ptr<Predictor>> load(const std::filesystem::path& checkpoint) = 0;

  /// Writes a checkpoint's model as TorchScript: preprocessing inside, evaluation mode, extra files (schema.json,
  /// classes.json, vocabulary.json). Not atomic: the caller writes to a temporary name.
  virtual Result<void> exportTorchScript(const std::filesystem::path& checkpoint,
                                         const std::filesystem::path& file) = 0;

  /// A model from a TorchScript file written by exportTorchScript, from the file alone.
  virtual Result<std::unique_ptr<Predictor>> loadTorchScript(const std::filesystem::path& file) = 0;

  [[nodiscard]] virtual MemoryEstimate estimate(const TrainingRequest& request) const = 0;
};

/// Metric names and values of predictions against labels: loss names follow spec::metricsFor. `rows` as given to
/// predict().
[[nodiscard]] std::vector<std::pair<std::string, double>> scores(const Predictions& predictions,
                                                                 const data::Dataset& data,
                                                                 const std::vector<std::uint32_t>& rows);
/// The same, with "loss" as the training measures it (class weights, label smoothing, Huber, scaled target): comparable
/// with its train/loss and val/loss.
[[nodiscard]] std::vector<std::pair<std::string, double>> scores(const Predictions& predictions,
                                                                 const data::Dataset& data,
                                                                 const std::vector<std::uint32_t>& rows,
                                                                 const spec::ModelDescription& model,
                                                                 const spec::LossSpec& loss);

}  // namespace lathe::engine
