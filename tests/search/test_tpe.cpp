// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/search/samplers/parzen.h"
#include "core/search/samplers/tpe_history.h"
#include "core/search/space_tools.h"
#include "tests/search/search_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

SamplerSetup setupOf(SearchSpace space, std::uint64_t seed = 1, int goals = 1) {
  SamplerSetup setup;
  setup.space = std::move(space);
  setup.seed = seed;
  setup.goals = goals;
  return setup;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

using Value = double (*)(const Configuration&);

/// Median over 20 seeds of the best true value among 100 trials, above the optimum.
double medianRegret(const SearchSpace& space, Value function, double optimum, double noise = 0) {
  std::vector<double> regrets;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed, "noise");
    const auto studied = study(
        "tpe", setupOf(space, seed),
        [&](const Configuration& x) {
          return std::vector<double>{function(x) + (noise > 0 ? noise * random.normal() : 0)};
        },
        100);
    double best = std::numeric_limits<double>::infinity();
    for (const auto& x : studied.asked) best = std::min(best, function(x));
    regrets.push_back(best - optimum);
  }
  return median(regrets);
}

double rosenbrock(const Configuration& x) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i)
    sum += 100 * std::pow(x[i + 1] - x[i] * x[i], 2) + std::pow(1 - x[i], 2);
  return sum;
}

// Two categories that only together say where the number should be; one pair is best by far.
double pairs(const Configuration& x) {
  const auto first = static_cast<int>(x[0]), second = static_cast<int>(x[1]);
  const bool best = first == 3 && second == 1;
  const double height = best ? 0 : 0.1 + 0.05 * ((7 * first + 3 * second) % 11);
  return height + 4 * std::pow(x[2] - (best ? 0.27 : 0.1 + 0.2 * ((first + second) % 5)), 2);
}

// What density() gives, summed over the cells of a grid of the whole space of one float and one category.
double whole(const Parzen& parzen, int choices) {
  double sum = 0;
  constexpr int cells = 400;
  for (int choice = 0; choice < choices; ++choice)
    for (int i = 0; i < cells; ++i) {
      const float point[] = {(static_cast<float>(i) + 0.5F) / cells, static_cast<float>(choice)};
      sum += std::exp(parzen.logDensity(point)) / (cells * choices);
    }
  return sum;
}

TrialResult complete(std::int64_t trial, Configuration x, std::vector<double> values) {
  return {trial, std::move(x), TrialState::Complete, std::move(values), {}};
}

}  // namespace

LATHE_TEST("tpe comes nearer than Optuna's in 100 trials: Branin, Hartmann6, Rosenbrock, noise, a network's space") {
  auto box = unitSpace(4);
  for (auto& parameter : box.parameters) {
    parameter.low = -2;
    parameter.high = 2;
  }
  CHECK(medianRegret(braninSpace(), branin, 0.397887) < 0.0188);
  CHECK(medianRegret(unitSpace(6), hartmann6, -3.32237) < 0.0943);
  CHECK(medianRegret(box, rosenbrock, 0) < 3.2);
  CHECK(medianRegret(unitSpace(6), hartmann6, -3.32237, 0.1) < 0.154);
  CHECK(medianRegret(mixedSpace(), mixed, 0) < 0.00387);
}

LATHE_TEST("tpe finds the pair of categories that is best") {
  const auto space = spaceOf(
      R"({"parameters":[{"name":"first","type":"categorical","choices":["a","b","c","d","e"]},
                        {"name":"second","type":"categorical","choices":["u","v","w","x"]},
                        {"name":"x","type":"float","low":0,"high":1}]})");
  CHECK(medianRegret(space, pairs, 0) < 0.02);  // the second best pair: 0.1
}

LATHE_TEST("a Parzen estimator is a density, and draws from it") {
  const auto space = spaceOf(R"({"parameters":[{"name":"x","type":"float","low":0,"high":1},
                                               {"name":"c","type":"categorical","choices":["a","b","c"]}]})");
  const ParzenSpace coded(space);
  const float first[] = {0.02F, 0}, second[] = {0.7F, 2};
  ParzenRules rules;
  rules.width = 0.4F;
  const Parzen parzen(coded, {first, second}, {1, 3}, rules);
  CHECK(std::abs(whole(parzen, 3) - 1) < 0.01);
  const float at[] = {0.7F, 2}, off[] = {0.7F, 1}, between[] = {0.4F, 2};
  CHECK(parzen.logDensity(at) > parzen.logDensity(off) + 1);
  CHECK(parzen.logDensity(at) > parzen.logDensity(between) + 0.5);
  Random random(3);
  int third = 0, inside = 0;
  for (int i = 0; i < 4000; ++i) {
    const auto drawn = parzen.sample(random);
    third += drawn[1] == 2;
    inside += drawn[0] >= 0 && drawn[0] <= 1;
  }
  // Weights 1, 3 and 2 of the uniform one; a fifth of each kernel is even over the choices.
  const double expected = (2.0 / 3 + 1 * 0.2 / 3 + 3 * (0.8 + 0.2 / 3)) / 6;
  CHECK(std::abs(third / 4000.0 - expected) < 0.03);
  CHECK_EQ(inside, 4000);
}

LATHE_TEST("what a condition switches off says nothing about a parameter") {
  const auto space = spaceOf(
      R"({"parameters":[{"name":"kind","type":"categorical","choices":["a","b"]},
                        {"name":"x","type":"float","low":0,"high":1,"condition":{"parameter":"kind","in":["a"]}}]})");
  const ParzenSpace coded(space);
  std::vector<float> points;
  for (const auto& x : {Configuration{0, 0.2}, Configuration{1, none}, Configuration{1, none}}) {
    points.resize(points.size() + 2);
    coded.code(x, points.data() + points.size() - 2);
  }
  ParzenRules rules;
  rules.prior = 0.01F;
  const Parzen all(coded, {points.data(), points.data() + 2, points.data() + 4}, {1, 1, 1}, rules);
  Random random(5);
  std::vector<double> drawn;
  for (int i = 0; i < 500; ++i) {
    const auto x = all.sample(random);
    CHECK_EQ(std::isnan(x[1]), x[0] == 1.0);
    if (!std::isnan(x[1])) drawn.push_back(x[1]);
  }
  // Also where the kernel of a point without x is left for the other choice, x is as those have it that have one.
  REQUIRE(drawn.size() > 100);
  CHECK(std::abs(median(drawn) - 0.25) < 0.1);
}

LATHE_TEST("tpe learns from trials that have only come to a rung, the highest with enough of them") {
  const auto space = unitSpace(2);
  const ParzenSpace coded(space);
  TpeHistory history(setupOf(space), coded);
  // At step 1 everything looks best at x = 0.9; the truth, at step 9, is 0.1.
  Random random(1);
  for (std::int64_t trial = 0; trial < 60; ++trial) {
    const Configuration x{random.uniform(), random.uniform()};
    TrialResult result{trial, x, TrialState::Pruned, {}, {{1, std::abs(x[0] - 0.9)}}};
    history.tell(result);
    if (trial % 3 != 0) continue;
    result.reports.push_back({9, std::abs(x[0] - 0.1)});
    history.tell(result);
  }
  CHECK_EQ(history.rated(), 60U);
  const auto split = history.split();
  CHECK(!split.good.empty());
  CHECK_EQ(split.good.size() + split.bad.size(), 60U);
  for (const auto* point : split.good) CHECK(point[0] < 0.45F);
  // With too few of them the lower rung counts.
  TpeHistory early(setupOf(space), coded);
  for (std::int64_t trial = 0; trial < 40; ++trial) {
    const Configuration x{random.uniform(), random.uniform()};
    TrialResult result{trial, x, TrialState::Pruned, {}, {{1, std::abs(x[0] - 0.9)}}};
    if (trial < 3) result.reports.push_back({9, std::abs(x[0] - 0.1)});
    early.tell(result);
  }
  for (const auto* point : early.split().good) CHECK(point[0] > 0.7F);
}

LATHE_TEST("failed and running trials are bad ones") {
  const auto space = unitSpace(1);
  const ParzenSpace coded(space);
  TpeHistory history(setupOf(space), coded);
  for (std::int64_t trial = 0; trial < 20; ++trial)
    history.tell(complete(trial, {0.05 * static_cast<double>(trial)}, {static_cast<double>(trial)}));
  history.tell({20, {0.99}, TrialState::Failed, {}, {}});
  history.begin(21, {0.98});
  const auto split = history.split();
  CHECK_EQ(split.good.size(), 3U);
  for (const auto* point : split.good) CHECK(*point < 0.11F);
  CHECK_EQ(split.bad.size(), 19U);
  CHECK(split.goodWeights[0] > split.goodWeights[2]);
}

LATHE_TEST("tpe keeps trials that run at the same time apart") {
  auto sampler = makeSampler("tpe", setupOf(unitSpace(2)));
  REQUIRE_OK(sampler);
  Random random(2);
  for (std::int64_t trial = 0; trial < 40; ++trial) {
    const Configuration x{random.uniform(), random.uniform()};
    (*sampler)->begin(trial, x);
    (*sampler)->tell(complete(trial, x, {std::pow(x[0] - 0.5, 2) + std::pow(x[1] - 0.5, 2)}));
  }
  std::vector<Configuration> running;
  for (std::int64_t trial = 40; trial < 56; ++trial) {
    const auto x = (*sampler)->propose(trial);
    REQUIRE(x.has_value());
    for (const auto& other : running) CHECK(std::hypot((*x)[0] - other[0], (*x)[1] - other[1]) > 1e-3);
    (*sampler)->begin(trial, *x);
    running.push_back(*x);
  }
}

LATHE_TEST("motpe calls the front good, and of a large front what adds most") {
  const auto space = unitSpace(2);
  const ParzenSpace coded(space);
  TpeHistory history(setupOf(space, 1, 2), coded);
  // A front crowded at one end, and much that is dominated.
  for (std::int64_t trial = 0; trial < 60; ++trial) {
    const double t = static_cast<double>(trial);
    history.tell(complete(trial, {0.9, t / 60}, {1 + t, 1 + 2 * t}));
  }
  for (std::int64_t i = 0; i < 20; ++i) {
    const double x = i < 17 ? 0.001 * static_cast<double>(i) : 0.25 * static_cast<double>(i - 16);
    history.tell(complete(60 + i, {0.1, x}, {x, 0.8 - x}));
  }
  const auto split = history.split();
  CHECK_EQ(split.good.size(), 12U);  // 15 % of 80
  std::set<float> chosen;
  for (const auto* point : split.good) {
    CHECK(point[0] < 0.2F);
    chosen.insert(point[1]);
  }
  for (const float x : {0.25F, 0.5F, 0.75F}) CHECK(chosen.contains(x));
}
