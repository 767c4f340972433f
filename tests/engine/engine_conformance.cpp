// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/engine_conformance.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/engine/engine_samples.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::tests;
using engine::TrainingOutcome;

namespace {

double metric(const engine::TrainingSummary& summary, const char* name) {
  const auto found = summary.metrics.find(name);
  return found == summary.metrics.end() ? std::nan("") : found->second.toReal();
}

std::string argument(const Message& message, const std::string& name) {
  for (const auto& [key, value] : message.args)
    if (key == name) return value;
  return {};
}

}  // namespace

LATHE_TEST("conformance: learns classes from a mixed table") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  RecordingObserver seen;
  const auto summary = train(*engine, requestFor(mixedTable(spec::Task::Classification), folder.path(), 15), seen);
  REQUIRE_OK(summary);
  CHECK(summary->outcome == TrainingOutcome::Completed);
  CHECK_EQ(summary->epochs, 15);
  CHECK(metric(*summary, "val/accuracy") >= 0.75);
  CHECK(metric(*summary, "val/roc_auc") >= 0.85);
  CHECK(seen.curve("train/loss").back().second < 0.7 * seen.curve("train/loss").front().second);
  CHECK(summary->samplesPerSecond > 0);
}

LATHE_TEST("conformance: learns values from a mixed table, in the target's unit") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  for (const char* loss : {"mse", "huber"}) {
    RecordingObserver seen;
    auto request = requestFor(mixedTable(spec::Task::Regression), folder.path(), 25);
    request.training.loss.name = loss;
    const auto summary = train(*engine, request, seen);
    REQUIRE_OK(summary);
    CHECK(metric(*summary, "val/r2") >= 0.75);
    CHECK(metric(*summary, "val/rmse") <= 8);
    CHECK(metric(*summary, "val/mae") <= metric(*summary, "val/rmse"));
    CHECK(std::abs(metric(*summary, "train/rmse") - metric(*summary, "val/rmse")) < 4);
  }
}

LATHE_TEST("conformance: learns classes of images") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  RecordingObserver seen;
  auto request = requestFor(quarterImages(), folder.path(), 8);
  request.training.optimizer.lr = 0.005;
  const auto summary = train(*engine, request, seen);
  REQUIRE_OK(summary);
  CHECK(metric(*summary, "val/accuracy") >= 0.9);
}

LATHE_TEST("conformance: every optimiser and schedule learns") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto data = mixedTable(spec::Task::Classification, 1000);
  for (const char* optimizer : {"sgd", "adam", "adamw"})
    for (const char* schedule : {"constant", "cosine", "step", "plateau"}) {
      auto request = requestFor(data, folder.path(), 8);
      request.training.optimizer.name = optimizer;
      request.training.schedule.name = schedule;
      request.training.schedule.stepEpochs = 3;
      request.training.optimizer.nesterov = true;
      request.training.optimizer.weightDecay = 1e-4;
      request.training.clipNorm = 5;
      RecordingObserver seen;
      const auto summary = train(*engine, request, seen);
      REQUIRE_OK(summary);
      CHECK(metric(*summary, "val/accuracy") >= 0.65);
      CHECK_EQ(seen.curve("optim/lr").size(), seen.curve("train/loss").size());
      CHECK_EQ(seen.curve("optim/grad_norm").size(), seen.curve("train/loss").size());
    }
}

LATHE_TEST("conformance: each step has its training points, each epoch its validation at its last step") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  RecordingObserver seen;
  auto request = requestFor(mixedTable(spec::Task::Classification), folder.path(), 3);
  request.training.batchSize = 9;  // 280 rows: 31 batches of 9 and one row, which joins the last batch
  const auto summary = train(*engine, request, seen);
  REQUIRE_OK(summary);
  CHECK_EQ(summary->steps, 93);
  for (const char* name : {"train/loss", "train/accuracy", "optim/lr"}) {
    REQUIRE(seen.curve(name).size() == 93);
    CHECK_EQ(seen.curve(name).front().first, 1);
    CHECK_EQ(seen.curve(name).back().first, 93);
  }
  for (const char* name : {"val/loss", "val/accuracy", "val/balanced_accuracy", "val/f1_macro", "val/roc_auc"}) {
    REQUIRE(seen.curve(name).size() == 3);
    CHECK_EQ(seen.curve(name)[0].first, 31);
    CHECK_EQ(seen.curve(name)[2].first, 93);
  }
  CHECK(!seen.progresses.empty());
  CHECK_EQ(seen.progresses.back().step, 93);
  CHECK_EQ(seen.progresses.back().totalSteps, 93);
  double mean = 0;
  std::size_t best = static_cast<std::size_t>(summary->bestEpoch) - 1;
  for (std::size_t i = best * 31; i < (best + 1) * 31; ++i)
    mean += seen.curve("train/loss")[i].second * (i % 31 == 30 ? 10.0 : 9.0) / 280;
  CHECK(std::abs(mean - metric(*summary, "train/loss")) < 1e-9);
}

LATHE_TEST("conformance: a loss that becomes NaN is reported with its step, and the curve is kept") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  auto request = requestFor(mixedTable(spec::Task::Classification), folder.path(), 20);
  request.training.optimizer.lr = 1e6;
  request.training.spikeGuard = false;  // it would go back, and end for the jump before
  RecordingObserver seen;
  const auto result = train(*engine, request, seen);
  REQUIRE(!result);
  CHECK_EQ(result.error().code, std::string("engine.diverged"));
  CHECK(!seen.curve("train/loss").empty());
  CHECK_EQ(argument(result.error().message, "step"), std::to_string(seen.curve("train/loss").back().first + 1));
  CHECK(!argument(result.error().message, "epoch").empty());
  for (const auto& [step, value] : seen.curve("train/loss")) CHECK(std::isfinite(value));
}

LATHE_TEST("conformance: early stopping ends a training that no longer improves") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  auto request = requestFor(mixedTable(spec::Task::Classification), folder.path(), 200);
  request.training.earlyStopping.patience = 2;
  request.training.schedule.name = "constant";
  RecordingObserver seen;
  const auto summary = train(*engine, request, seen);
  REQUIRE_OK(summary);
  CHECK(summary->outcome == TrainingOutcome::Completed);
  CHECK(summary->epochs < 200);
  CHECK_EQ(summary->epochs - summary->bestEpoch, 2);
  CHECK_EQ(seen.events.back().first, std::string("early_stopping"));
}

LATHE_TEST("conformance: the best checkpoint is the best epoch's, not the last one's") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto data = mixedTable(spec::Task::Classification);
  auto request = requestFor(data, folder.path(), 200);
  request.training.earlyStopping.patience = 4;
  request.training.schedule.name = "constant";
  request.training.optimizer.lr = 0.05;
  RecordingObserver seen;
  const auto summary = train(*engine, request, seen);
  REQUIRE_OK(summary);
  const auto& losses = seen.curve("val/loss");
  const auto best =
      std::min_element(losses.begin(), losses.end(), [](auto& a, auto& b) { return a.second < b.second; });
  REQUIRE(best + 1 != losses.end());
  CHECK_EQ(summary->bestEpoch, static_cast<int>(best - losses.begin()) + 1);
  CHECK_EQ(metric(*summary, "val/loss"), best->second);
  const auto lossOf = [&](const std::filesystem::path& checkpoint) {
    const auto model = engine->load(checkpoint);
    REQUIRE_OK(model);
    const auto predictions = (*model)->predict(*data, data->split.validation);
    REQUIRE_OK(predictions);
    for (const auto& [name, value] :
         engine::scores(*predictions, *data, data->split.validation, request.model, request.training.loss))
      if (name == "loss") return value;
    return std::nan("");
  };
  CHECK(std::abs(lossOf(summary->bestCheckpoint) - best->second) < 1e-6);
  CHECK(std::abs(lossOf(summary->lastCheckpoint) - losses.back().second) < 1e-6);
  CHECK(!sameTensors(folder / "best.ckpt", folder / "last.ckpt"));
}

LATHE_TEST("conformance: rows of weight zero teach nothing") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto data = mixedTable(spec::Task::Classification, 1000);
  data->weights.assign(data->rows, 1.0F);
  for (const auto row : data->split.train)
    if (row % 2 == 0) {
      data->weights[row] = 0;
      data->classes[row] = 2 - data->classes[row];
    }
  RecordingObserver seen;
  auto request = requestFor(data, folder.path(), 25);
  request.training.optimizer.lr = 0.005;
  const auto summary = train(*engine, request, seen);
  REQUIRE_OK(summary);
  CHECK(metric(*summary, "val/accuracy") >= 0.65);  // at most some 0.5 if the wrong labels counted
}

LATHE_TEST("conformance: batches of one row, and a single row to train on, stay finite") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  for (const auto& data : {mixedTable(spec::Task::Classification, 60), quarterImages(40)}) {
    auto request = requestFor(data, folder.path(), 2);
    request.training.batchSize = 1;
    request.training.optimizer.lr = 0.001;
    RecordingObserver seen;
    const auto summary = train(*engine, request, seen);
    REQUIRE_OK(summary);
    CHECK(std::isfinite(metric(*summary, "val/loss")));
    auto lonely = std::make_shared<data::Dataset>(*data);
    lonely->split.train.resize(1);
    request.data = lonely;
    request.training.batchSize = 32;
    const auto single = train(*engine, request, seen);
    REQUIRE_OK(single);
    CHECK_EQ(single->steps, 2);
    CHECK(std::isfinite(metric(*single, "val/loss")));
  }
}

LATHE_TEST("conformance: constant columns and columns without any value train and predict") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto data = mixedTable(spec::Task::Classification, 200);
  for (std::size_t row = 0; row < data->rows; ++row) {
    data->table[row * 7] = 12345.0F;
    data->table[row * 7 + 1] = std::numeric_limits<float>::quiet_NaN();
  }
  auto request = requestFor(mixedTable(spec::Task::Classification, 200), folder.path(), 3);
  request.data = data;
  auto& fitted = request.model.fitted.features;
  fitted[0] = {12345, false, 12345, 1, {}};
  fitted[1] = {0, true, 0, 1, {}};
  RecordingObserver seen;
  const auto summary = train(*engine, request, seen);
  REQUIRE_OK(summary);
  CHECK(std::isfinite(metric(*summary, "val/loss")));
}

LATHE_TEST("conformance: gradients that overflow stop the training and leave its weights as they were") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto data = mixedTable(spec::Task::Regression);
  for (const double clipNorm : {0.0, 1.0}) {
    auto request = requestFor(data, folder / std::to_string(clipNorm), 3);
    request.training.checkpointSeconds = 1e-6;
    request.training.clipNorm = clipNorm;
    request.model.preprocessing.scaling = "none";
    request.model.graph = {{{"out", "linear", {{"out", 1}}, {"features"}}}};
    auto extreme = std::make_shared<data::Dataset>(*data);
    // Finite by itself, but the slope of a weight is the error times this.
    for (const auto row : extreme->split.train)
      if (row % 50 == 3) extreme->table[row * 7] = 3e38F;
    request.data = extreme;
    RecordingObserver seen;
    const auto result = train(*engine, request, seen);
    REQUIRE(!result);
    CHECK_EQ(result.error().code, std::string("engine.diverged"));
    CHECK(!argument(result.error().message, "step").empty());
    const auto file = request.checkpointFolder / "last.ckpt";
    if (!std::filesystem::exists(file)) continue;  // the very first batch may hold such a row
    const auto checkpoint = engine::readCheckpoint(file);
    REQUIRE_OK(checkpoint);
    for (const auto& tensor : checkpoint->tensors) {
      if (tensor.dtype != "F32") continue;
      const auto* values = reinterpret_cast<const float*>(tensor.bytes.data());
      for (std::size_t i = 0; i < tensor.bytes.size() / sizeof(float); ++i) CHECK(!std::isnan(values[i]));
    }
  }
}
