// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled with the options of its instruction set: nothing inline from elsewhere may be used here, or the linker could
// keep a copy that other processors cannot run.
#include "core/engine_fused/kernel_versions.h"

#ifdef LATHE_X86_KERNELS
#define LATHE_KERNEL_VERSION avx512
#define LATHE_KERNEL_NAME "AVX-512"
#include "core/engine_fused/kernel_body.inc"
#endif
