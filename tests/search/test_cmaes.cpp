// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>

#include "core/search/distributions.h"
#include "core/search/space_tools.h"
#include "tests/search/search_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

SearchSpace boxOf(int dimensions, double low, double high) {
  auto space = unitSpace(dimensions);
  for (auto& parameter : space.parameters) {
    parameter.low = low;
    parameter.high = high;
  }
  return space;
}

SamplerSetup setupOf(SearchSpace space, std::uint64_t seed, std::int64_t budget = 0) {
  SamplerSetup setup;
  setup.space = std::move(space);
  setup.seed = seed;
  setup.budget = budget;
  return setup;
}

using Value = double (*)(const Configuration&);

// Medians of the true value of what looked best, over 20 seeds.
double medianOf(const SearchSpace& space, Value function, int trials, double noise = 0) {
  std::vector<double> found;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed, "noise");
    const auto studied = study(
        "cmaes", setupOf(space, seed, trials),
        [&](const Configuration& x) {
          return std::vector<double>{function(x) + (noise > 0 ? noise * random.normal() : 0)};
        },
        trials);
    const auto best = std::min_element(studied.values.begin(), studied.values.end()) - studied.values.begin();
    found.push_back(function(studied.asked[static_cast<std::size_t>(best)]));
  }
  return median(found);
}

double rosenbrock(const Configuration& x) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i)
    sum += 100 * std::pow(x[i + 1] - x[i] * x[i], 2) + std::pow(1 - x[i], 2);
  return sum;
}

// Axes of lengths 1 to 1000 that are turned by a reflection.
double turned(const Configuration& x) {
  const auto n = static_cast<double>(x.size());
  double along = 0, norm = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    along += (x[i] - 0.4) * static_cast<double>(i + 1);
    norm += static_cast<double>((i + 1) * (i + 1));
  }
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double y = x[i] - 0.4 - 2 * along * static_cast<double>(i + 1) / norm;
    sum += std::pow(1e6, static_cast<double>(i) / (n - 1)) * y * y;
  }
  return sum;
}

}  // namespace

LATHE_TEST("the normal distribution's quantiles are those of tables, and the other way round") {
  CHECK(std::abs(normalQuantile(0.975) - 1.959963984540054) < 1e-12);
  CHECK(std::abs(normalQuantile(0.001) + 3.090232306167813) < 1e-12);
  CHECK(std::abs(normalCdf(-1) - 0.15865525393145707) < 1e-14);
  for (double p = 1e-6; p < 1; p += 0.0173) CHECK(std::abs(normalCdf(normalQuantile(p)) - p) < 1e-13);
}

LATHE_TEST("cmaes finds the minima of smooth functions with 100 trials") {
  CHECK(medianOf(braninSpace(), branin, 100) - 0.397887 < 0.0135);
  CHECK(medianOf(unitSpace(6), hartmann6, 100) + 3.32237 < 0.275);
  CHECK(medianOf(boxOf(4, -2, 2), rosenbrock, 100) < 3.0);
  CHECK(medianOf(unitSpace(6), hartmann6, 100, 0.1) + 3.32237 < 0.375);
}

LATHE_TEST("cmaes learns scales and directions: a turned ellipsoid of condition 10^6") {
  CHECK(medianOf(boxOf(8, -3, 3), turned, 1000) < 30);
  const auto studied = study(
      "cmaes", setupOf(boxOf(8, -3, 3), 1), [](const Configuration& x) { return std::vector<double>{turned(x)}; },
      4000);
  CHECK(studied.best() < 1e-4);  // starts at 10^5
}

LATHE_TEST("cmaes converges as fast as published: a sphere of 10 dimensions to 10^-9 within 1700 trials") {
  const auto sphere = [](const Configuration& x) {
    double sum = 0;
    for (const double value : x) sum += (value - 0.35) * (value - 0.35);
    return std::vector<double>{sum};
  };
  CHECK(study("cmaes", setupOf(unitSpace(10), 3), sphere, 1700).best() < 1e-9);
  // Diagonal from 100 dimensions on.
  CHECK(study("cmaes", setupOf(unitSpace(120), 3), sphere, 3000).best() < 0.05);
}

LATHE_TEST("cmaes reaches minima on the bounds and in the corners") {
  const auto linear = [](const Configuration& x) {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += static_cast<double>(i + 1) * (i % 2 == 0 ? x[i] : 1 - x[i]);
    return std::vector<double>{sum};
  };
  std::vector<double> found;
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    found.push_back(study("cmaes", setupOf(unitSpace(6), seed, 200), linear, 200).best());
  CHECK(median(found) < 0.15);  // at random 21 / 2 on average
}

LATHE_TEST("the margin keeps integers moving where the rest has converged") {
  // A float that is easy, and integers whose steps only pay once the others are right.
  auto space = spaceOf(R"({"parameters":[{"name":"x","type":"float","low":0,"high":1},
                                         {"name":"a","type":"int","low":0,"high":20},
                                         {"name":"b","type":"int","low":0,"high":20},
                                         {"name":"c","type":"int","low":0,"high":1},
                                         {"name":"o","type":"ordinal","choices":[1,2,4,8]}]})");
  const auto function = [](const Configuration& x) {
    return std::vector<double>{1000 * std::pow(x[0] - 0.5, 2) + std::abs(x[1] - 17) + std::pow(x[2] - 3, 2) + x[3] +
                               std::abs(x[4] - 3)};
  };
  int solved = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    solved += study("cmaes", setupOf(space, seed, 400), function, 400).best() < 0.1;
  CHECK(solved >= 8);
}

LATHE_TEST("cmaes learns which categories are good, and finds the network of the mixed space") {
  std::vector<double> found;
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    found.push_back(study(
                        "cmaes", setupOf(mixedSpace(), seed, 100),
                        [](const Configuration& x) { return std::vector<double>{mixed(x)}; }, 100)
                        .best());
  CHECK(median(found) < 0.006);  // random search: 0.024
  std::string json;
  for (int i = 0; i < 8; ++i)
    json += fmt::format(R"({}{{"name":"c{}","type":"categorical","choices":["a","b","c","d"]}})", i == 0 ? "" : ",", i);
  int solved = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    solved += study(
                  "cmaes", setupOf(spaceOf(R"({"parameters":[)" + json + "]}"), seed, 300),
                  [](const Configuration& x) {
                    double wrong = 0;
                    for (std::size_t i = 0; i < x.size(); ++i) wrong += x[i] != static_cast<double>(i % 4);
                    return std::vector<double>{wrong};
                  },
                  300)
                  .best() == 0;
  CHECK(solved >= 8);  // one of 65536
}

LATHE_TEST("an earlier study gives cmaes a better start") {
  const auto function = [](const Configuration& x) { return std::vector<double>{hartmann6(x)}; };
  std::vector<double> cold, warm;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    auto setup = setupOf(unitSpace(6), seed, 30);
    cold.push_back(study("cmaes", setup, function, 30).best());
    // A like function, moved a little.
    Random random(seed);
    for (int i = 0; i < 300; ++i) {
      const auto x = draw(setup.space, random);
      auto moved = x;
      for (auto& value : moved) value += 0.03;
      setup.before.push_back({i, x, TrialState::Complete, {hartmann6(moved)}, {}});
    }
    warm.push_back(study("cmaes", setup, function, 30).best());
  }
  CHECK(median(warm) < median(cold) - 0.3);
}

LATHE_TEST("cmaes restarts where it has converged to a local minimum") {
  const auto rastrigin = [](const Configuration& x) {
    double sum = 0;
    for (const double value : x)
      sum += std::pow(value - 1.7, 2) + 10 - 10 * std::cos(2 * 3.14159265358979 * (value - 1.7));
    return std::vector<double>{sum};
  };
  int solved = 0;
  for (std::uint64_t seed = 0; seed < 5; ++seed)
    solved += study("cmaes", setupOf(boxOf(2, -5, 5), seed), rastrigin, 3000).best() < 1e-4;
  CHECK(solved >= 3);
}

LATHE_TEST("cmaes goes on well when many trials run at a time and end in any order") {
  std::vector<double> found;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    auto sampler = makeSampler("cmaes", setupOf(unitSpace(6), seed));
    REQUIRE_OK(sampler);
    std::vector<std::pair<std::int64_t, Configuration>> running;
    Random order(seed);
    std::int64_t next = 0;
    double best = 0;
    while (next < 400) {
      while (running.size() < 16) {
        const auto proposed = (*sampler)->propose(next);
        REQUIRE(proposed.has_value());
        (*sampler)->begin(next, *proposed);
        running.emplace_back(next++, *proposed);
      }
      const auto at = static_cast<std::ptrdiff_t>(order.below(running.size()));
      const auto [trial, configuration] = running[static_cast<std::size_t>(at)];
      running.erase(running.begin() + at);
      // Failures are no values, wherever they are.
      TrialResult result{trial, configuration, TrialState::Complete, {hartmann6(configuration)}, {}};
      if (trial % 9 == 4) result = {trial, configuration, TrialState::Failed, {}, {}};
      if (!result.values.empty()) best = std::min(best, result.values[0]);
      (*sampler)->tell(result);
    }
    found.push_back(best + 3.32237);
  }
  CHECK(median(found) < 0.15);
}
