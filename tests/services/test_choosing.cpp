// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/services/automatic_candidates.h"
#include "core/services/automatic_training.h"
#include "core/services/choosing.h"
#include "core/spec/customary.h"
#include "core/spec/spec_json.h"
#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;
using services::ChoosingStage;

namespace {

services::StartRequest automatic(const Workshop& shop, int epochs = 10) {
  auto request = shop.request(epochs);
  request.spec.training.optimizer.lr = 0;
  return request;
}

services::Choosing choosingOfRun(const Workshop& shop, store::RunNumber run) {
  REQUIRE_OK(shop.project->store().flush());
  const auto events = shop.project->store().events(run);
  REQUIRE_OK(events);
  return services::choosingOf(*events);
}

store::Event event(const std::string& kind, const Message& message) {
  store::Event result;
  result.kind = kind;
  result.message = message;
  return result;
}

services::TriedSetting tried(int candidate, int round, double value) {
  services::TriedSetting result;
  result.candidate = candidate;
  result.round = round;
  result.value = value;
  result.metric = "val/loss";
  result.optimizer = spec::customaryOptimizer("adamw");
  result.number = result.optimizer.lr;
  return result;
}

}  // namespace

LATHE_TEST("a run keeps every setting it tried, round by round, and which one it chose") {
  Workshop shop;
  std::vector<services::ChoosingProgress> heard;
  const auto run = shop.start(automatic(shop), [&heard](const services::LiveRun& live) {
    if (live.choosing) heard.push_back(*live.choosing);
  });
  CHECK(shop.finished(run).status == spec::RunStatus::Completed);
  const auto choosing = choosingOfRun(shop, run);
  REQUIRE(choosing.progress.has_value());
  CHECK(choosing.progress->stage == ChoosingStage::Optimizer);
  CHECK_EQ(choosing.progress->optimizer, std::string("auto"));
  CHECK(choosing.progress->total > 0);
  CHECK_EQ(choosing.progress->done, choosing.progress->total);

  // As many candidates as the grid has, a third of them in each next round.
  std::map<int, std::set<int>> candidatesOfRound;
  for (const auto& each : choosing.tried) candidatesOfRound[each.round].insert(each.candidate);
  CHECK_EQ(candidatesOfRound[1].size(), services::candidatesFor(spec::automaticTraining(), true).size());
  REQUIRE(candidatesOfRound.size() == 3);
  CHECK_EQ(candidatesOfRound[2].size(), (candidatesOfRound[1].size() + 2) / 3);
  CHECK_EQ(candidatesOfRound[3].size(), (candidatesOfRound[2].size() + 2) / 3);

  // The chosen one is the best of the last round, and what the run trains with.
  const auto last = choosing.lastRounds(ChoosingStage::Optimizer);
  const auto chosen = std::find_if(last.begin(), last.end(), [](const auto& each) { return each.chosen; });
  REQUIRE(chosen != last.end());
  CHECK_EQ(std::count_if(last.begin(), last.end(), [](const auto& each) { return each.chosen; }), 1);
  CHECK_EQ(chosen->round, 3);
  for (const auto& each : last)
    if (each.round == 3 && std::isfinite(each.value)) CHECK(chosen->value <= each.value);
  const auto json = shop.project->store().runSpec(run);
  REQUIRE_OK(json);
  const auto spec = spec::fromJson(*json);
  REQUIRE_OK(spec);
  CHECK_EQ(spec->training.optimizer.name, chosen->optimizer.name);
  CHECK_EQ(spec->training.optimizer.momentum, chosen->optimizer.momentum);
  CHECK_EQ(spec->training.optimizer.beta2, chosen->optimizer.beta2);

  // Whoever listens hears the beginning and the end.
  REQUIRE(heard.size() >= 2);
  CHECK_EQ(heard.front().done, 0);
  CHECK_EQ(heard.back().done, heard.back().total);
  for (std::size_t i = 1; i < heard.size(); ++i) CHECK(heard[i].done >= heard[i - 1].done);
}

LATHE_TEST("the number of short trainings is known before the first one") {
  class Counter final : public services::ChoosingListener {
   public:
    void progress(const services::ChoosingProgress& progress) override {
      totals.insert(progress.total);
      largest = std::max(largest, progress.done);
    }
    void tried(const services::TriedSetting& setting) override { trainings += setting.round == 1 ? 1 : 0; }
    void chosen(const services::TriedSetting& setting) override { last = setting; }
    std::set<int> totals;
    int largest = 0;
    int trainings = 0;
    services::TriedSetting last;
  };
  for (const int rows : {400, 8000}) {
    const Workshop shop({}, rows);
    auto resolved = services::resolve(automatic(shop).spec, shop.folder.path());
    REQUIRE_OK(resolved);
    Counter counter;
    engine::TrainingControl control;
    REQUIRE_OK(services::tryOut(*resolved, *shop.engine, control, 2, &counter));
    CHECK_EQ(counter.totals.size(), std::size_t{1});
    CHECK_EQ(counter.largest, *counter.totals.begin());
    CHECK(counter.trainings > 3);
    CHECK(std::isfinite(counter.last.value));
    // As the reason says: so many trainings were made.
    const auto& args = resolved->reasons.back().args;
    const auto made = std::find_if(args.begin(), args.end(), [](const auto& arg) { return arg.first == "trainings"; });
    REQUIRE(made != args.end());
    CHECK_EQ(made->second, std::to_string(counter.largest));
  }
}

LATHE_TEST("batch size and epochs that are found leave what was tried, too") {
  Workshop shop({}, 2000);
  auto request = shop.request(20);
  request.spec.training.batchSize = spec::findBatchSize;
  request.spec.training.autoEpochs = true;
  const auto run = shop.train(request);
  CHECK(run.status == spec::RunStatus::Completed);
  const auto choosing = choosingOfRun(shop, run.number);
  const auto sizes = choosing.lastRounds(ChoosingStage::Batch);
  REQUIRE(sizes.size() >= 3);
  CHECK_EQ(sizes.front().number, 16.0);
  CHECK(sizes.front().value > 0);
  const auto epochs = choosing.lastRounds(ChoosingStage::Epochs);
  REQUIRE(epochs.size() >= 2);
  CHECK_EQ(epochs[0].number, 5.0);
  CHECK_EQ(epochs[1].number, 10.0);
  const auto chosen = std::find_if(epochs.begin(), epochs.end(), [](const auto& each) { return each.chosen; });
  REQUIRE(chosen != epochs.end());
  CHECK_EQ(static_cast<int>(chosen->number), run.totalEpochs);
}

LATHE_TEST("what was tried before a run was stopped counts no more when it tries again") {
  services::ChoosingProgress begins;
  begins.total = 4;
  auto half = begins;
  half.done = 2;
  const auto first = tried(0, 1, 0.5);
  const auto again = tried(1, 1, 0.25);
  const auto choosing = services::choosingOf(
      {event("started", {"Started.", {}}), event("choosing", begins.message()), event("tried", first.message()),
       event("choosing", half.message()), event("resumed", {"Resumed.", {}}), event("choosing", begins.message()),
       event("tried", again.message()), event("tried", {"Nonsense.", {{"stage", "nothing"}}})});
  REQUIRE(choosing.tried.size() == 1);
  CHECK_EQ(choosing.tried.front().candidate, 1);
  CHECK_EQ(choosing.tried.front().value, 0.25);
  CHECK_EQ(choosing.progress->done, 0);
}

LATHE_TEST("a setting comes out of its event as it went in, a diverged one as diverged") {
  auto setting = tried(7, 2, 0.123456789012345);
  setting.optimizer = spec::customaryOptimizer("sgd");
  setting.optimizer.lr = 0.03;
  setting.optimizer.momentum = 0.98;
  setting.number = 0.03;
  setting.trainings = 5;
  setting.share = 0.25;
  const auto diverged = tried(8, 1, std::nan(""));
  CHECK_EQ(setting.message().render(), std::string("Tried sgd 0.03 (0.98): val/loss 0.1235."));
  CHECK(diverged.message().render().find("diverged") != std::string::npos);
  const auto choosing = services::choosingOf({event("tried", setting.message()), event("tried", diverged.message())});
  REQUIRE(choosing.tried.size() == 2);
  const auto& read = choosing.tried.front();
  CHECK(read.optimizer == setting.optimizer);
  CHECK_EQ(read.value, setting.value);
  CHECK_EQ(read.share, setting.share);
  CHECK_EQ(read.trainings, setting.trainings);
  CHECK_EQ(read.round, setting.round);
  CHECK_EQ(read.candidate, setting.candidate);
  CHECK(std::isnan(choosing.tried.back().value));
}
