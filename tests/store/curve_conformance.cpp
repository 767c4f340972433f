// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <thread>

#include "core/base/random.h"
#include "tests/store/run_store_conformance.h"
#include "tests/support/testing.h"

using namespace lathe::store;
using lathe::spec::RunStatus;

namespace lathe::tests {
namespace {

struct Fixture {
  explicit Fixture(const MakeStoreUnderTest& make) : under(make(clock)), store(under->open()) {
    const auto number = store->createRun(plainRun(), RunStatus::Running, thisProcess());
    REQUIRE_OK(number);
    run = *number;
  }
  std::int64_t series(const std::string& name) {
    const auto id = store->seriesId(run, name);
    REQUIRE_OK(id);
    return *id;
  }
  std::vector<Point> points(const std::string& name, std::int64_t from = std::numeric_limits<std::int64_t>::min()) {
    auto result = store->points(run, name, from);
    REQUIRE_OK(result);
    return *result;
  }
  ManualClock clock;
  std::unique_ptr<StoreUnderTest> under;
  std::unique_ptr<RunStore> store;
  RunNumber run = 0;
};

bool same(const std::vector<Point>& a, const std::vector<Point>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Point& x, const Point& y) {
    return x.step == y.step && std::bit_cast<std::uint64_t>(x.value) == std::bit_cast<std::uint64_t>(y.value);
  });
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool same(const ColumnRange& a, const ColumnRange& b) {
  return a.points == b.points && a.nonFinite == b.nonFinite && a.firstStep == b.firstStep && a.lastStep == b.lastStep &&
         a.minStep == b.minStep && a.maxStep == b.maxStep && same(a.first, b.first) && same(a.last, b.last) &&
         same(a.min, b.min) && same(a.max, b.max);
}

// The definition, point by point.
std::vector<ColumnRange> reducedPlainly(const std::vector<Point>& points, std::int64_t from, std::int64_t to,
                                        int columns) {
  std::map<std::int64_t, ColumnRange> ranges;
  for (const auto& point : points) {
    if (point.step < from || point.step > to) continue;
    const auto column = (point.step - from) * columns / (to - from + 1);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    auto [it, isNew] = ranges.try_emplace(
        column, ColumnRange{point.step, point.step, nan, nan, nan, nan, point.step, point.step, 0, 0});
    auto& range = it->second;
    const bool any = range.points > range.nonFinite;
    ++range.points;
    if (!std::isfinite(point.value)) {
      ++range.nonFinite;
      if (!any) range.lastStep = point.step;
      continue;
    }
    if (!any) {
      range.first = range.min = range.max = point.value;
      range.firstStep = range.minStep = range.maxStep = point.step;
    }
    range.last = point.value;
    range.lastStep = point.step;
    if (point.value < range.min) {
      range.min = point.value;
      range.minStep = point.step;
    }
    if (point.value > range.max) {
      range.max = point.value;
      range.maxStep = point.step;
    }
  }
  std::vector<ColumnRange> result;
  result.reserve(ranges.size());
  for (const auto& [column, range] : ranges) result.push_back(range);
  return result;
}

// Floats and doubles, even and uneven steps, a few values that are not finite.
std::vector<Point> mixedCurve(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<Point> points;
  std::int64_t step = static_cast<std::int64_t>(random.below(5));
  const bool uneven = seed % 3 == 0;
  const bool narrow = seed % 2 == 0;
  for (std::size_t i = 0; i < count; ++i) {
    double value = random.normal();
    if (narrow) value = static_cast<double>(static_cast<float>(value));
    if (random.below(100) == 0) value = std::numeric_limits<double>::quiet_NaN();
    if (random.below(300) == 0) value = -std::numeric_limits<double>::infinity();
    points.push_back({step, value});
    step += uneven ? 1 + static_cast<std::int64_t>(random.below(9)) : 2;
  }
  return points;
}

void everyPointComesBackBitForBit(Fixture& f) {
  std::map<std::string, std::vector<Point>> curves;
  std::uint64_t seed = 0;
  for (const std::size_t count : {1U, 2U, 511U, 512U, 513U, 4095U, 4096U, 4097U, 9000U, 20000U}) {
    const auto name = "curve/" + std::to_string(count);
    curves[name] = mixedCurve(count, seed++);
    f.store->append(f.series(name), curves[name]);
  }
  curves["odd"] = {{-5, -0.0},
                   {0, std::numeric_limits<double>::denorm_min()},
                   {1, std::numeric_limits<double>::max()},
                   {std::numeric_limits<std::int64_t>::max() - 1, 0.1}};
  f.store->append(f.series("odd"), curves["odd"]);
  REQUIRE_OK(f.store->flush());
  for (const auto& [name, points] : curves) CHECK(same(f.points(name), points));
  const auto again = f.under->open();
  for (const auto& [name, points] : curves)
    CHECK(same(again->points(f.run, name, std::numeric_limits<std::int64_t>::min()).value(), points));
  CHECK(f.points("none").empty());
}

void growingInSmallPiecesGivesTheSameCurve(Fixture& f) {
  const auto points = mixedCurve(12000, 3);
  const auto id = f.series("c");
  Random random(1);
  for (std::size_t i = 0; i < points.size();) {
    const auto count = std::min(points.size() - i, static_cast<std::size_t>(1 + random.below(700)));
    f.store->append(id, std::span(points).subspan(i, count));
    i += count;
    REQUIRE_OK(f.store->flush());
    if (random.below(4) == 0) CHECK(same(f.points("c"), {points.begin(), points.begin() + static_cast<long>(i)}));
  }
  CHECK(same(f.points("c"), points));
  const auto from = points[7000].step;
  CHECK(same(f.points("c", from), {points.begin() + 7000, points.end()}));
  CHECK(same(f.points("c", from + 1 - 1), f.points("c", from)));
  CHECK(f.points("c", points.back().step + 1).empty());
  const auto infos = f.store->series(f.run);
  REQUIRE_OK(infos);
  REQUIRE(infos->size() == 1);
  CHECK_EQ(infos->front().points, std::int64_t{12000});
  CHECK_EQ(infos->front().firstStep, points.front().step);
  CHECK_EQ(infos->front().lastStep, points.back().step);
  CHECK_EQ(f.store->totalPoints(), std::int64_t{12000});
}

void reductionIsLossless(Fixture& f) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const auto name = "c" + std::to_string(seed);
    const auto points = mixedCurve(seed < 3 ? 15000 : 700, seed);
    f.store->append(f.series(name), points);
    REQUIRE_OK(f.store->flush());
    Random random(seed);
    const auto last = static_cast<std::uint64_t>(points.back().step) + 10;
    for (int i = 0; i < 60; ++i) {
      auto from = static_cast<std::int64_t>(random.below(last));
      auto to = static_cast<std::int64_t>(random.below(last));
      if (from > to) std::swap(from, to);
      if (i == 0) {
        from = points.front().step;
        to = points.back().step;
      }
      const int columns = 1 + static_cast<int>(random.below(i % 2 == 0 ? 3000 : 12));
      const auto result = f.store->reduced(f.run, name, from, to, columns);
      REQUIRE_OK(result);
      const auto expected = reducedPlainly(points, from, to, columns);
      REQUIRE(result->size() == expected.size());
      for (std::size_t c = 0; c < expected.size(); ++c) REQUIRE(same(result->at(c), expected[c]));
    }
  }
  CHECK(f.store->reduced(f.run, "c0", 5, 4, 10)->empty());
  CHECK(f.store->reduced(f.run, "c0", 0, 10, 0)->empty());
  CHECK(f.store->reduced(f.run, "none", 0, 10, 10)->empty());
  const auto all = f.store->reduced(f.run, "c0", std::numeric_limits<std::int64_t>::min(),
                                    std::numeric_limits<std::int64_t>::max(), 1);
  REQUIRE(all->size() == 1);
  CHECK_EQ(all->front().points, std::int64_t{15000});
}

void truncationLeavesNoGapAndNoDouble(Fixture& f) {
  auto points = mixedCurve(11000, 2);
  const auto id = f.series("c");
  const auto other = f.series("val");
  f.store->append(id, points);
  f.store->append(other, 5, 1.0);
  const auto reader = f.under->open();
  for (const std::size_t keep : {10500U, 8192U, 8000U, 4097U, 600U, 512U, 1U, 0U}) {
    REQUIRE_OK(f.store->flush());
    const auto warm = reader->reduced(f.run, "c", 0, points.back().step, 100);  // fills the reader's cache
    REQUIRE_OK(warm);
    const auto step = keep == 0 ? -1 : points[keep - 1].step;
    REQUIRE_OK(f.store->truncate(f.run, step));
    points.resize(keep);
    CHECK(same(f.points("c"), points));
    CHECK(same(reader->points(f.run, "c").value(), points));
    for (std::size_t i = 0; i < 3000; ++i) points.push_back({step + 1 + static_cast<std::int64_t>(i), 0.5});
    f.store->append(id, std::span(points).subspan(keep));
    REQUIRE_OK(f.store->flush());
    CHECK(same(f.points("c"), points));
    const auto columns = reader->reduced(f.run, "c", 0, points.back().step, 37);
    REQUIRE_OK(columns);
    const auto expected = reducedPlainly(points, 0, points.back().step, 37);
    REQUIRE(columns->size() == expected.size());
    for (std::size_t c = 0; c < expected.size(); ++c) CHECK(same(columns->at(c), expected[c]));
  }
  CHECK(f.points("val").empty());
  CHECK_EQ(f.store->totalPoints(), static_cast<std::int64_t>(points.size()));
}

void aStepIsNeverTwice(Fixture& f) {
  const auto id = f.series("c");
  f.store->append(id, 1, 1.0);
  f.store->append(id, 2, 2.0);
  f.store->append(id, 2, 3.0);
  f.store->append(id, 1, 3.0);
  f.store->append(12345, 1, 3.0);  // of no curve
  REQUIRE_OK(f.store->flush());
  CHECK(same(f.points("c"), {{1, 1.0}, {2, 2.0}}));
  CHECK_EQ(f.series("c"), id);
  CHECK(!f.store->seriesId(99, "c"));
}

void pointsArriveInTimeOnTheirOwn(Fixture& f) {
  using namespace std::chrono;
  const auto id = f.series("c");
  const auto reader = f.under->open();
  for (const bool watched : {true, false}) {
    f.store->setWatched(watched);
    std::vector<double> delays;
    for (int i = 0; i < 20; ++i) {
      const auto step = (watched ? 1000 : 2000) + i;
      const auto begin = steady_clock::now();
      f.store->append(id, step, 1.0);
      while (f.store->points(f.run, "c", step)->empty() && steady_clock::now() - begin < seconds(3))
        std::this_thread::sleep_for(milliseconds(1));
      delays.push_back(duration<double, std::milli>(steady_clock::now() - begin).count());
    }
    std::sort(delays.begin(), delays.end());
    CHECK(delays[10] < (watched ? 100.0 : 400.0));
  }
}

void readersNeverWaitForWriters(Fixture& f) {
  const auto id = f.series("c");
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (std::int64_t step = 1; step <= 200'000 && !stop; ++step) {
      f.store->append(id, step, static_cast<double>(step) / 3);
      if (step % 1000 == 0) (void)f.store->flush();
    }
  });
  std::size_t seen = 0;
  bool ordered = true;
  for (int i = 0; i < 100; ++i) {
    const auto points = f.store->points(f.run, "c");
    REQUIRE_OK(points);
    ordered = ordered && points->size() >= seen;
    seen = points->size();
    for (std::size_t p = 0; p < points->size(); p += 97)
      ordered = ordered && points->at(p).step == static_cast<std::int64_t>(p) + 1 &&
                points->at(p).value == static_cast<double>(p + 1) / 3;
    const auto columns =
        f.store->reduced(f.run, "c", 1, std::max<std::int64_t>(1, static_cast<std::int64_t>(seen)), 50);
    REQUIRE_OK(columns);
  }
  stop = true;
  writer.join();
  REQUIRE_OK(f.store->flush());
  CHECK(ordered);
  CHECK(f.points("c").size() >= seen);
}

std::vector<std::byte> bytesOf(const std::string& text) {
  const auto* first = reinterpret_cast<const std::byte*>(text.data());
  return {first, first + text.size()};
}

void histogramsAndPredictionsAreKept(Fixture& f) {
  const auto run = f.run;
  const auto made = f.store->createRun(plainRun(), RunStatus::Running, thisProcess());
  REQUIRE_OK(made);
  const auto other = *made;
  CHECK(f.store->histogramNames(run)->empty());
  CHECK(f.store->histograms(run, "weights/a")->empty());
  CHECK(!f.store->snapshot(run)->has_value());
  for (const std::int64_t step : {10, 20, 30})
    f.store->addHistograms(
        run, step, {{"weights/a", bytesOf("w" + std::to_string(step))}, {"gradients/a", bytesOf(std::string())}});
  f.store->addHistograms(run, 20, {{"weights/a", bytesOf("again")}});
  f.store->addHistograms(other, 10, {{"weights/b", bytesOf("x")}});
  f.store->putSnapshot(run, {10, "{\"epoch\":1}", bytesOf("pixels")});
  f.store->putSnapshot(run, {30, "{\"epoch\":3}", {}});
  REQUIRE_OK(f.store->flush());
  const auto reopened = f.under->open();
  CHECK((reopened->histogramNames(run).value() == std::vector<std::string>{"gradients/a", "weights/a"}));
  const auto weights = reopened->histograms(run, "weights/a");
  REQUIRE_OK(weights);
  REQUIRE(weights->size() == 3);
  CHECK(weights->at(1).bytes == bytesOf("again"));
  CHECK_EQ(reopened->histograms(run, "weights/a", 20)->front().step, std::int64_t{30});
  CHECK(reopened->histograms(run, "gradients/a")->front().bytes.empty());
  const auto snapshot = reopened->snapshot(run).value();
  REQUIRE(snapshot.has_value());
  CHECK_EQ(snapshot->step, std::int64_t{30});
  CHECK_EQ(snapshot->json, std::string("{\"epoch\":3}"));
  CHECK(snapshot->pixels == bytesOf("pixels"));
  // A resume takes away what came after its checkpoint, of its own run alone.
  REQUIRE_OK(f.store->truncate(run, 20));
  CHECK_EQ(f.store->histograms(run, "weights/a")->size(), std::size_t{2});
  CHECK(!f.store->snapshot(run)->has_value());
  CHECK_EQ(f.store->histograms(other, "weights/b")->size(), std::size_t{1});
  REQUIRE_OK(f.store->setStatus(run, RunStatus::Completed));
  REQUIRE_OK(f.store->removeRun(run));
  CHECK_EQ(f.store->histograms(run, "weights/a")->size(), std::size_t{2});
  f.clock.advance(10);
  CHECK_EQ(f.store->purgeRemoved(1).value(), 1);
  CHECK(f.store->histogramNames(run)->empty());
}

}  // namespace

bool addCurveConformance(const std::string& implementation, const MakeStoreUnderTest& make) {
  const auto add = [&](const char* name, void (*body)(Fixture&)) {
    testing::cases().push_back({implementation + ": " + name, [make, body] {
                                  Fixture fixture(make);
                                  body(fixture);
                                }});
  };
  add("every point comes back bit for bit", everyPointComesBackBitForBit);
  add("a curve that grows in small pieces is the same curve", growingInSmallPiecesGivesTheSameCurve);
  add("a reduced curve keeps every first, last, least and greatest value", reductionIsLossless);
  add("a cut curve goes on with no gap and no double point", truncationLeavesNoGapAndNoDouble);
  add("a step is never there twice", aStepIsNeverTwice);
  add("points are committed in time without being asked", pointsArriveInTimeOnTheirOwn);
  add("readers see whole curves while points pour in", readersNeverWaitForWriters);
  add("histograms and predictions are kept and cut with their run", histogramsAndPredictionsAreKept);
  return true;
}

}  // namespace lathe::tests
