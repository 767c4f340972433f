// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "core/base/random.h"
#include "core/search/distributions.h"
#include "core/search/paired_bootstrap.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

struct Kind {
  int seeds = 3;
  double seedSpread = 0.1;  // between trainings of one model
  bool skewed = false;      // losses like those of a classification
  double shift = 0;
};

// Rows that are hard for every model, and what is each model's own.
SeedLosses losses(Random& random, const std::vector<double>& hardness, const Kind& kind) {
  std::vector<double> own;
  for (std::size_t i = 0; i < hardness.size(); ++i)
    own.push_back(kind.skewed ? 0.5 * (std::exp(random.normal()) - std::exp(0.5)) : random.normal());
  SeedLosses all;
  for (int s = 0; s < kind.seeds; ++s) {
    const double start = kind.shift + kind.seedSpread * random.normal();
    auto& seed = all.emplace_back();
    for (std::size_t i = 0; i < hardness.size(); ++i)
      seed.push_back(3 * hardness[i] + own[i] + start + 0.3 * random.normal());
  }
  return all;
}

std::vector<double> rowsOf(Random& random, int rows) {
  std::vector<double> hardness(static_cast<std::size_t>(rows));
  for (auto& each : hardness) each = random.normal();
  return hardness;
}

bool near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }

}  // namespace

LATHE_TEST("distribution functions have their known values") {
  CHECK(near(normalCdf(1.959963984540054), 0.975, 1e-12));
  CHECK(near(normalQuantile(0.025), -1.959963984540054, 1e-9));
  CHECK(near(studentQuantile(0.975, 1), 12.706204736432095, 1e-6));
  CHECK(near(studentQuantile(0.975, 4), 2.7764451051977987, 1e-8));
  CHECK(near(studentQuantile(0.005, 30), -2.7499956535672255, 1e-8));
  CHECK(near(studentCdf(2, 3.5), 0.9361, 1e-3));
  CHECK(near(studentCdf(-1.5, 7), 1 - studentCdf(1.5, 7), 1e-14));
  CHECK(near(studentQuantile(0.9, std::numeric_limits<double>::infinity()), normalQuantile(0.9), 1e-12));
}

LATHE_TEST("without a difference the verdict is a tie in 19 of 20 cases, whatever varies") {
  for (const Kind kind : {Kind{1, 0, false}, Kind{2, 0.3, false}, Kind{3, 0.1, true}, Kind{5, 0.5, false}}) {
    int wrong = 0;
    for (std::uint64_t i = 0; i < 200; ++i) {
      Random random(i, "rows");
      const auto hardness = rowsOf(random, 80);
      const auto a = losses(random, hardness, kind), b = losses(random, hardness, kind);
      const auto found = compareLosses(a, b, {.resamples = 500, .seed = i});
      wrong += found.verdict != Verdict::Tie;
      CHECK_EQ(found.verdict != Verdict::Tie, found.p < 0.05);
      CHECK_EQ(found.seedsCovered, kind.seeds > 1);
      CHECK(found.low <= found.difference && found.difference <= found.high);
    }
    // 10 are expected; 20 or more of 200 happen once in 500 times.
    if (wrong >= 20) testing::reportFailure(__FILE__, __LINE__, fmt::format("{} seeds: {} of 200", kind.seeds, wrong));
  }
}

LATHE_TEST("a true difference is found, by its sign, and intervals contain it") {
  int found = 0, contained = 0;
  for (std::uint64_t i = 0; i < 100; ++i) {
    Random random(i, "rows");
    const auto hardness = rowsOf(random, 200);
    const auto a = losses(random, hardness, {3, 0.05, false, -0.5});
    const auto b = losses(random, hardness, {4, 0.05, false, 0});
    const auto comparison = compareLosses(a, b, {.resamples = 500, .seed = i});
    CHECK(comparison.verdict != Verdict::Worse);
    found += comparison.verdict == Verdict::Better;
    contained += comparison.low <= -0.5 && -0.5 <= comparison.high;
    const auto turned = compareLosses(b, a, {.resamples = 500, .seed = i});
    CHECK(turned.verdict != Verdict::Better);
    CHECK(near(turned.difference, -comparison.difference, 1e-12));
  }
  CHECK(found >= 90);
  CHECK(contained >= 88);
}

LATHE_TEST("pairing pays: rows that are hard for all do not blur a difference") {
  Random random(1);
  const auto hardness = rowsOf(random, 100);
  SeedLosses a(2), b(2);
  for (std::size_t s = 0; s < 2; ++s)
    for (const double row : hardness) {
      b[s].push_back(100 * row);
      a[s].push_back(100 * row - 0.1 + 0.05 * random.normal());
    }
  CHECK(compareLosses(a, b).verdict == Verdict::Better);
  // Trainings that share their starts.
  for (std::size_t s = 0; s < 2; ++s)
    for (std::size_t r = 0; r < 100; ++r) {
      a[s][r] += 5.0 * static_cast<double>(s);
      b[s][r] += 5.0 * static_cast<double>(s);
    }
  CHECK(compareLosses(a, b).verdict == Verdict::Tie);
  CHECK(compareLosses(a, b, {.seedsPaired = true}).verdict == Verdict::Better);
}

LATHE_TEST("what cannot be known is said: one seed, one row, nothing, no numbers") {
  Random random(1);
  const auto hardness = rowsOf(random, 50);
  const auto a = losses(random, hardness, {1, 0, false, -2}), b = losses(random, hardness, {3, 0.1});
  const auto single = compareLosses(a, b);
  CHECK(!single.seedsCovered && single.rowsCovered);
  CHECK(single.verdict == Verdict::Better);
  const auto row = compareLosses({{1}, {1.1}}, {{7}, {7.1}});
  CHECK(row.verdict == Verdict::Tie && !row.rowsCovered && row.seedsCovered);
  CHECK(near(row.difference, -6, 1e-12) && row.high > 1e300);
  const auto two = compareLosses({{1, 2}}, {{2, 4}});
  CHECK(two.verdict == Verdict::Tie && two.rowsCovered);
  CHECK(compareLosses({}, b).verdict == Verdict::Tie);
  CHECK(!compareLosses({{1, 2}}, b).rowsCovered);
  const double infinite = std::numeric_limits<double>::infinity();
  CHECK(compareLosses({{1, infinite}}, {{1, 2}}).verdict == Verdict::Worse);
  CHECK(compareLosses({{1, 2}}, {{1, std::nan("")}}).verdict == Verdict::Better);
  CHECK(compareLosses({{1, infinite}}, {{std::nan(""), 1}}).verdict == Verdict::Tie);
  const auto same = compareLosses(b, b);
  CHECK(same.verdict == Verdict::Tie && same.p == 1);
}

LATHE_TEST("Holm's correction is as in his paper's steps") {
  const std::vector<double> p{0.01, 0.04, 0.03, 0.005};
  const auto corrected = holm(p);
  const std::vector<double> expected{0.03, 0.06, 0.06, 0.02};
  for (std::size_t i = 0; i < 4; ++i) CHECK(near(corrected[i], expected[i], 1e-12));
  CHECK_EQ(holm(std::vector<double>{0.9, 0.8})[0], 1.0);
  CHECK(holm({}).empty());
}

LATHE_TEST("among equal candidates none is called worse, in 19 of 20 cases, though the best was picked") {
  int wrong = 0, withHolm = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    Random random(i, "rows");
    const auto hardness = rowsOf(random, 60);
    std::vector<SeedLosses> candidates;
    for (int k = 0; k < 8; ++k) candidates.push_back(losses(random, hardness, {3, 0.1}));
    const auto all = standings(candidates, {.resamples = 300, .seed = i});
    wrong += all.tied.size() < 8;
    withHolm += standings(candidates, {.resamples = 300, .seed = i}, Correction::Holm).tied.size() < 8;
  }
  CHECK(wrong < 20);
  CHECK(withHolm >= wrong);
}

LATHE_TEST("standings name the best, its ties and what is behind") {
  Random random(3);
  const auto hardness = rowsOf(random, 300);
  std::vector<SeedLosses> candidates;
  for (const double shift : {2.0, 0.0, 0.02, 1.0, 0.01})
    candidates.push_back(losses(random, hardness, {4, 0.03, false, shift}));
  candidates.push_back(candidates[0]);
  candidates.back()[1][7] = std::numeric_limits<double>::quiet_NaN();
  for (const auto correction : {Correction::None, Correction::Holm, Correction::Largest}) {
    const auto all = standings(candidates, {}, correction);
    REQUIRE(all.candidates.size() == 6);
    CHECK_EQ(all.tied.front(), all.best);
    auto tied = all.tied;
    std::sort(tied.begin(), tied.end());
    CHECK(tied == std::vector<std::size_t>({1, 2, 4}));
    CHECK(!all.clear() && all.rowsCovered);
    for (const std::size_t i : {0U, 3U, 5U}) {
      CHECK(all.candidates[i].verdict == Verdict::Worse);
      CHECK(all.candidates[i].p < 0.05);
    }
    CHECK(all.candidates[5].mean > 1e300);
    for (std::size_t i = 0; i < 5; ++i) {
      const auto& each = all.candidates[i];
      CHECK(each.low < each.mean && each.mean < each.high && each.seedsCovered);
      CHECK(near(each.behind, each.mean - all.candidates[all.best].mean, 1e-12));
      CHECK(i == all.best || (each.behindLow < each.behind && each.behind < each.behindHigh));
    }
  }
  const auto one = standings(std::span(candidates).first(1));
  CHECK(one.clear() && one.best == 0 && one.candidates[0].verdict == Verdict::Tie);
  CHECK(standings({}).tied.empty());
}

LATHE_TEST("resamples are the same for the same seed, and blocks of rows change little") {
  Random random(4);
  const auto hardness = rowsOf(random, 5000);
  const auto a = losses(random, hardness, {3, 0.02}), b = losses(random, hardness, {3, 0.02});
  const auto first = compareLosses(a, b, {.seed = 1}), second = compareLosses(a, b, {.seed = 1});
  CHECK(first.low == second.low && first.p == second.p);
  CHECK(first.low != compareLosses(a, b, {.seed = 2}).low);
  const auto whole = compareLosses(a, b, {.seed = 1, .mostBlocks = 5000});
  const double width = whole.high - whole.low;
  CHECK(near(first.low, whole.low, 0.1 * width) && near(first.high, whole.high, 0.1 * width));
}

LATHE_TEST("ten thousand rows, five seeds and two thousand resamples are quick") {
  Random random(5);
  const auto hardness = rowsOf(random, 10000);
  const auto a = losses(random, hardness, {5, 0.02}), b = losses(random, hardness, {5, 0.02});
  const auto since = std::chrono::steady_clock::now();
  CHECK(std::isfinite(compareLosses(a, b).p));
  CHECK(std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count() < 2);
}
