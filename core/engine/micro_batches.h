// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <span>

#include "core/engine/batching.h"
#include "core/engine/losses.h"

namespace lathe::engine {

/// The batches whose gradients are accumulated for one step. With more than one, each batch's gradient is multiplied by
/// the weight that its loss is a mean over and added; gradientScale() then makes the mean over all rows of it, so that
/// the step is the one of the big batch.
class MicroBatches {
 public:
  MicroBatches(std::size_t rows, const spec::TrainingSpec& training)
      : m_plan(rows, training.accumulateSteps > 1 ? static_cast<std::size_t>(std::max(1, training.batchSize)) : rows) {}
  [[nodiscard]] std::int64_t count() const { return m_plan.steps(); }
  [[nodiscard]] std::span<const std::uint32_t> of(std::span<const std::uint32_t> rows, std::int64_t index) const {
    const auto [first, count] = m_plan.range(index);
    return rows.subspan(first, count);
  }
  /// `total` over all batches.
  [[nodiscard]] double gradientScale(const BatchScore& total) const {
    return count() > 1 && total.weight > 0 ? 1 / total.weight : 1;
  }

 private:
  BatchPlan m_plan;
};

/// Rows of the largest batch of a training at once. Accumulated batches are cut anew from each step's rows, where a
/// single last row joins the one before.
[[nodiscard]] inline std::size_t largestBatch(std::size_t rows, const spec::TrainingSpec& training) {
  const auto size = static_cast<std::size_t>(std::max(1, training.batchSize));
  if (training.accumulateSteps > 1) return std::min(rows, size + 1);
  return BatchPlan(rows, size).largest();
}

}  // namespace lathe::engine
