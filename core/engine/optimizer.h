// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/engine/checkpoint.h"
#include "core/spec/experiment.h"
#include "core/spec/program.h"

namespace lathe::engine {

/// SGD with momentum or Nesterov momentum, Adam (Kingma and Ba 2015; decay as L2) and AdamW (Loshchilov and Hutter
/// 2019) with PyTorch's conventions, as one fused pass over the memory of each parameter. Decay spares parameters whose
/// `decay` is false (biases, normalisation). Deterministic; not thread-safe.
class Optimizer {
 public:
  /// One trainable parameter's memory; values and gradients share one layout.
  struct Slot {
    std::string name;
    float* values = nullptr;
    std::size_t count = 0;
    bool decay = true;
  };

  Optimizer(const spec::OptimizerSpec& spec, std::vector<Slot> slots);

  /// Norm of all gradients together, one pointer a slot.
  [[nodiscard]] double gradientNorm(const std::vector<const float*>& gradients) const;
  /// Updates every slot. `step` counts from 1; gradients are multiplied by `gradientScale` first.
  void update(const std::vector<const float*>& gradients, std::int64_t step, double lr, double gradientScale = 1);

  /// Moments as tensors "optimizer.NAME.first" and ".second".
  void save(Checkpoint& checkpoint) const;
  Result<void> restore(const Checkpoint& checkpoint);

 private:
  spec::OptimizerSpec m_spec;
  std::vector<Slot> m_slots;
  std::vector<std::size_t> m_offsets;
  std::vector<float> m_first;
  std::vector<float> m_second;
};

/// The factor by which gradients shrink so that their norm is at most `limit` (0: no limit).
[[nodiscard]] double clippingScale(double norm, double limit);

}  // namespace lathe::engine
