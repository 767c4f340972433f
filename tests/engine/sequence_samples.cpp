// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/sequence_samples.h"

#include <cmath>
#include <limits>

#include "core/base/random.h"
#include "core/data/data_source.h"
#include "core/data/windows.h"
#include "core/spec/targets.h"
#include "core/spec/templates.h"
#include "tests/support/testing.h"

namespace lathe::tests {

using spec::ColumnKind;

std::shared_ptr<data::Dataset> waves(spec::Task task, int window, int horizon, std::size_t rows) {
  auto data = std::make_shared<data::Dataset>();
  data->rows = rows;
  auto& schema = data->schema;
  schema.task = task;
  schema.sequence = {window, horizon, "when", "station"};
  schema.target.name = "height";
  if (task == spec::Task::Classification) schema.target.classes = {"low", "high"};
  if (task == spec::Task::Quantile) schema.target.quantiles = {0.1, 0.5, 0.9};
  std::vector<std::string> places;
  for (int i = 0; i < 100; ++i) places.push_back("place" + std::to_string(i));
  schema.features = {{"height", ColumnKind::Real, 0, 1, {}},
                     {"wind", ColumnKind::Real, 1, 1, {}},
                     {"colour", ColumnKind::Category, 2, 1, {"red", "green", "blue"}},
                     {"place", ColumnKind::Category, 3, 1, places}};
  schema.inputShape = {window, 4};
  data::SeriesKeys keys;
  keys.parts = {rows};
  Random random(3, "waves");
  std::vector<float> heights;
  for (std::size_t row = 0; row < rows; ++row) {
    // Newest first: the order of the file is not that of time.
    const auto time = static_cast<double>((rows - 1 - row) / 2);
    keys.groups.push_back(row % 2);
    keys.times.push_back(time);
    const double height = 20 + 8 * std::sin(time * 0.5 + (row % 2 == 0 ? 0 : 2)) + 0.3 * random.normal();
    heights.push_back(static_cast<float>(height));
    const float wind =
        random.below(9) == 0 ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(1000 + random.normal());
    data->table.insert(data->table.end(), {static_cast<float>(height), wind, static_cast<float>(random.below(3)),
                                           static_cast<float>(random.below(100))});
  }
  data->windows = data::windowsOf(keys);
  if (task == spec::Task::Classification)
    for (const float height : heights) data->classes.push_back(height > 20 ? 1 : 0);
  else
    data->targets =
        horizon > 0 ? data::valuesBehind(data->windows, heights, 1, static_cast<std::size_t>(horizon)) : heights;
  data::forgetIncomplete(*data);
  const auto split = data::splitWindows({}, *data, rows, 1);
  REQUIRE_OK(split);
  data->split = *split;
  return data;
}

data::Dataset wholeWindows(const data::Dataset& data, const std::vector<std::uint32_t>& rows) {
  data::Dataset whole;
  whole.schema = data.schema;
  whole.rows = rows.size();
  const auto each = static_cast<std::size_t>(spec::elementCount(data.schema.inputShape));
  whole.table.resize(each * rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) data::copyInput(data, rows[i], whole.table.data() + i * each);
  return whole;
}

spec::ModelDescription sequenceModel(const data::Dataset& data, const std::string& templateName,
                                     const spec::ValueMap& settings) {
  spec::ModelDescription model;
  model.schema = data.schema;
  const auto fitted = data::fitPreprocessing(data, model.preprocessing);
  REQUIRE_OK(fitted);
  model.fitted = *fitted;
  const auto graph =
      spec::buildTemplate(templateName, settings,
                          {spec::graphContext(model.schema, model.fitted, model.preprocessing), data.schema.task, 500});
  REQUIRE_OK(graph);
  model.graph = *graph;
  return model;
}

}  // namespace lathe::tests
