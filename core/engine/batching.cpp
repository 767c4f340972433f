// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/batching.h"

#include <algorithm>

namespace lathe::engine {

BatchPlan::BatchPlan(std::size_t rows, std::size_t batchSize)
    : m_rows(rows), m_batchSize(std::max<std::size_t>(batchSize, 1)) {
  m_steps = static_cast<std::int64_t>((m_rows + m_batchSize - 1) / m_batchSize);
  m_largest = std::min(m_rows, m_batchSize);
  if (m_batchSize > 1 && m_rows > m_batchSize && m_rows % m_batchSize == 1) {
    --m_steps;
    ++m_largest;
  }
}

std::pair<std::size_t, std::size_t> BatchPlan::range(std::int64_t step) const {
  const auto first = static_cast<std::size_t>(step) * m_batchSize;
  if (step + 1 == m_steps) return {first, m_rows - first};
  return {first, m_batchSize};
}

EpochOrder::EpochOrder(std::span<const std::uint32_t> rows, std::uint64_t seed)
    : m_rows(rows.begin(), rows.end()), m_random(seed, "shuffle") {}

void EpochOrder::next() {
  m_stateAtStart = m_random.state();
  m_order = m_rows;
  m_random.shuffle(m_order);
}

}  // namespace lathe::engine
