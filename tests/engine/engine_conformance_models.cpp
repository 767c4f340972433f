// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <fstream>
#include <limits>

#include "core/base/files.h"
#include "tests/engine/engine_conformance.h"
#include "tests/engine/engine_samples.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

// The part of the suite about finished models: predictors, exports, and files that are not what they should be.
using namespace lathe;
using namespace lathe::tests;

namespace {

void writeBytes(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

}  // namespace

LATHE_TEST("conformance: a loaded checkpoint predicts what the training validated") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  for (const auto& data :
       {mixedTable(spec::Task::Classification), mixedTable(spec::Task::Regression), quarterImages()}) {
    auto request = requestFor(data, folder.path(), 4);
    request.training.loss.labelSmoothing = 0.1;
    request.training.loss.classWeights = true;
    RecordingObserver seen;
    const auto summary = train(*engine, request, seen);
    REQUIRE_OK(summary);
    const auto model = engine->load(summary->bestCheckpoint);
    REQUIRE_OK(model);
    CHECK((*model)->schema() == data->schema);
    const auto predictions = (*model)->predict(*data, data->split.validation);
    REQUIRE_OK(predictions);
    CHECK_EQ(predictions->rows, data->split.validation.size());
    const auto values =
        engine::scores(*predictions, *data, data->split.validation, request.model, request.training.loss);
    CHECK(values.size() >= 3);
    for (const auto& [name, value] : values) {
      const double expected = summary->metrics.at("val/" + name).toReal(std::nan(""));
      CHECK(std::abs(value - expected) <= 1e-5 * std::max(1.0, std::abs(expected)));
    }
    const auto all = (*model)->predict(*data, {});
    REQUIRE_OK(all);
    CHECK_EQ(all->rows, data->rows);
  }
}

LATHE_TEST("conformance: an exported model predicts the same, missing and unknown values included") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const float missing = std::numeric_limits<float>::quiet_NaN();
  for (const auto task : {spec::Task::Classification, spec::Task::Regression})
    for (const char* scaling : {"none", "standard", "robust", "quantile"}) {
      const auto data = mixedTable(task);
      auto request = requestFor(data, folder.path(), 2);
      request.model = modelFor(*data, scaling);
      request.training.optimizer.lr = 0.002;
      RecordingObserver seen;
      const auto summary = train(*engine, request, seen);
      REQUIRE_OK(summary);
      REQUIRE_OK(engine->exportTorchScript(summary->bestCheckpoint, folder / "model.pt"));
      const auto original = engine->load(summary->bestCheckpoint);
      const auto exported = engine->loadTorchScript(folder / "model.pt");
      REQUIRE_OK(original);
      REQUIRE_OK(exported);
      CHECK((*exported)->schema() == data->schema);
      data::Dataset hostile = *data;
      for (std::size_t row = 0; row < 40; ++row)
        for (std::size_t column = 0; column < 7; ++column) {
          auto& cell = hostile.table[row * 7 + column];
          if ((row + column) % 5 == 0) cell = missing;
          if ((row + column) % 5 == 1) cell = 1e6F;
          if ((row + column) % 5 == 2) cell = -3;
        }
      auto expected = (*original)->predict(hostile, {});
      auto given = (*exported)->predict(hostile, {});
      REQUIRE_OK(expected);
      REQUIRE_OK(given);
      for (auto* predictions : {&*expected, &*given})
        for (auto& value : predictions->values)
          value /= static_cast<float>(task == spec::Task::Regression ? request.model.fitted.targetStd : 1);
      CHECK(largestDifference(*given, *expected) <= 1e-5);
    }
}

LATHE_TEST("conformance: an exported image model predicts the same") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto data = quarterImages();
  RecordingObserver seen;
  const auto summary = train(*engine, requestFor(data, folder.path(), 2), seen);
  REQUIRE_OK(summary);
  CHECK(exportDifference(*engine, summary->bestCheckpoint, *data, folder.path()) <= 1e-5);
  const auto exported = engine->loadTorchScript(folder / "model.pt");
  REQUIRE_OK(exported);
  const auto given = (*exported)->predict(*data, data->split.test);
  REQUIRE_OK(given);
  CHECK_EQ(given->columns, std::size_t{4});
}

LATHE_TEST("conformance: a column of Unix times teaches as well as a small one, and exports the same") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto data = mixedTable(spec::Task::Classification, 1000);
  for (std::size_t row = 0; row < data->rows; ++row) data->table[row * 7] = 1.7e9F + 1000 * data->table[row * 7];
  for (const char* scaling : {"standard", "quantile"}) {
    auto request = requestFor(data, folder / scaling, 10);
    request.model = modelFor(*data, scaling);
    RecordingObserver seen;
    const auto summary = train(*engine, request, seen);
    REQUIRE_OK(summary);
    CHECK(summary->metrics.at("val/accuracy").toReal(0) >= 0.75);
    CHECK(exportDifference(*engine, summary->bestCheckpoint, *data, folder.path()) <= 1e-5);
  }
}

LATHE_TEST("conformance: outliers that training never saw give finite predictions") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  for (const auto task : {spec::Task::Classification, spec::Task::Regression}) {
    const auto data = mixedTable(task);
    RecordingObserver seen;
    const auto summary = train(*engine, requestFor(data, folder.path(), 1), seen);
    REQUIRE_OK(summary);
    const auto model = engine->load(summary->bestCheckpoint);
    REQUIRE_OK(model);
    auto hostile = *data;
    const float infinite = std::numeric_limits<float>::infinity();
    const float extremes[] = {3.4e38F, -3.4e38F, infinite, -infinite, 1e30F};
    for (std::size_t i = 0; i < 5; ++i)
      for (std::size_t column = 0; column < 7; ++column) hostile.table[i * 7 + column] = extremes[i];
    const auto predictions = (*model)->predict(hostile, {0, 1, 2, 3, 4});
    REQUIRE_OK(predictions);
    for (const float value : predictions->values) CHECK(std::isfinite(value));
  }
}

LATHE_TEST("conformance: checkpoints and exports keep how their training measured itself") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  auto request = requestFor(mixedTable(spec::Task::Classification), folder.path(), 1);
  request.training.loss.labelSmoothing = 0.125;
  request.training.loss.classWeights = true;
  request.weightColumn = "a \"quoted\" column";
  RecordingObserver seen;
  const auto summary = train(*engine, request, seen);
  REQUIRE_OK(summary);
  REQUIRE_OK(engine->exportTorchScript(summary->bestCheckpoint, folder / "model.pt"));
  for (const auto& model : {engine->load(summary->bestCheckpoint), engine->load(summary->lastCheckpoint),
                            engine->loadTorchScript(folder / "model.pt")}) {
    REQUIRE_OK(model);
    CHECK((*model)->model() == request.model);
    REQUIRE((*model)->scoring().has_value());
    CHECK(*(*model)->scoring() == (engine::Scoring{request.training.loss, request.weightColumn}));
  }
  // One that does not say so is as good a model.
  auto older = engine::readCheckpoint(summary->bestCheckpoint);
  REQUIRE_OK(older);
  older->meta.erase("scoring");
  REQUIRE_OK(engine::writeCheckpoint(*older, folder / "older.ckpt"));
  const auto model = engine->load(folder / "older.ckpt");
  REQUIRE_OK(model);
  CHECK(!(*model)->scoring().has_value());
}

LATHE_TEST("conformance: data of another shape is refused with both shapes") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto table = mixedTable(spec::Task::Classification);
  RecordingObserver seen;
  const auto summary = train(*engine, requestFor(table, folder.path(), 1), seen);
  REQUIRE_OK(summary);
  const auto model = engine->load(summary->bestCheckpoint);
  REQUIRE_OK(model);
  const auto wrong = (*model)->predict(*quarterImages(), {});
  REQUIRE(!wrong);
  CHECK_EQ(wrong.error().code, std::string("engine.schema_mismatch"));
  const auto beyond = (*model)->predict(*table, {100000});
  CHECK(!beyond);
}

LATHE_TEST("conformance: what does not belong to a run is not resumed") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  auto request = requestFor(mixedTable(spec::Task::Classification), folder.path(), 1);
  RecordingObserver seen;
  REQUIRE_OK(train(*engine, request, seen));
  request.resumeFrom = folder / "last.ckpt";
  request.training.epochs = 2;
  auto otherBatch = request;
  otherBatch.training.batchSize = 32;
  auto otherModel = request;
  otherModel.model.graph.layers[0].attributes["out"] = 20;
  otherModel.model.graph.layers[6].attributes["out"] = 24;
  auto otherOptimizer = request;
  otherOptimizer.training.optimizer.name = "sgd";
  for (const auto& changed : {otherBatch, otherModel, otherOptimizer}) {
    const auto result = train(*engine, changed, seen);
    REQUIRE(!result);
    CHECK_EQ(result.error().code, std::string("engine.checkpoint_mismatch"));
  }
}

LATHE_TEST("conformance: damaged checkpoints and model files are refused, never a crash") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  RecordingObserver seen;
  REQUIRE_OK(train(*engine, requestFor(mixedTable(spec::Task::Classification), folder.path(), 1), seen));
  REQUIRE_OK(engine->exportTorchScript(folder / "best.ckpt", folder / "model.pt"));
  const auto checkpoint = readFile(folder / "best.ckpt");
  const auto model = readFile(folder / "model.pt");
  REQUIRE_OK(checkpoint);
  REQUIRE_OK(model);
  const auto file = folder / "damaged";
  for (std::size_t i = 0; i < 24; ++i) {
    writeBytes(file, checkpoint->substr(0, checkpoint->size() * i / 24));
    CHECK(!engine->load(file));
    writeBytes(file, model->substr(0, model->size() * i / 24));
    CHECK(!engine->loadTorchScript(file));
    auto flipped = *checkpoint;
    flipped[flipped.size() * i / 24] ^= 0x41;
    writeBytes(file, flipped);
    CHECK(!engine->load(file));
  }
  writeBytes(file, std::string(1000, 'x'));
  CHECK(!engine->load(file));
  CHECK(!engine->loadTorchScript(file));
  CHECK(!engine->load(folder / "missing.ckpt"));
  CHECK(!engine->loadTorchScript(folder / "missing.pt"));
  CHECK(!engine->load(folder / "model.pt") || engine->info().name == "FakeEngine");
}

LATHE_TEST("conformance: memory is estimated before the start") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  auto request = requestFor(mixedTable(spec::Task::Classification), folder.path(), 1);
  const auto small = engine->estimate(request);
  request.training.batchSize = 160;
  const auto large = engine->estimate(request);
  CHECK(small.bytes > 0);
  CHECK(large.bytes > small.bytes);
  CHECK(large.largestBatchThatFits > 160);
}

LATHE_TEST("conformance: the engine names itself and its devices") {
  const auto info = makeEngineUnderTest()->info();
  CHECK(!info.name.empty());
  CHECK(!info.blas.empty());
  REQUIRE(!info.devices.empty());
  CHECK_EQ(info.devices.front(), std::string("cpu"));
}
