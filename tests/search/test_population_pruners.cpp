// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>

#include "tests/search/pruner_study.h"
#include "tests/search/search_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

StudyPlan planOf(const std::string& pruner, SearchSpace space, std::int64_t trials, std::uint64_t seed = 1) {
  StudyPlan plan;
  plan.pruner = pruner;
  plan.trials = plan.setup.budget = trials;
  plan.workers = 3;
  plan.seed = plan.setup.seed = seed;
  plan.setup.space = std::move(space);
  plan.setup.maxSteps = 27;
  return plan;
}

void checkProblems(const PrunedStudy& study) {
  for (const auto& problem : study.problems) testing::reportFailure(__FILE__, __LINE__, problem);
}

// The best quality among complete trials.
double bestOf(const PrunedStudy& study, const std::function<double(const Configuration&)>& quality) {
  double best = 1e300;
  for (const auto& trial : study.trials)
    if (trial.state == TrialState::Complete) best = std::min(best, quality(trial.configuration));
  return best;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

LATHE_TEST("dehb begins as hyperband and then breeds configurations within the space") {
  auto plan = planOf("dehb", everythingSpace(), 300);
  plan.curve = [](const Configuration& x, std::int64_t, std::int64_t step) {
    return everything(x) + 2.0 / static_cast<double>(step);
  };
  const auto study = prunedStudy(plan);
  checkProblems(study);  // configurations are checked there
  std::size_t bred = 0;
  std::map<std::int64_t, int> starts;
  for (const auto& event : study.log) {
    if (event.kind != PrunerEvent::Kind::Started) continue;
    if (event.trial < 49) ++starts[event.step];
  }
  CHECK(starts == (std::map<std::int64_t, int>{{1, 27}, {3, 12}, {9, 6}, {27, 4}}));
  std::size_t fresh = 0;
  for (const auto& [length, work] : study.asked) {
    if (work.kind != Work::Kind::Fresh) continue;
    if (++fresh <= 49) CHECK(!work.configuration);
    bred += work.configuration.has_value();
  }
  CHECK(bred > 230);
}

LATHE_TEST("dehb finds better ones than hyperband with random configurations") {
  const auto quality = [](const Configuration& x) { return hartmann6(x); };
  std::map<std::string, std::vector<double>> found;
  for (const auto* name : {"hyperband", "dehb"})
    for (std::uint64_t seed = 1; seed <= 9; ++seed) {
      auto plan = planOf(name, unitSpace(6), 700, seed);
      plan.curve = [&](const Configuration& x, std::int64_t, std::int64_t step) {
        return hartmann6(x) + (1 + 0.3 * x[0]) / static_cast<double>(step);
      };
      const auto study = prunedStudy(plan);
      checkProblems(study);
      found[name].push_back(bestOf(study, quality));
    }
  if (std::getenv("LATHE_TIMES")) fmt::print("{} {}\n", median(found["hyperband"]), median(found["dehb"]));
  CHECK(median(found["dehb"]) < median(found["hyperband"]) - 0.2);
  CHECK(median(found["dehb"]) < -2.8);
}

LATHE_TEST("where configurations are few, dehb continues the paused trial that has one") {
  const auto space = spaceOf(R"({"parameters":[{"name":"a","type":"int","low":0,"high":15},
                                               {"name":"b","type":"int","low":0,"high":15}]})");
  auto plan = planOf("dehb", space, 200);
  plan.curve = [](const Configuration& x, std::int64_t, std::int64_t step) {
    return std::abs(x[0] - 3) + std::abs(x[1] - 11) + 5.0 / static_cast<double>(step);
  };
  const auto study = prunedStudy(plan);
  checkProblems(study);
  // What was bred is never the configuration of a trial that there is or was.
  std::set<Configuration> known;
  for (std::size_t i = 0; i < study.log.size(); ++i) {
    const auto& event = study.log[i];
    if (event.kind != PrunerEvent::Kind::Started) continue;
    const auto asked =
        std::find_if(study.asked.begin(), study.asked.end(), [&](const auto& each) { return each.first == i; });
    if (asked->second.configuration) CHECK(!known.contains(*event.work.configuration));
    known.insert(*event.work.configuration);
  }
  // In brackets after the first four (49 trials), only equal configurations are continued.
  const auto late = std::count_if(study.trials.begin() + 49, study.trials.end(),
                                  [](const StudyTrial& trial) { return trial.continued; });
  CHECK(late > 3);
}

LATHE_TEST("children take over from the best quarter, one interval further, and the worst make place") {
  auto plan = planOf("pbt", unitSpace(2), 200);
  plan.setup.minSteps = 3;
  plan.setup.population = 12;
  plan.workers = 4;
  plan.curve = [](const Configuration& x, std::int64_t, std::int64_t step) {
    return std::abs(x[0] - 0.3) + std::abs(x[1] - 0.6) + 1.0 / static_cast<double>(step);
  };
  const auto study = prunedStudy(plan);
  checkProblems(study);
  // Values by trial and step.
  std::map<std::pair<std::int64_t, std::int64_t>, double> values;
  for (const auto& event : study.log)
    if (event.kind == PrunerEvent::Kind::Report) values[{event.trial, event.step}] = event.value;
  int children = 0;
  for (const auto& event : study.log) {
    if (event.kind != PrunerEvent::Kind::Started || event.work.parent < 0) continue;
    ++children;
    const auto& child = study.trials[static_cast<std::size_t>(event.trial)];
    const auto& parent = study.trials[static_cast<std::size_t>(child.parent)];
    CHECK_EQ(event.step, child.begun + 3);
    CHECK(child.begun % 3 == 0);
    CHECK(!spec::same(child.configuration, parent.configuration));
    for (std::size_t i = 0; i < 2; ++i) CHECK(std::abs(child.configuration[i] - parent.configuration[i]) < 0.26);
    // Of its population, which began with twelve trials without parents, at most two are better than the parent.
    auto begin = event.trial;
    while (study.trials[static_cast<std::size_t>(begin)].parent >= 0) --begin;
    const double own = values.at({child.parent, child.begun});
    int better = 0;
    for (const auto& [at, value] : values)
      better += at.second == child.begun && value < own && at.first > begin - 12 && at.first < event.trial;
    CHECK(better <= 2);
  }
  CHECK(children > 60);
  // The first population: twelve, and three children after each of eight intervals, if so many are worse.
  CHECK(study.trials[11].parent < 0);
  CHECK(study.trials[12].parent >= 0);
  CHECK(study.count(TrialState::Complete) > 40);
}

LATHE_TEST("exploring pays: populations get to better configurations than they began with") {
  const auto quality = [](const Configuration& x) { return std::abs(x[0] - 0.3) + std::abs(x[1] - 0.6); };
  std::vector<double> first, last;
  for (std::uint64_t seed = 1; seed <= 9; ++seed) {
    auto plan = planOf("pbt", unitSpace(2), 56, seed);  // one population of eight and its children
    plan.setup.population = 8;
    plan.setup.minSteps = 1;
    plan.curve = [&](const Configuration& x, std::int64_t, std::int64_t) { return quality(x); };
    const auto study = prunedStudy(plan);
    checkProblems(study);
    double best = 1e300;
    for (std::size_t trial = 0; trial < 8; ++trial) best = std::min(best, quality(study.trials[trial].configuration));
    first.push_back(best);
    last.push_back(bestOf(study, quality));
  }
  if (std::getenv("LATHE_TIMES")) fmt::print("{} {}\n", median(first), median(last));
  CHECK(median(last) < 0.6 * median(first));
}

LATHE_TEST("failed members of a population are replaced, and equal ones are left in peace") {
  auto plan = planOf("pbt", unitSpace(2), 60);
  plan.setup.minSteps = 3;
  plan.setup.population = 10;
  plan.curve = [](const Configuration&, std::int64_t, std::int64_t) { return 1.0; };
  const auto equal = prunedStudy(plan);
  checkProblems(equal);
  CHECK_EQ(equal.count(TrialState::Complete), 60);
  plan.fails = [](std::int64_t trial, std::int64_t step) { return trial == 4 && step == 5; };
  const auto failed = prunedStudy(plan);
  checkProblems(failed);
  CHECK_EQ(failed.count(TrialState::Failed), 1);
  CHECK_EQ(failed.trials[10].begun, 6);  // takes the place of 4
  CHECK(failed.trials[10].parent >= 0);
  CHECK(failed.trials[11].parent < 0);  // the next population
}
