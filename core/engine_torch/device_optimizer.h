// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <torch/torch.h>

#include "core/engine/slot_traits.h"
#include "core/engine/step_settings.h"
#include "core/engine_torch/device_rules.h"
#include "core/engine_torch/parameter_store.h"
#include "core/spec/experiment.h"

namespace lathe::engine {

/// core/engine's Optimizer for parameters that are not in the processor's memory: the same updates as tensor operations
/// over the flat memory of a ParameterStore.
class DeviceOptimizer {
 public:
  /// One trait for each of the program's parameters.
  DeviceOptimizer(const spec::OptimizerSpec& spec, const ParameterStore& parameters,
                  const std::vector<SlotTraits>& traits);

  /// Gathers the gradients of the last backward pass and gives their norm (waits for the device).
  double collect();
  /// What collect() gathered, laid out as the store's flat().
  [[nodiscard]] const torch::Tensor& gradient() const { return m_gradient; }
  void update(const StepSettings& settings, double gradientScale);
  [[nodiscard]] double rate() const { return m_rule->rate; }
  [[nodiscard]] double momentum() const { return m_rule->momentum; }
  [[nodiscard]] bool averages() const { return m_rule->averageArray >= 0; }
  /// Of a schedule-free optimiser; before the first update the weights.
  [[nodiscard]] torch::Tensor average() const;
  void save(Checkpoint& checkpoint) const;
  Result<void> restore(const Checkpoint& checkpoint);

 private:
  spec::OptimizerSpec m_spec;
  const ParameterStore& m_parameters;
  torch::Tensor m_gradient;
  torch::Tensor m_decay;  ///< weight decay of each element
  torch::Tensor m_rates;
  /// What is frozen, with its values: put back after each update, whatever a rule makes of no gradient.
  struct Still {
    ParameterStore::Place place;
    torch::Tensor values;
  };
  std::vector<Still> m_still;
  std::unique_ptr<DeviceRule> m_rule;
  bool m_begun = false;
};

/// A flat tensor of a checkpoint into memory of the same size on any device.
Result<void> restoreFlat(const Checkpoint& checkpoint, const std::string& name, torch::Tensor& into);

}  // namespace lathe::engine
