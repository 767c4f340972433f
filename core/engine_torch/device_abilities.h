// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <torch/types.h>

namespace lathe::engine {

/// Whether the first CUDA device computes in bfloat16 with its matrix units (compute capability 8 and above). False
/// where there is none. Asks the CUDA runtime that LibTorch has loaded, so that nothing of CUDA is needed to compile.
[[nodiscard]] bool cardHasBfloat16();

/// Bytes of memory of a CUDA device, its whole; nothing where they are not known. Asks in the same way.
[[nodiscard]] std::optional<std::uint64_t> deviceMemory(torch::Device device);

}  // namespace lathe::engine
