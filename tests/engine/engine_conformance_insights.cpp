// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "tests/engine/engine_conformance.h"
#include "tests/engine/engine_samples.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

// The part of the suite about what a training shows beside its curves: histograms and predictions.
using namespace lathe;
using namespace lathe::tests;

namespace {

engine::TrainingRequest insightRequest(const TempFolder& folder, const std::string& into) {
  auto request = requestFor(mixedTable(spec::Task::Classification, 200), folder / into, 4);
  request.training.batchSize = 20;  // 7 steps an epoch
  request.training.histograms = "every_epoch";
  return request;
}

double middle(int index) {
  return index == 0 ? 0 : (engine::ValueHistogram::low(index) + engine::ValueHistogram::high(index)) / 2;
}

double normOf(const engine::ParameterHistograms& histograms) {
  double total = 0;
  for (const auto& each : histograms)
    for (const auto& bin : each.gradients.bins) total += bin.count * middle(bin.index) * middle(bin.index);
  return std::sqrt(total);
}

}  // namespace

LATHE_TEST("conformance: histograms count every weight, and gradients of the norm that is logged") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  for (const char* executor : {"auto", "libtorch"})
    for (const int accumulate : {1, 3}) {
      auto request = insightRequest(folder, std::string(executor) + std::to_string(accumulate));
      request.training.executor = executor;
      request.training.accumulateSteps = accumulate;
      RecordingObserver seen;
      REQUIRE_OK(train(*engine, request, seen));
      const auto& norms = seen.curve("optim/grad_norm");
      CHECK_EQ(norms.size(), seen.curve("train/loss").size());
      REQUIRE(seen.histogramsAt.size() >= 5);
      CHECK(seen.histogramsAt.count(1) == 1);
      const auto names = seen.histogramsAt.begin()->second.size();
      for (const auto& [step, histograms] : seen.histogramsAt) {
        CHECK_EQ(histograms.size(), names);
        for (const auto& each : histograms) {
          CHECK(!each.name.empty());
          CHECK(each.weights.total() > 0);
          CHECK_EQ(each.weights.total(), each.gradients.total());
        }
        const double logged = norms.at(static_cast<std::size_t>(step - 1)).second;
        CHECK(std::abs(normOf(histograms) - logged) < 0.03 * logged);
      }
    }
}

LATHE_TEST("conformance: looking at weights changes none of them") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  auto request = insightRequest(folder, "looked");
  RecordingObserver looked, blind;
  REQUIRE_OK(train(*engine, request, looked));
  request.training.histograms = "off";
  request.checkpointFolder = folder / "blind";
  REQUIRE_OK(train(*engine, request, blind));
  CHECK(blind.histogramsAt.empty());
  CHECK(sameTensors(folder / "looked/last.ckpt", folder / "blind/last.ckpt"));
}

LATHE_TEST("conformance: after each epoch the same validation rows are predicted, as the checkpoint predicts them") {
  const TempFolder folder;
  const auto engine = makeEngineUnderTest();
  for (const auto task : {spec::Task::Classification, spec::Task::Regression}) {
    auto request = insightRequest(folder, spec::name(task));
    request.data = mixedTable(task, 200);
    request.model = modelFor(*request.data);
    RecordingObserver seen;
    REQUIRE_OK(train(*engine, request, seen));
    REQUIRE(seen.snapshots.size() == 4);
    const auto& last = seen.snapshots.back();
    CHECK_EQ(last.epoch, 4);
    CHECK_EQ(last.step, seen.curve("val/loss").back().first);
    CHECK_EQ(last.rows.size(), std::min(engine::rowsOfSnapshot, request.data->split.validation.size()));
    for (const auto& snapshot : seen.snapshots) CHECK(snapshot.rows == last.rows);
    CHECK(seen.snapshots.front().values != last.values);
    const auto model = engine->load(request.checkpointFolder / "last.ckpt");
    REQUIRE_OK(model);
    const auto again = (*model)->predict(*request.data, last.rows);
    REQUIRE_OK(again);
    CHECK_EQ(again->columns, last.columns);
    CHECK(largestDifference({last.rows.size(), last.columns, last.values}, *again) < 1e-5);
  }
}
