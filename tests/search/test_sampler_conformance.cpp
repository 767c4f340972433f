// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>
#include <set>

#include "core/search/space_tools.h"
#include "tests/search/search_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

SamplerSetup setupOf(SearchSpace space, std::uint64_t seed = 7, int goals = 1) {
  SamplerSetup setup;
  setup.space = std::move(space);
  setup.seed = seed;
  setup.goals = goals;
  return setup;
}

std::vector<double> goalsOf(const Configuration& x, int goals) {
  std::vector<double> values{everything(x)};
  if (goals > 1) values.push_back(std::abs(x[3] - 8) + std::log2(x[4]));
  if (goals > 2) values.push_back(x[6] - x[2]);
  return values;
}

// What a study does to a sampler, so that it can be done again.
struct Entry {
  enum Kind { Begin, Tell } kind;
  std::int64_t trial;
  Configuration configuration;
  TrialResult result;
};

void apply(Sampler& sampler, const Entry& entry) {
  if (entry.kind == Entry::Begin)
    sampler.begin(entry.trial, entry.configuration);
  else
    sampler.tell(entry.result);
}

struct Parallel {
  std::vector<Entry> log;
  std::vector<std::pair<std::size_t, Configuration>> proposals;  // length of the log before, what was proposed
};

// Four trials at a time that end in another order than they began; some fail, some are pruned. Where `pausing`, most of
// them are told as pruned at their first and second step before they end.
Parallel parallelStudy(const std::string& name, const SamplerSetup& setup, int trials, bool pausing = false) {
  auto sampler = makeSampler(name, setup);
  REQUIRE_OK(sampler);
  Parallel parallel;
  struct Running {
    std::int64_t trial;
    Configuration configuration;
    std::size_t step = 0;
  };
  std::vector<Running> running;
  Random order(3, "order");
  std::int64_t next = 0;
  const auto note = [&](Entry entry) {
    apply(**sampler, entry);
    parallel.log.push_back(std::move(entry));
  };
  while (next < trials || !running.empty()) {
    if (next < trials && running.size() < 4) {
      const auto proposed = (*sampler)->propose(next);
      if (!proposed) break;
      parallel.proposals.emplace_back(parallel.log.size(), *proposed);
      note({Entry::Begin, next, *proposed, {}});
      running.push_back({next++, *proposed});
      continue;
    }
    const auto at = static_cast<std::ptrdiff_t>(order.below(running.size()));
    auto& chosen = running[static_cast<std::size_t>(at)];
    const auto [trial, configuration, step] = chosen;
    if (pausing && trial % 3 != 1 && step < 2) {
      TrialResult paused{trial, configuration, TrialState::Pruned, {}, {}};
      const double value = goalsOf(configuration, 1).front();
      for (std::size_t i = 0; i <= step; ++i)
        paused.reports.push_back({static_cast<std::int64_t>(i) + 1, value + 2 - static_cast<double>(i)});
      ++chosen.step;
      note({Entry::Tell, trial, configuration, paused});
      continue;
    }
    running.erase(running.begin() + at);
    TrialResult result{trial, configuration, TrialState::Complete, goalsOf(configuration, setup.goals), {}};
    for (std::int64_t i = 1; i <= 3; ++i) result.reports.push_back({i, result.values.front() + 3.0 - i});
    if (trial % 7 == 3) {
      result.state = TrialState::Failed;
      result.values.clear();
      result.reports.clear();
    } else if (trial % 5 == 2) {
      result.state = TrialState::Pruned;
      result.values.clear();
      result.reports.resize(1 + trial % 2);
    }
    note({Entry::Tell, trial, configuration, result});
  }
  return parallel;
}

bool sameProposals(const Parallel& a, const Parallel& b) {
  if (a.proposals.size() != b.proposals.size()) return false;
  for (std::size_t i = 0; i < a.proposals.size(); ++i)
    if (!spec::same(a.proposals[i].second, b.proposals[i].second)) return false;
  return true;
}

}  // namespace

LATHE_TEST("proposals are within their space: ranges, steps, conditions and constraints") {
  const auto space = everythingSpace();
  for (const auto& name : samplerNames())
    for (const int goals : {1, 2, 3}) {
      const auto studied = study(
          name, setupOf(space, 5, goals), [&](const Configuration& x) { return goalsOf(x, goals); }, 60);
      CHECK_EQ(studied.asked.size(), 60U);
      for (const auto& configuration : studied.asked) {
        const auto good = spec::check(space, configuration);
        if (!good) testing::reportFailure(__FILE__, __LINE__, name + ": " + good.error().sentence());
      }
    }
}

LATHE_TEST("the same seed gives the same study, another one another study") {
  for (const auto& name : samplerNames()) {
    const auto run = [&](std::uint64_t seed) { return parallelStudy(name, setupOf(everythingSpace(), seed), 50); };
    const auto first = run(1);
    if (!sameProposals(first, run(1))) testing::reportFailure(__FILE__, __LINE__, name + " is not repeatable");
    if (name != "grid" && sameProposals(first, run(2)))
      testing::reportFailure(__FILE__, __LINE__, name + " does not look at its seed");
  }
}

namespace {

void goesOnFromLog(const std::string& name, const SamplerSetup& setup, const Parallel& parallel) {
  // At some moments of the study, without any proposal made before.
  for (std::size_t i = 0; i < parallel.proposals.size(); i += 7) {
    const auto& [length, expected] = parallel.proposals[i];
    auto fresh = makeSampler(name, setup);
    REQUIRE_OK(fresh);
    for (std::size_t k = 0; k < length; ++k) apply(**fresh, parallel.log[k]);
    const auto proposed = (*fresh)->propose(static_cast<std::int64_t>(i));
    if (!proposed || !spec::same(*proposed, expected))
      testing::reportFailure(__FILE__, __LINE__, fmt::format("{} goes on otherwise at trial {}", name, i));
    // Asking twice changes nothing.
    const auto again = (*fresh)->propose(static_cast<std::int64_t>(i));
    if (!again || !spec::same(*again, expected))
      testing::reportFailure(__FILE__, __LINE__, fmt::format("{} is changed by asking, trial {}", name, i));
  }
}

}  // namespace

LATHE_TEST("a fresh sampler that is told the log goes on as the old one") {
  for (const auto& name : samplerNames()) {
    const auto setup = setupOf(everythingSpace(), 11);
    goesOnFromLog(name, setup, parallelStudy(name, setup, 50));
  }
}

LATHE_TEST("trials that pause and go on are told again and nothing is lost") {
  for (const auto& name : samplerNames())
    for (const int goals : {1, 2}) {
      const auto setup = setupOf(everythingSpace(), 12, goals);
      const auto parallel = parallelStudy(name, setup, 40, true);
      CHECK_EQ(parallel.proposals.size(), 40U);
      for (const auto& [length, configuration] : parallel.proposals) {
        const auto good = spec::check(setup.space, configuration);
        if (!good) testing::reportFailure(__FILE__, __LINE__, name + ": " + good.error().sentence());
      }
      goesOnFromLog(name, setup, parallel);
    }
}

LATHE_TEST("of what a trial was told as, the last result counts") {
  // Samplers that look at results as a set; the others learn on the way.
  for (const auto* name : {"random", "grid", "qmc", "tpe", "motpe", "nsga2", "nsga3", "evolution"}) {
    const auto setup = setupOf(everythingSpace(), 13, std::string(name) == "motpe" ? 2 : 1);
    auto again = makeSampler(name, setup), once = makeSampler(name, setup);
    REQUIRE_OK(again);
    REQUIRE_OK(once);
    for (std::int64_t trial = 0; trial < 45; ++trial) {
      const auto a = (*again)->propose(trial), b = (*once)->propose(trial);
      REQUIRE(a.has_value() && b.has_value());
      if (!spec::same(*a, *b))
        testing::reportFailure(__FILE__, __LINE__, fmt::format("{} remembers at trial {}", name, trial));
      for (auto* sampler : {again->get(), once->get()}) sampler->begin(trial, *b);
      const auto values = goalsOf(*b, setup.goals);
      TrialResult result{trial, *b, TrialState::Pruned, {}, {{1, -values[0]}}};
      (*again)->tell(result);
      result.reports.push_back({2, values[0]});
      if (trial % 3 == 0) (*again)->tell(result);
      if (trial % 5 != 4) {
        result.state = TrialState::Complete;
        result.values = values;
      }
      for (auto* sampler : {again->get(), once->get()}) sampler->tell(result);
    }
  }
}

LATHE_TEST("failures, NaN, equal values and points from outside are survived") {
  for (const auto& name : samplerNames()) {
    auto sampler = makeSampler(name, setupOf(everythingSpace()));
    REQUIRE_OK(sampler);
    Random random(1);
    for (int i = 0; i < 20; ++i)
      (*sampler)->tell({-1, *drawFeasible(everythingSpace(), random), TrialState::Complete, {1.0}, {}});
    for (std::int64_t trial = 0; trial < 40; ++trial) {
      const auto configuration = (*sampler)->propose(trial);
      REQUIRE(configuration.has_value());
      (*sampler)->begin(trial, *configuration);
      const double nan = std::numeric_limits<double>::quiet_NaN();
      const double values[] = {nan, std::numeric_limits<double>::infinity(), 1.0, 1e300, -1e300, 1.0};
      const auto state = trial % 3 == 0 ? TrialState::Failed : TrialState::Complete;
      (*sampler)->tell({trial, *configuration, state, {values[trial % 6]}, {{1, nan}, {2, 1.0}}});
      CHECK(spec::check(everythingSpace(), *configuration).has_value());
    }
  }
}

LATHE_TEST("fixed parameters stay, whatever the sampler") {
  auto space = everythingSpace();
  space.parameters[1].fixed = 2;  // [1,2]
  space.parameters[3].fixed = 6;  // switches inner on
  space.parameters[8].fixed = 1;  // inner, so deep is off
  for (const auto& name : samplerNames()) {
    const auto studied = study(
        name, setupOf(space), [](const Configuration& x) { return goalsOf(x, 1); }, 25);
    CHECK_EQ(studied.asked.size(), 25U);
    for (const auto& x : studied.asked) {
      CHECK_EQ(x[1], 2.0);
      CHECK_EQ(x[3], 6.0);
      CHECK_EQ(x[8], 1.0);
      CHECK(std::isnan(x[9]));
      CHECK(!std::isnan(x[7]));
      CHECK(spec::check(space, x).has_value());
    }
  }
}

LATHE_TEST("spaces with one value, and tiny ones, are no trouble") {
  for (const auto& name : samplerNames())
    for (const auto* json : {R"({"parameters":[{"name":"a","type":"int","low":3,"high":3}]})",
                             R"({"parameters":[{"name":"a","type":"categorical","choices":["x","y"]}]})",
                             R"({"parameters":[{"name":"a","type":"float","low":1e-300,"high":1e300,"log":true}]})"}) {
      const auto studied = study(
          name, setupOf(spaceOf(json)), [](const Configuration& x) { return std::vector<double>{std::abs(x[0])}; }, 20);
      CHECK(!studied.asked.empty());
    }
}
