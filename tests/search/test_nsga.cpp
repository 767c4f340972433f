// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <set>

#include "core/search/pareto.h"
#include "core/search/samplers/reference_points.h"
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

double medianVolume(const std::string& name, int dimensions, const Function& function, const Goals& reference,
                    int population = 0) {
  std::vector<double> volumes;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    SamplerSetup setup;
    setup.space = unitSpace(dimensions);
    setup.goals = static_cast<int>(reference.size());
    setup.seed = seed;
    setup.budget = 200;
    setup.population = population;
    volumes.push_back(hypervolume(study(name, setup, function, 200).values, reference));
  }
  std::sort(volumes.begin(), volumes.end());
  return volumes[2];
}

Told complete(const Goals& values) {
  Told told;
  told.standing = Told::Complete;
  told.values = values;
  return told;
}

}  // namespace

LATHE_TEST("nsga2 and nsga3 come near to the fronts of ZDT1 and DTLZ2 with 200 trials") {
  for (const auto* name : {"nsga2", "nsga3"}) {
    CHECK(medianVolume(name, 10, zdt1, {1.1, 1.1}) > 0.1);
    CHECK(medianVolume(name, 10, zdt1, {11, 11}) > 110.0);
    CHECK(medianVolume(name, 12, dtlz2, {1.1, 1.1, 1.1}) > 0.1);
    CHECK(medianVolume(name, 12, dtlz2, {2.5, 2.5, 2.5}) > 13.55);
  }
}

LATHE_TEST("the size of a population can be given") {
  // A large one has hardly begun to evolve after 200 trials.
  CHECK(medianVolume("nsga2", 10, zdt1, {11, 11}, 150) < medianVolume("nsga2", 10, zdt1, {11, 11}, 12) - 3);
}

LATHE_TEST("reference points are the lattice of Das and Dennis, never more than wanted but for the corners") {
  CHECK_EQ(referencePoints(3, 91).size(), 91U);  // 12 divisions
  CHECK_EQ(referencePoints(3, 90).size(), 78U);
  CHECK_EQ(referencePoints(2, 10).size(), 10U);
  CHECK_EQ(referencePoints(10, 5).size(), 20U);  // two layers of corners
  std::set<Goals> different;
  for (const auto& point : referencePoints(4, 40)) {
    CHECK(std::abs(std::accumulate(point.begin(), point.end(), 0.0) - 1) < 1e-12);
    CHECK(*std::min_element(point.begin(), point.end()) >= 0);
    different.insert(point);
  }
  CHECK_EQ(different.size(), 35U);  // 4 divisions
}

LATHE_TEST("niching keeps who is alone in a direction, and the better fronts whole") {
  // A front x + y = 1 crowded at one end, of which four may stay, in goals of very different units.
  std::vector<Told> told;
  for (const double x : {0.0, 0.01, 0.02, 0.03, 0.04, 0.5, 1.0}) told.push_back(complete({x, 1e6 * (1 - x)}));
  told.push_back(complete({0.02, 0.99e6}));  // dominated
  std::vector<const Told*> all;
  for (const auto& each : told) all.push_back(&each);
  const auto directions = referencePoints(2, 4);
  const auto kept = nichedSurvivors(all, 4, directions);
  const std::set<std::size_t> survivors(kept.begin(), kept.end());
  CHECK_EQ(survivors.size(), 4U);
  for (const std::size_t i : {0U, 5U, 6U}) CHECK(survivors.contains(i));
  CHECK(!survivors.contains(7));
  const auto most = nichedSurvivors(all, 7, directions);
  CHECK(std::find(most.begin(), most.end(), 7U) == most.end());
}

LATHE_TEST("failed trials come last, pruned ones by how far they came") {
  const auto failed = toldOf({0, {}, TrialState::Failed, {}, {}}, 1);
  const auto early = toldOf({1, {}, TrialState::Pruned, {}, {{1, 0.1}}}, 1);
  const auto late = toldOf({2, {}, TrialState::Pruned, {}, {{1, 0.5}, {2, 0.4}}}, 1);
  const auto lateWorse = toldOf({3, {}, TrialState::Pruned, {}, {{2, 0.6}}}, 1);
  const auto done = toldOf({4, {}, TrialState::Complete, {9.0}, {}}, 1);
  CHECK(bestFirst({&failed, &early, &lateWorse, &late, &done}) == (std::vector<std::size_t>{4, 3, 2, 1, 0}));
  const auto two = complete({1, 5}), both = complete({5, 1}), worse = complete({6, 6});
  CHECK(frontsOf({&failed, &two, &worse, &both, &early}) == (std::vector<int>{3, 0, 1, 0, 2}));
}

LATHE_TEST("nsga2 is a genetic algorithm when there is one goal") {
  std::vector<double> found, random;
  for (std::uint64_t seed = 0; seed < 7; ++seed) {
    SamplerSetup setup;
    setup.space = everythingSpace();
    setup.seed = seed;
    setup.budget = 200;
    const Function function = [](const Configuration& x) { return std::vector<double>{everything(x)}; };
    found.push_back(study("nsga2", setup, function, 200).best());
    random.push_back(study("random", setup, function, 200).best());
  }
  std::sort(found.begin(), found.end());
  std::sort(random.begin(), random.end());
  CHECK(found[3] < 0.4 * random[3]);
}
