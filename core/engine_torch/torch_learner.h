// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>

#include "core/engine/batching.h"
#include "core/engine/optimizer.h"
#include "core/engine/training_loop.h"
#include "core/engine_torch/batch_source.h"
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
/// Rows that are evaluated at once: many for tables, fewer for images.
[[nodiscard]] std::size_t evaluationRows(const spec::DataSchema& schema);

/// The network of a training on LibTorch: forward and backward by autograd from the gradient that Loss gives for the
/// logits, then one fused optimiser pass. Owns its generators. Made and used on the training's thread, with its number
/// of threads.
class TorchLearner final : public Learner {
 public:
  /// Throws what LibTorch throws; the engine guards.
  TorchLearner(const TrainingRequest& request, const spec::Program& program, const Loss& loss, torch::Device device,
               ThreadCount& threads);

  Result<StepOutcome> step(std::span<const std::uint32_t> rows, std::int64_t step, double lr) override;
  void announce(std::span<const std::uint32_t> rows, std::int64_t step) override { m_batches.announce(rows, step); }
  Result<Predictions> evaluate(std::span<const std::uint32_t> rows) override;
  void save(Checkpoint& checkpoint, bool resumable) const override;
  Result<void> restore(const Checkpoint& checkpoint) override;

 private:
  StepOutcome descend(std::span<const std::uint32_t> rows, std::int64_t step, double lr);
  [[nodiscard]] double applyGradients(std::int64_t step, double lr);
  [[nodiscard]] std::vector<Optimizer::Slot> slots() const;

  const TrainingRequest& m_request;
  const Loss& m_loss;
  ThreadCount& m_threads;
  BatchPlan m_plan;
  ProgramRunner m_runner;
  ParameterStore m_parameters;
  BatchSource m_batches;
  std::optional<Optimizer> m_optimizer;              ///< parameters in memory
  std::optional<DeviceOptimizer> m_deviceOptimizer;  ///< parameters elsewhere
  Random m_dropout;
  torch::Tensor m_gradient;                 ///< of the logits, rows of the largest batch
  std::vector<const float*> m_gradients;    ///< one a trainable parameter
  std::vector<torch::Tensor> m_rearranged;  ///< gradients that came in another layout
  std::vector<std::vector<float>> m_zeros;  ///< for parameters that nothing depends on
};

}  // namespace lathe::engine
