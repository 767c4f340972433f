// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include "core/spec/training_spec.h"

namespace lathe::engine {

/// While it lives, products and convolutions of this thread compute in bfloat16 where the spec says so (LibTorch's
/// autocast): their inputs are rounded, sums and everything else stay in float32. For the forward pass; the way back
/// follows it by itself. Does nothing for float32.
class MixedPrecision {
 public:
  MixedPrecision(const spec::TrainingSpec& training, torch::Device device);
  ~MixedPrecision();
  MixedPrecision(const MixedPrecision&) = delete;
  MixedPrecision& operator=(const MixedPrecision&) = delete;

 private:
  bool m_active;
  torch::DeviceType m_device;
};

}  // namespace lathe::engine
