// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <set>

#include "core/search/contour.h"
#include "core/search/space_tools.h"
#include "core/search/study_axes.h"
#include "core/search/study_math.h"
#include "tests/search/search_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

TrialResult complete(std::vector<double> values) { return {0, {}, TrialState::Complete, std::move(values), {}}; }

bool near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }

bool equal(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

std::vector<double> tickValues(const Axis& axis) {
  std::vector<double> values;
  for (const auto& tick : axis.ticks) values.push_back(tick.value);
  return values;
}

double secondsSince(std::chrono::steady_clock::time_point since) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
}

}  // namespace

LATHE_TEST("the best so far passes over trials without a value and keeps the first of equal ones") {
  std::vector<TrialResult> trials{{0, {}, TrialState::Failed, {}, {}},
                                  complete({3}),
                                  complete({2}),
                                  {3, {}, TrialState::Pruned, {}, {{1, 0.1}}},
                                  complete({2}),
                                  complete({none}),
                                  complete({1})};
  const auto found = bestSoFar(valuesOf(trials));
  CHECK(equal(found.best, {none, 3, 2, 2, 2, 2, 1}));
  CHECK(found.improvements == std::vector<std::size_t>({1, 2, 6}));
  CHECK(bestSoFar({}).best.empty());
}

LATHE_TEST("distributions and ranks of values, with ties and gaps") {
  const std::vector<double> values{3, none, 1, 3, 2, 3};
  const auto distribution = distributionOf(values);
  CHECK(distribution.values == std::vector<double>({1, 2, 3}));
  CHECK(distribution.shares == std::vector<double>({0.2, 0.4, 1}));
  CHECK(equal(ranksOf(values), {4, none, 1, 4, 2, 4}));
  CHECK(equal(rankShares(values), {0.75, none, 0, 0.75, 0.25, 0.75}));
  CHECK(equal(rankShares(std::vector<double>{7, 7}), {0.5, 0.5}));
  CHECK(equal(rankShares(std::vector<double>{7, none}), {0.5, none}));
}

LATHE_TEST("volumes grow as they are calculated anew, for two, three and four goals") {
  for (std::size_t goals = 1; goals <= 4; ++goals) {
    Random random(goals);
    const Goals reference(goals, 0.9);
    GrowingHypervolume growing(reference);
    std::vector<Goals> points;
    for (int i = 0; i < 60; ++i) {
      Goals point(goals);
      for (auto& value : point) value = i % 2 == 0 ? std::floor(random.uniform() * 12) / 12 : random.uniform();
      points.push_back(point);
      const double volume = growing.add(point);
      if (near(volume, hypervolume(points, reference), 1e-12)) continue;
      testing::reportFailure(__FILE__, __LINE__, fmt::format("{} goals, point {}", goals, i));
    }
    const double before = growing.volume();
    CHECK_EQ(growing.add(Goals(goals, none)), before);
    CHECK_EQ(growing.add({}), before);
    CHECK_EQ(growing.add(points[3]), before);
  }
  const std::vector<TrialResult> trials{complete({1, 3}), {1, {}, TrialState::Failed, {}, {}}, complete({2, 1})};
  CHECK(usualReference(trials) == Goals({2.1, 3.2}));
  CHECK(hypervolumeOverTrials(trials, {3, 4}) == std::vector<double>({2, 2, 4}));
}

LATHE_TEST("trials are packed into as few lanes as run at once") {
  const std::vector<Interval> intervals{{0, 4}, {1, 2}, {2, 5}, {none, none}, {4, none}, {4.5, 6}, {5, 7}};
  CHECK(lanesOf(intervals) == std::vector<int>({0, 1, 1, -1, 0, 2, 1}));
  Random random(1);
  std::vector<Interval> many;
  for (int i = 0; i < 500; ++i) {
    const double start = random.uniform() * 100;
    many.push_back({start, start + random.uniform() * 3});
  }
  const auto lanes = lanesOf(many);
  std::size_t atOnce = 0;
  for (const auto& each : many) {
    const auto running = std::count_if(many.begin(), many.end(), [&](const Interval& other) {
      return other.start <= each.start && each.start < other.end;
    });
    atOnce = std::max(atOnce, static_cast<std::size_t>(running));
  }
  CHECK_EQ(std::set<int>(lanes.begin(), lanes.end()).size(), atOnce);
  for (std::size_t i = 0; i < many.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (lanes[i] == lanes[j]) CHECK(many[i].end <= many[j].start || many[j].end <= many[i].start);
}

LATHE_TEST("axes have round numbers on the parameter's own scale") {
  const auto space = spaceOf(R"({"parameters":[
    {"name":"lr","type":"float","low":1e-5,"high":1,"log":true},
    {"name":"rate","type":"float","low":0,"high":0.5},
    {"name":"width","type":"int","low":8,"high":100,"log":true},
    {"name":"depth","type":"int","low":1,"high":4},
    {"name":"kind","type":"categorical","choices":["a","b","c"]}]})");
  CHECK(tickValues(axisOf(space.parameters[0])) == std::vector<double>({1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1}));
  CHECK(near(axisOf(space.parameters[0]).ticks[1].position, 0.2, 1e-9));
  const auto rate = tickValues(axisOf(space.parameters[1]));
  REQUIRE(rate.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) CHECK(near(rate[i], 0.1 * static_cast<double>(i), 1e-12));
  CHECK(tickValues(axisOf(space.parameters[2])) == std::vector<double>({10, 20, 50, 100}));
  CHECK(tickValues(axisOf(space.parameters[3])) == std::vector<double>({1, 2, 3, 4}));
  CHECK(near(axisOf(space.parameters[3]).ticks[0].position, 0.125, 1e-12));
  CHECK(tickValues(axisOf(space.parameters[4])) == std::vector<double>({0, 1, 2}));

  const auto wide = axisOf(std::vector<double>{1e-4, none, 10, infinite});
  CHECK(wide.log && wide.low == 1e-4 && wide.high == 10);
  CHECK(near(positionOn(wide, 1e-2), 0.4, 1e-12));
  CHECK(std::isnan(positionOn(wide, none)) && positionOn(wide, infinite) == 1);
  const auto narrow = axisOf(std::vector<double>{-3, 17});
  CHECK(!narrow.log && tickValues(narrow) == std::vector<double>({0, 5, 10, 15}));
  CHECK_EQ(positionOn(axisOf(std::vector<double>{5, 5}), 5), 0.5);
  CHECK(std::isfinite(positionOn(axisOf(std::vector<double>{-1.7e308, 1.7e308}), 0)));
  CHECK(axisOf(std::vector<double>{}).ticks.empty());
}

LATHE_TEST("slices and parallel coordinates leave out what is inactive") {
  const auto space = mixedSpace();
  const std::vector<Configuration> configurations{{1, 1e-5, 1, 8, none, none, none}, {2, 1, 4, 512, 64, 64, 8}};
  const auto sliced = slices(space, configurations, std::vector<double>{4, 2});
  REQUIRE(sliced.size() == 7);
  CHECK(sliced[1].size() == 2 && sliced[1][0].unit == 0 && sliced[1][1].unit == 1);
  CHECK(sliced[6].size() == 1 && sliced[6][0].trial == 1 && sliced[6][0].value == 2);
  CHECK(slices(space, configurations, std::vector<double>{none, 2})[0].size() == 1);
  const auto lines = parallelCoordinates(space, configurations, std::vector<double>{4, 2});
  REQUIRE(lines.axes.size() == 8 && lines.positions.size() == 16);
  CHECK_EQ(lines.positions[0], 0.5F);
  CHECK(std::isnan(lines.positions[6]));
  CHECK(lines.positions[7] == 1 && lines.positions[15] == 0);
}

LATHE_TEST("contours go through what was seen, and averages through what it means") {
  const auto space = unitSpace(3);
  Random random(2);
  std::vector<Configuration> configurations;
  std::vector<double> values;
  for (int i = 0; i < 900; ++i) {
    configurations.push_back(draw(space, random));
    const auto& x = configurations.back();
    values.push_back(100 + 4 * x[0] + 2 * x[1] + x[2]);
  }
  for (const auto kind : {ContourKind::Interpolated, ContourKind::Averaged}) {
    const auto grid = contour(space, 0, 1, configurations, values, {.kind = kind, .columns = 9, .rows = 5});
    REQUIRE(grid.x.size() == 9 && grid.y.size() == 5 && grid.values.size() == 45);
    double worst = 0;
    for (std::size_t row = 1; row < 4; ++row)
      for (std::size_t column = 1; column < 8; ++column)
        worst = std::max(worst, std::abs(grid.at(column, row) - (100.5 + 4 * grid.x[column] + 2 * grid.y[row])));
    // A single trial's third parameter is up to 0.5 away from the mean; averages do not show it.
    CHECK(worst < (kind == ContourKind::Averaged ? 0.45 : 1.0));
  }
  const std::vector<Configuration> corner{{0, 0, 0.3}};
  CHECK(near(contour(space, 0, 1, corner, std::vector<double>{7}).at(0, 0), 7, 1e-12));
  CHECK(contour(space, 0, 1, {}, {}).values.empty());
  CHECK(contour(space, 0, 1, {}, {}, {.kind = ContourKind::Averaged}).values.empty());

  const auto kinds = mixedSpace();
  const std::vector<Configuration> some{{1, 1e-3, 2, 8, 16, none, none}, {1, 1e-2, 3, 8, 16, 32, none}};
  const auto byKind = contour(kinds, 0, 2, some, std::vector<double>{5, 6});
  REQUIRE(byKind.x.size() == 3 && byKind.y.size() == 4);
  CHECK(std::isnan(byKind.at(0, 1)));
  CHECK(near(byKind.at(1, 1), 5, 1e-6) && near(byKind.at(1, 2), 6, 1e-6) && byKind.at(1, 0) < 5.5);
  std::vector<Configuration> drawn;
  std::vector<double> theirs;
  for (int i = 0; i < 300; ++i) {
    drawn.push_back(draw(kinds, random));
    theirs.push_back(mixed(drawn.back()));
  }
  const auto averaged = contour(kinds, 0, 6, drawn, theirs, {.kind = ContourKind::Averaged});
  CHECK_EQ(averaged.values.size(), 3 * averaged.y.size());
  CHECK(std::all_of(averaged.values.begin(), averaged.values.end(), [](double v) { return v > 0 && v < 2; }));
}

LATHE_TEST("a hundred thousand trials are no trouble for pictures") {
  const auto space = mixedSpace();
  Random random(1);
  std::vector<TrialResult> trials;
  std::vector<Configuration> configurations;
  std::vector<Interval> intervals;
  for (int i = 0; i < 100000; ++i) {
    configurations.push_back(draw(space, random));
    const double a = random.uniform(), b = random.uniform() * (1 - a);
    // Near a plane: the front gets long.
    trials.push_back(complete({a, b, 1 - a - b + 0.2 * random.uniform()}));
    intervals.push_back({i + 0.0, i + 8 * random.uniform()});
  }
  const auto values = valuesOf(trials);
  auto since = std::chrono::steady_clock::now();
  CHECK_EQ(bestSoFar(values).best.size(), 100000U);
  CHECK_EQ(distributionOf(values).shares.back(), 1.0);
  CHECK_EQ(rankShares(values).size(), 100000U);
  CHECK_EQ(lanesOf(intervals).size(), 100000U);
  CHECK_EQ(slices(space, configurations, values).front().size(), 100000U);
  CHECK_EQ(parallelCoordinates(space, configurations, values).positions.size(), 800000U);
  CHECK(!contour(space, 1, 2, configurations, values).values.empty());
  CHECK(secondsSince(since) < 3);
  since = std::chrono::steady_clock::now();
  const auto volumes = hypervolumeOverTrials(std::span(trials).first(30000), {1, 1, 1});
  CHECK(volumes.back() > 0.75 && volumes.back() < 5.0 / 6);
  CHECK(std::is_sorted(volumes.begin(), volumes.end()));
  CHECK(secondsSince(since) < 5);
}
