// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/base/random.h"
#include "core/search/pareto.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

std::vector<Goals> randomPoints(int count, std::size_t goals, std::uint64_t seed) {
  Random random(seed);
  std::vector<Goals> points;
  for (int i = 0; i < count; ++i) {
    Goals point(goals);
    for (auto& value : point) value = std::floor(random.uniform() * 20) / 20;  // with ties
    points.push_back(std::move(point));
  }
  return points;
}

}  // namespace

LATHE_TEST("fronts are as the definition says, for two, three and four goals") {
  for (std::size_t goals = 2; goals <= 4; ++goals) {
    const auto points = randomPoints(120, goals, goals);
    const auto ranks = nondominatedRanks(points);
    for (std::size_t i = 0; i < points.size(); ++i) {
      // One more than the highest rank among those that dominate it.
      int expected = 0;
      for (std::size_t j = 0; j < points.size(); ++j)
        if (dominates(points[j], points[i])) expected = std::max(expected, ranks[j] + 1);
      CHECK_EQ(ranks[i], expected);
    }
    std::vector<std::size_t> first;
    for (std::size_t i = 0; i < points.size(); ++i)
      if (ranks[i] == 0) first.push_back(i);
    CHECK(first == paretoFront(points));
  }
}

LATHE_TEST("a hypervolume is the share of a grid's cells that are dominated") {
  for (std::size_t goals = 2; goals <= 4; ++goals) {
    const auto points = randomPoints(15, goals, 40 + goals);
    const Goals reference(goals, 1.0);
    // Points lie on a grid of 1 / 20, so its cells are dominated whole or not at all.
    const int cells = 20;
    const auto all = static_cast<int>(std::pow(cells, goals));
    int dominated = 0;
    for (int cell = 0; cell < all; ++cell) {
      Goals middle(goals);
      int rest = cell;
      for (auto& value : middle) {
        value = (rest % cells + 0.5) / cells;
        rest /= cells;
      }
      dominated += std::any_of(points.begin(), points.end(), [&](const Goals& p) { return dominates(p, middle); });
    }
    CHECK(std::abs(hypervolume(points, reference) - static_cast<double>(dominated) / all) < 1e-9);
  }
}

LATHE_TEST("what lies outside of the reference adds nothing, and contributions are differences") {
  const std::vector<Goals> points{{0.2, 0.8}, {0.5, 0.5}, {0.8, 0.2}, {0.6, 0.6}, {-5, 2}};
  const Goals reference{1, 1};
  CHECK(std::abs(hypervolume(points, reference) - 0.37) < 1e-12);
  const auto contributions = hypervolumeContributions(points, reference);
  CHECK(std::abs(contributions[1] - 0.05) < 1e-12);
  CHECK_EQ(contributions[3], 0.0);
  CHECK_EQ(contributions[4], 0.0);
}
