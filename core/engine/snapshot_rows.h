// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/engine/predictor.h"
#include "core/engine/training.h"

namespace lathe::engine {

/// The validation rows whose predictions a training shows after each epoch: at most rowsOfSnapshot, drawn by the seed
/// with a generator of their own, so that nothing else of the training depends on them.
class SnapshotRows {
 public:
  /// `validation` outlives this.
  SnapshotRows(std::uint64_t seed, const std::vector<std::uint32_t>& validation);
  /// `predictions`: of all validation rows.
  [[nodiscard]] PredictionSnapshot of(const Predictions& predictions, std::int64_t step, int epoch,
                                      double threshold) const;

 private:
  const std::vector<std::uint32_t>& m_validation;
  std::vector<std::uint32_t> m_places;  ///< into the validation rows, ascending
};

}  // namespace lathe::engine
