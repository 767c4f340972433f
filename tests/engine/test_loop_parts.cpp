// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <set>

#include "core/engine/batching.h"
#include "core/engine/plain_preprocessor.h"
#include "core/engine/rate_meter.h"
#include "core/engine/schedule.h"
#include "core/engine/training_state.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

bool near(double a, double b, double tolerance = 1e-6) { return std::abs(a - b) <= tolerance; }

spec::TrainingSpec trainingWith(const std::string& schedule) {
  spec::TrainingSpec training;
  training.epochs = 10;
  training.optimizer.lr = 1;
  training.schedule.name = schedule;
  return training;
}

}  // namespace

LATHE_TEST("batches cover each row once, and a last single row joins the batch before") {
  for (const std::size_t rows : {1U, 2U, 9U, 10U, 11U, 100U})
    for (const std::size_t size : {1U, 3U, 10U, 200U}) {
      const BatchPlan plan(rows, size);
      std::size_t next = 0;
      for (std::int64_t i = 0; i < plan.steps(); ++i) {
        const auto [first, count] = plan.range(i);
        CHECK_EQ(first, next);
        CHECK(count > 1 || size == 1 || rows == 1);
        CHECK(count <= plan.largest());
        next += count;
      }
      CHECK_EQ(next, rows);
    }
}

LATHE_TEST("each epoch has another order of the same rows, again from the same state") {
  const std::vector<std::uint32_t> rows{3, 5, 7, 11, 13, 17, 19, 23};
  EpochOrder order(rows, 1);
  order.next();
  const std::vector<std::uint32_t> first(order.order().begin(), order.order().end());
  const auto state = order.state();
  order.next();
  const std::vector<std::uint32_t> second(order.order().begin(), order.order().end());
  CHECK(first != second);
  CHECK(std::set<std::uint32_t>(second.begin(), second.end()) == std::set<std::uint32_t>(rows.begin(), rows.end()));
  EpochOrder again(rows, 99);
  again.setState(state);
  again.next();
  CHECK(std::equal(second.begin(), second.end(), again.order().begin()));
  CHECK(again.stateAtStart() == state);
}

LATHE_TEST("schedules: constant, step, cosine with warm-up") {
  CHECK_EQ(LearningRate(trainingWith("constant"), 10).at(77, 8, 1), 1.0);
  auto step = trainingWith("step");
  step.schedule.stepEpochs = 3;
  CHECK_EQ(LearningRate(step, 10).at(30, 3, 1), 1.0);
  CHECK(near(LearningRate(step, 10).at(31, 4, 1), 0.1));
  auto cosine = trainingWith("cosine");
  cosine.schedule.warmupFraction = 0.1;
  cosine.schedule.finalFraction = 0.2;
  const LearningRate rate(cosine, 10);
  CHECK(near(rate.at(1, 1, 1), 0.1));
  CHECK(near(rate.at(10, 1, 1), 1));
  CHECK(near(rate.at(11, 2, 1), 1));
  CHECK(near(rate.at(56, 6, 1), 0.6));
  CHECK(rate.at(100, 10, 1) < 0.201);
  CHECK(near(LearningRate(trainingWith("plateau"), 10).at(5, 1, 0.25), 0.25));
}

LATHE_TEST("the monitor finds the best epoch, reduces on a plateau and stops") {
  auto training = trainingWith("plateau");
  training.schedule.patience = 1;
  training.schedule.gamma = 0.5;
  training.earlyStopping.patience = 4;
  Monitor monitor(training);
  CHECK(monitor.see(1.0, 1, 10).best);
  CHECK(monitor.see(0.5, 2, 20).best);
  CHECK(!monitor.see(0.6, 3, 30).lrReduced);
  CHECK(monitor.see(NAN, 4, 40).lrReduced);
  CHECK(!monitor.see(0.6, 5, 50).stop);
  const auto last = monitor.see(0.5, 6, 60);
  CHECK(last.stop);
  CHECK(last.lrReduced);
  CHECK_EQ(monitor.state().bestEpoch, 2);
  CHECK_EQ(monitor.state().lrFactor, 0.25);
  training.monitorDirection = "maximize";
  Monitor upward(training);
  CHECK(upward.see(NAN, 1, 1).best);
  CHECK(upward.see(0.1, 2, 2).best);
  CHECK(upward.see(0.2, 3, 3).best);
  CHECK(!upward.see(0.1, 4, 4).best);
}

LATHE_TEST("an improvement smaller than min_delta does not reset the patience of early stopping") {
  auto training = trainingWith("constant");
  training.earlyStopping = {2, 0.1};
  Monitor monitor(training);
  CHECK(monitor.see(1.0, 1, 10).best);
  CHECK(!monitor.see(0.95, 2, 20).stop);
  CHECK(monitor.see(0.92, 3, 30).stop);
  training.earlyStopping = {2, 0};
  Monitor exact(training);
  for (int epoch = 1; epoch <= 5; ++epoch) CHECK(!exact.see(1.0 - 0.01 * epoch, epoch, 10 * epoch).stop);
}

LATHE_TEST("the rate is that of the last second, the time left that of the whole") {
  RateMeter meter(0, 0);
  CHECK_EQ(meter.secondsLeft(0.1, 10, 100), -1.0);
  for (int i = 1; i <= 30; ++i) {
    meter.add(i <= 20 ? 10 : 20);
    meter.mark(0.1 * i);
  }
  CHECK(near(meter.samplesPerSecond(), 200, 1e-3));
  CHECK(near(meter.secondsLeft(3, 30, 90), 6, 1e-9));
}

LATHE_TEST("a training's state goes through JSON without loss, and damage is an error") {
  TrainingState state;
  state.step = 1234567890123;
  state.epochsDone = 3;
  state.shuffle = {~std::uint64_t{0}, 1, 2, 3};
  state.epochScore = {0.1, 1.0 / 3, 3, 2, 1e-300, 7};
  state.monitor.best = 0.1 + 0.2;
  state.bestMetrics = {{"val/loss", 1.0 / 7}, {"val/roc_auc", NAN}};
  state.seed = ~std::uint64_t{0};
  state.optimizer = "adamw";
  const auto again = trainingStateFromJson(toJson(state));
  REQUIRE_OK(again);
  CHECK(again->shuffle == state.shuffle);
  CHECK_EQ(again->step, state.step);
  CHECK_EQ(again->seed, state.seed);
  CHECK_EQ(again->epochScore.weight, state.epochScore.weight);
  CHECK_EQ(again->monitor.best.value_or(0), 0.1 + 0.2);
  CHECK_EQ(again->bestMetrics.at("val/loss"), 1.0 / 7);
  CHECK(std::isnan(again->bestMetrics.at("val/roc_auc")));
  for (const char* bad : {"", "{}", "[1]", "{\"step\":-1}", "nonsense"}) CHECK(!trainingStateFromJson(bad));
}

LATHE_TEST("dates become the parts of clock and calendar") {
  const auto newYear = calendarParts(0, 0);  // Saturday, 2000-01-01, midnight
  CHECK(near(newYear[0], 0));
  CHECK(near(newYear[1], 0) && near(newYear[2], 1));
  CHECK(near(newYear[3], std::sin(2 * M_PI * 5 / 7)) && near(newYear[6], 1));
  const auto leapDay = calendarParts(8825, 21600);  // Thursday, 2024-02-29, six in the morning
  CHECK(near(leapDay[0], 24 / 50.0));
  CHECK(near(leapDay[1], std::sin(2 * M_PI / 12)));
  CHECK(near(leapDay[3], std::sin(2 * M_PI * 3 / 7)));
  CHECK(near(leapDay[5], 1) && near(leapDay[6], 0));
  const auto moon = calendarParts(-11122, 0);  // 1969-07-20, a Sunday
  CHECK(near(moon[0], -31 / 50.0));
  CHECK(near(moon[2], std::cos(2 * M_PI * 6 / 12)));
  CHECK(near(moon[4], std::cos(2 * M_PI * 6 / 7)));
  for (const float part : calendarParts(NAN, 0)) CHECK_EQ(part, 0.0F);
  for (const float part : calendarParts(1e30, 0)) CHECK(std::isfinite(part));
}
