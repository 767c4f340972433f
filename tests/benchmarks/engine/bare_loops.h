// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

#include "core/data/buffers.h"

namespace lathe::bench {

/// What the engine is compared with: a training loop as one writes it against LibTorch, nothing logged, and the same
/// with the fused optimiser pass in place of torch::optim.
struct BareSettings {
  int epochs = 1;
  std::int64_t batchSize = 32;
  int threads = 1;
  double lr = 1e-3;
  bool fusedOptimizer = false;
};

/// Processor time of this process so far.
[[nodiscard]] double processSeconds();

/// Microseconds of processor time a step: 64-64-64-10 with ReLU on tables, or two conv-bn-relu-pool blocks and two
/// linear layers on 28 x 28 images (channels-last).
double bareLoop(const std::shared_ptr<const data::Dataset>& data, const BareSettings& settings);

}  // namespace lathe::bench
