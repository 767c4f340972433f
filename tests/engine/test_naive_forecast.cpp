// SPDX-License-Identifier: GPL-3.0-or-later
// What a forecast is measured by: the naive forecast, scores over all rows ahead, and what a step knows of them.
#include <cmath>

#include "core/data/windows.h"
#include "core/engine/losses.h"
#include "core/engine/naive_forecast.h"
#include "core/engine/running_scores.h"
#include "tests/support/testing.h"

using namespace lathe;

namespace {

/// One series of two targets, 1 2 3 ... and 10 20 30 ..., two rows ahead, windows of two.
std::shared_ptr<data::Dataset> ramps(bool two) {
  auto data = std::make_shared<data::Dataset>();
  data->rows = 6;
  auto& schema = data->schema;
  schema.task = spec::Task::Forecast;
  schema.sequence = {2, 2, "", ""};
  schema.target.name = two ? "a, b" : "a";
  if (two) schema.target.columns = {"a", "b"};
  schema.features = {{"x", spec::ColumnKind::Real, 0, 1, {}},
                     {"a", spec::ColumnKind::Real, 1, 1, {}},
                     {"b", spec::ColumnKind::Real, 2, 1, {}}};
  schema.inputShape = {2, 3};
  std::vector<float> values;
  for (int i = 1; i <= 6; ++i) {
    const float a = i == 4 ? std::nanf("") : static_cast<float>(i);
    data->table.insert(data->table.end(), {0, a, static_cast<float>(10 * i)});
    values.push_back(static_cast<float>(i));
    if (two) values.push_back(static_cast<float>(10 * i));
  }
  data->windows = data::windowsOf({{6}, {}, {}});
  data->targets = data::valuesBehind(data->windows, values, two ? 2 : 1, 2);
  data::forgetIncomplete(*data);
  return data;
}

}  // namespace

LATHE_TEST("the naive forecast repeats the last value that is known") {
  const auto naive = engine::repeatLastValue(*ramps(true), {2, 3});
  CHECK_EQ(naive.columns, std::size_t{4});
  CHECK((naive.values == std::vector<float>{3, 30, 3, 30, 3, 40, 3, 40}));  // row 3 does not say a
}

LATHE_TEST("scores of a forecast are over all rows ahead, of each target in its own unit") {
  const auto one = ramps(false);
  const std::vector<std::uint32_t> rows{1, 2};
  // Truth 3 4 and 4 5 against 2 2 and 3 3: errors 1 2 1 2.
  const auto scores = engine::scores(engine::repeatLastValue(*one, rows), *one, rows);
  for (const auto& [name, value] : scores) {
    if (name == "rmse") CHECK(std::abs(value - std::sqrt(2.5)) < 1e-9);
    if (name == "mae") CHECK(std::abs(value - 1.5) < 1e-9);
    if (name == "loss") CHECK(std::abs(value - 2.5) < 1e-9);
    // The mean of 3 4 4 5 is 4.
    if (name == "r2") CHECK(std::abs(value - (1 - 10.0 / 2)) < 1e-9);
  }
  CHECK_EQ(scores.size(), std::size_t{5});
  const auto two = ramps(true);
  for (const auto& [name, value] : engine::scores(engine::repeatLastValue(*two, rows), *two, rows))
    if (name == "rmse") CHECK(std::abs(value - 5.5 * std::sqrt(2.5)) < 1e-6);
}

LATHE_TEST("a step of a forecast knows its root mean squared error over all rows ahead, in the target's unit") {
  const auto data = ramps(false);
  spec::ModelDescription model;
  model.schema = data->schema;
  model.fitted.targetMean = 3;
  model.fitted.targetStd = 2;
  model.fitted.targetMeans = {3, 3};
  model.fitted.targetStds = {2, 2};
  spec::LossSpec spec;
  spec.name = "mse";
  const engine::Loss loss(spec, model, data);
  CHECK_EQ(loss.outputs(), std::size_t{2});
  const std::vector<std::uint32_t> rows{1, 2};
  const std::vector<float> output(4, 0.0F);  // predicts 3 everywhere: errors 0 1 1 2
  std::vector<float> gradient(4);
  const auto score = loss.evaluate(output, rows, gradient);
  CHECK(std::abs(score.loss - (0 + 0.25 + 0.25 + 1) / 4) < 1e-6);
  const engine::RunningScores running(data->schema);
  CHECK((running.names() == std::vector<std::string>{"rmse", "mae"}));
  CHECK(std::abs(running.value(0, score) - std::sqrt(6.0 / 4)) < 1e-6);
  CHECK(std::abs(running.value(1, score) - 1) < 1e-6);
  CHECK(std::abs(gradient[3] + 2 * 1.0F / 4) < 1e-6);
  // Of several targets, each in its own unit, no common root is known.
  CHECK((engine::RunningScores(ramps(true)->schema).names() == std::vector<std::string>{"mae"}));
}
