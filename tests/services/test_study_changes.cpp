// SPDX-License-Identifier: GPL-3.0-or-later
// Studies whose plans change, whose spaces or time run out, and what is claimed of their winners.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/services/row_losses.h"
#include "core/services/study_folds.h"
#include "tests/services/searches.h"

using namespace lathe;
using namespace lathe::tests;
using spec::RunStatus;

namespace {

services::StudyRequest ofSixChoices(const Searches& shop, const std::string& pruner) {
  auto request = shop.search(50, 9);
  auto space = spec::searchSpaceFromJson(R"({"parameters":[
    {"name":"training.batch_size","type":"ordinal","choices":[16,32,64]},
    {"name":"training.optimizer.name","type":"categorical","choices":["adamw","sgd"]}]})");
  REQUIRE_OK(space);
  request.space = *space;
  request.settings.sampler = "grid";
  request.settings.pruner = pruner;
  return request;
}

void expectReplays(const Searches& shop, store::StudyNumber study, const std::string& what) {
  const auto replayed = services::replayStudy(*shop.project, study);
  REQUIRE_OK(replayed);
  if (replayed->different != 0)
    testing::reportFailure(__FILE__, __LINE__, fmt::format("{}: trial {}", what, replayed->firstTrial));
}

}  // namespace

LATHE_TEST("a space that is used up before the trials are ends with a winner, also where all wait at a rung") {
  for (const char* pruner : {"asha", "halving", "hyperband", "bohb", "none"})
    for (const bool deterministic : {false, true}) {
      Searches shop;
      auto request = ofSixChoices(shop, pruner);
      request.settings.deterministic = deterministic;
      const auto study = shop.begin(request);
      const auto record = shop.ended(study);
      CHECK(record.status == RunStatus::Completed);
      CHECK_EQ(record.trials, 6);
      if (record.completed == 0) testing::reportFailure(__FILE__, __LINE__, std::string(pruner) + " has no winner");
      CHECK(record.summaryJson.find("winner") != std::string::npos);
      expectReplays(shop, study, pruner);
    }
}

LATHE_TEST("a study that is given more trials still replays, and new brackets come to their end") {
  for (const auto& [sampler, pruner] :
       {std::pair{"evolution", "none"}, {"cmaes", "none"}, {"random", "hyperband"}, {"random", "asha"}, {"de", "dehb"}})
    for (const bool deterministic : {false, true}) {
      Searches shop;
      auto request = shop.search(12, 9);
      request.settings.sampler = sampler;
      request.settings.pruner = pruner;
      request.settings.deterministic = deterministic;
      const auto study = shop.begin(request);
      const auto before = shop.ended(study);
      REQUIRE(before.status == RunStatus::Completed);
      services::StudyService::More more;
      more.trials = 26;
      REQUIRE_OK(shop.studies->resume(shop.project, study, more));
      const auto after = shop.ended(study);
      CHECK(after.status == RunStatus::Completed);
      CHECK_EQ(after.trials, 26);
      CHECK(after.completed > before.completed);
      expectReplays(shop, study, fmt::format("{} {}", sampler, pruner));
    }
}

LATHE_TEST("threshold stops what leaves its bounds, in the direction of the goal, and is refused without one") {
  Searches shop;
  auto request = shop.search(10, 6);
  request.settings.pruner = "threshold";
  const auto refused = shop.studies->start(shop.project, request);
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, std::string("study.threshold"));
  request.settings.goals = {services::goalOf("val/accuracy")};
  request.settings.lower = 2.0;  // no accuracy is
  const auto study = shop.begin(request);
  CHECK_EQ(shop.ended(study).pruned, 10);
  request.settings.lower.reset();
  request.settings.upper = 2.0;
  CHECK_EQ(shop.ended(shop.begin(request)).completed, 10);
}

LATHE_TEST("a trial that the time limit breaks off goes on when there is more time") {
  Searches shop({0.02});
  auto request = shop.search(0, 400);
  request.settings.workers = 1;
  request.settings.seconds = 1;
  const auto study = shop.begin(request);
  const auto record = shop.ended(study);
  CHECK(record.status == RunStatus::Completed);
  CHECK(record.summaryJson.find("sentence") != std::string::npos);
  const auto before = shop.trials(study);
  REQUIRE(before.size() == 1);
  CHECK(before.front().status == RunStatus::Paused);
  services::StudyService::More more;
  more.seconds = 2.5;
  REQUIRE_OK(shop.studies->resume(shop.project, study, more));
  shop.ended(study);
  const auto after = shop.trials(study);
  REQUIRE(after.size() == 1);
  CHECK(after.front().steps > before.front().steps);
  CHECK(countsFromOne(shop.curve(after.front().run, "train/loss")));
}

LATHE_TEST("what the rows are compared by is named, and whether the goal is its mean") {
  data::Dataset classes;
  classes.rows = 2;
  classes.classes = {0, 1};
  data::Dataset numbers;
  numbers.rows = 2;
  numbers.targets = {0.5F, 1.5F};
  spec::LossSpec entropy, smooth, squares;
  entropy.name = smooth.name = "cross_entropy";
  smooth.labelSmoothing = 0.1;
  squares.name = "mse";
  const auto is = [](const services::RowMeasure& measure, const std::string& name, bool goal) {
    return measure.name == name && measure.isGoal == goal;
  };
  CHECK(is(services::rowMeasureOf(classes, "val/accuracy", entropy), "error_rate", true));
  CHECK(is(services::rowMeasureOf(classes, "val/f1_macro", entropy), "error_rate", false));
  CHECK(is(services::rowMeasureOf(classes, "val/loss", entropy), "log_loss", true));
  CHECK(is(services::rowMeasureOf(classes, "val/loss", smooth), "log_loss", false));
  CHECK(is(services::rowMeasureOf(classes, "val/roc_auc", entropy), "log_loss", false));
  CHECK(is(services::rowMeasureOf(numbers, "val/mae", squares), "absolute_error", true));
  CHECK(is(services::rowMeasureOf(numbers, "val/rmse", squares), "squared_error", true));
  CHECK(is(services::rowMeasureOf(numbers, "val/mape", squares), "absolute_error", false));
}

LATHE_TEST("a row that was held out in several repetitions is one row") {
  Searches shop;
  auto request = shop.search(1);
  request.settings.folds = 5;
  request.settings.foldRepeats = 2;
  const auto study = shop.begin(request);
  REQUIRE(shop.ended(study).status == RunStatus::Completed);
  services::KeptData kept;
  const auto whole = services::resolve(request.spec, shop.project->folder(), {}, shop.engine.get(), &kept);
  REQUIRE_OK(whole);
  const auto folder = shop.project->runFolder(shop.trials(study).front().run);
  const auto rows = whole->data->split.train.size() + whole->data->split.validation.size();
  CHECK_EQ(services::lossesOfFolds(folder, *whole->data, request.settings).size(), rows);
  auto once = request.settings;
  once.foldRepeats = 1;
  CHECK_EQ(services::lossesOfFolds(folder, *whole->data, once).size(), rows);
}

LATHE_TEST("the finalists are judged by seeds that did not choose them, and a population's best is not trained again") {
  for (const char* pruner : {"none", "pbt"}) {
    Searches shop;
    auto request = shop.search(8, 6);
    request.settings.pruner = pruner;
    request.settings.confirmSeeds = 2;
    request.settings.confirmTop = 2;
    const auto record = shop.ended(shop.begin(request));
    REQUIRE(record.status == RunStatus::Completed);
    const auto summary = nlohmann::json::parse(record.summaryJson);
    const auto trials = shop.trials(1);
    const auto& winner = trials[summary["winner"]["trial"].get<std::size_t>()];
    CHECK_EQ(summary["winner"]["run"].get<std::int64_t>(), winner.run);
    if (std::string(pruner) == "pbt") {
      CHECK_EQ(summary["confirmed"].size(), std::size_t{1});
      CHECK(summary["sentence"].get<std::string>().find("population") != std::string::npos);
      continue;
    }
    REQUIRE(summary["confirmed"].size() == 2);
    double last = -1;
    for (const auto& each : summary["confirmed"]) {
      CHECK_EQ(each["runs"].size(), std::size_t{2});
      for (const auto& run : each["runs"])
        CHECK(std::none_of(trials.begin(), trials.end(),
                           [&](const auto& trial) { return trial.run == run.get<std::int64_t>(); }));
      CHECK(each["mean"].get<double>() >= last);  // by the goal, the loss
      last = each["mean"].get<double>();
    }
    CHECK_EQ(summary["test_looks"].get<int>(), 1);
  }
}
