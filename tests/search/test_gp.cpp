// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <functional>

#include "core/search/pareto.h"
#include "tests/search/search_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

using Fails = std::function<bool(const Configuration& x, Random& chance)>;

/// Until so many trials succeeded, or `most` were made.
Studied studyWithFailures(const SamplerSetup& setup, const Function& function, const Fails& fails, int successes,
                          int most = 1000, const std::string& name = "gp") {
  auto sampler = makeSampler(name, setup);
  REQUIRE_OK(sampler);
  Random chance(setup.seed, "failures");
  Studied studied;
  for (std::int64_t trial = 0; trial < most && static_cast<int>(studied.values.size()) < successes; ++trial) {
    const auto configuration = (*sampler)->propose(trial);
    REQUIRE(configuration.has_value());
    (*sampler)->begin(trial, *configuration);
    studied.asked.push_back(*configuration);
    if (fails(*configuration, chance)) {
      (*sampler)->tell({trial, *configuration, TrialState::Failed, {}, {}});
      continue;
    }
    studied.values.push_back(function(*configuration));
    (*sampler)->tell({trial, *configuration, TrialState::Complete, studied.values.back(), {}});
  }
  return studied;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

bool byChance(const Configuration& /*x*/, Random& chance) { return chance.uniform() < 0.3; }

}  // namespace

LATHE_TEST("trials that fail by chance do not lead a Gaussian process astray") {
  std::vector<double> regrets;
  for (std::uint64_t seed = 0; seed < 7; ++seed) {
    SamplerSetup setup;
    setup.space = braninSpace();
    setup.seed = seed;
    const auto studied = studyWithFailures(
        setup, [](const Configuration& x) { return std::vector<double>{branin(x)}; }, byChance, 40);
    regrets.push_back(studied.best() - 0.397887);
  }
  if (std::getenv("LATHE_TIMES")) fmt::print("regret {:.5f}\n", median(regrets));
  CHECK(median(regrets) < 0.01);
}

LATHE_TEST("a region where all trials fail is left alone, and the best beside it is found") {
  std::vector<double> regrets, shares;
  for (std::uint64_t seed = 0; seed < 7; ++seed) {
    SamplerSetup setup;
    setup.space = braninSpace();
    setup.seed = seed;
    const auto studied = studyWithFailures(
        setup, [](const Configuration& x) { return std::vector<double>{branin(x)}; },
        [](const Configuration& x, Random&) { return x[0] < 2.5; }, 40);  // two of the three optima, and more
    regrets.push_back(studied.best() - 0.397887);
    shares.push_back(1 - 40.0 / static_cast<double>(studied.asked.size()));
  }
  if (std::getenv("LATHE_TIMES")) fmt::print("regret {:.5f} failed {:.2f}\n", median(regrets), median(shares));
  CHECK(median(regrets) < 0.01);
  CHECK(median(shares) < 0.45);  // half of the range fails
}

LATHE_TEST("while all trials fail a Gaussian process looks elsewhere, and at the ends of what may be too wide") {
  const auto space = spaceOf(R"({"parameters":[
    {"name":"width","type":"int","low":1,"high":100000000},{"name":"x","type":"float","low":0,"high":1},
    {"name":"kind","type":"categorical","choices":["a","b","c"]}]})");
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    SamplerSetup setup;
    setup.space = space;
    setup.seed = seed;
    const auto studied = studyWithFailures(
        setup, [](const Configuration& x) { return std::vector<double>{std::abs(std::log2(x[0]) - 7) + x[1]}; },
        [](const Configuration& x, Random&) { return x[0] > 16384; }, 20, 150);
    if (std::getenv("LATHE_TIMES")) fmt::print("{} of {}\n", studied.values.size(), studied.asked.size());
    CHECK_EQ(studied.values.size(), 20U);
    CHECK(studied.best() < 7.2);
  }
  // Where nothing ever succeeds no place is tried twice.
  SamplerSetup setup;
  setup.space = space;
  const auto lost = studyWithFailures(
      setup, [](const Configuration&) { return std::vector<double>{0}; },
      [](const Configuration&, Random&) { return true; }, 1, 450);
  for (std::size_t i = 1; i < lost.asked.size(); ++i) CHECK(!spec::same(lost.asked[i], lost.asked[i - 1]));
  double least = 1, most = 0;
  for (const auto& x : lost.asked) {
    least = std::min(least, x[1]);
    most = std::max(most, x[1]);
  }
  CHECK(least < 0.01 && most > 0.99);
}

LATHE_TEST("ehvi keeps its front when trials fail by chance, and stays out of where they always do") {
  const auto goals = [](const Configuration& x) {
    const double g = 1 + 9 * (x[1] + x[2] + x[3]) / 3;
    return std::vector<double>{x[0], g * (1 - std::sqrt(x[0] / g))};
  };
  const auto volume = [&](const Fails& fails, double* share = nullptr) {
    std::vector<double> volumes;
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      SamplerSetup setup;
      setup.space = unitSpace(4);
      setup.goals = 2;
      setup.seed = seed;
      const auto studied = studyWithFailures(setup, goals, fails, 40, 1000, "ehvi");
      if (share != nullptr) *share += (1 - 40.0 / static_cast<double>(studied.asked.size())) / 5;
      volumes.push_back(hypervolume(studied.values, {1.1, 1.1}));
    }
    return median(volumes);
  };
  double share = 0;
  const double whole = volume([](const Configuration&, Random&) { return false; });
  const double chance = volume(byChance);
  const double region = volume([](const Configuration& x, Random&) { return x[1] > 0.5 || x[2] > 0.6; }, &share);
  if (std::getenv("LATHE_TIMES")) fmt::print("{:.3f} {:.3f} {:.3f} {:.2f}\n", whole, chance, region, share);
  CHECK(chance > 0.7 * whole);
  CHECK(region > 0.9 * whole);
  CHECK(share < 0.4);
}

LATHE_TEST("a proposal with failures among hundreds of trials takes some milliseconds") {
  SamplerSetup setup;
  setup.space = mixedSpace();
  for (const bool fails : {false, true}) {
    auto sampler = makeSampler("gp", setup);
    REQUIRE_OK(sampler);
    Random chance(1, "failures");
    double taken = 0;
    for (std::int64_t trial = 0; trial < 300; ++trial) {
      const auto begin = std::chrono::steady_clock::now();
      const auto configuration = (*sampler)->propose(trial);
      (*sampler)->begin(trial, *configuration);
      if (fails && chance.uniform() < 0.3)
        (*sampler)->tell({trial, *configuration, TrialState::Failed, {}, {}});
      else
        (*sampler)->tell({trial, *configuration, TrialState::Complete, {mixed(*configuration)}, {}});
      if (trial >= 250) taken += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() / 50;
    }
    if (std::getenv("LATHE_TIMES")) fmt::print("{:.1f} ms\n", 1000 * taken);
    CHECK(taken < 0.4);  // with room for sanitizers
  }
}
