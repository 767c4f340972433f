// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_fused/operation.h"

#include <algorithm>
#include <cstring>

#include "core/base/large_pages.h"

namespace lathe::engine::fused {

Memory::Memory(std::size_t count) : m_count(count) {
  constexpr std::size_t line = 64;
  const std::size_t bytes = std::max((count * sizeof(float) + line - 1) / line * line, line);
  m_data.reset(static_cast<float*>(largeMemory(bytes)));
  std::memset(m_data.get(), 0, bytes);
}

void handOver(float* to, const float* from, std::size_t count, bool add) {
  if (add)
    kernels().add(to, from, static_cast<int>(count));
  else
    std::memcpy(to, from, count * sizeof(float));
}

double dropProbability(const Batch& batch, double p) { return batch.training ? p * batch.dropFactor : 0; }

DropPattern dropPattern(const Batch& batch, std::uint32_t operation, double p, std::uint32_t first) {
  DropPattern pattern;
  pattern.key0 = static_cast<std::uint32_t>(batch.key) + operation * 0x85ebca6bU;
  pattern.key1 = static_cast<std::uint32_t>(batch.key >> 32U) ^ (operation * 0xc2b2ae35U);
  pattern.first = first;
  pattern.threshold = static_cast<std::uint32_t>(std::min(p * 4294967296.0, 4294967295.0));
  pattern.kept = static_cast<float>(1 / (1 - p));
  return pattern;
}

}  // namespace lathe::engine::fused
