// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/store/run_store_conformance.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "tests/support/testing.h"

using namespace lathe::store;
using lathe::spec::RunStatus;

namespace lathe::tests {
namespace {

struct Fixture {
  explicit Fixture(const MakeStoreUnderTest& make) : under(make(clock)), store(under->open()) {}
  RunNumber newRun(RunStatus status = RunStatus::Running) {
    const auto number = store->createRun(plainRun(), status, thisProcess());
    REQUIRE_OK(number);
    return *number;
  }
  RunRecord record(RunNumber number) {
    auto run = store->run(number);
    REQUIRE_OK(run);
    return *run;
  }
  ManualClock clock;
  std::unique_ptr<StoreUnderTest> under;
  std::unique_ptr<RunStore> store;
};

template <class T>
std::string codeOf(const Result<T>& result) {
  return result ? "" : result.error().code;
}

void experimentsHaveVersions(Fixture& f) {
  const auto first = f.store->saveExperiment(0, "a", "{}");
  REQUIRE_OK(first);
  CHECK_EQ(first->version, 1);
  CHECK_EQ(f.store->saveExperiment(first->id, "a", "{}")->version, 1);
  f.clock.advance(1);
  CHECK_EQ(f.store->saveExperiment(first->id, "a", "{\"x\":1}")->version, 2);
  f.clock.advance(1);
  const auto other = f.store->saveExperiment(0, "b", "{}");
  REQUIRE_OK(other);
  const auto all = f.store->experiments();
  REQUIRE_OK(all);
  REQUIRE(all->size() == 2);
  CHECK_EQ(all->at(0).name, std::string("b"));
  CHECK_EQ(all->at(1).version, 2);
  CHECK_EQ(all->at(1).specJson, std::string("{\"x\":1}"));
  CHECK_EQ(f.store->experiment(first->id)->version, 2);
  CHECK_EQ(f.store->experiment(first->id, 1)->specJson, std::string("{}"));
  CHECK_EQ(codeOf(f.store->experiment(first->id, 3)), std::string("experiment.missing"));
  CHECK_EQ(codeOf(f.store->saveExperiment(99, "c", "{}")), std::string("experiment.missing"));
}

void aRunKeepsWhatItWasMadeWith(Fixture& f) {
  auto run = plainRun("net \"1\" 网");
  run.parameters = {{"training.optimizer.lr", "0.001"}};
  run.environment = {{"blas", "OpenBLAS"}};
  const auto number = f.store->createRun(run, RunStatus::Running, thisProcess());
  REQUIRE_OK(number);
  CHECK_EQ(*number, RunNumber{1});
  const auto record = f.record(1);
  CHECK_EQ(record.name, run.name);
  CHECK_EQ(record.model, std::string("mlp"));
  CHECK_EQ(record.dataHash, std::string("abc"));
  CHECK_EQ(record.task, std::string("classification"));
  CHECK(record.status == RunStatus::Running);
  CHECK_EQ(record.createdMicros, f.clock.nowMicros());
  CHECK_EQ(record.startedMicros, f.clock.nowMicros());
  CHECK_EQ(record.endedMicros, std::int64_t{0});
  CHECK(record.owner == thisProcess());
  CHECK_EQ(f.store->runSpec(1).value(), run.specJson);
  CHECK_EQ(f.store->runModel(1).value(), std::string());
  CHECK(f.store->runParameters(1).value() == run.parameters);
  CHECK(f.store->runEnvironment(1).value() == run.environment);
  CHECK_EQ(codeOf(f.store->run(2)), std::string("run.missing"));
  CHECK_EQ(codeOf(f.store->runSpec(2)), std::string("run.missing"));
}

void anUpdateChangesOnlyWhatItHolds(Fixture& f) {
  const auto number = f.newRun();
  RunUpdate update;
  update.metrics = {{"val/loss", 0.25}, {"train/loss", std::numeric_limits<double>::quiet_NaN()}};
  update.tags = {{"b", "a"}};
  update.note = "good one";
  update.epochs = 3;
  update.totalEpochs = 10;
  update.steps = 300;
  update.totalSteps = 1000;
  update.samplesPerSecond = 1234.5;
  update.secondsLeft = 7;
  update.seconds = 3.5;
  update.monitor = "val/accuracy";
  update.monitorLarger = true;
  update.bestCheckpoint = "runs/1/best.ckpt";
  update.modelJson = "{\"m\":1}";
  REQUIRE_OK(f.store->updateRun(number, update));
  RunUpdate later;
  later.epochs = 4;
  REQUIRE_OK(f.store->updateRun(number, later));
  const auto record = f.record(number);
  CHECK_EQ(record.epochs, 4);
  CHECK_EQ(record.totalEpochs, 10);
  CHECK_EQ(record.steps, std::int64_t{300});
  CHECK_EQ(record.totalSteps, std::int64_t{1000});
  CHECK_EQ(record.metrics.size(), std::size_t{2});
  CHECK_EQ(record.metrics.at("val/loss"), 0.25);
  CHECK(std::isnan(record.metrics.at("train/loss")));
  CHECK((record.tags == std::vector<std::string>{"b", "a"}));
  CHECK_EQ(record.note, std::string("good one"));
  CHECK_EQ(record.samplesPerSecond, 1234.5);
  CHECK_EQ(record.secondsLeft, 7.0);
  CHECK_EQ(record.seconds, 3.5);
  CHECK_EQ(record.monitor, std::string("val/accuracy"));
  CHECK(record.monitorLarger);
  CHECK_EQ(record.bestCheckpoint, std::string("runs/1/best.ckpt"));
  CHECK_EQ(record.name, std::string("run"));
  CHECK_EQ(f.store->runModel(number).value(), std::string("{\"m\":1}"));
  CHECK_EQ(codeOf(f.store->updateRun(9, later)), std::string("run.missing"));
}

void statusFollowsTheLifeCycle(Fixture& f) {
  const auto number = f.newRun(RunStatus::Queued);
  CHECK_EQ(f.record(number).startedMicros, std::int64_t{0});
  CHECK_EQ(codeOf(f.store->setStatus(number, RunStatus::Completed)), std::string("run.bad_transition"));
  f.clock.advance(1);
  REQUIRE_OK(f.store->setStatus(number, RunStatus::Running));
  CHECK_EQ(f.record(number).startedMicros, f.clock.nowMicros());
  f.clock.advance(1);
  const Error why{"engine.diverged", {"Step {step}.", {{"step", "5"}}}, {"Smaller.", {}}};
  REQUIRE_OK(f.store->setStatus(number, RunStatus::Failed, why));
  const auto failed = f.record(number);
  CHECK(failed.status == RunStatus::Failed);
  CHECK_EQ(failed.endedMicros, f.clock.nowMicros());
  CHECK(failed.error == why);
  CHECK(!failed.owner);
  CHECK_EQ(codeOf(f.store->createRun(plainRun(), RunStatus::Completed, thisProcess())),
           std::string("run.bad_transition"));
}

void aDeadOwnersRunIsInterrupted(Fixture& f) {
  const auto number = f.store->createRun(plainRun(), RunStatus::Running, deadProcess());
  REQUIRE_OK(number);
  CHECK(f.record(*number).status == RunStatus::Interrupted);
  CHECK(f.store->runs({}).value().at(0).status == RunStatus::Interrupted);
  RunFilter filter;
  filter.status = RunStatus::Interrupted;
  CHECK_EQ(f.store->runs(filter)->size(), std::size_t{1});
  filter.status = RunStatus::Running;
  CHECK(f.store->runs(filter)->empty());
  CHECK_EQ(codeOf(f.store->requestControl(*number, ControlRequest::Pause)), std::string("run.not_running"));
  CHECK_EQ(codeOf(f.store->setStatus(*number, RunStatus::Completed)), std::string("run.bad_transition"));
  REQUIRE_OK(f.store->takeOver(*number, thisProcess()));
  CHECK(f.record(*number).status == RunStatus::Running);
  CHECK(f.record(*number).owner == thisProcess());
}

void anotherHostsRunLivesWhileItsHeartbeatDoes(Fixture& f) {
  auto owner = thisProcess();
  owner.host = "elsewhere";
  const auto number = f.store->createRun(plainRun(), RunStatus::Running, owner);
  REQUIRE_OK(number);
  f.clock.advance(50);
  CHECK(f.record(*number).status == RunStatus::Running);
  REQUIRE_OK(f.store->heartbeat(*number, owner));
  f.clock.advance(50);
  CHECK(f.record(*number).status == RunStatus::Running);
  f.clock.advance(50);
  CHECK(f.record(*number).status == RunStatus::Interrupted);
  CHECK_EQ(codeOf(f.store->heartbeat(*number, thisProcess())), std::string("run.lease_lost"));
}

void oneOfManyTakesOver(Fixture& f) {
  const auto number = f.newRun();
  CHECK_EQ(codeOf(f.store->takeOver(number, thisProcess())), std::string("run.already_running"));
  REQUIRE_OK(f.store->setStatus(number, RunStatus::Paused));
  const auto other = f.under->open();
  std::atomic<int> won{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      const auto taken = (i % 2 == 0 ? *f.store : *other).takeOver(number, thisProcess());
      if (taken) ++won;
      if (codeOf(taken) == "run.already_running") ++refused;
    });
  for (auto& thread : threads) thread.join();
  CHECK_EQ(won.load(), 1);
  CHECK_EQ(refused.load(), 7);
  CHECK_EQ(codeOf(f.store->takeOver(77, thisProcess())), std::string("run.missing"));
}

void requestsReachTheOwnerOnce(Fixture& f) {
  const auto number = f.newRun();
  const auto other = f.under->open();
  CHECK(f.store->takeControlRequest(number).value() == ControlRequest::None);
  REQUIRE_OK(other->requestControl(number, ControlRequest::Pause));
  CHECK(f.store->takeControlRequest(number).value() == ControlRequest::Pause);
  CHECK(f.store->takeControlRequest(number).value() == ControlRequest::None);
  REQUIRE_OK(other->requestControl(number, ControlRequest::Cancel));
  REQUIRE_OK(f.store->setStatus(number, RunStatus::Cancelled));
  REQUIRE_OK(f.store->takeOver(number, thisProcess()));
  CHECK(f.store->takeControlRequest(number).value() == ControlRequest::None);
}

void removedRunsComeBackUntilPurged(Fixture& f) {
  constexpr std::int64_t week = std::int64_t{7} * 24 * 3600 * 1'000'000;
  const auto number = f.newRun();
  CHECK_EQ(codeOf(f.store->removeRun(number)), std::string("run.already_running"));
  REQUIRE_OK(f.store->setStatus(number, RunStatus::Completed));
  const auto series = f.store->seriesId(number, "train/loss");
  REQUIRE_OK(series);
  f.store->append(*series, 1, 0.5);
  REQUIRE_OK(f.store->removeRun(number));
  CHECK(f.store->runs({})->empty());
  RunFilter all;
  all.includeRemoved = true;
  REQUIRE(f.store->runs(all)->size() == 1);
  CHECK(f.store->runs(all)->front().removed);
  CHECK_EQ(codeOf(f.store->takeOver(number, thisProcess())), std::string("run.removed"));
  f.clock.advance(6 * 24 * 3600.0);
  CHECK_EQ(f.store->purgeRemoved(week).value(), 0);
  REQUIRE_OK(f.store->restoreRun(number));
  CHECK_EQ(f.store->runs({})->size(), std::size_t{1});
  CHECK_EQ(f.store->points(number, "train/loss")->size(), std::size_t{1});
  CHECK_EQ(f.store->totalPoints(), std::int64_t{1});
  REQUIRE_OK(f.store->removeRun(number));
  f.clock.advance(8 * 24 * 3600.0);
  CHECK_EQ(f.store->purgeRemoved(week).value(), 1);
  CHECK_EQ(codeOf(f.store->run(number)), std::string("run.missing"));
  CHECK_EQ(codeOf(f.store->restoreRun(number)), std::string("run.missing"));
  CHECK_EQ(f.store->totalPoints(), std::int64_t{0});
  CHECK_EQ(f.newRun(), number + 1);  // numbers are never used again
}

void runsAreListedNewestFirstAndFiltered(Fixture& f) {
  for (int i = 0; i < 5; ++i) f.newRun();
  RunUpdate update;
  update.tags = {{"keep"}};
  update.metrics = {{"val/loss", 2}};
  REQUIRE_OK(f.store->updateRun(3, update));
  REQUIRE_OK(f.store->setStatus(5, RunStatus::Completed));
  const auto runs = f.store->runs({});
  REQUIRE_OK(runs);
  REQUIRE(runs->size() == 5);
  for (std::size_t i = 0; i < 5; ++i) CHECK_EQ(runs->at(i).number, static_cast<RunNumber>(5 - i));
  CHECK_EQ(runs->at(2).metrics.size(), std::size_t{1});
  CHECK(runs->at(1).metrics.empty());
  RunFilter filter;
  filter.tag = "keep";
  REQUIRE(f.store->runs(filter)->size() == 1);
  CHECK_EQ(f.store->runs(filter)->front().number, RunNumber{3});
  filter.tag = "kee";
  CHECK(f.store->runs(filter)->empty());
  RunFilter completed;
  completed.status = RunStatus::Completed;
  CHECK_EQ(f.store->runs(completed)->size(), std::size_t{1});
}

void eventsArtefactsAndSettingsAreKept(Fixture& f) {
  const auto number = f.newRun();
  f.store->addEvent(number, "best", {"Epoch {n} is best.", {{"n", "3"}}});
  f.clock.advance(1);
  f.store->addEvent(number, "early_stopping", {"Stopped.", {}});
  REQUIRE_OK(f.store->flush());
  const auto events = f.store->events(number);
  REQUIRE_OK(events);
  REQUIRE(events->size() == 2);
  CHECK_EQ(events->at(0).message.render(), std::string("Epoch 3 is best."));
  CHECK_EQ(events->at(1).micros - events->at(0).micros, std::int64_t{1'000'000});
  CHECK_EQ(f.store->events(number, events->at(0).id)->size(), std::size_t{1});
  CHECK(events->at(0).code.empty());
  const Warning constant{
      "data.constant", {"{column} is constant.", {{"column", "b"}}}, {"Leave {column} out.", {{"column", "b"}}}};
  f.store->addWarning(number, constant);
  REQUIRE_OK(f.store->flush());
  const auto warned = f.store->events(number, events->at(1).id);
  REQUIRE_OK(warned);
  REQUIRE(warned->size() == 1);
  CHECK_EQ(warned->front().kind, std::string("warning"));
  CHECK_EQ(warned->front().code, constant.code);
  CHECK(warned->front().message == constant.message);
  CHECK(warned->front().hint == constant.hint);

  const auto id = f.store->addArtefact({0, number, "torchscript", "exports/a.pt", "ff", 12, 0, "{}"});
  REQUIRE_OK(id);
  REQUIRE_OK(f.store->addArtefact({0, number + 1, "report", "r.html", "ee", 3, 5, ""}));
  REQUIRE(f.store->artefacts(number)->size() == 1);
  CHECK_EQ(f.store->artefacts(number)->front().id, *id);
  CHECK_EQ(f.store->artefacts(number)->front().createdMicros, f.clock.nowMicros());
  CHECK_EQ(f.store->artefacts()->size(), std::size_t{2});

  CHECK_EQ(f.store->setting("page").value(), std::string());
  REQUIRE_OK(f.store->setSetting("page", "train"));
  REQUIRE_OK(f.store->setSetting("page", "data"));
  CHECK_EQ(f.store->setting("page").value(), std::string("data"));
  CHECK_EQ(f.store->countTestLook(number).value(), 1);
  CHECK_EQ(f.store->countTestLook(number).value(), 2);
  CHECK_EQ(f.record(number).testLooks, 2);
  CHECK_EQ(codeOf(f.store->countTestLook(9)), std::string("run.missing"));
}

void theChangeCounterGrowsWithEveryonesCommits(Fixture& f) {
  const auto other = f.under->open();
  const auto start = f.store->changeCounter();
  CHECK_EQ(f.store->changeCounter(), start);
  REQUIRE_OK(f.store->setSetting("a", "1"));
  const auto own = f.store->changeCounter();
  CHECK(own > start);
  CHECK_EQ(f.store->changeCounter(), own);
  REQUIRE_OK(other->setSetting("a", "2"));
  CHECK(f.store->changeCounter() > own);
  CHECK_EQ(f.store->setting("a").value(), std::string("2"));
}

}  // namespace

store::NewRun plainRun(const std::string& name) {
  NewRun run;
  run.name = name;
  run.model = "mlp";
  run.specJson = "{\"name\":\"run\"}";
  run.dataHash = "abc";
  run.task = "classification";
  return run;
}

ProcessIdentity deadProcess() {
  auto identity = thisProcess();
  const pid_t child = fork();
  if (child == 0) _exit(0);
  waitpid(child, nullptr, 0);
  identity.pid = child;
  return identity;
}

bool addRunStoreConformance(const std::string& implementation, const MakeStoreUnderTest& make) {
  const auto add = [&](const char* name, void (*body)(Fixture&)) {
    testing::cases().push_back({implementation + ": " + name, [make, body] {
                                  Fixture fixture(make);
                                  body(fixture);
                                }});
  };
  add("an experiment has versions, and none for the same spec", experimentsHaveVersions);
  add("a run keeps what it was made with", aRunKeepsWhatItWasMadeWith);
  add("an update changes only what it holds", anUpdateChangesOnlyWhatItHolds);
  add("status follows the life cycle", statusFollowsTheLifeCycle);
  add("a dead owner's run is interrupted and can be taken over", aDeadOwnersRunIsInterrupted);
  add("a run of another host lives while its heartbeat does", anotherHostsRunLivesWhileItsHeartbeatDoes);
  add("exactly one of many takes a run over", oneOfManyTakesOver);
  add("a request reaches the owner once", requestsReachTheOwnerOnce);
  add("a removed run comes back until it is purged", removedRunsComeBackUntilPurged);
  add("runs are listed newest first and filtered", runsAreListedNewestFirstAndFiltered);
  add("events, artefacts, settings and looks are kept", eventsArtefactsAndSettingsAreKept);
  add("the change counter grows with everyone's commits", theChangeCounterGrowsWithEveryonesCommits);
  return true;
}

}  // namespace lathe::tests
