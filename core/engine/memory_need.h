// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/spec/graph.h"

namespace lathe::engine {

/// Memory in bytes that a training by LibTorch takes beyond the data, known before any step.
struct MemoryNeed {
  std::uint64_t table = 0;   ///< the prepared rows, which a population shares
  std::uint64_t fixed = 0;   ///< weights, gradients, moments, the last good state and copies for checkpoints
  std::uint64_t perRow = 0;  ///< of a batch: inputs, activations and their gradients

  [[nodiscard]] std::uint64_t of(int batchSize, std::size_t members = 1) const {
    return table + members * (fixed + perRow * static_cast<std::uint64_t>(std::max(1, batchSize)));
  }
  /// The most rows of a batch within `bytes`; 0: not even one fits.
  [[nodiscard]] int largestBatch(double bytes) const;
};

/// `report` is analyse() of a graph in `context`; `rows` of the whole dataset, `window` of a sequence (0: none). Clips
/// of sound are prepared once as `preparedClip` numbers each. Pure, any thread.
[[nodiscard]] MemoryNeed memoryNeed(const spec::GraphReport& report, const spec::GraphContext& context,
                                    std::uint64_t rows, std::int64_t window, std::uint64_t preparedClip = 0);

}  // namespace lathe::engine
