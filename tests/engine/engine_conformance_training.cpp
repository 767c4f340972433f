// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <filesystem>
#include <limits>

#include "core/spec/customary.h"
#include "tests/engine/engine_conformance.h"
#include "tests/engine/engine_samples.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

// The part of the suite about optimisers, schedules, averages, accumulation and the guard against jumps.
using namespace lathe;
using namespace lathe::tests;
using engine::TrainingControl;

namespace {

double metric(const engine::TrainingSummary& summary, const char* name) {
  const auto found = summary.metrics.find(name);
  return found == summary.metrics.end() ? std::nan("") : found->second.toReal();
}

// An engine with one executor takes any.
constexpr const char* executors[] = {"auto", "libtorch"};

int countOf(const RecordingObserver& seen, const std::string& kind) {
  int count = 0;
  for (const auto& event : seen.events) count += event.first == kind ? 1 : 0;
  return count;
}

engine::TrainingRequest shortRequest(const TempFolder& folder, const std::string& into, int epochs = 5) {
  auto request = requestFor(mixedTable(spec::Task::Classification, 200), folder / into, epochs);
  request.training.batchSize = 20;  // 7 steps an epoch
  return request;
}

// Pauses after `step`, goes on, and compares with the training that was never stopped.
void checkResume(engine::Engine& engine, const TempFolder& folder, engine::TrainingRequest request, std::int64_t step,
                 const std::string& what) {
  for (const char* name : {"whole", "parts"}) std::filesystem::remove_all(folder / name);
  RecordingObserver whole, before, after;
  request.checkpointFolder = folder / "whole";
  const auto uninterrupted = train(engine, request, whole);
  REQUIRE_OK(uninterrupted);
  request.checkpointFolder = folder / "parts";
  const auto paused = trainUntil(engine, request, before, step, TrainingControl::Request::Pause);
  REQUIRE_OK(paused);
  request.resumeFrom = paused->lastCheckpoint;
  const auto resumed = train(engine, request, after);
  REQUIRE_OK(resumed);
  const bool same = sameTensors(folder / "whole/last.ckpt", folder / "parts/last.ckpt") &&
                    sameTensors(folder / "whole/best.ckpt", folder / "parts/best.ckpt") &&
                    resumed->metrics == uninterrupted->metrics;
  if (!same) lathe::testing::reportFailure(__FILE__, __LINE__, what + " does not resume bit for bit");
  for (const char* name : {"train/loss", "val/loss", "optim/lr", "optim/momentum", "optim/grad_norm"}) {
    auto joined = before.curve(name);
    joined.insert(joined.end(), after.curve(name).begin(), after.curve(name).end());
    CHECK(joined == whole.curve(name));
  }
}

}  // namespace

LATHE_TEST("conformance: each optimiser learns and resumes bit for bit from inside an epoch") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  for (const auto& name : spec::optimizerNames()) {
    auto request = shortRequest(folder, "whole", 4);
    request.training.optimizer = spec::customaryOptimizer(name);
    if (spec::isScheduleFree(request.training.optimizer)) request.training.schedule.name = "constant";
    for (const char* executor : executors) {
      request.training.executor = executor;
      checkResume(*engine, folder, request, 11, name);
    }
  }
}

LATHE_TEST("conformance: each optimiser learns") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto data = mixedTable(spec::Task::Classification, 1000);
  for (const auto& name : spec::optimizerNames()) {
    auto request = requestFor(data, folder / name, 25);
    request.training.optimizer = spec::customaryOptimizer(name);
    if (spec::isScheduleFree(request.training.optimizer)) request.training.schedule.name = "constant";
    // Their usual rates are for long trainings; this one has 1100 steps.
    auto& optimizer = request.training.optimizer;
    if (optimizer.lr < 0.02) optimizer.lr *= 20;
    optimizer.restLr *= 20;
    RecordingObserver seen;
    const auto summary = train(*engine, request, seen);
    REQUIRE_OK(summary);
    const double first = seen.curve("val/loss").front().second;
    const double last = metric(*summary, "val/loss");
    if (!(last < first) || !(metric(*summary, "val/accuracy") >= 0.65))
      lathe::testing::reportFailure(__FILE__, __LINE__, name + " does not learn");
  }
}

LATHE_TEST("conformance: each schedule, average, accumulation and hypergradient resumes bit for bit") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  for (const auto& name : spec::scheduleNames()) {
    auto request = shortRequest(folder, "whole", 4);
    request.training.schedule = spec::customarySchedule(name);
    request.training.schedule.restartEpochs = 1;
    request.training.dropoutSchedule = "flat_cos";
    request.training.optimizer.weightDecaySchedule = "cosine";
    checkResume(*engine, folder, request, 18, name);
  }
  auto request = shortRequest(folder, "whole", 5);
  for (const char* name : {"ema", "swa"}) {
    request.training.average.name = name;
    request.training.average.startFraction = 0.3;
    for (const char* executor : executors) {
      request.training.executor = executor;
      for (const std::int64_t step : {11, 25}) checkResume(*engine, folder, request, step, name);
    }
  }
  request.training.average.name = "none";
  request.training.layerLrDecay = 0.7;
  request.training.accumulateSteps = 3;
  checkResume(*engine, folder, request, 4, "accumulation");
  request.training.accumulateSteps = 1;
  request.training.optimizer.hypergradient = 0.05;
  checkResume(*engine, folder, request, 11, "hypergradient");
}

LATHE_TEST("conformance: the average is what is validated and deployed; training goes on with its own weights") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  const auto plain = [&](const std::string& average, const std::string& into) {
    auto request = shortRequest(folder, into, 6);
    request.training.average.name = average;
    request.training.average.startFraction = 0.5;
    return request;
  };
  RecordingObserver none, ema, swa;
  REQUIRE_OK(train(*engine, plain("none", "none"), none));
  const auto request = plain("ema", "ema");
  const auto summary = train(*engine, request, ema);
  REQUIRE_OK(summary);
  const auto meaned = train(*engine, plain("swa", "swa"), swa);
  REQUIRE_OK(meaned);
  CHECK(ema.curve("train/loss") == none.curve("train/loss"));
  CHECK(swa.curve("train/loss") == none.curve("train/loss"));
  CHECK(ema.curve("val/loss") != none.curve("val/loss"));
  for (std::size_t epoch = 0; epoch < 6; ++epoch)  // the fourth is the first that counts, and its own mean
    if (epoch != 3) CHECK_EQ(swa.curve("val/loss")[epoch] == none.curve("val/loss")[epoch], epoch < 3);
  // What best.ckpt predicts is what was validated.
  const auto predictor = engine->load(summary->bestCheckpoint);
  REQUIRE_OK(predictor);
  const auto& rows = request.data->split.validation;
  const auto predictions = (*predictor)->predict(*request.data, rows);
  REQUIRE_OK(predictions);
  for (const auto& [name, value] :
       engine::scores(*predictions, *request.data, rows, request.model, request.training.loss))
    if (name == "loss") CHECK(std::abs(value - metric(*summary, "val/loss")) < 1e-6);
}

LATHE_TEST("conformance: the mean of gradients of small batches is the gradient of the big one") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  for (const auto& [task, executor] :
       {std::pair{spec::Task::Classification, "auto"}, {spec::Task::Regression, "libtorch"}}) {
    const auto data = mixedTable(task, 200);
    data->weights.assign(data->rows, 1.0F);
    for (std::size_t row = 0; row < data->rows; ++row) data->weights[row] = 0.5F + static_cast<float>(row % 4);
    auto request = requestFor(data, folder / "big", 4);
    request.training.executor = executor;
    // Without what looks at a batch as a whole.
    const int outputs = task == spec::Task::Classification ? 3 : 1;
    request.model.graph = {
        {{"a", "linear", {{"out", 16}}, {"features"}}, {"b", "tanh", {}, {}}, {"c", "linear", {{"out", outputs}}, {}}}};
    request.training.batchSize = 33;  // 140 rows: four batches and a rest of 8
    request.training.optimizer.name = "sgd";
    request.training.optimizer.lr = 0.05;
    request.training.clipNorm = 0.5;
    RecordingObserver big, small;
    REQUIRE_OK(train(*engine, request, big));
    request.training.batchSize = 11;
    request.training.accumulateSteps = 3;
    request.checkpointFolder = folder / "small";
    REQUIRE_OK(train(*engine, request, small));
    for (const char* name : {"train/loss", "val/loss", "optim/grad_norm"}) {
      const auto& a = big.curve(name);
      const auto& b = small.curve(name);
      REQUIRE(a.size() == b.size() && !a.empty());
      for (std::size_t i = 0; i < a.size(); ++i) {
        CHECK_EQ(a[i].first, b[i].first);
        CHECK(std::abs(a[i].second - b[i].second) < 1e-5 * std::max(1.0, a[i].second));
      }
    }
    CHECK(std::abs(big.curve("train/loss").front().second - small.curve("train/loss").front().second) < 1e-6);
    const auto first = engine::readCheckpoint(folder / "big/last.ckpt");
    const auto second = engine::readCheckpoint(folder / "small/last.ckpt");
    REQUIRE_OK(first);
    REQUIRE_OK(second);
    for (const auto& tensor : first->tensors) {
      if (tensor.name.find("weight") == std::string::npos || tensor.name.find('.') != tensor.name.rfind('.')) continue;
      const auto* other = second->find(tensor.name);
      REQUIRE(other != nullptr && other->bytes.size() == tensor.bytes.size());
      const auto* x = reinterpret_cast<const float*>(tensor.bytes.data());
      const auto* y = reinterpret_cast<const float*>(other->bytes.data());
      for (std::size_t i = 0; i < tensor.bytes.size() / sizeof(float); ++i) CHECK(std::abs(x[i] - y[i]) < 1e-6);
    }
  }
}

LATHE_TEST("conformance: a loss that explodes goes back, halves the rate and learns after all") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  // Mean squared error of a linear model: above a certain rate plain descent diverges, below it converges.
  auto request = requestFor(mixedTable(spec::Task::Regression, 200), folder / "whole", 40);
  request.model.graph = {{{"out", "linear", {{"out", 1}}, {"features"}}}};
  request.training.batchSize = 140;
  request.training.optimizer.name = "sgd";
  request.training.optimizer.momentum = 0;
  request.training.optimizer.weightDecay = 0;
  request.training.schedule.name = "constant";
  request.training.schedule.warmupFraction = 0;
  request.training.epochs = 600;
  bool recovered = false;
  for (const double lr : {0.4, 0.6, 0.8, 1.0, 1.3, 1.7}) {
    request.training.optimizer.lr = lr;
    request.training.spikeGuard = false;
    RecordingObserver without, with;
    if (train(*engine, request, without)) continue;
    request.training.spikeGuard = true;
    const auto result = train(*engine, request, with);
    if (!result) continue;
    recovered = true;
    CHECK(countOf(with, "rolled_back") >= 1);
    CHECK(countOf(with, "rolled_back") <= 2);
    CHECK(metric(*result, "val/r2") > 0.5);
    CHECK(std::abs(with.curve("optim/lr").back().second - lr * std::pow(0.5, countOf(with, "rolled_back"))) < 1e-9);
    // Steps go on, whatever the weights: one point each.
    for (std::size_t i = 0; i < with.curve("train/loss").size(); ++i)
      CHECK_EQ(with.curve("train/loss")[i].first, static_cast<std::int64_t>(i) + 1);
    // Interrupted anywhere, before or after it went back.
    for (const std::int64_t step : {5, 60, 300}) checkResume(*engine, folder, request, step, "going back");
    break;
  }
  CHECK(recovered);
}

LATHE_TEST("conformance: a rate that never can work fails soon, with guard and without a NaN") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  for (const char* name : {"sgd", "adamw"}) {
    auto request = requestFor(mixedTable(spec::Task::Regression), folder / name, 20);
    request.model.graph = {{{"out", "linear", {{"out", 1}}, {"features"}}}};
    request.training.optimizer = spec::customaryOptimizer(name);
    request.training.optimizer.lr = 1e6;
    RecordingObserver seen;
    const auto result = train(*engine, request, seen);
    REQUIRE(!result);
    CHECK_EQ(result.error().code, std::string("engine.diverged"));
    CHECK(result.error().sentence().find("step") != std::string::npos);
    CHECK_EQ(countOf(seen, "rolled_back"), 2);
    CHECK(!seen.curve("train/loss").empty());
    CHECK(seen.curve("train/loss").size() < 60);
  }
}

LATHE_TEST("conformance: a row that always breaks the loss fails the training at the third time") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  auto request = requestFor(mixedTable(spec::Task::Regression, 200), folder / "run", 3);
  const auto data = mixedTable(spec::Task::Regression, 200);
  request.model.preprocessing.scaling = "none";
  request.model.graph = {{{"out", "linear", {{"out", 1}}, {"features"}}}};
  // Finite by itself, but the slope of a weight is the error times this.
  data->table[data->split.train[50] * 7] = 3e38F;
  request.data = data;
  request.training.batchSize = 10;
  RecordingObserver seen, unguarded;
  const auto result = train(*engine, request, seen);
  REQUIRE(!result);
  CHECK_EQ(result.error().code, std::string("engine.diverged"));
  CHECK_EQ(countOf(seen, "rolled_back"), 2);
  request.training.spikeGuard = false;
  request.checkpointFolder = folder / "plain";
  const auto plain = train(*engine, request, unguarded);
  REQUIRE(!plain);
  CHECK_EQ(plain.error().code, std::string("engine.diverged"));
  CHECK_EQ(countOf(unguarded, "rolled_back"), 0);
}

LATHE_TEST("conformance: one_cycle moves the momentum, and optimisers without one draw none") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  auto request = shortRequest(folder, "run");
  request.training.schedule = spec::customarySchedule("one_cycle");
  RecordingObserver cycled, without;
  REQUIRE_OK(train(*engine, request, cycled));
  const auto& momentum = cycled.curve("optim/momentum");
  REQUIRE(momentum.size() == cycled.curve("train/loss").size());
  double least = 1;
  for (const auto& [step, value] : momentum) least = std::min(least, value);
  CHECK(std::abs(momentum.front().second - 0.9) < 1e-6);
  CHECK(least < 0.82);
  request.training.optimizer = spec::customaryOptimizer("adagrad");
  request.checkpointFolder = folder / "other";
  REQUIRE_OK(train(*engine, request, without));
  CHECK(!without.has("optim/momentum"));
}
