// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/naive_forecast.h"

#include <algorithm>
#include <cmath>

#include "core/spec/targets.h"

namespace lathe::engine {
namespace {

float lastKnown(const data::Dataset& data, std::size_t row, std::size_t offset) {
  const auto width = data::rowWidth(data.schema);
  const std::size_t known = data.windows.order.empty() ? data::windowLength(data.schema) : data.windows.before[row] + 1;
  for (std::size_t back = 0; back < known; ++back) {
    const float value = data.table[data::rowAtPlace(data, data::lastPlace(data, row) - back) * width + offset];
    if (!std::isnan(value)) return value;
  }
  return 0;
}

}  // namespace

Predictions repeatLastValue(const data::Dataset& data, const std::vector<std::uint32_t>& rows) {
  std::vector<std::size_t> offsets;
  for (const auto& name : spec::targetColumns(data.schema.target))
    for (const auto& feature : data.schema.features)
      if (feature.name == name) offsets.push_back(static_cast<std::size_t>(feature.offset));
  Predictions predictions{rows.size(), offsets.size() * spec::stepsAhead(data.schema), {}};
  predictions.values.reserve(rows.size() * predictions.columns);
  std::vector<float> values(offsets.size());
  for (const auto row : rows) {
    for (std::size_t t = 0; t < offsets.size(); ++t) values[t] = lastKnown(data, row, offsets[t]);
    for (std::size_t step = 0; step < spec::stepsAhead(data.schema); ++step)
      predictions.values.insert(predictions.values.end(), values.begin(), values.end());
  }
  return predictions;
}

}  // namespace lathe::engine
