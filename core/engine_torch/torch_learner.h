// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>

#include "core/engine/batching.h"
#include "core/engine/optimizer.h"
#include "core/engine/training_loop.h"
#include "core/engine/weight_average.h"
#include "core/engine_torch/batch_source.h"
#include "core/engine_torch/batch_statistics.h"
#include "core/engine_torch/device_average.h"
#include "core/engine_torch/device_optimizer.h"
#include "core/engine_torch/parameter_store.h"
#include "core/engine_torch/program_runner.h"
#include "core/engine_torch/tensors.h"

namespace lathe::engine {

/// Outputs for dataset rows in evaluation mode: preprocessing is done by `inputs`.
[[nodiscard]] Predictions evaluateRows(const ProgramRunner& runner, const TensorList& parameters,
                                       std::span<const std::uint32_t> rows, std::size_t rowsAtOnce,
                                       const std::function<TensorList(std::span<const std::uint32_t>)>& inputs,
                                       const JobContext& job);
/// Rows that are evaluated at once: many for tables, fewer for images and where a row makes very many numbers.
[[nodiscard]] std::size_t evaluationRows(const spec::Program& program);

/// The network of a training on LibTorch: forward and backward by autograd from the gradient that Loss gives for the
/// logits, then one fused optimiser pass. Owns its generators. Made and used on the training's thread, with its number
/// of threads.
class TorchLearner final : public Learner {
 public:
  /// Throws what LibTorch throws; the engine guards.
  TorchLearner(const TrainingRequest& request, const spec::Program& program, const Loss& loss, torch::Device device,
               ThreadCount& threads);

  Result<StepOutcome> step(std::span<const std::uint32_t> rows, const StepSettings& settings) override;
  void announce(std::span<const std::uint32_t> rows, std::int64_t step) override;
  void countNextStep(ParameterHistograms& histograms) override { m_countInto = &histograms; }
  Result<Predictions> evaluate(std::span<const std::uint32_t> rows) override;
  [[nodiscard]] bool hasAverage() const override;
  Result<void> enterAverage() override;
  Result<void> leaveAverage() override;
  void save(Checkpoint& checkpoint, bool resumable) const override;
  Result<void> restore(const Checkpoint& checkpoint) override;

 private:
  StepOutcome descend(std::span<const std::uint32_t> rows, const StepSettings& settings);
  /// Logits of a training step, in float32.
  [[nodiscard]] torch::Tensor forward(const TensorList& inputs, const StepSettings& settings);
  /// Adds the gradient of one batch to the parameters', times the batch's weight when `weighted`.
  BatchScore addGradient(std::span<const std::uint32_t> rows, const StepSettings& settings, bool weighted);
  /// The same for the members of an ensemble, output [N,K,C].
  BatchScore addMembersGradient(const torch::Tensor& output, std::span<const std::uint32_t> rows, bool weighted);
  void collectGradients();
  /// `scale` makes a mean of accumulated gradients.
  void applyGradients(const StepSettings& settings, double scale, StepOutcome& outcome);
  void forgetGradients();
  void countOnDevice(ParameterHistograms& into, double scale) const;
  /// Freezes or thaws the backbone, and begins the optimiser anew.
  void freeze(bool backbone);

  const TrainingRequest& m_request;
  const Loss& m_loss;
  ThreadCount& m_threads;
  std::size_t m_largestBatch;
  ProgramRunner m_runner;
  ParameterStore m_parameters;
  BatchSource m_batches;
  std::optional<Optimizer> m_optimizer;  ///< parameters in memory
  std::optional<WeightAverage> m_average;
  std::optional<DeviceOptimizer> m_deviceOptimizer;  ///< parameters elsewhere
  std::optional<DeviceAverage> m_deviceAverage;
  std::optional<KeptStatistics> m_keptStatistics;  ///< while the average stands in the weights' place
  Random m_dropout;
  torch::Tensor m_gradient;                 ///< of the logits, rows of the largest batch
  std::vector<const float*> m_gradients;    ///< one a parameter that learns
  std::vector<torch::Tensor> m_rearranged;  ///< gradients that came in another layout
  ParameterHistograms* m_countInto = nullptr;
  std::vector<std::vector<float>> m_zeros;  ///< for parameters that nothing depends on
  bool m_backboneFrozen = false;
};

}  // namespace lathe::engine
