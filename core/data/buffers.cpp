// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/buffers.h"

#include <algorithm>
#include <cmath>

#include "core/spec/targets.h"

namespace lathe::data {

std::int16_t sampleOf(float value) {
  if (!std::isfinite(value)) return 0;
  return static_cast<std::int16_t>(std::lrint(std::clamp(value * fullScale, -fullScale, fullScale - 1)));
}

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

std::size_t rowWidth(const spec::DataSchema& schema) {
  return schema.inputShape.empty() ? 0 : static_cast<std::size_t>(schema.inputShape.back());
}

std::size_t windowLength(const spec::DataSchema& schema) {
  return static_cast<std::size_t>(std::max<std::int64_t>(1, schema.sequence.window));
}

std::size_t tableRows(const Dataset& dataset) {
  return dataset.windows.order.empty() ? dataset.rows * windowLength(dataset.schema) : dataset.rows;
}

std::size_t lastPlace(const Dataset& dataset, std::size_t row) {
  if (!dataset.windows.order.empty()) return dataset.windows.place[row];
  return (row + 1) * windowLength(dataset.schema) - 1;
}

std::size_t rowAtPlace(const Dataset& dataset, std::size_t place) {
  return dataset.windows.order.empty() ? place : dataset.windows.order[place];
}

bool hasInput(const Dataset& dataset, std::size_t row) {
  if (row >= dataset.rows) return false;
  return dataset.windows.order.empty() || dataset.windows.before[row] + 1 >= windowLength(dataset.schema);
}

bool inputsFitRows(const Dataset& dataset) {
  const auto& schema = dataset.schema;
  const auto& windows = dataset.windows;
  const auto perRow = static_cast<std::size_t>(spec::elementCount(schema.inputShape));
  if (schema.image) return dataset.pixels.size() == perRow * dataset.rows;
  if (schema.sound()) return dataset.samples && dataset.samples->size() == perRow * dataset.rows;
  if (windows.order.empty()) return dataset.table.size() == perRow * dataset.rows;
  return schema.sequence.window > 0 && dataset.table.size() == rowWidth(schema) * dataset.rows &&
         windows.order.size() == dataset.rows && windows.place.size() == dataset.rows &&
         windows.before.size() == dataset.rows;
}

void copyInput(const Dataset& dataset, std::size_t row, float* out) {
  const auto width = rowWidth(dataset.schema);
  if (dataset.schema.sound()) {
    const auto first = dataset.samples->begin() + static_cast<std::ptrdiff_t>(row * width);
    std::transform(first, first + static_cast<std::ptrdiff_t>(width), out,
                   [](std::int16_t sample) { return static_cast<float>(sample) / fullScale; });
    return;
  }
  const auto length = windowLength(dataset.schema);
  const auto first = lastPlace(dataset, row) + 1 - length;
  for (std::size_t step = 0; step < length; ++step, out += width)
    std::copy_n(dataset.table.data() + rowAtPlace(dataset, first + step) * width, width, out);
}

}  // namespace lathe::data
