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

// Four trials at a time that end in another order than they began; some fail, some are pruned.
Parallel parallelStudy(const std::string& name, const SamplerSetup& setup, int trials) {
  auto sampler = makeSampler(name, setup);
  REQUIRE_OK(sampler);
  Parallel parallel;
  std::vector<std::pair<std::int64_t, Configuration>> running;
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
      running.emplace_back(next++, *proposed);
      continue;
    }
    const auto at = static_cast<std::ptrdiff_t>(order.below(running.size()));
    const auto [trial, configuration] = running[static_cast<std::size_t>(at)];
    running.erase(running.begin() + at);
    TrialResult result{trial, configuration, TrialState::Complete, goalsOf(configuration, setup.goals), {}};
    for (std::int64_t step = 1; step <= 3; ++step) result.reports.push_back({step, result.values.front() + 3.0 - step});
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

LATHE_TEST("a fresh sampler that is told the log goes on as the old one") {
  for (const auto& name : samplerNames()) {
    const auto setup = setupOf(everythingSpace(), 11);
    const auto parallel = parallelStudy(name, setup, 50);
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
