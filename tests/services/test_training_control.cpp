// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>

#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;
using spec::RunStatus;
namespace fs = std::filesystem;

namespace {

bool trainsNow(const services::TrainingService& service, store::RunNumber run, std::int64_t fromStep = 3) {
  for (const auto& live : service.live())
    if (live.run == run && live.progress.step >= fromStep) return true;
  return false;
}

std::string failure(const store::RunRecord& record) { return record.error ? record.error->sentence() : std::string(); }

}  // namespace

LATHE_TEST("a cancelled training stops at the next step and can be resumed") {
  Workshop shop({.secondsPerStep = 0.005});
  const auto run = shop.start(shop.request(50));
  REQUIRE(eventually([&] { return trainsNow(*shop.trainings, run); }));
  REQUIRE_OK(shop.trainings->cancel(*shop.project, run));
  const auto record = shop.finished(run);
  CHECK(record.status == RunStatus::Cancelled);
  CHECK(record.steps > 0);
  CHECK(countsFromOne(shop.curve(run, "train/loss")));
  CHECK_EQ(shop.trainings->cancel(*shop.project, run).error().code, std::string("run.not_running"));
  REQUIRE_OK(shop.trainings->resume(shop.project, run, {}));
  REQUIRE_OK(shop.trainings->pause(*shop.project, run));
  CHECK(shop.finished(run).status == RunStatus::Paused);
  REQUIRE_OK(shop.trainings->cancel(*shop.project, run));  // a paused run is cancelled where it stands
  CHECK(shop.project->store().run(run).value().status == RunStatus::Cancelled);
}

LATHE_TEST("a running run is not resumed a second time") {
  Workshop shop({.secondsPerStep = 0.005});
  const auto run = shop.start(shop.request(50));
  REQUIRE(eventually([&] { return trainsNow(*shop.trainings, run); }));
  CHECK_EQ(shop.trainings->resume(shop.project, run, {}).error().code, std::string("run.already_running"));
  const auto other = services::makeTrainingService(shop.engine);
  CHECK_EQ(other->resume(shop.open(services::Project::Mode::Write), run, {}).error().code,
           std::string("run.already_running"));
  REQUIRE_OK(shop.trainings->cancel(*shop.project, run));
  CHECK(shop.finished(run).status == RunStatus::Cancelled);
}

LATHE_TEST("another process pauses and cancels through the store") {
  Workshop shop({.secondsPerStep = 0.005});
  const auto remote = services::makeTrainingService(shop.engine);
  const auto remoteProject = shop.open(services::Project::Mode::Write);
  const auto run = shop.start(shop.request(50));
  REQUIRE(eventually([&] { return trainsNow(*shop.trainings, run); }));
  REQUIRE_OK(remote->pause(*remoteProject, run));
  CHECK(shop.finished(run).status == RunStatus::Paused);
  CHECK(remoteProject->store().run(run).value().status == RunStatus::Paused);

  REQUIRE_OK(shop.trainings->resume(shop.project, run, {}));
  REQUIRE(eventually([&] { return trainsNow(*shop.trainings, run); }));
  REQUIRE_OK(remote->cancel(*remoteProject, run));
  CHECK(shop.finished(run).status == RunStatus::Cancelled);
  CHECK_EQ(remote->pause(*remoteProject, run).error().code, std::string("run.not_running"));
}

LATHE_TEST("while it trains, other readers see how far it is") {
  Workshop shop({.secondsPerStep = 0.01});
  const auto reader = shop.open(services::Project::Mode::Read);
  const auto run = shop.start(shop.request(50));
  REQUIRE(eventually([&] {
    const auto record = reader->store().run(run);
    return record && record->steps > 5 && record->totalSteps > record->steps && record->metrics.contains("train/loss");
  }));
  const auto record = reader->store().run(run).value();
  CHECK(record.status == RunStatus::Running);
  CHECK(record.owner.has_value());
  CHECK(record.seconds > 0);
  REQUIRE_OK(shop.trainings->cancel(*shop.project, run));
  shop.finished(run);
}

LATHE_TEST("a learning rate of a million fails with the step named, and the curves stay") {
  Workshop shop;
  writeText(shop.folder / "prices.csv", pricesCsv(300));
  auto request = shop.request(40);
  request.spec.data.path = (shop.folder / "prices.csv").string();
  request.spec.training.optimizer.lr = 1e6;
  request.spec.training.optimizer.name = "sgd";
  request.spec.training.schedule.name = "constant";
  const auto run = shop.start(request);
  const auto record = shop.finished(run);
  REQUIRE(record.status == RunStatus::Failed);
  CHECK_EQ(record.error->code, std::string("engine.diverged"));
  CHECK(failure(record).find("step") != std::string::npos);
  const auto kept = shop.curve(run, "train/loss");
  CHECK(countsFromOne(kept));
  CHECK_EQ(shop.trainings->live().size(), std::size_t{0});
}

LATHE_TEST("a missing file starts no run, and its name is said") {
  Workshop shop;
  auto request = shop.request();
  request.spec.data.path = (shop.folder / "nothing.csv").string();
  const auto started = shop.trainings->start(shop.project, request);
  REQUIRE(!started);
  CHECK_EQ(started.error().code, std::string("file.missing"));
  CHECK(started.error().sentence().find("nothing.csv") != std::string::npos);
  CHECK(shop.project->store().runs().value().empty());
}

LATHE_TEST("a target that is not there fails the run with its name") {
  Workshop shop;
  auto request = shop.request();
  request.spec.data.target = "prize";
  const auto record = shop.train(request);
  REQUIRE(record.status == RunStatus::Failed);
  CHECK(failure(record).find("prize") != std::string::npos);
}

LATHE_TEST("a file that vanishes while it trains stops nothing, and resuming says what is missing") {
  Workshop shop({.secondsPerStep = 0.005});
  const auto run = shop.start(shop.request(100));
  REQUIRE(eventually([&] { return trainsNow(*shop.trainings, run); }));
  fs::rename(shop.dataFile(), shop.folder / "elsewhere.csv");
  REQUIRE(eventually([&] {
    const auto events = shop.project->store().events(run);
    return events &&
           std::any_of(events->begin(), events->end(), [](const auto& event) { return event.kind == "data_missing"; });
  }));
  REQUIRE_OK(shop.trainings->pause(*shop.project, run));
  REQUIRE(shop.finished(run).status == RunStatus::Paused);

  REQUIRE_OK(shop.trainings->resume(shop.project, run, {}));
  const auto failed = shop.finished(run);
  REQUIRE(failed.status == RunStatus::Failed);
  CHECK(failure(failed).find("clouds.csv") != std::string::npos);
  CHECK(countsFromOne(shop.curve(run, "train/loss")));

  fs::rename(shop.folder / "elsewhere.csv", shop.dataFile());
  REQUIRE_OK(shop.trainings->resume(shop.project, run, {}));
  REQUIRE_OK(shop.trainings->cancel(*shop.project, run));
  CHECK(shop.finished(run).status == RunStatus::Cancelled);
}

LATHE_TEST("a run does not go on with data that changed beneath it") {
  Workshop shop({.secondsPerStep = 0.005});
  const auto run = shop.start(shop.request(50));
  REQUIRE(eventually([&] { return trainsNow(*shop.trainings, run); }));
  REQUIRE_OK(shop.trainings->pause(*shop.project, run));
  REQUIRE(shop.finished(run).status == RunStatus::Paused);
  writeText(shop.dataFile(), cloudsCsv(400, 3));
  REQUIRE_OK(shop.trainings->resume(shop.project, run, {}));
  const auto record = shop.finished(run);
  REQUIRE(record.status == RunStatus::Failed);
  CHECK_EQ(record.error->code, std::string("data.changed_since"));
}

LATHE_TEST("an engine that fails leaves its sentence with the run") {
  Workshop shop({.failAtStep = 12});
  const auto run = shop.start(shop.request(10));
  const auto record = shop.finished(run);
  REQUIRE(record.status == RunStatus::Failed);
  CHECK(!failure(record).empty());
  CHECK(!shop.curve(run, "train/loss").empty());
  const auto again = shop.open(services::Project::Mode::Read);
  CHECK(again->store().run(run).value().error == record.error);
}

LATHE_TEST("a spec with impossible values starts no run") {
  Workshop shop;
  auto request = shop.request();
  request.spec.training.epochs = -3;
  CHECK(!shop.trainings->start(shop.project, request));
  CHECK(shop.project->store().runs().value().empty());
}
