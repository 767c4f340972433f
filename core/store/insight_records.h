// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// What a run shows beside its curves.
namespace lathe::store {

/// How one parameter's values were spread at a step, as the engine wrote it down (engine::encode).
struct HistogramRecord {
  std::int64_t step = 0;
  std::vector<std::byte> bytes;
};
struct NamedHistogram {
  std::string name;  ///< "weights/hidden1.weight", "gradients/hidden1.weight"
  std::vector<std::byte> bytes;
};

/// The newest predictions of a run for a few validation rows: services/run_predictions.h knows what is in it.
struct SnapshotRecord {
  std::int64_t step = 0;
  std::string json;
  std::vector<std::byte> pixels;
};

}  // namespace lathe::store
