// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

/// For the files of this folder only.
namespace lathe::exporting {

/// Dimensions of a row as those of the batch.
[[nodiscard]] inline std::vector<std::int64_t> behindBatch(std::vector<std::int64_t> dimensions) {
  for (auto& dimension : dimensions) ++dimension;
  return dimensions;
}

}  // namespace lathe::exporting
