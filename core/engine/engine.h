// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/engine/predictor.h"
#include "core/engine/training.h"
#include "core/engine/zero_cost.h"

/// The wall in front of LibTorch: an engine trains and evaluates programs over plain buffers. Implementations:
/// engine_torch, and FakeEngine (fake_engine.h) for tests and builds without LibTorch.
namespace lathe::engine {

struct EngineInfo {
  std::string name;  ///< "LibTorch 1.13.1", "FakeEngine"
  std::string blas;  ///< "OpenBLAS (OpenMP)" ...
  bool blasIsSlow = false;
  std::string blasHint;              ///< the command that mends it
  std::vector<std::string> devices;  ///< cpu, cuda:0 ...
  std::string fused;                 ///< the fused executor's instruction set and products; empty: there is none
  bool fusedIsSlow = false;          ///< it does without libxsmm
  bool bfloat16 = false;             ///< its card is fast at it
};

/// Memory a training will need beyond the data itself.
struct MemoryEstimate {
  std::uint64_t bytes = 0;
  int largestBatchThatFits = 0;  ///< a smaller batch to propose
};

struct PopulationMember;
class Supernet;

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

  /// Trains all of them together (population.h), on the calling thread, and gives one result each: what train() would
  /// give, its numbers to rounding. When checkPopulation() refuses them nothing is trained, and each has its error.
  virtual std::vector<Result<TrainingSummary>> trainPopulation(std::span<const PopulationMember> members);
  /// "engine.population" with a sentence that names the setting when these cannot be trained together, or what train()
  /// would refuse. Asked with two of them it tells whether they belong into one group. An engine that trains no
  /// populations refuses all.
  [[nodiscard]] virtual Result<void> checkPopulation(std::span<const TrainingRequest* const> requests) const;

  /// A model from a checkpoint.
  virtual Result<std::unique_ptr<Predictor>> load(const std::filesystem::path& checkpoint) = 0;

  /// Writes a checkpoint's model as TorchScript: preprocessing inside, evaluation mode, extra files (schema.json,
  /// classes.json, vocabulary.json). Not atomic: the caller writes to a temporary name.
  virtual Result<void> exportTorchScript(const std::filesystem::path& checkpoint,
                                         const std::filesystem::path& file) = 0;

  /// A model from a TorchScript file written by exportTorchScript, from the file alone.
  virtual Result<std::unique_ptr<Predictor>> loadTorchScript(const std::filesystem::path& file) = 0;

  /// Writes a checkpoint's model as ONNX (core/exporting/onnx/onnx_model.h says how).
  virtual Result<void> exportOnnx(const std::filesystem::path& checkpoint, const std::filesystem::path& file) = 0;

  /// A model from an ONNX file written by exportOnnx, from the file alone.
  virtual Result<std::unique_ptr<Predictor>> loadOnnx(const std::filesystem::path& file) = 0;

  /// Writes a checkpoint's model as the saved_model.pb of a TensorFlow SavedModel
  /// (core/exporting/tensorflow/saved_model.h says how).
  virtual Result<void> exportSavedModel(const std::filesystem::path& checkpoint, const std::filesystem::path& file) = 0;

  /// A model from a saved_model.pb written by exportSavedModel, from the file alone.
  virtual Result<std::unique_ptr<Predictor>> loadSavedModel(const std::filesystem::path& file) = 0;

  /// Scores of the untrained network on the first rows of the training part, from the request's seed. Blocks. An engine
  /// that has none gives "engine.zero_cost".
  virtual Result<ZeroCost> zeroCost(const TrainingRequest& request);

  /// Weights that many networks share (supernet.h), for the request's model, data, loss, batch size, seed and threads.
  /// An engine that has none gives "engine.supernet".
  virtual Result<std::unique_ptr<Supernet>> supernet(const TrainingRequest& request);

  [[nodiscard]] virtual MemoryEstimate estimate(const TrainingRequest& request) const = 0;
};

}  // namespace lathe::engine
