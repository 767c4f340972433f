// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "core/engine/naive_forecast.h"
#include "core/spec/targets.h"
#include "tests/engine/engine_conformance.h"
#include "tests/engine/engine_samples.h"
#include "tests/engine/sequence_samples.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

// The part of the suite about windows of rows in time.
using namespace lathe;
using namespace lathe::tests;

namespace {

engine::TrainingRequest windowRequest(const std::shared_ptr<data::Dataset>& data, const std::filesystem::path& folder,
                                      const std::string& name, int epochs) {
  auto request = requestFor(data, folder, epochs);
  request.model = sequenceModel(*data, name);
  request.training.optimizer.lr = 0.01;
  return request;
}

double metric(const engine::TrainingSummary& summary, const std::string& name) {
  const auto found = summary.metrics.find(name);
  return found == summary.metrics.end() ? std::nan("") : found->second.toReal(std::nan(""));
}

double scoreOf(const engine::Predictions& predictions, const data::Dataset& data,
               const std::vector<std::uint32_t>& rows, const std::string& wanted) {
  for (const auto& [name, value] : engine::scores(predictions, data, rows))
    if (name == wanted) return value;
  return std::nan("");
}

}  // namespace

LATHE_TEST("conformance: a forecast of a wave is far better than its last value, whichever network makes it") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto data = waves(spec::Task::Forecast, 16, 4);
  const auto& rows = data->split.validation;
  const double naive = scoreOf(engine::repeatLastValue(*data, rows), *data, rows, "rmse");
  CHECK(naive > 4);
  for (const char* name : {"mlp", "conv1d", "gru", "lstm", "transformer"}) {
    RecordingObserver observer;
    const auto request = windowRequest(data, folder / name, name, 30);
    const auto summary = train(*engine, request, observer);
    REQUIRE_OK(summary);
    const double rmse = metric(*summary, "val/rmse");
    if (!(rmse < 0.4 * naive))
      lathe::testing::reportFailure(__FILE__, __LINE__, std::string(name) + ": " + std::to_string(rmse));
    CHECK(metric(*summary, "val/mae") < rmse);
    CHECK(observer.has("train/rmse") && observer.has("train/mae"));
    const auto model = engine->load(summary->bestCheckpoint);
    REQUIRE_OK(model);
    CHECK((spec::outputShape((*model)->schema()) == spec::Shape{4, 1}));
    const auto predictions = (*model)->predict(*data, rows);
    REQUIRE_OK(predictions);
    CHECK_EQ(predictions->columns, std::size_t{4});
    const double again = scoreOf(*predictions, *data, rows, "rmse");
    if (!(std::abs(again - rmse) < 1e-4 * rmse))
      lathe::testing::reportFailure(__FILE__, __LINE__, fmt::format("{}: {} and {}", name, again, rmse));
    // A window of a table in order, and the same window whole, as exports take it.
    const auto whole = wholeWindows(*data, rows);
    const auto alone = (*model)->predict(whole, {});
    REQUIRE_OK(alone);
    CHECK(largestDifference(*alone, *predictions) < 1e-5);
    CHECK(exportDifference(*engine, summary->bestCheckpoint, whole, folder.path()) < 1e-5);
  }
}

LATHE_TEST("conformance: classes and quantiles of windows") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto classes = waves(spec::Task::Classification, 8, 0);
  RecordingObserver observer;
  const auto summary = train(*engine, windowRequest(classes, folder / "classes", "gru", 20), observer);
  REQUIRE_OK(summary);
  CHECK(metric(*summary, "val/accuracy") > 0.9);
  const auto quantiles = waves(spec::Task::Quantile, 12, 3);
  auto request = windowRequest(quantiles, folder / "quantiles", "mlp", 20);
  request.training.loss.name = "pinball";
  request.training.loss.quantiles = {0.1, 0.5, 0.9};
  const auto interval = train(*engine, request, observer);
  REQUIRE_OK(interval);
  CHECK(metric(*interval, "val/mae") < 3);
  const auto model = engine->load(interval->bestCheckpoint);
  REQUIRE_OK(model);
  CHECK((spec::outputShape((*model)->schema()) == spec::Shape{3, 1, 3}));
  const auto whole = wholeWindows(*quantiles, quantiles->split.validation);
  const auto predictions = (*model)->predict(whole, {});
  REQUIRE_OK(predictions);
  REQUIRE(predictions->columns == 9);
  for (std::size_t i = 0; i + 2 < predictions->values.size(); i += 3)
    CHECK(predictions->values[i] <= predictions->values[i + 1] &&
          predictions->values[i + 1] <= predictions->values[i + 2]);
  CHECK(exportDifference(*engine, interval->bestCheckpoint, whole, folder.path()) < 1e-5);
}

LATHE_TEST("conformance: a training on windows paused within an epoch goes on with the same bits") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto data = waves(spec::Task::Forecast, 10, 2);
  for (const char* name : {"conv1d", "gru", "transformer"}) {
    RecordingObserver whole, before, after;
    REQUIRE_OK(train(*engine, windowRequest(data, folder / name / "whole", name, 4), whole));
    auto request = windowRequest(data, folder / name / "parts", name, 4);
    const auto paused = trainUntil(*engine, request, before, 17, engine::TrainingControl::Request::Pause);
    REQUIRE_OK(paused);
    CHECK_EQ(paused->steps, 17);
    request.resumeFrom = paused->lastCheckpoint;
    REQUIRE_OK(train(*engine, request, after));
    CHECK(sameTensors(folder / name / "whole/last.ckpt", folder / name / "parts/last.ckpt"));
    auto joined = before.curve("train/loss");
    joined.insert(joined.end(), after.curve("train/loss").begin(), after.curve("train/loss").end());
    CHECK(joined == whole.curve("train/loss"));
  }
}

LATHE_TEST("conformance: rows without a whole window are neither trained on nor predicted") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto data = waves(spec::Task::Forecast, 10, 2);
  RecordingObserver observer;
  auto request = windowRequest(data, folder / "run", "mlp", 1);
  const auto summary = train(*engine, request, observer);
  REQUIRE_OK(summary);
  const auto model = engine->load(summary->bestCheckpoint);
  REQUIRE_OK(model);
  const auto oldest = data->windows.order.front();
  const auto refused = (*model)->predict(*data, {oldest});
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, std::string("engine.bad_data"));
  CHECK(!(*model)->predict(*data, {}));
  auto broken = std::make_shared<data::Dataset>(*data);
  broken->split.train.push_back(oldest);
  request.data = broken;
  CHECK(!train(*engine, request, observer));
}
