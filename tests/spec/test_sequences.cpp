// SPDX-License-Identifier: GPL-3.0-or-later
// Windows of rows in a spec, a schema and a program.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/spec/losses.h"
#include "core/spec/metrics.h"
#include "core/spec/spec_json.h"
#include "core/spec/targets.h"
#include "core/spec/templates.h"
#include "tests/spec/preprocess_reference.h"
#include "tests/spec/spec_builders.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::spec;
using namespace lathe::spec::testing;

namespace {

constexpr std::int64_t window = 4;

ModelDescription windowDescription() {
  auto description = tableDescription();
  auto& schema = description.schema;
  schema.sequence = {window, 0, "when", ""};
  schema.inputShape = {window, 6};
  for (int i = 40; i < 70; ++i) schema.features[4].vocabulary.push_back("city" + std::to_string(i));
  return description;
}

ModelDescription forecastDescription(std::vector<std::string> columns = {}) {
  auto description = windowDescription();
  auto& schema = description.schema;
  schema.task = Task::Forecast;
  schema.sequence.horizon = 3;
  schema.target = {"load", {}, std::move(columns)};
  description.fitted.classFrequencies.clear();
  description.fitted.targetMean = 100;
  description.fitted.targetStd = 20;
  return description;
}

bool complains(const ExperimentSpec& spec, const std::string& code) {
  const auto problems = validate(spec);
  return std::any_of(problems.begin(), problems.end(), [&](const auto& problem) { return problem.code == code; });
}

ExperimentSpec specOf(Task task, int rows, int horizon, const std::string& method = "auto") {
  ExperimentSpec spec;
  spec.data.task = task;
  spec.data.sequence = {rows, horizon, 1};
  spec.data.split.method = method;
  return spec;
}

}  // namespace

LATHE_TEST("windows offer a sequence of prepared rows, and codes of the last one") {
  const auto description = windowDescription();
  const auto context = graphContext(description.schema, description.fitted, description.preprocessing);
  REQUIRE(context.inputs.size() == 2);
  CHECK(context.inputs[0] == (GraphContext::Input{"sequence", {window, 2 + 8 + 4 + 1}, {}}));
  CHECK(context.inputs[1] == (GraphContext::Input{"categories", {1}, {71}}));
  CHECK_EQ(defaultTemplate(context), std::string("conv1d"));
}

LATHE_TEST("a window is prepared row by row, as the rows alone are") {
  for (const char* scaling : {"standard", "quantile", "none"}) {
    auto description = windowDescription();
    description.preprocessing.scaling = scaling;
    if (std::string(scaling) == "quantile")
      for (std::size_t i : {0U, 1U}) description.fitted.features[i].quantiles = {1, 3, 50};
    useTemplate(description, "gru");
    const auto program = lower(description);
    REQUIRE_OK(program);
    checkProgram(*program);
    CHECK(takesWindows(*program));
    CHECK((program->values[static_cast<std::size_t>(program->prepared[0])] == Shape{window, 15}));
    CHECK((program->values[static_cast<std::size_t>(program->prepared[1])] == Shape{1}));
    const auto rows = rowProgram(*program);
    CHECK((rows.windowed == std::vector<bool>{true, false}));
    auto alone = tableDescription();
    alone.schema.features[4] = description.schema.features[4];
    alone.fitted = description.fitted;
    alone.preprocessing = description.preprocessing;
    useTemplate(alone, "mlp");
    const auto plain = lower(alone);
    REQUIRE_OK(plain);
    const std::vector<double> raw{60.25, 4, 7744, 21600, 2, 7};
    const auto expected = prepare(*plain, raw);
    const auto given = prepare(rows.program, raw);
    CHECK(given == expected);
    CHECK(!takesWindows(*plain));
  }
}

LATHE_TEST("a forecast gives its values row by row ahead, in the target's unit, and names them") {
  auto description = forecastDescription();
  CHECK((outputShape(description.schema) == Shape{3, 1}));
  CHECK_EQ(targetCount(description.schema), std::size_t{3});
  CHECK(targetsShareUnit(description.schema));
  using Names = std::vector<std::string>;
  CHECK((predictionColumns(description.schema) ==
         Names{"prediction_load_h1", "prediction_load_h2", "prediction_load_h3"}));
  useTemplate(description, "conv1d");
  const auto program = lower(description);
  REQUIRE_OK(program);
  checkProgram(*program);
  CHECK((program->values[static_cast<std::size_t>(program->output)] == Shape{3, 1}));
  CHECK_EQ(program->head.size(), std::size_t{2});
  for (const auto& constant : program->constants)
    if (constant.name == "head.scale") CHECK((constant.data == std::vector<float>{20, 20, 20}));
  auto two = forecastDescription({"load", "price"});
  CHECK((outputShape(two.schema) == Shape{3, 2}));
  CHECK((predictionColumns(two.schema)[3] == "prediction_price_h2"));
  CHECK(!targetsShareUnit(two.schema));
  two.schema.task = Task::Quantile;
  two.schema.target.quantiles = {0.1, 0.9};
  CHECK((outputShape(two.schema) == Shape{3, 2, 2}));
  CHECK((predictionColumns(two.schema)[5] == "prediction_load_h2_q0.9"));
  useTemplate(two, "mlp");
  const auto quantiles = lower(two);
  REQUIRE_OK(quantiles);
  CHECK((quantiles->values[static_cast<std::size_t>(quantiles->output)] == Shape{3, 2, 2}));
  // A link of counts, as a regression has it.
  two = forecastDescription();
  LossSpec loss;
  loss.name = "poisson";
  applyLoss(two.schema, loss);
  CHECK_EQ(two.schema.target.link, std::string("log"));
  CHECK((lossesFor(Task::Forecast) == lossesFor(Task::Regression)));
  CHECK_EQ(metricsFor(Task::Forecast).size(), metricsFor(Task::Regression).size());
}

LATHE_TEST("every template takes windows, with and without categories beside them") {
  for (const auto& info : templates()) {
    if (info.forImages || info.forTables || info.forAnomalies) continue;
    for (const bool beside : {true, false}) {
      auto description = forecastDescription();
      if (!beside) description.schema.features[4].vocabulary.resize(10);
      useTemplate(description, info.name);
      const auto program = lower(description);
      REQUIRE_OK(program);
      checkProgram(*program);
      CHECK((program->values[static_cast<std::size_t>(program->output)] == Shape{3, 1}));
    }
  }
}

LATHE_TEST("a description of windows survives JSON, and one that contradicts itself is refused") {
  auto description = forecastDescription();
  description.schema.sequence.group = "shop";
  useTemplate(description, "lstm");
  const auto read = modelDescriptionFromJson(toJson(description));
  REQUIRE_OK(read);
  CHECK(*read == description);
  // Without windows nothing is said of them, as in files of before.
  CHECK(toJson(tableDescription()).find("sequence") == std::string::npos);
  const auto refused = [](auto change) {
    auto wrong = forecastDescription();
    change(wrong.schema);
    return !lower(wrong) && !modelDescriptionFromJson(toJson(wrong));
  };
  CHECK(refused([](auto& schema) { schema.sequence.window = 5; }));
  CHECK(refused([](auto& schema) { schema.inputShape = {6}; }));
  CHECK(refused([](auto& schema) { schema.sequence.horizon = 0; }));
  CHECK(refused([](auto& schema) { schema.sequence.horizon = -3; }));
  CHECK(refused([](auto& schema) { schema.sequence.horizon = std::int64_t{1} << 40; }));
  CHECK(refused([](auto& schema) { schema.task = Task::Regression; }));
}

LATHE_TEST("the fields of windows: set, read, and left out by older specs") {
  ExperimentSpec spec;
  REQUIRE_OK(setField(spec, "data.window", "24"));
  REQUIRE_OK(setField(spec, "data.horizon", "6"));
  REQUIRE_OK(setField(spec, "data.stride", "2"));
  REQUIRE_OK(setField(spec, "data.task", "forecast"));
  CHECK((spec.data.sequence == SequenceSpec{24, 6, 2}));
  const auto read = fromJson(toJson(spec));
  REQUIRE_OK(read);
  CHECK(*read == spec);
  const auto older = fromJson(R"({"schema": 2, "data": {"path": "a.csv"}})");
  REQUIRE_OK(older);
  CHECK((older->data.sequence == SequenceSpec{0, 0, 1}));
  CHECK(!setField(spec, "data.window", "-1"));
  CHECK(!setField(spec, "data.stride", "0"));
}

LATHE_TEST("contradictions of windows are said in sentences") {
  CHECK(validate(specOf(Task::Forecast, 24, 6)).empty());
  CHECK(validate(specOf(Task::Auto, 24, 6)).empty());
  CHECK(validate(specOf(Task::Quantile, 24, 6)).empty());
  CHECK(validate(specOf(Task::Classification, 24, 0)).empty());
  CHECK(validate(specOf(Task::Forecast, 24, 6, "time")).empty());  // no column needs the role time
  CHECK(complains(specOf(Task::Forecast, 0, 6), "spec.forecast_window"));
  CHECK(complains(specOf(Task::Auto, 0, 6), "spec.forecast_window"));
  CHECK(complains(specOf(Task::Regression, 24, 6), "spec.horizon_task"));
  CHECK(complains(specOf(Task::Anomaly, 24, 0), "spec.window_anomaly"));
  for (const char* method : {"random", "stratified", "group"})
    CHECK(complains(specOf(Task::Forecast, 24, 6, method), "spec.window_split"));
  const auto problems = validate(specOf(Task::Classification, 24, 6));
  REQUIRE(!problems.empty());
  CHECK_EQ(problems.front().sentence(),
           std::string("A horizon of 6 rows belongs to a forecast, not to classification. Set data.task to forecast or "
                       "quantile, or data.horizon to 0."));
}
