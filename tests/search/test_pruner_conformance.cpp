// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "core/search/names.h"
#include "tests/search/pruner_study.h"
#include "tests/search/search_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

constexpr double noNumber = std::numeric_limits<double>::quiet_NaN();

double quality(const Configuration& x) { return std::abs(x[0] - 0.3) + std::abs(x[1] - 0.6) + std::abs(x[2] - 0.5); }
double noiseOf(std::int64_t trial, std::int64_t step) {
  return Random(static_cast<std::uint64_t>(trial * 1000 + step), "noise").normal();
}
// Falls to its quality; slow ones lie a little higher on the way.
double curve(const Configuration& x, std::int64_t /*trial*/, std::int64_t step) {
  return quality(x) + (1 + 0.2 * x[0]) * std::exp(-static_cast<double>(step) / 6.0);
}

StudyPlan planOf(const std::string& pruner, int workers, std::uint64_t seed = 1) {
  StudyPlan plan;
  plan.pruner = pruner;
  plan.workers = workers;
  plan.seed = seed;
  plan.curve = curve;
  plan.setup.space = unitSpace(3);
  plan.setup.maxSteps = 27;
  plan.setup.seed = seed;
  plan.setup.budget = plan.trials = 60;
  plan.setup.patience = 3;
  plan.setup.upper = 1.3;
  plan.setup.percentile = 40;
  if (plainName(pruner) == "pbt") plan.setup.minSteps = 3;
  if (plainName(pruner) == "threshold") plan.setup.minSteps = 5;
  if (plainName(pruner) == "patient")  // bad ones get worse
    plan.curve = [](const Configuration& x, std::int64_t trial, std::int64_t step) {
      return quality(x) < 0.6 ? curve(x, trial, step) : static_cast<double>(step);
    };
  return plan;
}

void checkStudy(const PrunedStudy& study, const StudyPlan& plan) {
  for (const auto& problem : study.problems) testing::reportFailure(__FILE__, __LINE__, problem);
  for (const auto& trial : study.trials) {
    CHECK(trial.place == StudyTrial::Place::Ended);
    CHECK(trial.step <= plan.setup.maxSteps);
    if (trial.state == TrialState::Complete) CHECK_EQ(trial.step, plan.setup.maxSteps);
  }
}

void checkAnyComplete(const PrunedStudy& study, const StudyPlan& plan) {
  if (study.count(TrialState::Complete) == 0)
    testing::reportFailure(__FILE__, __LINE__,
                           fmt::format("{}: none of {} is complete", plan.pruner, study.trials.size()));
}

bool promotes(const std::string& pruner) {
  return pruner == "halving" || pruner == "asha" || pruner == "hyperband" || pruner == "bohb" || pruner == "dehb";
}

bool sameStudies(const PrunedStudy& a, const PrunedStudy& b) {
  if (a.asked.size() != b.asked.size() || a.log.size() != b.log.size()) return false;
  for (std::size_t i = 0; i < a.asked.size(); ++i)
    if (!sameWork(a.asked[i].second, b.asked[i].second)) return false;
  return true;
}

}  // namespace

LATHE_TEST("pruners are listed in the order in which people see them") {
  CHECK_EQ(joined(prunerNames()),
           "none, median, percentile, patient, threshold, halving, asha, hyperband, bohb, dehb, wilcoxon, pbt");
  CHECK(makePruner("Hyper-Band", {}).has_value());
  const auto unknown = makePruner("nobody", {});
  REQUIRE(!unknown);
  CHECK_EQ(unknown.error().code, "search.pruner");
}

LATHE_TEST(
    "studies go through: targets are rungs, paused trials go on, all trials end, with one worker and with four") {
  for (const auto& name : prunerNames())
    for (const int workers : {1, 4}) {
      const auto plan = planOf(name, workers);
      const auto study = prunedStudy(plan);
      checkStudy(study, plan);
      CHECK_EQ(study.trials.size(), 60U);
      checkAnyComplete(study, plan);
      const auto rungs = (*makePruner(name, plan.setup))->rungs();
      CHECK(std::is_sorted(rungs.begin(), rungs.end()));
      CHECK_EQ(rungs.back(), plan.setup.maxSteps);
      const bool anyContinued =
          std::any_of(study.trials.begin(), study.trials.end(), [](const auto& trial) { return trial.continued; });
      CHECK_EQ(anyContinued, promotes(name) || name == "pbt");
    }
}

LATHE_TEST("pruners spend clearly less than whole trainings") {
  for (const auto& name : prunerNames()) {
    const auto plan = planOf(name, 4);
    const auto study = prunedStudy(plan);
    std::int64_t whole = 0;
    for (const auto& trial : study.trials) whole += plan.setup.maxSteps - trial.begun;
    const double share = static_cast<double>(study.steps) / static_cast<double>(whole);
    if (std::getenv("LATHE_TIMES")) fmt::print("{} {:.2f}\n", name, share);
    if (name == "none")
      CHECK_EQ(share, 1.0);
    else if (!(share < (name == "pbt" ? 0.85 : 0.7)))
      testing::reportFailure(__FILE__, __LINE__, fmt::format("{} spends {:.2f}", name, share));
  }
}

LATHE_TEST("the best trial gets through in most studies, although curves are noisy") {
  for (const auto& name : prunerNames()) {
    if (name == "pbt" || name == "patient") continue;  // replaces whom it likes; looks at nobody else
    int through = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      auto plan = planOf(name, seed % 2 == 0 ? 4 : 1, seed);
      plan.curve = [](const Configuration& x, std::int64_t trial, std::int64_t step) {
        return curve(x, trial, step) + 0.01 * noiseOf(trial, step);
      };
      const auto study = prunedStudy(plan);
      const auto best = std::min_element(study.trials.begin(), study.trials.end(), [](const auto& a, const auto& b) {
        return quality(a.configuration) < quality(b.configuration);
      });
      through += best->state == TrialState::Complete;
    }
    if (std::getenv("LATHE_TIMES")) fmt::print("{} {}\n", name, through);
    if (through < 15) testing::reportFailure(__FILE__, __LINE__, fmt::format("{}: {} of 20", name, through));
  }
}

LATHE_TEST("the same study again is the same, and a fresh pruner that hears the log says the same") {
  for (const auto& name : prunerNames())
    for (const int workers : {1, 4}) {
      auto plan = planOf(name, workers, 5);
      plan.setup.budget = plan.trials = 250;
      plan.fails = [](std::int64_t trial, std::int64_t step) { return trial % 9 == 4 && step == 1 + trial % 5; };
      const auto study = prunedStudy(plan);
      checkStudy(study, plan);
      if (!sameStudies(study, prunedStudy(plan))) testing::reportFailure(__FILE__, __LINE__, name + " differs");
      // Without being asked in between.
      for (std::size_t i = 0; i < study.asked.size(); i += 41) {
        auto fresh = makePruner(name, plan.setup);
        REQUIRE_OK(fresh);
        for (std::size_t k = 0; k < study.asked[i].first; ++k) apply(**fresh, study.log[k]);
        if (!sameWork((*fresh)->next(), study.asked[i].second))
          testing::reportFailure(__FILE__, __LINE__, fmt::format("{} goes on otherwise at {}", name, i));
        // What is hopeless by the log has ended in it.
        for (const auto trial : (*fresh)->hopeless()) CHECK(trial < 0);
      }
    }
}

LATHE_TEST("NaN, failures, equal values and huge ones stop no study") {
  for (const auto& name : prunerNames())
    for (const int workers : {1, 3})
      for (int kind = 0; kind < 5; ++kind) {
        auto plan = planOf(name, workers);
        plan.setup.budget = kind % 2 == 0 ? plan.trials : 0;
        plan.curve = [&](const Configuration& x, std::int64_t trial, std::int64_t step) {
          if (kind == 0) return trial % 3 == 1 ? noNumber : curve(x, trial, step);
          if (kind == 1) return noNumber;
          if (kind == 2) return 1.0;
          if (kind == 3) return trial % 2 == 0 ? 1e300 : -1e300;
          return trial % 4 == 0 ? std::numeric_limits<double>::infinity() : curve(x, trial, step);
        };
        if (kind != 2) plan.fails = [](std::int64_t trial, std::int64_t step) { return trial % 5 == 2 && step == 2; };
        const auto study = prunedStudy(plan);
        checkStudy(study, plan);
        CHECK_EQ(study.trials.size(), 60U);
        if (kind == 1 || (name == "patient" && kind < 4)) continue;  // constant ones never get better
        checkAnyComplete(study, plan);
        // Nobody who reports NaN is chosen while others are there.
        if (kind == 0 && promotes(name))
          for (std::size_t trial = 1; trial < study.trials.size(); trial += 3) CHECK(!study.trials[trial].continued);
      }
  for (const auto& name : prunerNames()) {
    auto plan = planOf(name, 4);
    plan.fails = [](std::int64_t /*trial*/, std::int64_t /*step*/) { return true; };
    const auto study = prunedStudy(plan);
    checkStudy(study, plan);
    CHECK_EQ(study.count(TrialState::Failed), 60);
  }
}

LATHE_TEST("one step, one trial, first rungs beyond the end, odd lengths and etas are no trouble") {
  for (const auto& name : prunerNames())
    for (const std::int64_t maxSteps : {1, 2, 10, 100})
      for (const std::int64_t minSteps : {1, 7, 200})
        for (const double eta : {0.0, 2.0, 3.7, 10.0})
          for (const std::int64_t trials : {1, 30}) {
            auto plan = planOf(name, 3);
            plan.setup.maxSteps = maxSteps;
            plan.setup.minSteps = minSteps;
            plan.setup.eta = eta;
            plan.setup.budget = plan.trials = trials;
            const auto study = prunedStudy(plan);
            checkStudy(study, plan);
            if (name != "threshold" && name != "patient") checkAnyComplete(study, plan);
          }
}

LATHE_TEST("ten thousand trials take a second at most") {
  for (const auto& name : prunerNames()) {
    auto plan = planOf(name, 8);
    plan.setup.budget = plan.trials = 10'000;
    const auto begin = std::chrono::steady_clock::now();
    const auto study = prunedStudy(plan);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    checkStudy(study, plan);
    if (std::getenv("LATHE_TIMES")) fmt::print("{} {:.2f} s {} steps\n", name, taken.count(), study.steps);
    // A second with room for slow machines and sanitizers.
    CHECK(taken.count() < 20);
  }
}
