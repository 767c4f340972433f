// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/device_abilities.h"

#include <c10/core/DeviceGuard.h>
#include <dlfcn.h>
#include <torch/cuda.h>

namespace lathe::engine {
namespace {

// A function of the CUDA runtime that LibTorch has loaded; null where there is none.
template <class Function>
Function runtimeFunction(const char* name) {
  for (const char* library : {"libcudart.so.13", "libcudart.so.12", "libcudart.so.11.0"})
    if (void* const loaded = dlopen(library, RTLD_LAZY | RTLD_NOLOAD); loaded != nullptr) {
      const auto found = reinterpret_cast<Function>(dlsym(loaded, name));
      dlclose(loaded);  // LibTorch still holds it
      return found;
    }
  return nullptr;
}

}  // namespace

bool cardHasBfloat16() {
  if (!torch::cuda::is_available()) return false;
  constexpr int computeCapabilityMajor = 75;  // cudaDevAttrComputeCapabilityMajor
  constexpr int firstWithBfloat16 = 8;
  using GetAttribute = int (*)(int* value, int attribute, int device);
  const auto get = runtimeFunction<GetAttribute>("cudaDeviceGetAttribute");
  int major = 0;
  return get != nullptr && get(&major, computeCapabilityMajor, 0) == 0 && major >= firstWithBfloat16;
}

std::optional<std::uint64_t> deviceMemory(torch::Device device) {
  if (!device.is_cuda() || !torch::cuda::is_available()) return std::nullopt;
  using GetInfo = int (*)(std::size_t * free, std::size_t * total);
  const auto get = runtimeFunction<GetInfo>("cudaMemGetInfo");
  if (get == nullptr) return std::nullopt;
  const c10::DeviceGuard onDevice(device);
  std::size_t available = 0;
  std::size_t total = 0;
  if (get(&available, &total) != 0) return std::nullopt;
  return total;
}

}  // namespace lathe::engine
