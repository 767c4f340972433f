// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine_torch/population_learner.h"

namespace lathe::engine {

/// One member as a learner of its own. Checkpoints are laid out as TorchLearner's on the same device.
class TorchPopulation::MemberLearner final : public Learner {
 public:
  MemberLearner(TorchPopulation& population, std::size_t index) : m_population(population), m_index(index) {}

  Result<StepOutcome> step(std::span<const std::uint32_t> rows, const StepSettings& settings) override;
  void countNextStep(ParameterHistograms& histograms) override { own().countInto = &histograms; }
  Result<Predictions> evaluate(std::span<const std::uint32_t> rows) override;
  void save(Checkpoint& checkpoint, bool resumable) const override;
  Result<void> restore(const Checkpoint& checkpoint) override;

 private:
  [[nodiscard]] Member& own() const { return m_population.m_members[m_index]; }
  /// Array k of the optimiser, of this member.
  [[nodiscard]] torch::Tensor array(std::size_t k) const { return m_population.m_store.arrays[k].select(0, own().row); }
  /// On the processor TorchLearner's optimiser saves parameter by parameter, elsewhere its flat memory.
  [[nodiscard]] bool inMemory() const { return m_population.m_runner.device().is_cpu(); }
  /// Of SGD without momentum the processor's optimiser keeps none.
  [[nodiscard]] std::size_t arraysKept() const;
  Result<void> restoreArrays(const Checkpoint& checkpoint);

  TorchPopulation& m_population;
  std::size_t m_index;
};

}  // namespace lathe::engine
