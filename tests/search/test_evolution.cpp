// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <set>

#include "core/search/pareto.h"
#include "core/search/samplers/genetic.h"
#include "core/search/space_tools.h"
#include "tests/search/search_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

SamplerSetup setupOf(SearchSpace space, std::uint64_t seed, std::int64_t budget = 0) {
  SamplerSetup setup;
  setup.space = std::move(space);
  setup.seed = seed;
  setup.budget = budget;
  return setup;
}

double medianOf(const std::string& name, const SearchSpace& space, double (*function)(const Configuration&),
                int trials) {
  std::vector<double> found;
  for (std::uint64_t seed = 0; seed < 11; ++seed)
    found.push_back(study(
                        name, setupOf(space, seed, trials),
                        [&](const Configuration& x) { return std::vector<double>{function(x)}; }, trials)
                        .best());
  std::sort(found.begin(), found.end());
  return found[5];
}

SearchSpace smallIntegers(int count, int high) {
  std::string json;
  for (int i = 0; i < count; ++i)
    json += fmt::format(R"({}{{"name":"x{}","type":"int","low":0,"high":{}}})", i == 0 ? "" : ",", i, high);
  return spaceOf(R"({"parameters":[)" + json + "]}");
}

const char* const evolutionary[] = {"nsga2", "nsga3", "de", "evolution", "annealing", "cmaes"};

}  // namespace

LATHE_TEST("de, evolution and annealing are far better than chance after 100 trials, whatever the space") {
  // Random search: 0.5, 1.35 and 0.024.
  for (const auto* name : {"de", "evolution", "annealing"}) {
    CHECK(medianOf(name, braninSpace(), branin, 100) - 0.397887 < 0.1);
    CHECK(medianOf(name, unitSpace(6), hartmann6, 100) + 3.32237 < 0.55);
    CHECK(medianOf(name, mixedSpace(), mixed, 100) < 0.01);
    CHECK(medianOf(name, everythingSpace(), everything, 200) < 0.2);  // random: 0.83
  }
}

LATHE_TEST("de converges on functions with many minima") {
  const auto rastrigin = [](const Configuration& x) {
    double sum = 0;
    for (const double value : x)
      sum += std::pow(value - 0.7, 2) + 10 - 10 * std::cos(2 * 3.14159265358979 * (value - 0.7));
    return sum;
  };
  auto space = unitSpace(4);
  for (auto& parameter : space.parameters) {
    parameter.low = -5;
    parameter.high = 5;
  }
  CHECK(medianOf("de", space, rastrigin, 1000) < 0.1);
}

LATHE_TEST("where trials fail, fewer go") {
  // Half of the space fails, and the better values would lie there.
  for (const auto* name : evolutionary) {
    auto sampler = makeSampler(name, setupOf(unitSpace(4), 2, 120));
    REQUIRE_OK(sampler);
    int failures = 0;
    for (std::int64_t trial = 0; trial < 120; ++trial) {
      const auto x = (*sampler)->propose(trial);
      REQUIRE(x.has_value());
      (*sampler)->begin(trial, *x);
      const bool fails = (*x)[0] > 0.5;
      failures += trial >= 60 && fails;
      const double value = std::abs((*x)[0] - 0.3) + (*x)[1];
      (*sampler)->tell({trial,
                        *x,
                        fails ? TrialState::Failed : TrialState::Complete,
                        fails ? std::vector<double>{} : std::vector<double>{value},
                        {}});
    }
    if (failures > 12) testing::reportFailure(__FILE__, __LINE__, fmt::format("{}: {} of 60 fail", name, failures));
  }
}

LATHE_TEST("a good point from outside draws the search to it") {
  const auto space = unitSpace(8);
  const auto function = [](const Configuration& x) {
    double sum = 0;
    for (const double value : x) sum += std::pow(value - 0.83, 2);
    return sum;
  };
  for (const auto* name : evolutionary) {
    const auto nearest = [&](bool told) {
      auto sampler = makeSampler(name, setupOf(space, 4, 60));
      REQUIRE_OK(sampler);
      double best = 1e9;
      for (std::int64_t trial = 0; trial < 60; ++trial) {
        if (told && trial == 20) {
          const Configuration good(8, 0.8);
          (*sampler)->tell({-1, good, TrialState::Complete, {function(good)}, {}});
        }
        const auto x = (*sampler)->propose(trial);
        REQUIRE(x.has_value());
        (*sampler)->begin(trial, *x);
        (*sampler)->tell({trial, *x, TrialState::Complete, {function(*x)}, {}});
        best = std::min(best, function(*x));
      }
      return best;
    };
    const double with = nearest(true), without = nearest(false);
    if (!(with < 0.7 * without))
      testing::reportFailure(__FILE__, __LINE__, fmt::format("{}: {} with, {} without", name, with, without));
  }
}

LATHE_TEST("nothing is tried twice while there is something else") {
  const auto space = smallIntegers(3, 4);  // 125 configurations
  for (const auto* name : evolutionary) {
    const auto studied = study(
        name, setupOf(space, 1), [](const Configuration& x) { return std::vector<double>{x[0] + x[1] * x[2]}; }, 60);
    std::set<std::uint64_t> different;
    for (const auto& x : studied.asked) different.insert(hashOf(x));
    if (different.size() < 54)
      testing::reportFailure(__FILE__, __LINE__, fmt::format("{}: {} of 60 differ", name, different.size()));
  }
}

LATHE_TEST("evolution forgets: a lucky value does not stay for ever") {
  auto sampler = makeSampler("evolution", setupOf(unitSpace(1), 3, 40));
  REQUIRE_OK(sampler);
  // At 0.9 there was a lucky value once; later trials there are bad.
  (*sampler)->tell({-1, {0.9}, TrialState::Complete, {-100.0}, {}});
  double last = 0;
  for (std::int64_t trial = 0; trial < 80; ++trial) {
    const auto x = (*sampler)->propose(trial);
    REQUIRE(x.has_value());
    (*sampler)->begin(trial, *x);
    (*sampler)->tell({trial, *x, TrialState::Complete, {std::abs((*x)[0] - 0.2)}, {}});
    if (trial >= 60) last += (*x)[0] / 20;
  }
  CHECK(last < 0.4);
}

LATHE_TEST("annealing leaves a small local minimum") {
  // A hole of depth 0.3 at 0.8 beside the valley's bottom at 0.2.
  int left = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    left += study(
                "annealing", setupOf(unitSpace(2), seed, 100),
                [](const Configuration& x) {
                  const double far = std::pow(x[0] - 0.2, 2) + std::pow(x[1] - 0.2, 2);
                  const double hole = std::pow(x[0] - 0.8, 2) + std::pow(x[1] - 0.8, 2);
                  return std::vector<double>{far - 0.3 * std::exp(-hole / 0.005)};
                },
                100)
                .best() < 0.02;
  CHECK(left >= 8);
}

LATHE_TEST("several goals are searched by those made for one as well") {
  const Function spheres = [](const Configuration& x) {
    double a = 0, b = 0;
    for (const double value : x) {
      a += std::pow(value - 0.3, 2);
      b += std::pow(value - 0.6, 2);
    }
    return std::vector<double>{a, b};
  };
  const auto volume = [&](const char* name) {
    auto setup = setupOf(unitSpace(6), 5, 150);
    setup.goals = 2;
    return hypervolume(study(name, setup, spheres, 150).values, {0.6, 0.6});
  };
  const double random = volume("random");
  for (const auto* name : evolutionary) CHECK(volume(name) > 1.15 * random);
}

LATHE_TEST("variation stays in the space, moves what it is asked to and keeps what parents share") {
  const auto space = everythingSpace();
  Random random(8);
  for (int i = 0; i < 500; ++i) {
    const auto a = draw(space, random), b = draw(space, random);
    auto child = crossover(space, a, b, 8, random);
    for (std::size_t k = 0; k < space.size(); ++k)
      if (a[k] == b[k] && !std::isnan(child[k])) CHECK_EQ(child[k], a[k]);
    auto mutant = a, stepped = a;
    mutate(space, mutant, 0.2, 5, random);
    step(space, stepped, 0.2, 1e-9, random);
    CHECK(!spec::same(mutant, a));
    CHECK(!spec::same(stepped, a));
    auto unconstrained = space;
    unconstrained.constraints.clear();
    for (const auto* each : {&child, &mutant, &stepped}) CHECK(spec::check(unconstrained, *each).has_value());
  }
}

LATHE_TEST("ten thousand results are told in no time") {
  // Each result is a step of the state; propose() only once.
  Random random(1);
  const auto space = unitSpace(8);
  for (const auto* name : evolutionary)
    for (const int goals : {1, 3}) {
      auto setup = setupOf(space, 1);
      setup.goals = goals;
      auto sampler = makeSampler(name, setup);
      REQUIRE_OK(sampler);
      for (std::int64_t trial = 0; trial < 10000; ++trial) {
        const auto x = draw(space, random);
        (*sampler)->begin(trial, x);
        std::vector<double> values(x.begin(), x.begin() + goals);
        (*sampler)->tell({trial, x, TrialState::Complete, values, {}});
      }
      CHECK((*sampler)->propose(10000).has_value());
    }
}
