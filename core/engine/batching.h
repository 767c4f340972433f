// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/random.h"

namespace lathe::engine {

/// How an epoch's rows fall into batches. A last batch of a single row joins the one before, because a batch
/// normalisation cannot learn from one row.
class BatchPlan {
 public:
  BatchPlan(std::size_t rows, std::size_t batchSize);
  [[nodiscard]] std::int64_t steps() const { return m_steps; }
  /// First row and number of rows of a batch, counted from 0.
  [[nodiscard]] std::pair<std::size_t, std::size_t> range(std::int64_t step) const;
  [[nodiscard]] std::size_t largest() const { return m_largest; }

 private:
  std::size_t m_rows;
  std::size_t m_batchSize;
  std::int64_t m_steps;
  std::size_t m_largest;
};

/// The training rows in a new order each epoch, drawn from a generator of its own. The order depends only on the
/// generator's state at the epoch's start, so that a resumed epoch sees the same rows.
class EpochOrder {
 public:
  EpochOrder(std::span<const std::uint32_t> rows, std::uint64_t seed);
  /// Shuffles for the next epoch.
  void next();
  [[nodiscard]] std::span<const std::uint32_t> order() const { return m_order; }
  /// State before the last next(): what a checkpoint keeps.
  [[nodiscard]] const Random::State& stateAtStart() const { return m_stateAtStart; }
  /// State for the next next().
  [[nodiscard]] Random::State state() const { return m_random.state(); }
  void setState(const Random::State& state) { m_random.setState(state); }

 private:
  std::vector<std::uint32_t> m_rows;
  std::vector<std::uint32_t> m_order;
  Random m_random;
  Random::State m_stateAtStart{};
};

}  // namespace lathe::engine
