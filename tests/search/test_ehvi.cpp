// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/search/pareto.h"
#include "tests/search/search_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

std::vector<double> zdt1(const Configuration& x) {
  const double g = 1 + 9 * std::accumulate(x.begin() + 1, x.end(), 0.0) / static_cast<double>(x.size() - 1);
  return {x[0], g * (1 - std::sqrt(x[0] / g))};
}

std::vector<double> dtlz2(const Configuration& x) {
  double g = 1;
  for (std::size_t i = 2; i < x.size(); ++i) g += std::pow(x[i] - 0.5, 2);
  const double a = x[0] * std::numbers::pi / 2, b = x[1] * std::numbers::pi / 2;
  return {g * std::cos(a) * std::cos(b), g * std::cos(a) * std::sin(b), g * std::sin(a)};
}

Studied studyOf(const std::string& name, int dimensions, int goals, const Function& function, int trials) {
  SamplerSetup setup;
  setup.space = unitSpace(dimensions);
  setup.goals = goals;
  setup.seed = 1;
  setup.budget = trials;
  return study(name, setup, function, trials);
}

}  // namespace

LATHE_TEST("ehvi has a better front of ZDT1 after 200 trials than Optuna's Gaussian process") {
  const auto values = studyOf("ehvi", 10, 2, zdt1, 200).values;
  CHECK(hypervolume(values, {1.1, 1.1}) > 0.847);  // of 0.877
  CHECK(hypervolume(values, {11, 11}) > 120.64);   // of 120.67
}

LATHE_TEST("ehvi finds a front of three goals; motpe comes near to it with more trials") {
  const Goals reference{1.1, 1.1, 1.1};
  CHECK(hypervolume(studyOf("ehvi", 6, 3, dtlz2, 70).values, reference) > 0.45);  // of 0.807
  CHECK(hypervolume(studyOf("motpe", 12, 3, dtlz2, 200).values, reference) > 0.33);
}

LATHE_TEST("ehvi takes more goals than it can divide the space between") {
  const auto studied = studyOf(
      "ehvi", 3, 6,
      [](const Configuration& x) {
        std::vector<double> values;
        for (int k = 0; k < 6; ++k) values.push_back(std::abs(x[k % 3] - 0.1 * k));
        return values;
      },
      25);
  CHECK_EQ(studied.asked.size(), 25U);
}

LATHE_TEST("auto says that it takes ehvi for several goals, and another one when there are many trials") {
  for (const int goals : {2, 3}) {
    SamplerSetup setup;
    setup.space = unitSpace(2);
    setup.goals = goals;
    auto sampler = makeSampler("auto", setup);
    REQUIRE_OK(sampler);
    REQUIRE((*sampler)->remark().has_value());
    CHECK((*sampler)->remark()->render().find("ehvi") != std::string::npos);
    const std::string later = goals == 2 ? "nsga2" : "motpe";
    Random random(1);
    for (std::int64_t trial = 0; trial < 251; ++trial) (*sampler)->begin(trial, {random.uniform(), random.uniform()});
    CHECK((*sampler)->remark()->render().find(later) != std::string::npos);
    CHECK((*sampler)->propose(251).has_value());
  }
}
