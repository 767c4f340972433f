// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <numeric>

#include "core/base/random.h"
#include "core/services/autopilot/greedy_ensemble.h"
#include "core/services/autopilot/temperature.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::services;

namespace {

using Values = std::vector<float>;

double squared(const Values& values, const Values& truth) {
  double sum = 0;
  for (std::size_t i = 0; i < truth.size(); ++i)
    sum += std::pow(static_cast<double>(values[i]) - static_cast<double>(truth[i]), 2);
  return sum / static_cast<double>(truth.size());
}

Values noisy(const Values& truth, double noise, std::uint64_t seed) {
  Random random(seed);
  auto values = truth;
  for (auto& value : values) value += static_cast<float>(noise * random.normal());
  return values;
}

}  // namespace

LATHE_TEST("a greedy ensemble weighs models by how well they do and is never worse than the best of them") {
  const Values truth = noisy(Values(400, 0.0F), 1, 1);
  const auto good = noisy(truth, 0.5, 2), other = noisy(truth, 0.6, 3), bad = noisy(truth, 3, 4);
  const auto found =
      greedyEnsemble({&bad, &good, &other}, [&](const Values& values) { return squared(values, truth); });
  REQUIRE(found.weights.size() == 3);
  CHECK(std::abs(std::accumulate(found.weights.begin(), found.weights.end(), 0.0) - 1) < 1e-9);
  CHECK(found.weights[1] > found.weights[2]);
  CHECK(found.weights[2] > 0.2);
  CHECK(found.weights[0] < 0.06);
  CHECK(found.cost < squared(good, truth));
}

LATHE_TEST("a greedy ensemble of one good model is that model") {
  const Values truth = noisy(Values(100, 0.0F), 1, 1);
  const auto bad = noisy(truth, 5, 2);
  const auto found = greedyEnsemble({&bad, &truth}, [&](const Values& values) { return squared(values, truth); });
  CHECK_EQ(found.weights[0], 0.0);
  CHECK_EQ(found.weights[1], 1.0);
}

LATHE_TEST("a greedy ensemble keeps to the size and the number of members that are allowed") {
  const Values truth = noisy(Values(200, 0.0F), 1, 1);
  std::vector<Values> models;
  std::vector<const Values*> pointers;
  for (std::uint64_t i = 0; i < 6; ++i) models.push_back(noisy(truth, 1, 10 + i));
  for (const auto& model : models) pointers.push_back(&model);
  const auto cost = [&](const Values& values) { return squared(values, truth); };
  GreedyOptions few;
  few.mostMembers = 2;
  int members = 0;
  for (const double weight : greedyEnsemble(pointers, cost, few).weights) members += weight > 0 ? 1 : 0;
  CHECK_EQ(members, 2);
  GreedyOptions small;
  small.sizes = {5, 5, 5, 5, 5, 5};
  small.mostSize = 16;
  members = 0;
  for (const double weight : greedyEnsemble(pointers, cost, small).weights) members += weight > 0 ? 1 : 0;
  CHECK_EQ(members, 3);
  small.mostSize = 4;
  CHECK(greedyEnsemble(pointers, cost, small).weights.empty());
}

LATHE_TEST("a temperature makes probabilities that are too sure as sure as they are right") {
  // True with probability 0.7, said to be 0.95.
  Random random(1);
  Values said;
  std::vector<int> truth;
  for (int i = 0; i < 2000; ++i) {
    const bool first = random.uniform() < 0.5;
    said.push_back(first ? 0.95F : 0.05F);
    said.push_back(first ? 0.05F : 0.95F);
    truth.push_back((random.uniform() < 0.7) == first ? 0 : 1);
  }
  const auto loss = [&](const Values& values) {
    double sum = 0;
    for (std::size_t i = 0; i < truth.size(); ++i)
      sum -= std::log(static_cast<double>(values[2 * i + static_cast<std::size_t>(truth[i])]));
    return sum / static_cast<double>(truth.size());
  };
  const double found = bestTemperature([&](double t) { return loss(tempered(said, 2, t, false)); }, truth.size());
  // 0.95 becomes 0.7 where log(19) / t = log(7 / 3).
  CHECK(std::abs(found - std::log(19.0) / std::log(7.0 / 3.0)) < 0.4);
  const auto after = tempered(said, 2, found, false);
  CHECK(loss(after) < loss(said) - 0.1);
  CHECK(std::abs(after[0] + after[1] - 1) < 1e-6);
  CHECK_EQ(bestTemperature([](double t) { return std::abs(std::log(t)); }, 100), 1.0);
}

LATHE_TEST("a temperature does not make a few right answers certain") {
  const Values said{0.9F, 0.1F, 0.2F, 0.8F, 0.95F, 0.05F};
  const std::vector<std::size_t> truth{0, 1, 0};
  const auto loss = [&](double temperature) {
    const auto values = tempered(said, 2, temperature, false);
    double sum = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) sum -= std::log(static_cast<double>(values[2 * i + truth[i]]));
    return sum / static_cast<double>(truth.size());
  };
  CHECK(bestTemperature(loss, truth.size()) > 0.7);
  // The same share of right answers among many rows says more.
  CHECK(bestTemperature(loss, 100'000) < 0.3);
}
