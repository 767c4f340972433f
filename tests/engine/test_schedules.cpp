// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <numbers>

#include "core/engine/schedule.h"
#include "core/spec/customary.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

constexpr std::int64_t stepsPerEpoch = 10;
constexpr int epochs = 10;
constexpr int total = 100;
constexpr double pi = std::numbers::pi;

bool near(double a, double b, double tolerance = 1e-9) { return std::abs(a - b) <= tolerance; }

spec::TrainingSpec with(const std::string& schedule, double warmup = 0) {
  spec::TrainingSpec training;
  training.epochs = epochs;
  training.optimizer.lr = 2;
  training.schedule = spec::customarySchedule(schedule);
  training.schedule.warmupFraction = warmup;
  return training;
}

double rate(const spec::TrainingSpec& training, int step) {
  return LearningRate(training, stepsPerEpoch).at(step, (step - 1) / stepsPerEpoch + 1, 1);
}

}  // namespace

LATHE_TEST("one_cycle is PyTorch's OneCycleLR, momentum the other way round") {
  auto training = with("one_cycle");
  training.optimizer.momentum = 0.95;
  training.optimizer.name = "sgd";
  const LearningRate schedule(training, stepsPerEpoch);
  const auto anneal = [](double from, double to, double part) {
    return to + (from - to) / 2 * (1 + std::cos(pi * part));
  };
  // torch.optim.lr_scheduler.OneCycleLR(max_lr=2, total_steps=100), its documented defaults.
  for (int number = 0; number < total; ++number) {
    const double top = 0.3 * total - 1, bottom = total - 1;
    const bool rising = number <= top;
    const double expected =
        rising ? anneal(2.0 / 25, 2, number / top) : anneal(2, 2.0 / 25 / 1e4, (number - top) / (bottom - top));
    const double momentum =
        rising ? anneal(0.95, 0.85, number / top) : anneal(0.85, 0.95, (number - top) / (bottom - top));
    CHECK(near(schedule.at(number + 1, 1, 1), expected));
    CHECK(near(schedule.momentumAt(number + 1), momentum));
  }
  training.optimizer.name = "adamw";
  CHECK(near(LearningRate(training, stepsPerEpoch).momentumAt(30), 0.8, 1e-9));
  training.optimizer.name = "adagrad";
  CHECK(LearningRate(training, stepsPerEpoch).momentumAt(30) < 0);
  training.schedule.name = "cosine";
  training.optimizer.name = "sgd";
  CHECK(LearningRate(training, stepsPerEpoch).momentumAt(30) < 0);
}

LATHE_TEST("cosine with restarts follows SGDR's formula in fractions of epochs") {
  auto training = with("cosine_restarts");
  training.schedule.restartEpochs = 2;
  training.schedule.restartGrowth = 2;
  training.schedule.finalFraction = 0.1;
  for (int step = 1; step <= total; ++step) {
    double t = (step - 1) / 10.0, period = 2;
    while (t >= period) t -= period, period *= 2;
    CHECK(near(rate(training, step), 2 * (0.1 + 0.9 * 0.5 * (1 + std::cos(pi * t / period)))));
  }
  CHECK(near(rate(training, 21), 2));  // restarted
  training.schedule.restartGrowth = 1;
  CHECK(near(rate(training, 41), 2));
  CHECK(near(rate(training, 51), 2 * 0.55));
}

LATHE_TEST("linear, polynomial, exponential, flat_cosine and coslog4 have their shapes") {
  for (int step = 1; step <= total; ++step) {
    const double t = (step - 1) / 100.0;
    CHECK(near(rate(with("linear"), step), 2 * (1 - t)));
    CHECK(near(rate(with("polynomial"), step), 2 * std::pow(1 - t, 2)));
    CHECK(near(rate(with("exponential"), step), 2 * std::pow(0.95, (step - 1) / 10.0)));
    CHECK(near(rate(with("coslog4"), step), 2 * 0.5 * (1 - std::cos(2 * pi * std::log2(1 + 15 * t)))));
    CHECK(near(rate(with("flat_cosine"), step), t <= 0.5 ? 2 : 1 + std::cos(pi * (t - 0.5) / 0.5)));
  }
  // RealMLP's has four full waves: the full rate in the middle of each.
  int tops = 0;
  auto fine = with("coslog4");
  fine.epochs = 1000;
  const LearningRate waves(fine, 10);
  for (int step = 2; step < 10000; ++step)
    tops += waves.at(step, 1, 1) > waves.at(step - 1, 1, 1) && waves.at(step, 1, 1) > waves.at(step + 1, 1, 1) ? 1 : 0;
  CHECK_EQ(tops, 4);
}

LATHE_TEST("a linear warm-up comes before any schedule") {
  for (const auto& name : spec::scheduleNames()) {
    const auto training = with(name, 0.2);
    for (int step = 1; step < 10; ++step) CHECK(near(rate(training, step), 2 * step / 20.0));
    const auto rest = [&](int step) { return rate(training, step); };
    if (name == "constant" || name == "plateau") CHECK(near(rest(60), 2));
    if (name == "step") CHECK(near(rest(21), 2));
    if (name == "linear") CHECK(near(rest(61), 2 * 0.5));
    if (name == "cosine") CHECK(near(rest(61), 2 * 0.5));
  }
  // What was a plain constant stays one.
  CHECK(near(rate(with("constant", 0), 1), 2));
}

LATHE_TEST("decay, dropout and averages are scheduled with the step") {
  auto training = with("constant");
  training.optimizer.weightDecaySchedule = "flat_cos";
  training.dropoutSchedule = "cosine";
  const LearningRate schedule(training, stepsPerEpoch);
  for (int step = 1; step <= total; ++step) {
    const double t = (step - 1) / 100.0;
    const auto settings = schedule.settings(step, (step - 1) / 10 + 1, 1);
    CHECK_EQ(settings.step, step);
    CHECK(near(settings.weightDecayFactor, t <= 0.5 ? 1 : 0.5 * (1 + std::cos(pi * (2 * t - 1)))));
    CHECK(near(settings.dropoutFactor, 0.5 * (1 + std::cos(pi * t))));
    CHECK(!settings.average);
  }
  training.average.name = "ema";
  CHECK(LearningRate(training, stepsPerEpoch).settings(1, 1, 1).average);
  training.average.name = "swa";
  training.average.startFraction = 0.75;
  int averaged = 0;
  for (int step = 1; step <= total; ++step)
    if (LearningRate(training, stepsPerEpoch).settings(step, (step - 1) / 10 + 1, 1).average) {
      CHECK_EQ(step % 10, 0);
      CHECK(step > 70);
      ++averaged;
    }
  CHECK_EQ(averaged, 3);
  training.epochs = 1;
  CHECK(LearningRate(training, stepsPerEpoch).settings(10, 1, 1).average);
}
