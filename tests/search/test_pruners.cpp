// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "tests/search/pruner_study.h"
#include "tests/search/search_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

constexpr double noNumber = std::numeric_limits<double>::quiet_NaN();

std::unique_ptr<Pruner> pruner(const std::string& name, const PrunerSetup& setup) {
  auto made = makePruner(name, setup);
  REQUIRE_OK(made);
  return std::move(*made);
}

void start(Pruner& pruner, std::int64_t trial) {
  Work work = pruner.next();
  CHECK(work.kind == Work::Kind::Fresh);
  if (!work.configuration) work.configuration = Configuration{};
  pruner.started(trial, work);
}
// A trial that comes to its rung with this value.
void reach(Pruner& pruner, std::int64_t trial, std::int64_t step, double value) {
  pruner.report(trial, step, value);
  pruner.reached(trial, step);
}

void complete(Pruner& pruner, std::int64_t trial, const std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) pruner.report(trial, static_cast<std::int64_t>(i) + 1, values[i]);
  pruner.ended(trial, TrialState::Complete);
}

bool continues(Pruner& pruner, std::int64_t trial, std::int64_t target) {
  const Work work = pruner.next();
  if (work.kind != Work::Kind::Continue || work.trial != trial || work.target != target) return false;
  pruner.continued(trial, target);
  return true;
}

PrunerSetup lengths(std::int64_t least, std::int64_t most) {
  PrunerSetup setup;
  setup.minSteps = least;
  setup.maxSteps = most;
  return setup;
}

}  // namespace

LATHE_TEST("a trial worse than the median of complete ones is stopped, once there are enough, by its best value") {
  auto setup = lengths(2, 4);
  setup.startupTrials = 3;
  const auto median = pruner("median", setup);
  complete(*median, 0, {9, 1, 1, 1});
  complete(*median, 1, {9, 2, 2, 2});
  const auto two = median->heard();
  CHECK(!median->shouldStop(5, 2, 100, two));
  complete(*median, 2, {9, 3, 3, 3});
  const auto three = median->heard();
  CHECK(median->shouldStop(5, 2, 2.1, three));
  CHECK(!median->shouldStop(5, 2, 2.0, three));
  CHECK(median->shouldStop(5, 2, noNumber, three));
  CHECK(!median->shouldStop(5, 1, 100, three));  // before minSteps
  CHECK(!median->shouldStop(5, 4, 100, three));  // at the end
  CHECK(!median->shouldStop(5, 2, 100, two));    // as it was then
  // What it had before counts, whatever it reports now.
  median->report(5, 1, 1.5);
  CHECK(!median->shouldStop(5, 2, 50, three));
  // Pruned and failed trials say nothing.
  median->report(6, 2, -5);
  median->ended(6, TrialState::Pruned);
  median->report(7, 2, -5);
  median->ended(7, TrialState::Failed);
  CHECK(!median->shouldStop(8, 2, 2.0, median->heard()));
  complete(*median, 9, {0, 0, 0, 0});
  complete(*median, 10, {0, 0, 0, 0});
  CHECK(median->shouldStop(8, 2, 2.0, median->heard()));
  CHECK(!median->shouldStop(8, 2, 2.0, three));
}

LATHE_TEST("percentiles are as a count of all values says, now and for any earlier moment") {
  Random random(3, "values");
  for (const double percentile : {0.0, 10.0, 33.0, 50.0, 90.0, 100.0}) {
    auto setup = lengths(1, 10);
    setup.percentile = percentile;
    setup.startupTrials = 1;
    const auto made = pruner("percentile", setup);
    std::vector<double> values;
    std::vector<std::uint64_t> heard{0};
    for (std::int64_t trial = 0; trial < 60; ++trial) {
      values.push_back(std::floor(random.uniform() * 15));  // with ties
      complete(*made, trial, {values.back()});
      heard.push_back(made->heard());
      for (const std::size_t known : {values.size(), values.size() / 2}) {
        if (known == 0) continue;
        const double own = std::floor(random.uniform() * 15);
        const auto better = std::count_if(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(known),
                                          [&](double other) { return other < own; });
        const bool among = static_cast<double>(better) < std::ceil(percentile * static_cast<double>(known + 1) / 100);
        CHECK_EQ(made->shouldStop(1000, 1, own, heard[known]), !among);
      }
    }
  }
}

LATHE_TEST("a hundred thousand reports do not make the median slow") {
  const auto median = pruner("median", lengths(1, 101));
  const auto begin = std::chrono::steady_clock::now();
  std::int64_t stopped = 0;
  for (std::int64_t trial = 0; trial < 1000; ++trial) {
    for (std::int64_t step = 1; step <= 100; ++step) {
      const double value = static_cast<double>((trial * 7919 + step) % 1009);
      stopped += median->shouldStop(trial, step, value, median->heard());
      median->report(trial, step, value);
    }
    median->ended(trial, TrialState::Complete);
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  CHECK(stopped > 10'000);
  CHECK(taken.count() < 5);  // 0.03 s
}

LATHE_TEST("patience ends after so many reports that are not better, thresholds at once") {
  auto setup = lengths(3, 20);
  setup.patience = 3;
  setup.minDelta = 0.1;
  const auto patient = pruner("patient", setup);
  const std::vector<double> values{1, 0.95, 0.92, 0.89, 0.85, 0.8, noNumber, 0.75};
  // Better by more than 0.1 than the best: 1 and 0.89; then nothing.
  std::vector<bool> stops;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto step = static_cast<std::int64_t>(i) + 1;
    const bool stop = patient->shouldStop(0, step, values[i], 0);
    patient->report(0, step, values[i]);
    CHECK_EQ(patient->shouldStop(0, step, values[i], 0), stop);  // heard or not yet
    stops.push_back(stop);
  }
  CHECK(stops == std::vector<bool>({false, false, false, false, false, false, true, false}));
  // Trained again from a checkpoint after step 3.
  patient->report(0, 4, 5);
  CHECK(patient->shouldStop(0, 5, 5, 0));

  setup.lower = -1;
  setup.upper = 2;
  const auto threshold = pruner("threshold", setup);
  for (const auto& [value, stop] :
       std::vector<std::pair<double, bool>>{{2, false}, {2.01, true}, {-1, false}, {-1.01, true}, {noNumber, true}})
    CHECK_EQ(threshold->shouldStop(0, 3, value, 0), stop);
  CHECK(!threshold->shouldStop(0, 2, 100, 0));
  setup.upper.reset();
  CHECK(!pruner("threshold", setup)->shouldStop(0, 3, 1e300, 0));
}

LATHE_TEST("halving waits for a rung, takes its best third on, and begins again when a bracket is done") {
  const auto halving = pruner("halving", lengths(1, 9));
  CHECK(halving->rungs() == std::vector<std::int64_t>({1, 3, 9}));
  for (std::int64_t trial = 0; trial < 9; ++trial) {
    CHECK_EQ(halving->next().target, 1);
    start(*halving, trial);
  }
  CHECK(halving->next().kind == Work::Kind::Wait);
  // 7 fails, 3 is no number; 4 and 6 are equal.
  const std::vector<double> values{5, 4, 3, noNumber, 2, 6, 2, 0, 2.5};
  halving->ended(7, TrialState::Failed);
  for (const std::int64_t trial : {8, 6, 5, 4, 3, 2, 1})
    reach(*halving, trial, 1, values[static_cast<std::size_t>(trial)]);
  CHECK(halving->next().kind == Work::Kind::Wait);
  CHECK(halving->hopeless().empty());
  reach(*halving, 0, 1, 5);
  auto hopeless = halving->hopeless();
  std::sort(hopeless.begin(), hopeless.end());
  CHECK(hopeless == std::vector<std::int64_t>({0, 1, 2, 3, 5}));
  CHECK(halving->hopeless().empty());
  for (const auto trial : hopeless) halving->ended(trial, TrialState::Pruned);
  CHECK(continues(*halving, 4, 3));
  CHECK(continues(*halving, 6, 3));
  CHECK(continues(*halving, 8, 3));
  CHECK(halving->next().kind == Work::Kind::Wait);
  reach(*halving, 4, 3, 2);
  reach(*halving, 8, 3, 1);
  halving->ended(6, TrialState::Failed);
  CHECK(continues(*halving, 8, 9));
  CHECK(halving->next().kind == Work::Kind::Wait);
  halving->ended(8, TrialState::Complete);
  CHECK(halving->next().kind == Work::Kind::Fresh);
}

LATHE_TEST("with the last trial of the budget a bracket goes on with what it has") {
  auto setup = lengths(1, 9);
  setup.budget = 4;
  for (const auto* name : {"halving", "hyperband"}) {
    const auto made = pruner(name, setup);
    for (std::int64_t trial = 0; trial < 4; ++trial) start(*made, trial);
    for (std::int64_t trial = 0; trial < 4; ++trial) reach(*made, trial, 1, 5.0 - static_cast<double>(trial));
    CHECK(continues(*made, 3, 3));
    reach(*made, 3, 3, 1);
    CHECK(continues(*made, 3, 9));
  }
}

LATHE_TEST("a trial that is complete early keeps its place, one that a person ends loses it") {
  const auto halving = pruner("halving", lengths(1, 9));
  for (std::int64_t trial = 0; trial < 9; ++trial) start(*halving, trial);
  for (std::int64_t trial = 1; trial < 9; ++trial) reach(*halving, trial, 1, static_cast<double>(trial));
  complete(*halving, 0, {0});
  CHECK(halving->next().trial == 1);
  halving->ended(1, TrialState::Pruned);  // while it waits
  CHECK(continues(*halving, 2, 3));
  reach(*halving, 2, 3, 1);
  // The best of three places is the complete one's: nobody runs to the end.
  CHECK(halving->next().kind == Work::Kind::Fresh);
}

LATHE_TEST("asha promotes whoever is among the best third of a rung, and never waits") {
  auto setup = lengths(1, 27);
  const auto asha = pruner("asha", setup);
  Random random(5, "asha");
  // By the definition, from all that is known.
  struct Known {
    std::map<std::int64_t, double> values;
    std::set<std::int64_t> promoted;
  };
  std::vector<Known> rungs(4);
  const std::vector<std::int64_t> targets{1, 3, 9, 27};
  std::int64_t started = 0, promotions = 0;
  std::vector<std::pair<std::int64_t, std::size_t>> running;
  for (int event = 0; event < 3000; ++event) {
    if (running.size() < 5) {
      std::optional<std::pair<std::int64_t, std::size_t>> expected;
      for (std::size_t rung = 3; rung-- > 0 && !expected;) {
        std::vector<std::pair<double, std::int64_t>> sorted;
        for (const auto& [trial, value] : rungs[rung].values) sorted.emplace_back(value, trial);
        std::sort(sorted.begin(), sorted.end());
        sorted.resize(sorted.size() / 3);
        for (const auto& [value, trial] : sorted)
          if (!expected && value < 100 && !rungs[rung].promoted.contains(trial)) expected = {trial, rung};
      }
      const Work work = asha->next();
      CHECK_EQ(work.kind == Work::Kind::Continue, expected.has_value());
      if (expected) {
        CHECK_EQ(work.trial, expected->first);
        CHECK_EQ(work.target, targets[expected->second + 1]);
        rungs[expected->second].promoted.insert(work.trial);
        asha->continued(work.trial, work.target);
        running.emplace_back(work.trial, expected->second + 1);
        ++promotions;
      } else {
        CHECK_EQ(work.target, 1);
        asha->started(started, work);
        running.emplace_back(started++, 0);
      }
      continue;
    }
    const auto at = static_cast<std::ptrdiff_t>(random.below(running.size()));
    const auto [trial, rung] = running[static_cast<std::size_t>(at)];
    running.erase(running.begin() + at);
    if (random.below(10) == 0) {
      asha->ended(trial, TrialState::Failed);
      rungs[rung].values[trial] = 1000;
      continue;
    }
    const double value = std::floor(random.uniform() * 20);
    asha->report(trial, targets[rung], value);
    rungs[rung].values[trial] = value;
    if (rung == 3)
      asha->ended(trial, TrialState::Complete);
    else
      asha->reached(trial, targets[rung]);
  }
  CHECK(promotions > 300);
  CHECK(asha->hopeless().empty());
}

LATHE_TEST("when asha's budget is used up and nobody is complete, the best paused trial gets through") {
  auto setup = lengths(1, 27);
  setup.budget = 5;
  const auto asha = pruner("asha", setup);
  for (std::int64_t trial = 0; trial < 5; ++trial) start(*asha, trial);
  for (std::int64_t trial = 0; trial < 5; ++trial) reach(*asha, trial, 1, trial == 2 ? 0 : 1);
  for (const std::int64_t length : {3, 9, 27}) {
    CHECK(continues(*asha, 2, length));
    if (length < 27) reach(*asha, 2, length, 1);
  }
  asha->ended(2, TrialState::Complete);
  CHECK(asha->next().kind == Work::Kind::Fresh);
}

LATHE_TEST("hyperband's brackets have their sizes and starts, and no worker waits") {
  StudyPlan plan;
  plan.pruner = "hyperband";
  plan.setup = lengths(1, 27);
  plan.setup.space = unitSpace(1);
  plan.trials = 98;
  plan.workers = 6;
  plan.curve = [](const Configuration& x, std::int64_t, std::int64_t) { return x[0]; };
  const auto study = prunedStudy(plan);
  std::map<std::int64_t, int> starts;
  for (const auto& event : study.log)
    if (event.kind == PrunerEvent::Kind::Started && event.trial < 49) ++starts[event.step];
  CHECK(starts == (std::map<std::int64_t, int>{{1, 27}, {3, 12}, {9, 6}, {27, 4}}));
  for (const auto& [length, work] : study.asked) CHECK(work.kind != Work::Kind::Wait);
}

LATHE_TEST("wilcoxon stops who is worse on enough folds than the best complete trial") {
  auto setup = lengths(1, 10);
  setup.alpha = 0.1;
  const auto wilcoxon = pruner("wilcoxon", setup);
  CHECK(!wilcoxon->shouldStop(9, 4, 100, wilcoxon->heard()));
  complete(*wilcoxon, 0, {5, 5, 5, 5, 5, 5, 5, 5, 5, 5});
  const auto first = wilcoxon->heard();
  complete(*wilcoxon, 1, {1, 2, 3, 4, 5, 6, 7, 8, 9, 1});  // the best by its mean
  complete(*wilcoxon, 2, {8, 8, 8, 8, 8, 8, 8, 8, 8, 8});
  const std::vector<double> worse{1.1, 2.2, 3.3, 4.4};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto fold = static_cast<std::int64_t>(i) + 1;
    CHECK_EQ(wilcoxon->shouldStop(3, fold, worse[i], wilcoxon->heard()), i == 3);  // p = 1/16 with four
    CHECK(!wilcoxon->shouldStop(3, fold, worse[i], first));                        // better than 5 each
    wilcoxon->report(3, fold, worse[i]);
  }
  // Worse on most folds, but better in the mean.
  const std::vector<double> mixed{1.1, 2.1, 3.1, 4.1, 5.1, 6.1, 7.1, -50};
  for (std::size_t i = 0; i < mixed.size(); ++i) wilcoxon->report(4, static_cast<std::int64_t>(i) + 1, mixed[i]);
  CHECK(!wilcoxon->shouldStop(4, 9, 9.1, wilcoxon->heard()));
  CHECK(wilcoxon->shouldStop(5, 1, 0, 0) == false);
}
