// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/run_curves.h"
#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;
using spec::RunStatus;

namespace {

// Two epochs of three steps: the first one is the better by val/loss.
store::RunNumber runWithCurves(store::RunStore& store) {
  const auto run = store.createRun({}, RunStatus::Running, thisProcess());
  REQUIRE_OK(run);
  const auto put = [&](const char* name, std::vector<store::Point> points) {
    const auto series = store.seriesId(*run, name);
    REQUIRE_OK(series);
    store.append(*series, points);
  };
  put("train/loss", {{1, 3}, {2, 2}, {3, 1}, {4, 9}, {5, 9}, {6, 9}, {7, 5}});
  put("train/accuracy", {{1, 0.1}, {2, 0.2}, {3, 0.3}, {4, 0.4}, {5, 0.5}, {6, 0.6}, {7, 0.7}});
  put("val/loss", {{3, 0.5}, {6, 0.5}});
  put("val/accuracy", {{3, 0.7}, {6, 0.9}});
  put("optim/lr", {{1, 0.1}});
  REQUIRE_OK(store.flush());
  return *run;
}

}  // namespace

LATHE_TEST("the metrics of an epoch are its validation, the mean of its losses and its running scores at the end") {
  const Workshop shop;
  auto& store = shop.project->store();
  const auto run = runWithCurves(store);
  using Metrics = std::map<std::string, double>;
  CHECK((services::metricsAtStep(store, run, 3) ==
         Metrics{{"train/accuracy", 0.3}, {"train/loss", 2}, {"val/accuracy", 0.7}, {"val/loss", 0.5}}));
  CHECK((services::metricsAtStep(store, run, 6) ==
         Metrics{{"train/accuracy", 0.6}, {"train/loss", 9}, {"val/accuracy", 0.9}, {"val/loss", 0.5}}));
  CHECK(services::metricsAtStep(store, run, 5).empty());
}

LATHE_TEST("an interrupted run is told as its curves have it, any other as it is") {
  const Workshop shop;
  auto& store = shop.project->store();
  store::RunRecord record;
  record.number = runWithCurves(store);
  record.status = RunStatus::Interrupted;
  record.steps = 5;
  record.epochs = 1;
  record.totalSteps = 30;
  record.totalEpochs = 10;
  record.monitor = "val/loss";
  record.metrics = {{"val/loss", 8}};

  const auto without = services::asItStands(store, record);
  CHECK_EQ(without.steps, std::int64_t{7});
  CHECK_EQ(without.epochs, 2);
  CHECK(without.metrics.empty());  // no checkpoint, so nothing is best

  record.bestCheckpoint = "artifacts/runs/1/best.ckpt";
  CHECK_EQ(services::asItStands(store, record).metrics.at("val/accuracy"), 0.7);  // the first of equals
  record.monitor = "val/accuracy";
  record.monitorLarger = true;
  CHECK_EQ(services::asItStands(store, record).metrics.at("val/accuracy"), 0.9);

  record.status = RunStatus::Paused;
  const auto paused = services::asItStands(store, record);
  CHECK_EQ(paused.steps, std::int64_t{5});
  CHECK_EQ(paused.metrics.at("val/loss"), 8.0);
}
