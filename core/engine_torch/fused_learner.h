// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/engine/optimizer.h"
#include "core/engine/training_loop.h"
#include "core/engine/weight_average.h"
#include "core/engine_fused/network.h"
#include "core/engine_torch/batch_source.h"
#include "core/engine_torch/batch_statistics.h"
#include "core/engine_torch/parameter_store.h"
#include "core/engine_torch/program_runner.h"

namespace lathe::engine {

/// A training on the fused executor, in the memory of LibTorch's tensors: the same parameters, optimiser and
/// checkpoints as TorchLearner, other operations. Used on the training's thread.
class FusedLearner final : public Learner {
 public:
  /// Why the program cannot be trained here in batches of so many rows; nothing when it can.
  [[nodiscard]] static std::optional<std::string> obstacle(const spec::Program& program, std::size_t largestBatch);

  /// Throws what LibTorch throws; the engine guards.
  FusedLearner(const TrainingRequest& request, const spec::Program& program, const Loss& loss);

  void announce(std::span<const std::uint32_t> rows, std::int64_t step) override;
  Result<StepOutcome> step(std::span<const std::uint32_t> rows, const StepSettings& settings) override;
  void countNextStep(ParameterHistograms& histograms) override { m_countInto = &histograms; }
  Result<Predictions> evaluate(std::span<const std::uint32_t> rows) override;
  [[nodiscard]] bool hasAverage() const override { return m_average->available(); }
  Result<void> enterAverage() override;
  Result<void> leaveAverage() override;
  void save(Checkpoint& checkpoint, bool resumable) const override;
  Result<void> restore(const Checkpoint& checkpoint) override;

 private:
  /// Freezes or thaws the backbone: network, optimiser and what they share are made anew.
  void freeze(bool backbone);
  /// The gradient of one batch, in the network's memory.
  BatchScore findGradient(std::span<const std::uint32_t> rows, const StepSettings& settings);
  /// The logits of a batch: of images those given, else rows of the prepared table.
  std::span<const float> forward(std::span<const std::uint32_t> rows, const TensorList& images,
                                 std::optional<std::uint64_t> dropoutKey, double dropFactor = 1);
  /// Adds it to those of the step's batches before.
  void accumulate(double weight, bool first);

  const TrainingRequest& m_request;
  const spec::Program& m_program;
  const Loss& m_loss;
  std::size_t m_largestBatch;
  ProgramRunner m_runner;
  ParameterStore m_parameters;
  BatchSource m_batches;
  std::unique_ptr<FusedNetwork> m_network;
  std::vector<FusedInput> m_inputs;
  std::optional<Optimizer> m_optimizer;
  std::optional<WeightAverage> m_average;
  std::optional<KeptStatistics> m_keptStatistics;  ///< while the average stands in the weights' place
  ParallelFor m_parallel;                          ///< on the network's threads
  Random m_dropout;
  std::vector<std::uint32_t> m_places;    ///< of the batch's rows in what the network reads
  std::vector<float> m_gradient;          ///< of the logits
  std::vector<float> m_accumulated;       ///< of all parameters, where several batches make a step
  std::vector<const float*> m_gradients;  ///< one a parameter that learns
  ParameterHistograms* m_countInto = nullptr;
  bool m_backboneFrozen = false;
};

}  // namespace lathe::engine
