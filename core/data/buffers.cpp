// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/buffers.h"

#include <cmath>

#include "core/spec/targets.h"

namespace lathe::data {

bool isLabelled(const Dataset& dataset, std::size_t row) {
  switch (dataset.schema.task) {
    case spec::Task::Classification:
      return row < dataset.classes.size() && dataset.classes[row] >= 0;
    case spec::Task::Multilabel: {
      const std::size_t first = row * dataset.schema.target.classes.size();
      return first < dataset.labels.size() && dataset.labels[first] >= 0;
    }
    case spec::Task::Anomaly:
      return row < dataset.rows;
    default:
      break;
  }
  const std::size_t targets = spec::targetCount(dataset.schema);
  if ((row + 1) * targets > dataset.targets.size()) return false;
  for (std::size_t t = 0; t < targets; ++t)
    if (!std::isfinite(dataset.targets[row * targets + t])) return false;
  return true;
}

bool labelsFitRows(const Dataset& dataset) {
  const std::size_t count = dataset.rows;
  if (dataset.schema.task == spec::Task::Classification) return dataset.classes.size() == count;
  if (dataset.schema.task == spec::Task::Multilabel)
    return dataset.labels.size() == count * dataset.schema.target.classes.size();
  if (dataset.schema.task == spec::Task::Anomaly) return dataset.classes.empty() || dataset.classes.size() == count;
  return dataset.targets.size() == count * spec::targetCount(dataset.schema);
}

}  // namespace lathe::data
