// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled with the options of its instruction set: nothing inline from elsewhere may be used here, or the linker could
// keep a copy that other processors cannot run.
#include "core/engine_fused/kernel_versions.h"

#define LATHE_KERNEL_VERSION baseline
#define LATHE_KERNEL_NAME "baseline"
#include "core/engine_fused/kernel_body.inc"
