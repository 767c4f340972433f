// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <torch/torch.h>

#include "core/engine_torch/parameter_store.h"
#include "core/spec/experiment.h"

namespace lathe::engine {

/// core/engine's Optimizer for parameters that are not in the processor's memory: the same updates as tensor operations
/// over the flat memory of a ParameterStore.
class DeviceOptimizer {
 public:
  DeviceOptimizer(const spec::OptimizerSpec& spec, const ParameterStore& parameters);

  /// Gathers the gradients of the last backward pass and gives their norm (waits for the device).
  double collect();
  void update(std::int64_t step, double lr, double gradientScale);
  void save(Checkpoint& checkpoint) const;
  Result<void> restore(const Checkpoint& checkpoint);

 private:
  spec::OptimizerSpec m_spec;
  const ParameterStore& m_parameters;
  torch::Tensor m_gradient;
  torch::Tensor m_decay;  ///< weight decay of each element
  torch::Tensor m_first;
  torch::Tensor m_second;
};

}  // namespace lathe::engine
