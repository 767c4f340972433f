// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <cmath>
#include <limits>

#include "core/search/forest_marginals.h"
#include "core/search/importance.h"
#include "core/search/space_tools.h"
#include "tests/search/search_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

using Scalar = double (*)(const Configuration&);

Observations sampled(const SearchSpace& space, Scalar function, int count, std::uint64_t seed = 1, double noise = 0) {
  Random random(seed);
  Observations observations;
  for (int i = 0; i < count; ++i) {
    observations.configurations.push_back(draw(space, random));
    observations.values.push_back(function(observations.configurations.back()) + noise * random.normal());
  }
  return observations;
}

double importanceOf(const std::vector<Importance>& all, std::size_t parameter) {
  for (const auto& each : all)
    if (each.parameter == parameter) return each.importance;
  return -1;
}

bool near(double a, double b, double tolerance) {
  if (std::abs(a - b) <= tolerance) return true;
  testing::reportFailure(__FILE__, __LINE__, fmt::format("{} is not within {} of {}", a, tolerance, b));
  return false;
}

double sum(const std::vector<Importance>& all) {
  double sum = 0;
  for (const auto& each : all) sum += each.importance;
  return sum;
}

// Whether the order, the sum and the signs are as promised.
void checkForm(const std::vector<Importance>& all, const SearchSpace& space) {
  CHECK_EQ(all.size(), space.size());
  CHECK(std::abs(sum(all) - 1) < 1e-9);
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i].importance >= 0 && std::isfinite(all[i].deviation) && all[i].deviation >= 0);
    if (i > 0) CHECK(all[i].importance <= all[i - 1].importance);
  }
}

SearchSpace choosing() {
  return spaceOf(R"({"parameters":[
    {"name":"x","type":"float","low":1e-4,"high":1,"log":true},
    {"name":"kind","type":"categorical","choices":["a","b","c","d"]},
    {"name":"n","type":"int","low":1,"high":5},
    {"name":"idle","type":"categorical","choices":["u","v"]}]})");
}

SearchSpace switching() {
  return spaceOf(R"({"parameters":[
    {"name":"opt","type":"categorical","choices":["sgd","adam"]},
    {"name":"momentum","type":"float","low":0,"high":1,"condition":{"parameter":"opt","in":["sgd"]}},
    {"name":"beta","type":"float","low":0,"high":1,"condition":{"parameter":"opt","in":["adam"]}},
    {"name":"idle","type":"float","low":0,"high":1}]})");
}

}  // namespace

LATHE_TEST("fANOVA finds the fractions that the calculation gives") {
  const auto space = unitSpace(3);
  const auto observations = sampled(
      space, [](const Configuration& x) { return 10 * x[0] + 3 * x[1] * x[1]; }, 1000);
  const auto report = fanova(space, observations.configurations, observations.values);
  checkForm(report.parameters, space);
  // Variances 100 / 12 and 9 * (1 / 5 - 1 / 9).
  const double first = 100.0 / 12, second = 9.0 * 4 / 45;
  near(importanceOf(report.parameters, 0), first / (first + second), 0.02);
  near(importanceOf(report.parameters, 1), second / (first + second), 0.02);
  near(importanceOf(report.parameters, 2), 0, 0.005);
  near(report.alone, 1, 0.05);
  CHECK(report.explained > 0.95);
  CHECK_EQ(report.parameters.front().parameter, 0U);
  CHECK(report.parameters.front().deviation < 0.05);
}

LATHE_TEST("fANOVA takes categories, logarithms and integers on their own scales") {
  const auto space = choosing();
  const auto observations = sampled(
      space,
      [](const Configuration& x) {
        constexpr double effects[] = {0, 3, 1, 0};
        return effects[static_cast<std::size_t>(x[1])] + std::log10(x[0]) + 0.5 * std::abs(x[2] - 3);
      },
      1200);
  const auto report = fanova(space, observations.configurations, observations.values);
  checkForm(report.parameters, space);
  // Variances: of a uniform on -4 .. 0, of {0, 3, 1, 0}, of 0.5 * {2, 1, 0, 1, 2}.
  const double x = 16.0 / 12, kind = 2.5 - 1, n = 0.25 * (2 - 1.44), all = x + kind + n;
  near(importanceOf(report.parameters, 0), x / all, 0.04);
  near(importanceOf(report.parameters, 1), kind / all, 0.04);
  near(importanceOf(report.parameters, 2), n / all, 0.03);
  near(importanceOf(report.parameters, 3), 0, 0.01);
}

LATHE_TEST("fANOVA tells what two parameters do together from what each does alone") {
  const auto space = unitSpace(3);
  const auto observations = sampled(
      space, [](const Configuration& x) { return (x[0] - 0.5) * (x[1] - 0.5) * 6 + x[2]; }, 2000);
  const auto report = fanova(space, observations.configurations, observations.values, {.pairsAmong = 3});
  // Variance of the product 36 / 144, of the third 1 / 12.
  near(report.alone, 0.25, 0.1);
  REQUIRE(report.pairs.size() == 3);
  CHECK_EQ(report.pairs[0].first, 0U);
  CHECK_EQ(report.pairs[0].second, 1U);
  near(report.pairs[0].importance * report.alone, 0.75, 0.2);
  CHECK(report.pairs[1].importance * report.alone < 0.08);
  CHECK(importanceOf(report.parameters, 2) > 0.8);
}

LATHE_TEST("conditional parameters count while they are active, switching counts for the switch") {
  const auto space = switching();
  const auto observations = sampled(
      space,
      [](const Configuration& x) {
        return x[0] == 0 ? 4 * std::abs(x[1] - 0.5) : 1 + 0.1 * x[2];  // both branches have nearly the same mean
      },
      1000);
  const auto report = fanova(space, observations.configurations, observations.values);
  checkForm(report.parameters, space);
  // Half of the trials have momentum, with the variance 16 / 48; the branches' means differ by 0.05.
  const double momentum = 0.5 * 16.0 / 48, opt = 0.25 * 0.05 * 0.05, beta = 0.5 * 0.01 / 12;
  near(importanceOf(report.parameters, 1), momentum / (momentum + opt + beta), 0.03);
  near(importanceOf(report.parameters, 0), opt / (momentum + opt + beta), 0.02);
  near(importanceOf(report.parameters, 3), 0, 0.01);

  const auto other = sampled(
      space, [](const Configuration& x) { return x[0] == 0 ? 5 + 0.1 * x[1] : 0.0; }, 600);
  CHECK(importanceOf(fanova(space, other.configurations, other.values).parameters, 0) > 0.98);
  const auto ped = pedAnova(space, other.configurations, other.values);
  CHECK_EQ(ped.front().parameter, 0U);
  CHECK(ped.front().importance > 0.8);
}

LATHE_TEST("exact marginals agree with averages over drawn configurations") {
  const auto space = mixedSpace();
  const ForestSpace forestSpace(space);
  const auto observations = sampled(space, mixed, 400);
  std::vector<std::vector<double>> codes(space.size());
  for (std::size_t f = 0; f < space.size(); ++f)
    for (const auto& x : observations.configurations) codes[f].push_back(forestSpace.code(f, x[f]));
  const RegressionForest forest(forestSpace, codes, observations.values, {.trees = 1});
  const auto boxes = leafBoxes(forest.trees().front(), forestSpace);
  const auto at = [&](const Configuration& x) {  // the value of the leaf's box
    for (std::size_t leaf = 0; leaf < boxes.size(); ++leaf) {
      bool inside = true;
      for (std::size_t f = 0; f < space.size() && inside; ++f) {
        const double code = forestSpace.code(f, x[f]);
        const auto& side = boxes.side(leaf, f);
        if (std::isnan(code)) continue;
        inside = forestSpace.categories(f) > 0 ? (side.choices >> static_cast<unsigned>(code) & 1U) != 0
                                               : code > side.low && code <= side.high;
      }
      if (inside) return boxes.values[leaf];
    }
    return std::numeric_limits<double>::quiet_NaN();
  };
  Random random(5);
  const int draws = 20000;
  double mean = 0, square = 0;
  std::vector<double> sums(3, 0), counts(3, 0);  // w2 in thirds of its scale
  for (int i = 0; i < draws; ++i) {
    const auto x = draw(space, random);
    const double value = at(x);
    REQUIRE(std::isfinite(value));
    mean += value / draws;
    square += value * value / draws;
    if (std::isnan(x[5])) continue;
    const auto third = static_cast<std::size_t>(std::min(2.0, std::floor(forestSpace.code(5, x[5]) * 3)));
    sums[third] += value;
    counts[third] += 1;
  }
  const auto moments = momentsOf(boxes, forestSpace);
  near(moments.mean, mean, 0.005);
  near(moments.variance, square - mean * mean, 0.05 * moments.variance);
  const auto marginal = marginalOf(boxes, forestSpace, 5);
  near(marginal.activeShare, 0.5, 1e-9);
  for (std::size_t third = 0; third < 3; ++third) {
    double exact = 0;
    for (std::size_t c = 0; c < marginal.values.size(); ++c) {
      const double low = std::max(marginal.axis.edges[c], static_cast<double>(third) / 3);
      const double high = std::min(marginal.axis.edges[c + 1], static_cast<double>(third + 1) / 3);
      exact += 3 * std::max(0.0, high - low) * marginal.values[c];
    }
    near(exact, sums[third] / counts[third], 0.01);
  }
}

LATHE_TEST("PED-ANOVA finds what makes trials good, and nothing in noise") {
  const auto space = unitSpace(4);
  const auto observations = sampled(
      space, [](const Configuration& x) { return 10 * std::abs(x[0] - 0.3) + 3 * x[1] * x[1]; }, 1000);
  const auto found = pedAnova(space, observations.configurations, observations.values);
  checkForm(found, space);
  CHECK_EQ(found[0].parameter, 0U);
  CHECK_EQ(found[1].parameter, 1U);
  CHECK(found[1].importance > 0.02);
  CHECK(importanceOf(found, 2) < 0.01);
  CHECK(importanceOf(found, 3) < 0.01);
  const auto kinds = choosing();
  const auto chosen = sampled(
      kinds, [](const Configuration& x) { return x[1] == 2 ? x[0] : 1 + x[0]; }, 400);
  const auto byKind = pedAnova(kinds, chosen.configurations, chosen.values);
  CHECK_EQ(byKind[0].parameter, 1U);
  CHECK_EQ(byKind[1].parameter, 0U);
  CHECK(importanceOf(byKind, 3) < 0.02);
}

LATHE_TEST("importances survive noise, failures, explosions and equal values") {
  const auto space = choosing();
  auto observations = sampled(
      space, [](const Configuration& x) { return 2.0 * x[1]; }, 300, 3, 0.5);
  for (std::size_t i = 0; i < 300; i += 40) observations.values[i] = 1e300;
  observations.values[5] = std::numeric_limits<double>::quiet_NaN();
  observations.values[6] = -std::numeric_limits<double>::infinity();
  for (const bool ped : {false, true}) {
    const auto of = [&](const std::vector<double>& values) {
      return ped ? pedAnova(space, observations.configurations, values)
                 : fanova(space, observations.configurations, values, {.trees = 16}).parameters;
    };
    const auto found = of(observations.values);
    checkForm(found, space);
    CHECK_EQ(found.front().parameter, 1U);
    CHECK(found.front().importance > 0.6);
    CHECK_EQ(sum(of(std::vector<double>(300, 7.0))), 0.0);
    CHECK_EQ(of({}).size(), space.size());
    CHECK_EQ(sum(of({1.0})), 0.0);
  }
  auto fixed = space;
  fixed.parameters[1].fixed = 2;
  const auto rest = fanova(fixed, observations.configurations, observations.values, {.trees = 8});
  CHECK_EQ(importanceOf(rest.parameters, 1), 0.0);
}

LATHE_TEST("only complete trials are observed, and the same trials give the same importances") {
  std::vector<TrialResult> trials{{0, {0.5}, TrialState::Complete, {1, 2}, {}},
                                  {1, {0.6}, TrialState::Failed, {}, {}},
                                  {2, {0.7}, TrialState::Pruned, {}, {{1, 0.1}}},
                                  {3, {0.8}, TrialState::Complete, {3, 4}, {}}};
  const auto observations = observationsOf(trials, 1);
  CHECK(observations.values == std::vector<double>({2, 4}));
  CHECK_EQ(observations.configurations[1][0], 0.8);
  const auto space = everythingSpace();
  const auto many = sampled(space, everything, 3000);
  const auto run = [&](std::uint64_t seed) {
    return fanova(space, many.configurations, many.values, {.trees = 8, .mostTrials = 500, .seed = seed}).parameters;
  };
  const auto first = run(1), second = run(1), third = run(2);
  bool equal = true, other = false;
  for (std::size_t i = 0; i < first.size(); ++i) {
    equal = equal && first[i].importance == second[i].importance && first[i].parameter == second[i].parameter;
    other = other || first[i].importance != third[i].importance;
  }
  CHECK(equal && other);
}

LATHE_TEST("importances are quick") {
  using Clock = std::chrono::steady_clock;
  const auto seconds = [](Clock::time_point since) {
    return std::chrono::duration<double>(Clock::now() - since).count();
  };
  const auto space = unitSpace(10);
  const Scalar function = [](const Configuration& x) { return x[0] + 2 * x[1] * x[2] + std::sin(9 * x[3]) + x[4] / 9; };
  const auto some = sampled(space, function, 1000, 1, 0.1);
  auto since = Clock::now();
  CHECK(std::abs(sum(fanova(space, some.configurations, some.values).parameters) - 1) < 1e-9);
  const double forest = seconds(since);
  const auto many = sampled(space, function, 100000, 1, 0.1);
  since = Clock::now();
  CHECK(std::abs(sum(pedAnova(space, many.configurations, many.values)) - 1) < 1e-9);
  const double ped = seconds(since);
  // Promised are 1 s and 0.1 s; this leaves room for a busy machine.
  CHECK(forest < 5);
  CHECK(ped < 1);
}
