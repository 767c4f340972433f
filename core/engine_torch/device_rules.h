// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <torch/torch.h>
#include <utility>
#include <vector>

#include "core/spec/training_spec.h"

/// The optimisers as tensor operations on flat memory, for devices; the formulas and papers are those of
/// core/engine/optimizers.
namespace lathe::engine {

/// One update of a rule on flat memory, as tensor operations.
struct DeviceStep {
  torch::Tensor values, gradient;  ///< the gradient is already scaled
  torch::Tensor rates;             ///< each element's factor of the learning rate; undefined: 1
  torch::Tensor decay;             ///< each element's weight decay
  std::int64_t step = 1;
  double lr = 0;
  double momentum = -1;  ///< scheduled; negative: as in the spec
};

/// The tensor form of core/engine's UpdateRule.
class DeviceRule {
 public:
  DeviceRule() = default;
  DeviceRule(const DeviceRule&) = delete;
  DeviceRule& operator=(const DeviceRule&) = delete;
  virtual ~DeviceRule() = default;
  virtual void update(const DeviceStep& step) = 0;

  std::vector<std::pair<const char*, torch::Tensor>> arrays;  ///< by their names in a checkpoint, zero at first
  std::vector<double> numbers;
  double rate = 0;
  double momentum = -1;
  int averageArray = -1;
};

/// One parameter in flat memory.
struct DevicePlace {
  std::int64_t offset, count, rows;  ///< rows of it as a matrix
  bool hidden, decay;
};

/// The rule of a spec.
[[nodiscard]] std::unique_ptr<DeviceRule> makeDeviceRule(const spec::OptimizerSpec& spec, const torch::Tensor& flat,
                                                         const std::vector<DevicePlace>& places);

// Parts of it: those that look at whole parameters or at sums over all, or null; and the rate that follows its
// gradient.
[[nodiscard]] std::unique_ptr<DeviceRule> makeSummingRule(const spec::OptimizerSpec& spec, const torch::Tensor& flat,
                                                          const std::vector<DevicePlace>& places);
[[nodiscard]] std::unique_ptr<DeviceRule> makeDeviceHypergradient(const spec::OptimizerSpec& spec,
                                                                  const torch::Tensor& flat,
                                                                  std::unique_ptr<DeviceRule> inner);

/// values -= lr * rates * direction.
void walk(const DeviceStep& step, const torch::Tensor& direction, double lr);
/// Decoupled decay: values *= 1 - lr * rates * decay.
void shrink(const DeviceStep& step, double lr);
void addArrays(DeviceRule& rule, const torch::Tensor& flat, const std::vector<const char*>& names);

}  // namespace lathe::engine
