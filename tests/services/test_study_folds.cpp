// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "core/data/dataset_part.h"
#include "core/services/study_folds.h"
#include "tests/services/searches.h"

using namespace lathe;
using namespace lathe::tests;
using spec::RunStatus;

namespace {

services::StudyRequest crossValidated(const Searches& shop, int trials, int folds, int repeats = 1) {
  auto request = shop.search(trials, 3);
  request.settings.folds = folds;
  request.settings.foldRepeats = repeats;
  request.settings.goals = {services::goalOf("val/loss")};
  return request;
}

}  // namespace

LATHE_TEST("with folds a trial is the mean of its folds, each with its curves") {
  Searches shop;
  const auto study = shop.begin(crossValidated(shop, 4, 4, 2));
  const auto record = shop.ended(study);
  CHECK(record.status == RunStatus::Completed);
  for (const auto& trial : shop.trials(study)) {
    CHECK(trial.status == RunStatus::Completed);
    CHECK_EQ(trial.steps, 8);
    const auto folds = shop.curve(trial.run, "folds/val/loss");
    REQUIRE(folds.size() == 8);
    CHECK(countsFromOne(folds));
    double sum = 0;
    std::set<double> different;
    for (const auto& point : folds) sum += point.value, different.insert(point.value);
    CHECK(std::abs(trial.values.front() - sum / 8) < 1e-9);
    CHECK(different.size() > 4);
    CHECK_EQ(shop.curve(trial.run, "fold 8/val/loss").size(), std::size_t{3});
    CHECK(shop.curve(trial.run, "val/loss").empty());
    const auto run = shop.project->store().run(trial.run);
    REQUIRE_OK(run);
    CHECK(std::abs(run->metrics.at("val/loss") - trial.values.front()) < 1e-9);
  }
}

LATHE_TEST("every row of training and validation is held out once in each repetition, and test rows never are") {
  Searches shop;
  auto request = crossValidated(shop, 1, 5, 2);
  auto kept = std::make_shared<services::KeptData>();
  const auto whole = services::resolve(request.spec, shop.project->folder(), {}, shop.engine.get(), kept.get());
  REQUIRE_OK(whole);
  const auto folds = services::makeFolds(kept, request.settings);
  REQUIRE(folds && folds->count() == 10);
  const auto rows = whole->data->split.train.size() + whole->data->split.validation.size();
  for (int repeat = 0; repeat < 2; ++repeat) {
    std::size_t heldOut = 0;
    for (int fold = 1; fold <= 5; ++fold) {
      const auto part = services::resolve(request.spec, shop.project->folder(), {}, shop.engine.get(),
                                          &folds->fold(repeat * 5 + fold));
      REQUIRE_OK(part);
      heldOut += part->data->split.validation.size();
      CHECK_EQ(part->data->split.train.size() + part->data->split.validation.size(), rows);
      CHECK(part->data->split.test.empty());
      // What the network is fed with is fitted on the fold's own rows.
      CHECK(!(part->model.fitted == whole->model.fitted));
    }
    CHECK_EQ(heldOut, rows);
  }
}

LATHE_TEST("the winner of a study with folds is compared on held-out rows, trained on all and scored once") {
  Searches shop;
  auto request = crossValidated(shop, 6, 3);
  request.settings.confirmSeeds = 2;
  request.settings.confirmTop = 2;
  const auto study = shop.begin(request);
  const auto record = shop.ended(study);
  REQUIRE(record.status == RunStatus::Completed);
  const auto summary = nlohmann::json::parse(record.summaryJson);
  CHECK_EQ(summary["folds"].get<int>(), 3);
  REQUIRE(summary["confirmed"].size() == 2);
  CHECK(summary["confirmed"][0].contains("verdict"));
  CHECK_EQ(summary["confirmed"][0]["runs"].size(), std::size_t{2});
  CHECK(summary["test"].contains("test/accuracy"));
  const auto runs = shop.project->store().runs();
  REQUIRE_OK(runs);
  REQUIRE(runs->size() == 1);
  CHECK_EQ(runs->front().number, summary["winner"]["run"].get<std::int64_t>());
  CHECK(runs->front().metrics.contains("test/accuracy"));
  CHECK_EQ(shop.curve(runs->front().number, "val/loss").size(), std::size_t{3});
}

LATHE_TEST("pruners decide by folds, the same for any number of workers, and a promoted trial repeats none") {
  for (const char* pruner : {"wilcoxon", "asha", "halving"}) {
    std::string first;
    for (const int workers : {1, 3}) {
      Searches shop;
      auto request = crossValidated(shop, 12, 5, 2);
      request.settings.pruner = pruner;
      request.settings.deterministic = true;
      request.settings.workers = workers;
      const auto study = shop.begin(request);
      CHECK(shop.ended(study).status == RunStatus::Completed);
      const auto trials = shop.trials(study);
      const auto content = contentOf(trials);
      if (first.empty()) first = content;
      if (content != first) testing::reportFailure(__FILE__, __LINE__, std::string(pruner) + " differs");
      std::int64_t pruned = 0;
      for (const auto& trial : trials) {
        pruned += trial.status == RunStatus::Pruned;
        CHECK(countsFromOne(shop.curve(trial.run, "folds/val/loss")));
        CHECK_EQ(static_cast<std::int64_t>(shop.curve(trial.run, "folds/val/loss").size()), trial.steps);
      }
      if (pruned == 0) testing::reportFailure(__FILE__, __LINE__, std::string(pruner) + " prunes nothing");
      const auto replayed = services::replayStudy(*shop.project, study);
      REQUIRE_OK(replayed);
      CHECK_EQ(replayed->different, 0);
    }
  }
}

LATHE_TEST("paused in mid-fold and resumed, a study with folds ends as if nothing had been") {
  std::string whole;
  {
    Searches shop;
    auto request = crossValidated(shop, 5, 4);
    request.settings.deterministic = true;
    const auto study = shop.begin(request);
    shop.ended(study);
    whole = contentOf(shop.trials(study));
  }
  Searches shop({0.004});
  auto request = crossValidated(shop, 5, 4);
  request.settings.deterministic = true;
  const auto study = shop.begin(request);
  for (int stops = 0; stops < 4; ++stops) {
    std::this_thread::sleep_for(std::chrono::milliseconds(230));
    if (!shop.studies->pause(*shop.project, study)) break;  // it was quicker
    const auto paused = shop.ended(study);
    if (paused.status == RunStatus::Completed) break;
    CHECK_EQ(std::string(spec::name(paused.status)) + (paused.error ? paused.error->sentence() : ""),
             std::string("paused"));
    REQUIRE_OK(shop.studies->resume(shop.project, study, {}));
  }
  CHECK(shop.ended(study).status == RunStatus::Completed);
  CHECK_EQ(contentOf(shop.trials(study)), whole);
}

LATHE_TEST("folds that cannot be are refused with their reason") {
  Searches shop;
  const auto code = [&](const services::StudyRequest& request) {
    const auto study = shop.studies->start(shop.project, request);
    return study ? std::string("no error") : study.error().code;
  };
  CHECK_EQ(code(crossValidated(shop, 2, 300)), std::string("study.folds_rows"));
  auto grouped = crossValidated(shop, 2, 3);
  grouped.spec.data.split.method = "time";
  grouped.spec.data.roles["x"] = spec::ColumnRole::Time;
  CHECK(code(grouped) != "no error");
  auto population = crossValidated(shop, 2, 3);
  population.settings.pruner = "pbt";
  CHECK_EQ(code(population), std::string("study.folds_pruner"));
  CHECK(shop.project->store().studies().studies()->empty());
}
