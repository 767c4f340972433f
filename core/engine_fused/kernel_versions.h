// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine_fused/kernels.h"

/// kernel_body.inc compiled for each instruction set, one .cpp each. For this folder only.
namespace lathe::engine::fused {
namespace baseline {
extern const Kernels table;
}
#ifdef LATHE_X86_KERNELS
namespace avx2 {
extern const Kernels table;
}
namespace avx512 {
extern const Kernels table;
}
#endif
}  // namespace lathe::engine::fused
