// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_fused/kernels.h"

#include "core/engine_fused/kernel_versions.h"

namespace lathe::engine::fused {

const Kernels* baselineKernels() { return &baseline::table; }

#ifdef LATHE_X86_KERNELS
const Kernels* avx2Kernels() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &avx2::table : nullptr;
}

const Kernels* avx512Kernels() {
  const bool complete = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
  return complete ? &avx512::table : nullptr;
}
#else
const Kernels* avx2Kernels() { return nullptr; }
const Kernels* avx512Kernels() { return nullptr; }
#endif

const Kernels& kernels() {
  static const Kernels* best = [] {
    if (const auto* table = avx512Kernels()) return table;
    if (const auto* table = avx2Kernels()) return table;
    return baselineKernels();
  }();
  return *best;
}

}  // namespace lathe::engine::fused
