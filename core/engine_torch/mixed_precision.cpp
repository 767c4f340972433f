// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/mixed_precision.h"

#include <ATen/autocast_mode.h>

namespace lathe::engine {
namespace {

// LibTorch 2.4 gave every device the same functions.
void autocast(torch::DeviceType device, bool enabled) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
  at::autocast::set_autocast_dtype(device, at::kBFloat16);
  at::autocast::set_autocast_enabled(device, enabled);
#else
  if (device == torch::kCUDA) {
    at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
    at::autocast::set_enabled(enabled);
  } else {
    at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
    at::autocast::set_cpu_enabled(enabled);
  }
#endif
}

}  // namespace

MixedPrecision::MixedPrecision(const spec::TrainingSpec& training, torch::Device device)
    : m_active(training.precision == "bfloat16"), m_device(device.type()) {
  if (m_active) autocast(m_device, true);
}

// Rounded copies of the weights are kept for a pass; the optimiser changes the weights behind it.
MixedPrecision::~MixedPrecision() {
  if (!m_active) return;
  at::autocast::clear_cache();
  autocast(m_device, false);
}

}  // namespace lathe::engine
