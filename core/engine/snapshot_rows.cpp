// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/snapshot_rows.h"

#include <algorithm>
#include <set>

#include "core/base/random.h"

namespace lathe::engine {

// A sample without replacement (Floyd's method, Bentley 1987).
SnapshotRows::SnapshotRows(std::uint64_t seed, const std::vector<std::uint32_t>& validation)
    : m_validation(validation) {
  Random random(seed, "snapshot");
  std::set<std::uint32_t> places;
  const std::size_t rows = validation.size();
  for (std::size_t top = rows - std::min(rows, rowsOfSnapshot); top < rows; ++top) {
    const auto drawn = static_cast<std::uint32_t>(random.below(top + 1));
    if (!places.insert(drawn).second) places.insert(static_cast<std::uint32_t>(top));
  }
  m_places.assign(places.begin(), places.end());
}

PredictionSnapshot SnapshotRows::of(const Predictions& predictions, std::int64_t step, int epoch,
                                    double threshold) const {
  PredictionSnapshot snapshot;
  snapshot.step = step;
  snapshot.epoch = epoch;
  snapshot.columns = predictions.columns;
  snapshot.threshold = threshold;
  for (const auto place : m_places) {
    snapshot.rows.push_back(m_validation[place]);
    const auto* first = predictions.values.data() + place * predictions.columns;
    snapshot.values.insert(snapshot.values.end(), first, first + predictions.columns);
  }
  return snapshot;
}

}  // namespace lathe::engine
