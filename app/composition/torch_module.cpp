// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>

#include "app/composition/engine_module.h"
#include "core/base/machine.h"
#include "core/engine_torch/torch_engine.h"

extern "C" __attribute__((visibility("default"))) lathe::engine::Engine* latheCreateEngine(const char* version) {
  if (std::strcmp(version, lathe::latheVersion()) != 0) return nullptr;
  return lathe::engine::makeTorchEngine().release();
}
