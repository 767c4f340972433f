// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <atomic>
#include <filesystem>

#include "core/base/files.h"
#include "core/spec/spec_json.h"
#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;
using spec::RunStatus;
namespace fs = std::filesystem;

namespace {

std::map<std::string, double> withoutClocks(const store::RunRecord& record) { return record.metrics; }

bool hasEvent(store::RunStore& store, store::RunNumber run, const std::string& kind) {
  const auto events = store.events(run);
  REQUIRE_OK(events);
  return std::any_of(events->begin(), events->end(), [&](const auto& event) { return event.kind == kind; });
}

}  // namespace

LATHE_TEST("a training goes from a file to curves, checkpoints and test metrics") {
  Workshop shop;
  const auto run = shop.start(shop.request(5));
  const auto record = shop.finished(run);
  CHECK(record.status == RunStatus::Completed);
  CHECK(!record.error);
  CHECK_EQ(record.epochs, 5);
  CHECK_EQ(record.name, std::string("clouds"));
  CHECK_EQ(record.model, std::string("mlp"));
  CHECK_EQ(record.task, std::string("classification"));
  CHECK_EQ(record.dataHash.size(), std::size_t{64});
  CHECK(record.seconds > 0);
  CHECK(record.samplesPerSecond > 0);
  CHECK_EQ(record.testLooks, 1);
  CHECK(!record.owner);
  for (const char* name : {"train/loss", "val/loss", "val/accuracy", "test/loss", "test/accuracy", "test/roc_auc"})
    CHECK(record.metrics.contains(name));
  CHECK(record.metrics.at("test/accuracy") > 0.85);

  const auto loss = shop.curve(run, "train/loss");
  CHECK(countsFromOne(loss));
  CHECK_EQ(static_cast<std::int64_t>(loss.size()), record.steps);
  CHECK(loss.back().value < loss.front().value);
  const auto validation = shop.curve(run, "val/loss");
  CHECK_EQ(validation.size(), std::size_t{5});
  CHECK_EQ(validation.back().step, record.steps);
  CHECK_EQ(shop.curve(run, "test/accuracy").size(), std::size_t{1});
  CHECK(fs::exists(shop.project->absolute(record.bestCheckpoint)));
  CHECK(fs::exists(shop.project->absolute(record.lastCheckpoint)));
  const auto artefacts = shop.project->store().artefacts(run);
  REQUIRE_OK(artefacts);
  CHECK_EQ(artefacts->size(), std::size_t{2});
  for (const auto& artefact : *artefacts)
    CHECK_EQ(artefact.sha256, sha256Of(shop.project->absolute(artefact.path)).value());
  for (const char* kind : {"started", "choice", "best", "test", "completed"})
    CHECK(hasEvent(shop.project->store(), run, kind));
}

LATHE_TEST("the resolved spec, flat parameters and the environment are kept with the run") {
  Workshop shop;
  auto request = shop.request(2);
  request.spec.model.settings["hidden"] = spec::Value(std::vector<std::int64_t>{16, 8});
  const auto run = shop.start(request);
  REQUIRE(shop.finished(run).status == RunStatus::Completed);
  auto& store = shop.project->store();
  const auto spec = spec::fromJson(store.runSpec(run).value());
  REQUIRE_OK(spec);
  CHECK_EQ(spec->training.batchSize, 32);
  CHECK(!spec->model.graph.layers.empty());
  CHECK_EQ(spec->data.target, std::string("label"));
  REQUIRE_OK(spec::modelDescriptionFromJson(store.runModel(run).value()));
  const auto parameters = store.runParameters(run).value();
  CHECK_EQ(parameters.at("training.optimizer.lr"), std::string("0.05"));
  CHECK_EQ(parameters.at("training.optimizer.name"), std::string("adamw"));
  CHECK_EQ(parameters.at("training.epochs"), std::string("2"));
  CHECK_EQ(parameters.at("model.hidden"), std::string("[16,8]"));
  const auto environment = store.runEnvironment(run).value();
  for (const char* key : {"lathe", "processor", "blas", "engine", "threads"}) CHECK(environment.contains(key));
  CHECK_EQ(environment.at("data_sha256"), spec->data.sha256);
}

LATHE_TEST("data inside the project are named relative to it") {
  Workshop shop;
  writeText(shop.project->folder() / "own.csv", cloudsCsv(200));
  auto request = shop.request(1);
  request.spec.data.path = (shop.project->folder() / "own.csv").string();
  const auto run = shop.start(request);
  REQUIRE(shop.finished(run).status == RunStatus::Completed);
  CHECK_EQ(spec::fromJson(shop.project->store().runSpec(run).value()).value().data.path, std::string("own.csv"));
}

LATHE_TEST("a paused and resumed training equals one that was never paused") {
  Workshop shop({.secondsPerStep = 0.002});
  const auto whole = shop.start(shop.request(6));
  const auto interrupted = shop.start(shop.request(6));
  REQUIRE(eventually([&] { return shop.project->store().series(interrupted).value().size() > 1; }));
  REQUIRE(eventually([&] {
    for (const auto& live : shop.trainings->live())
      if (live.run == interrupted && live.progress.step > 15) return true;
    return false;
  }));
  REQUIRE_OK(shop.trainings->pause(*shop.project, interrupted));
  const auto paused = shop.finished(interrupted);
  REQUIRE(paused.status == RunStatus::Paused);
  CHECK(!paused.owner);
  CHECK(!paused.metrics.contains("test/accuracy"));
  const auto reference = shop.finished(whole);
  REQUIRE(reference.status == RunStatus::Completed);
  CHECK(paused.steps < reference.steps);

  REQUIRE_OK(shop.trainings->resume(shop.project, interrupted, {}));
  const auto resumed = shop.finished(interrupted);
  CHECK(resumed.status == RunStatus::Completed);
  CHECK(withoutClocks(resumed) == withoutClocks(reference));
  CHECK(resumed.seconds > paused.seconds);
  for (const char* name : {"train/loss", "val/loss", "optim/lr", "test/accuracy"})
    CHECK(samePoints(shop.curve(interrupted, name), shop.curve(whole, name)));
  CHECK(countsFromOne(shop.curve(interrupted, "train/loss")));
  CHECK(hasEvent(shop.project->store(), interrupted, "resumed"));
}

LATHE_TEST("a run whose owner died reads as interrupted and goes on without gap or double point") {
  Workshop shop({.secondsPerStep = 0.002});
  const auto whole = shop.start(shop.request(5));
  const auto killed = shop.start(shop.request(5));
  REQUIRE(eventually([&] {
    for (const auto& live : shop.trainings->live())
      if (live.run == killed && live.progress.step > 15) return true;
    return false;
  }));
  REQUIRE_OK(shop.trainings->pause(*shop.project, killed));
  const auto paused = shop.finished(killed);
  REQUIRE(paused.status == RunStatus::Paused);
  // As a killed process leaves it: running, its owner gone, points stored beyond the last checkpoint.
  auto& store = shop.project->store();
  auto dead = thisProcess();
  dead.startTime += 1;
  REQUIRE_OK(store.takeOver(killed, dead));
  const auto series = store.seriesId(killed, "train/loss");
  REQUIRE_OK(series);
  for (int i = 1; i <= 7; ++i) store.append(*series, paused.steps + i, 99.0);
  REQUIRE_OK(store.flush());
  REQUIRE(store.run(killed).value().status == RunStatus::Interrupted);

  REQUIRE_OK(shop.trainings->resume(shop.project, killed, {}));
  const auto resumed = shop.finished(killed);
  REQUIRE(resumed.status == RunStatus::Completed);
  const auto reference = shop.finished(whole);
  CHECK(resumed.metrics == reference.metrics);
  CHECK(samePoints(shop.curve(killed, "train/loss"), shop.curve(whole, "train/loss")));
}

LATHE_TEST("a run that was interrupted before its first checkpoint starts again from zero") {
  Workshop shop;
  auto& store = shop.project->store();
  const auto reference = shop.train(shop.request(3));
  const auto run = shop.start(shop.request(3));
  REQUIRE(shop.finished(run).status == RunStatus::Completed);
  auto dead = thisProcess();
  dead.startTime += 1;
  REQUIRE_OK(store.takeOver(run, dead));
  fs::remove_all(shop.project->runFolder(run));
  REQUIRE_OK(shop.trainings->resume(shop.project, run, {}));
  const auto record = shop.finished(run);
  CHECK(record.status == RunStatus::Completed);
  CHECK(record.metrics == reference.metrics);
  CHECK(countsFromOne(shop.curve(run, "train/loss")));
}

LATHE_TEST("a completed run needs more epochs to go on, and then scores its test split again") {
  Workshop shop;
  const auto run = shop.start(shop.request(2));
  REQUIRE(shop.finished(run).status == RunStatus::Completed);
  CHECK_EQ(shop.trainings->resume(shop.project, run, {}).error().code, std::string("run.completed"));
  CHECK_EQ(shop.trainings->resume(shop.project, run, 2).error().code, std::string("run.completed"));
  REQUIRE_OK(shop.trainings->resume(shop.project, run, 4));
  const auto record = shop.finished(run);
  CHECK(record.status == RunStatus::Completed);
  CHECK_EQ(record.epochs, 4);
  CHECK_EQ(record.totalEpochs, 4);
  CHECK_EQ(record.testLooks, 2);
  CHECK_EQ(shop.curve(run, "val/loss").size(), std::size_t{4});
  CHECK(countsFromOne(shop.curve(run, "train/loss")));
}

LATHE_TEST("two runs train at the same time and do not disturb each other") {
  Workshop shop({.secondsPerStep = 0.001});
  const auto first = shop.start(shop.request(4));
  const auto second = shop.start(shop.request(4));
  auto other = shop.request(4);
  other.spec.training.seed = 7;
  const auto third = shop.start(other);
  CHECK_EQ(shop.trainings->live().size(), std::size_t{3});
  const auto a = shop.finished(first);
  const auto b = shop.finished(second);
  const auto c = shop.finished(third);
  CHECK(a.status == RunStatus::Completed);
  CHECK(a.metrics == b.metrics);
  CHECK(a.metrics != c.metrics);
  CHECK(samePoints(shop.curve(first, "train/loss"), shop.curve(second, "train/loss")));
  CHECK(shop.trainings->live().empty());
}

LATHE_TEST("the sink hears of the last step") {
  Workshop shop({.secondsPerStep = 0.001});
  std::atomic<std::int64_t> newest{0};
  std::atomic<int> calls{0};
  const auto run = shop.start(shop.request(4), [&](const services::LiveRun& live) {
    newest = live.progress.step;
    ++calls;
  });
  const auto record = shop.finished(run);
  CHECK_EQ(newest.load(), record.steps);
  CHECK(calls.load() >= 1);
  CHECK(calls.load() < record.steps);
}

LATHE_TEST("closing the service pauses what runs, and another one resumes it") {
  Workshop shop({.secondsPerStep = 0.005});
  const auto run = shop.start(shop.request(10));
  REQUIRE(eventually([&] { return !shop.trainings->live().empty() && shop.trainings->live()[0].progress.step > 3; }));
  shop.trainings.reset();
  REQUIRE(shop.project->store().run(run).value().status == RunStatus::Paused);
  const std::shared_ptr<engine::Engine> quick = engine::makeFakeEngine();
  shop.trainings = services::makeTrainingService(quick);
  REQUIRE_OK(shop.trainings->resume(shop.project, run, {}));
  CHECK(shop.finished(run).status == RunStatus::Completed);
}
