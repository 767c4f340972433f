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

std::size_t textWidth(const spec::DataSchema& schema) {
  std::size_t width = 0;
  for (const auto& feature : schema.features)
    if (feature.text.buckets > 0) width += static_cast<std::size_t>(feature.width);
  return width;
}

std::size_t rowWidth(const spec::DataSchema& schema) {
  const auto all = schema.inputShape.empty() ? 0 : static_cast<std::size_t>(schema.inputShape.back());
  return all - std::min(all, textWidth(schema));
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
  const auto textual = std::count_if(schema.features.begin(), schema.features.end(),
                                     [](const auto& feature) { return feature.text.buckets > 0; });
  if (std::ssize(dataset.texts) != textual ||
      std::any_of(dataset.texts.begin(), dataset.texts.end(),
                  [&](const TextColumn& text) { return text.place.size() != dataset.rows; }))
    return false;
  if (schema.sound()) return dataset.samples && dataset.samples->size() == perRow * dataset.rows;
  if (windows.order.empty()) return dataset.table.size() == (perRow - textWidth(schema)) * dataset.rows;
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
  std::size_t t = 0;
  for (const auto& feature : dataset.schema.features) {
    if (feature.text.buckets == 0) continue;
    const auto codes = dataset.texts[t++].of(row);
    std::fill_n(std::copy(codes.begin(), codes.end(), out), static_cast<std::size_t>(feature.width) - codes.size(),
                -1.0F);
    out += feature.width;
  }
}

void appendInput(Dataset& dataset, std::span<const float> input) {
  const auto numbers = input.size() - std::min(input.size(), textWidth(dataset.schema));
  dataset.table.insert(dataset.table.end(), input.begin(), input.begin() + static_cast<std::ptrdiff_t>(numbers));
  auto rest = input.subspan(numbers);
  std::size_t t = 0;
  for (const auto& feature : dataset.schema.features) {
    if (feature.text.buckets == 0) continue;
    if (dataset.texts.size() == t) dataset.texts.emplace_back();
    auto& text = dataset.texts[t++];
    for (const float code : rest.first(static_cast<std::size_t>(feature.width))) {
      if (!(code >= 0) || !(code < static_cast<float>(feature.text.buckets))) break;
      text.codes.push_back(static_cast<std::uint16_t>(code));
    }
    rest = rest.subspan(static_cast<std::size_t>(feature.width));
    text.place.push_back(static_cast<std::uint32_t>(text.starts.size() - 1));
    text.starts.push_back(text.codes.size());
  }
}

TextColumn textOf(const TextColumn& texts, std::span<const std::uint32_t> rows) {
  TextColumn part;
  part.place.reserve(rows.size());
  for (const auto row : rows) {
    const auto codes = texts.of(row);
    part.place.push_back(static_cast<std::uint32_t>(part.starts.size() - 1));
    part.codes.insert(part.codes.end(), codes.begin(), codes.end());
    part.starts.push_back(part.codes.size());
  }
  return part;
}

}  // namespace lathe::data
