// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <atomic>

#include "core/search/pruner.h"
#include "core/search/sampler.h"
#include "core/services/study_events.h"
#include "tests/services/searches.h"

using namespace lathe;
using namespace lathe::tests;
using spec::RunStatus;

LATHE_TEST("a study trains its trials, each with a run and its curves, and scores the winner alone on the test rows") {
  Searches shop;
  const auto study = shop.begin(shop.search(6));
  const auto record = shop.ended(study);
  CHECK(record.status == RunStatus::Completed);
  CHECK_EQ(record.trials, 6);
  CHECK_EQ(record.completed, 6);
  const auto trials = shop.trials(study);
  REQUIRE(trials.size() == 6);
  int withTest = 0;
  for (const auto& trial : trials) {
    CHECK(trial.status == RunStatus::Completed);
    CHECK_EQ(trial.values.size(), std::size_t{1});
    const auto run = shop.project->store().run(trial.run);
    REQUIRE_OK(run);
    CHECK(run->status == RunStatus::Completed);
    CHECK_EQ(run->study, study);
    CHECK_EQ(shop.curve(trial.run, "val/loss").size(), std::size_t{4});
    CHECK(countsFromOne(shop.curve(trial.run, "train/loss")));
    CHECK_EQ(run->metrics.at("val/loss"), trial.values.front());
    withTest += run->metrics.contains("test/loss");
    CHECK_EQ(run->testLooks, run->metrics.contains("test/loss") ? 1 : 0);
  }
  CHECK_EQ(withTest, 1);
  // Only the winner is a run as any other.
  const auto shown = shop.project->store().runs();
  REQUIRE_OK(shown);
  REQUIRE(shown->size() == 1);
  CHECK(shown->front().metrics.contains("test/accuracy"));
  store::RunFilter all;
  all.includeTrials = true;
  CHECK_EQ(shop.project->store().runs(all)->size(), std::size_t{6});
}

LATHE_TEST("a deterministic study is the same for any number of workers, under every pruner") {
  for (const auto& pruner : search::prunerNames()) {
    std::string first;
    for (const int workers : {1, 4}) {
      Searches shop;
      auto request = shop.search(14, 9);
      request.settings.pruner = pruner;
      if (pruner == "threshold") request.settings.upper = 1.0;
      request.settings.deterministic = true;
      request.settings.workers = workers;
      request.settings.window = 4;
      const auto study = shop.begin(request);
      CHECK(shop.ended(study).status == RunStatus::Completed);
      const auto content = contentOf(shop.trials(study));
      if (first.empty()) first = content;
      if (content != first)
        testing::reportFailure(__FILE__, __LINE__, pruner + " differs:\n" + first + "\nand\n" + content);
      const auto replayed = services::replayStudy(*shop.project, study);
      REQUIRE_OK(replayed);
      CHECK_EQ(replayed->different, 0);
      CHECK(replayed->decisions >= 14);
    }
  }
}

LATHE_TEST("an asynchronous study replays exactly, under every pruner") {
  for (const auto& pruner : search::prunerNames()) {
    Searches shop;
    auto request = shop.search(20, 9);
    request.settings.pruner = pruner;
    if (pruner == "threshold") request.settings.upper = 1.0;
    request.settings.workers = 3;
    const auto study = shop.begin(request);
    CHECK(shop.ended(study).status == RunStatus::Completed);
    const auto replayed = services::replayStudy(*shop.project, study);
    REQUIRE_OK(replayed);
    if (replayed->different != 0)
      testing::reportFailure(__FILE__, __LINE__, fmt::format("{}: trial {}", pruner, replayed->firstTrial));
    CHECK(replayed->decisions >= 20);
  }
}

LATHE_TEST("a trial that goes on at a rung continues from its checkpoint: its curve has no gap and no repetition") {
  Searches shop;
  auto request = shop.search(12, 9);
  request.settings.pruner = "asha";
  const auto study = shop.begin(request);
  CHECK(shop.ended(study).status == RunStatus::Completed);
  int promoted = 0;
  for (const auto& trial : shop.trials(study)) {
    CHECK_EQ(static_cast<std::int64_t>(shop.curve(trial.run, "val/loss").size()), trial.steps);
    CHECK(countsFromOne(shop.curve(trial.run, "train/loss")));
    promoted += trial.steps > 1;
  }
  CHECK(promoted >= 2);
}

LATHE_TEST("paused and resumed, a study ends as if nothing had been") {
  std::string whole;
  {
    Searches shop;
    auto request = shop.search(10, 6);
    request.settings.deterministic = true;
    const auto study = shop.begin(request);
    shop.ended(study);
    whole = contentOf(shop.trials(study));
  }
  Searches shop({0.002});
  auto request = shop.search(10, 6);
  request.settings.deterministic = true;
  const auto study = shop.begin(request);
  for (int stops = 0; stops < 3; ++stops) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    if (!shop.studies->pause(*shop.project, study)) break;  // it was quicker
    const auto paused = shop.ended(study);
    if (paused.status == RunStatus::Completed) break;
    CHECK(paused.status == RunStatus::Paused);
    REQUIRE_OK(shop.studies->resume(shop.project, study, {}));
  }
  const auto record = shop.ended(study);
  CHECK(record.status == RunStatus::Completed);
  CHECK_EQ(contentOf(shop.trials(study)), whole);
}

LATHE_TEST(
    "what ended out of its turn at a pause counts where its turn comes, for samplers and pruners that hear order") {
  for (const auto& [sampler, pruner] :
       {std::pair{"evolution", "none"}, {"de", "asha"}, {"cmaes", "halving"}, {"de", "median"}}) {
    const auto make = [&, sampler = sampler, pruner = pruner](const Searches& shop) {
      auto request = shop.search(16, 6);
      request.settings.deterministic = true;
      request.settings.workers = 4;
      request.settings.window = 4;
      request.settings.sampler = sampler;
      request.settings.pruner = pruner;
      return request;
    };
    std::string whole;
    {
      Searches shop;
      const auto study = shop.begin(make(shop));
      shop.ended(study);
      whole = contentOf(shop.trials(study));
    }
    Searches shop({0.001});
    const auto study = shop.begin(make(shop));
    for (int stops = 0; stops < 6; ++stops) {
      std::this_thread::sleep_for(std::chrono::milliseconds(60 + 25 * stops));
      if (!shop.studies->pause(*shop.project, study)) break;  // it was quicker
      const auto paused = shop.ended(study);
      if (paused.status == RunStatus::Completed) break;
      CHECK_EQ(std::string(spec::name(paused.status)), std::string("paused"));
      REQUIRE_OK(shop.studies->resume(shop.project, study, {}));
    }
    CHECK(shop.ended(study).status == RunStatus::Completed);
    if (const auto content = contentOf(shop.trials(study)); content != whole)
      testing::reportFailure(__FILE__, __LINE__, fmt::format("{}, {}:\n{}\nand\n{}", sampler, pruner, whole, content));
    const auto replayed = services::replayStudy(*shop.project, study);
    REQUIRE_OK(replayed);
    CHECK_EQ(replayed->different, 0);
  }
}

LATHE_TEST("what was kept before its turn waits for it in the log, also when it would be the next") {
  using Kind = store::StudyLogEntry::Kind;
  const auto entry = [](Kind kind, std::int64_t trial) {
    store::StudyLogEntry made;
    made.kind = kind;
    made.trial = trial;
    return made;
  };
  auto early = entry(Kind::End, 0);
  services::markEarly(early);
  std::vector<store::StudyLogEntry> log{entry(Kind::Begin, 0), entry(Kind::Begin, 1), entry(Kind::Report, 0), early};
  const auto paused = services::inOrder(log, true);
  CHECK_EQ(paused.entries.size(), std::size_t{3});
  REQUIRE(paused.waiting.contains(0));
  CHECK(paused.waiting.at(0).back().kind == Kind::End);
  log.push_back(entry(Kind::Begin, 2));
  log.push_back(entry(Kind::End, 0));
  const auto resumed = services::inOrder(log, true);
  CHECK(resumed.waiting.empty());
  REQUIRE(resumed.entries.size() == 5);
  CHECK(resumed.entries[3].kind == Kind::Begin);
  CHECK(resumed.entries[4].kind == Kind::End);
  CHECK_EQ(services::inOrder(log, false).entries.size(), log.size());
}

LATHE_TEST("a configuration that cannot be trained fails with its reason, and the study goes on") {
  Searches shop;
  auto request = shop.search(12);
  auto space = spec::searchSpaceFromJson(R"({"parameters":[
    {"name":"training.optimizer.lr","type":"float","low":1e-3,"high":0.1,"log":true},
    {"name":"training.loss.name","type":"categorical","choices":["cross_entropy","mse"]}]})");
  REQUIRE_OK(space);
  request.space = *space;
  const auto study = shop.begin(request);
  const auto record = shop.ended(study);
  CHECK(record.status == RunStatus::Completed);
  CHECK(record.failed > 0);
  CHECK(record.completed > 0);
  for (const auto& trial : shop.trials(study)) {
    CHECK_EQ(trial.status == RunStatus::Failed, trial.configuration[1] == 1);
    CHECK_EQ(trial.error.has_value(), trial.configuration[1] == 1);
  }
}

LATHE_TEST("when all trials fail the study stops with the common reason") {
  Searches shop;
  auto request = shop.search(500);
  auto space = spec::searchSpaceFromJson(
      R"({"parameters":[{"name":"training.loss.name","type":"categorical","choices":["mse","huber"]}]})");
  REQUIRE_OK(space);
  request.space = *space;
  const auto study = shop.begin(request);
  const auto record = shop.ended(study);
  CHECK(record.status == RunStatus::Failed);
  REQUIRE(record.error.has_value());
  CHECK_EQ(record.error->code, std::string("study.all_failed"));
  CHECK(record.trials < 40);
}

LATHE_TEST("a person's own configuration is tried next, and more trials can be asked for") {
  Searches shop;
  auto request = shop.search(4);
  const auto study = shop.begin(request);
  shop.ended(study);
  auto& store = shop.project->store().studies();
  REQUIRE_OK(store.enqueue(study, {0.0123, 1, 0.001}));
  CHECK_EQ(shop.studies->resume(shop.project, study, {}).error().code, std::string("study.completed"));
  services::StudyService::More more;
  more.trials = 7;
  REQUIRE_OK(shop.studies->resume(shop.project, study, more));
  CHECK(shop.ended(study).status == RunStatus::Completed);
  const auto trials = shop.trials(study);
  REQUIRE(trials.size() == 7);
  CHECK_EQ(trials[4].origin, std::string("person"));
  CHECK_EQ(trials[4].configuration[0], 0.0123);
  CHECK_EQ(trials[5].origin, std::string("sampler"));
  CHECK(store.queued(study)->empty());
}

LATHE_TEST("goals, paths and spaces that cannot be are refused before anything is written") {
  Searches shop;
  const auto code = [&](services::StudyRequest request) {
    const auto study = shop.studies->start(shop.project, request);
    return study ? std::string("no error") : study.error().code;
  };
  auto request = shop.search(4);
  request.settings.goals = {services::goalOf("test/accuracy")};
  CHECK_EQ(code(request), std::string("study.test_goal"));
  request.settings.goals = {services::goalOf("val/rmse")};
  CHECK_EQ(code(request), std::string("spec.monitor_task"));
  request.settings.goals = {services::goalOf("val/loss"), services::goalOf("val/rmse")};
  CHECK_EQ(code(request), std::string("study.goal"));
  request = shop.search(4);
  request.settings.sampler = "magic";
  CHECK_EQ(code(request), std::string("search.sampler"));
  request = shop.search(4);
  request.space->parameters[0].name = "training.seed";
  CHECK_EQ(code(request), std::string("study.path"));
  request.space->parameters[0].name = "training.optimizer.lrr";
  CHECK(code(request) != "no error");
  CHECK(shop.project->store().studies().studies()->empty());
}

LATHE_TEST("several goals give a Pareto front") {
  Searches shop;
  auto request = shop.search(12);
  request.settings.goals = {services::goalOf("val/accuracy"), services::goalOf("parameters")};
  const auto study = shop.begin(request);
  const auto record = shop.ended(study);
  CHECK(record.status == RunStatus::Completed);
  CHECK(record.summaryJson.find("front") != std::string::npos);
  for (const auto& trial : shop.trials(study)) CHECK_EQ(trial.values.size(), std::size_t{2});
}

LATHE_TEST("the best are trained again with other seeds before one is called the winner") {
  Searches shop;
  auto request = shop.search(8);
  request.settings.confirmSeeds = 3;
  request.settings.confirmTop = 2;
  const auto study = shop.begin(request);
  const auto record = shop.ended(study);
  CHECK(record.status == RunStatus::Completed);
  store::RunFilter filter;
  filter.study = study;
  const auto runs = shop.project->store().runs(filter);
  REQUIRE_OK(runs);
  CHECK_EQ(runs->size(), std::size_t{8 + 2 * 3});
  CHECK(record.summaryJson.find("confirmed") != std::string::npos);
  const auto looks = std::count_if(runs->begin(), runs->end(), [](const auto& run) { return run.testLooks > 0; });
  CHECK_EQ(looks, 1);
}

LATHE_TEST("a study with a terminator ends before its trials are used up, and says what could still be gained") {
  Searches shop;
  auto request = shop.search(400, 2);
  request.space->parameters.resize(1);
  request.settings.sampler = "gp";
  request.settings.terminator = true;
  request.settings.folds = 3;
  request.settings.goals = {services::goalOf("val/loss")};
  const auto study = shop.begin(request);
  const auto record = shop.ended(study);
  CHECK(record.status == RunStatus::Completed);
  CHECK(record.trials >= 20);
  CHECK(record.trials < 400);
  CHECK(record.summaryJson.find("\"stopped\":true") != std::string::npos);
  auto several = shop.search(4);
  several.settings.terminator = true;
  several.settings.goals = {services::goalOf("val/loss"), services::goalOf("parameters")};
  const auto refused = shop.studies->start(shop.project, several);
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, std::string("study.terminator_goals"));
}
