// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include "core/engine_torch/device_optimizer.h"

namespace lathe::engine {

/// core/engine's WeightAverage for parameters that are not in the processor's memory: the same averages of the flat
/// memory of a ParameterStore.
class DeviceAverage {
 public:
  DeviceAverage(const spec::AverageSpec& spec, const ParameterStore& parameters, const DeviceOptimizer& optimizer);

  void afterStep(const StepSettings& settings);
  [[nodiscard]] bool available() const;
  [[nodiscard]] bool needsStatistics() const { return m_name != "ema"; }
  void enter();
  void leave();
  void save(Checkpoint& checkpoint) const;
  Result<void> restore(const Checkpoint& checkpoint);

 private:
  std::string m_name;
  double m_decay;
  const ParameterStore& m_parameters;
  const DeviceOptimizer& m_optimizer;
  torch::Tensor m_average, m_kept;
  std::int64_t m_count = 0;
};

}  // namespace lathe::engine
