// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace lathe::engine {

/// Whether the first CUDA device computes in bfloat16 with its matrix units (compute capability 8 and above). False
/// where there is none. Asks the CUDA runtime that LibTorch has loaded, so that nothing of CUDA is needed to compile.
[[nodiscard]] bool cardHasBfloat16();

}  // namespace lathe::engine
