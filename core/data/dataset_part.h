// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/data/buffers.h"

namespace lathe::data {

/// A dataset of these rows alone, copied, numbered anew in the given order: first the training rows, then the
/// validation rows; no test rows. Row numbers must exist. Windows share their rows, so that of these all rows are kept
/// under their numbers, and only the split is another. For trainings on a part of the data. Any thread.
[[nodiscard]] std::shared_ptr<const Dataset> partOf(const Dataset& dataset, std::span<const std::uint32_t> train,
                                                    std::span<const std::uint32_t> validation);

/// Row numbers of fold `fold` of `folds`: what is trained on, and what is held out.
struct Fold {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> heldOut;
};
/// Deals the training and validation rows (never the test rows) into folds, each class evenly (Kohavi 1995); the same
/// for the same seed. Not for windows, whose folds would overlap. 2 <= folds, 0 <= fold < folds.
[[nodiscard]] Fold foldOf(const Dataset& dataset, int folds, int fold, std::uint64_t seed);

}  // namespace lathe::data
