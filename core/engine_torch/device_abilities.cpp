// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/device_abilities.h"

#include <dlfcn.h>
#include <torch/cuda.h>

namespace lathe::engine {

bool cardHasBfloat16() {
  if (!torch::cuda::is_available()) return false;
  constexpr int computeCapabilityMajor = 75;  // cudaDevAttrComputeCapabilityMajor
  constexpr int firstWithBfloat16 = 8;
  using GetAttribute = int (*)(int* value, int attribute, int device);
  for (const char* library : {"libcudart.so.13", "libcudart.so.12", "libcudart.so.11.0"}) {
    void* const loaded = dlopen(library, RTLD_LAZY | RTLD_NOLOAD);
    if (loaded == nullptr) continue;
    const auto get = reinterpret_cast<GetAttribute>(dlsym(loaded, "cudaDeviceGetAttribute"));
    int major = 0;
    const bool known = get != nullptr && get(&major, computeCapabilityMajor, 0) == 0;
    dlclose(loaded);
    return known && major >= firstWithBfloat16;
  }
  return false;
}

}  // namespace lathe::engine
