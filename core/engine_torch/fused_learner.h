// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "core/engine/batching.h"
#include "core/engine/optimizer.h"
#include "core/engine/training_loop.h"
#include "core/engine_fused/network.h"
#include "core/engine_torch/batch_source.h"
#include "core/engine_torch/parameter_store.h"
#include "core/engine_torch/program_runner.h"

namespace lathe::engine {

/// A training on the fused executor, in the memory of LibTorch's tensors: the same parameters, optimiser and
/// checkpoints as TorchLearner, other operations. Used on the training's thread.
class FusedLearner final : public Learner {
 public:
  /// Why the program cannot be trained here; nothing when it can.
  [[nodiscard]] static std::optional<std::string> obstacle(const spec::Program& program);

  /// Throws what LibTorch throws; the engine guards.
  FusedLearner(const TrainingRequest& request, const spec::Program& program, const Loss& loss);

  Result<StepOutcome> step(std::span<const std::uint32_t> rows, std::int64_t step, double lr) override;
  Result<Predictions> evaluate(std::span<const std::uint32_t> rows) override;
  void save(Checkpoint& checkpoint, bool resumable) const override;
  Result<void> restore(const Checkpoint& checkpoint) override;

 private:
  [[nodiscard]] std::vector<Optimizer::Slot> slots() const;

  const TrainingRequest& m_request;
  const spec::Program& m_program;
  const Loss& m_loss;
  BatchPlan m_plan;
  ProgramRunner m_runner;
  ParameterStore m_parameters;
  BatchSource m_prepared;
  std::unique_ptr<FusedNetwork> m_network;
  Optimizer m_optimizer;
  Random m_dropout;
  std::vector<float> m_gradient;          ///< of the logits
  std::vector<const float*> m_gradients;  ///< one a trainable parameter
};

}  // namespace lathe::engine
