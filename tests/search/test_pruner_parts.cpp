// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/search/pruners/rungs.h"
#include "core/search/pruners/signed_rank.h"
#include "core/search/pruners/variation.h"
#include "core/search/space_tools.h"
#include "core/search/terminator.h"
#include "tests/search/search_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

namespace {

bool near(double a, double b, double tolerance = 1e-12) { return std::abs(a - b) <= tolerance; }

}  // namespace

LATHE_TEST("signed-rank tests give scipy's probabilities") {
  CHECK(near(signedRankGreater(std::vector<double>{1, 2, 3, -4, 5, 6, -7, 8}), 0.19140625));
  CHECK(near(signedRankGreater(std::vector<double>{.1, .2, .3, .4}), 0.0625));
  CHECK(
      near(signedRankGreater(std::vector<double>{0.3, -0.1, 0.25, 0.7, -0.4, 0.55, 0.05, -0.15, 0.9, 0.35, -0.2, 0.6}),
           0.046142578125));
  std::vector<double> many;
  for (int i = 0; i < 25; ++i) many.push_back(((i * 37) % 101 - 40) / 10.0 + 0.001 * i);
  CHECK(near(signedRankGreater(many), 0.08224806189537048));
  // Normal: with ties and zeros, and without.
  many.clear();
  for (int i = 0; i < 30; ++i) many.push_back(((i * 37) % 11 - 4) / 10.0);
  CHECK(near(signedRankGreater(many), 0.08454374688760585));
  many.clear();
  for (int i = 0; i < 60; ++i) many.push_back(((i * 53) % 97 - 43) / 10.0 + 0.001 * i);
  CHECK(near(signedRankGreater(many), 0.25855034489263684));
  // Exact with ties and a zero: counted over all signs.
  CHECK(near(signedRankGreater(std::vector<double>{1, 1, -1, 2, 2, 3, 0, -2, 3, 4}), 0.0390625));
  CHECK(near(signedRankGreater(std::vector<double>{1, 1, 1, 1, 1, -1}), 0.109375));
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(near(signedRankGreater(std::vector<double>{infinity, infinity, 1, 2}), 0.0625));
  CHECK_EQ(signedRankGreater(std::vector<double>{0, 0}), 1.0);
  CHECK_EQ(signedRankGreater({}), 1.0);
  CHECK_EQ(signedRankGreater(std::vector<double>{-1, -2, -3}), 1.0);
}

LATHE_TEST("rungs grow by eta, and the last one but maxSteps is not too near to it") {
  const auto rungsOf = [](std::int64_t least, std::int64_t most, double eta) {
    PrunerSetup setup;
    setup.minSteps = least;
    setup.maxSteps = most;
    setup.eta = eta;
    return geometricRungs(setup);
  };
  using Rungs = std::vector<std::int64_t>;
  CHECK(rungsOf(1, 81, 3) == Rungs({1, 3, 9, 27, 81}));
  CHECK(rungsOf(1, 100, 3) == Rungs({1, 3, 9, 27, 100}));
  CHECK(rungsOf(1, 5, 3) == Rungs({1, 3, 5}));
  CHECK(rungsOf(1, 4, 3) == Rungs({1, 4}));
  CHECK(rungsOf(1, 60, 3) == Rungs({1, 3, 9, 27, 60}));
  CHECK(rungsOf(5, 100, 4) == Rungs({5, 20, 100}));
  CHECK(rungsOf(1, 10, 1.5) == Rungs({1, 2, 3, 5, 8, 10}));
  CHECK(rungsOf(9, 10, 3) == Rungs({9, 10}));
  CHECK(rungsOf(10, 10, 3) == Rungs({10}));
  CHECK(rungsOf(1, 1, 3) == Rungs({1}));
  CHECK(rungsOf(50, 10, 3) == Rungs({10}));
  CHECK(rungsOf(0, 9, std::nan("")) == Rungs({1, 3, 9}));
}

LATHE_TEST("offspring mix their parents within the space and its constraints") {
  const auto space = everythingSpace();
  Random random(1, "parents");
  int kept = 0, all = 0;
  for (int i = 0; i < 500; ++i) {
    std::vector<Configuration> parents;
    for (int k = 0; k < 4; ++k) parents.push_back(*drawFeasible(space, random));
    const auto child = differentialOffspring(space, parents[0], parents[1], parents[2], parents[3], random);
    REQUIRE(child.has_value());
    CHECK(spec::check(space, *child).has_value());
    CHECK(!spec::same(*child, parents[1]));
    kept += (*child)[0] == parents[0][0];
    ++all;
  }
  CHECK(kept > all / 3 && kept < all * 2 / 3);
  // A mutant of equal parents is that parent where it crosses.
  const auto units = unitSpace(6);
  const Configuration zero(6, 0.25), one(6, 0.75);
  const auto child = differentialOffspring(units, zero, one, one, one, random);
  REQUIRE(child.has_value());
  CHECK(std::any_of(child->begin(), child->end(), [](double x) { return x == 0.75; }));
  CHECK(std::all_of(child->begin(), child->end(), [](double x) { return near(x, 0.75) || near(x, 0.25); }));
}

LATHE_TEST("exploring moves numbers by a factor on their scale and leaves the network's shape alone") {
  const auto space = spaceOf(R"({"parameters":[
    {"name":"rate","type":"float","low":1e-6,"high":1,"log":true},
    {"name":"momentum","type":"float","low":0,"high":0.99},
    {"name":"shift","type":"float","low":-10,"high":10},
    {"name":"count","type":"int","low":1,"high":10},
    {"name":"size","type":"ordinal","choices":[1,2,4,8]},
    {"name":"kind","type":"categorical","choices":["a","b","c","d"]},
    {"name":"width","type":"int","low":8,"high":512,"log":true},
    {"name":"still","type":"float","low":0,"high":1,"fixed":0.5}]})");
  const Configuration parent{1e-3, 0.8, 0, 2, 1, 0, 64, 0.5};
  const std::vector<bool> inheritable{true, true, true, true, true, true, false, true};
  Random random(2, "explore");
  std::set<double> shifts, counts, sizes;
  int resampled = 0;
  for (int i = 0; i < 400; ++i) {
    const auto child = explored(space, parent, inheritable, random);
    CHECK(spec::check(space, child).has_value());
    CHECK(near(child[0], 0.8e-3, 1e-9) || near(child[0], 1.25e-3, 1e-9));
    CHECK(near(child[1], 0.64, 1e-9) || near(child[1], 0.99, 1e-9));
    shifts.insert(std::round(child[2] * 1e6) / 1e6);
    counts.insert(child[3]);
    sizes.insert(child[4]);
    resampled += child[5] != 0;
    CHECK_EQ(child[6], 64.0);
    CHECK_EQ(child[7], 0.5);
  }
  CHECK(shifts == std::set<double>({-2.0, 2.5}));  // counted from -10
  CHECK(counts == std::set<double>({1, 3}));       // a step at least
  CHECK(sizes == std::set<double>({0, 2}));
  CHECK(resampled > 45 && resampled < 110);  // a quarter, of which a quarter is the same again
  // Without a list everything may change.
  bool widths = false;
  for (int i = 0; i < 20; ++i) widths = widths || explored(space, parent, {}, random)[6] != 64;
  CHECK(widths);
}

LATHE_TEST("exploring does not switch on or off what may not change, nor break constraints") {
  const auto space = everythingSpace();
  Random random(3, "explore");
  // Kind and grid switch momentum and both; depth and inner take part in constraints.
  std::vector<bool> inheritable(space.size(), false);
  for (const std::size_t i : {0U, 1U, 2U, 5U}) inheritable[i] = true;
  int changed = 0;
  for (int i = 0; i < 300; ++i) {
    const auto parent = *drawFeasible(space, random);
    const auto child = explored(space, parent, inheritable, random);
    CHECK(spec::check(space, child).has_value());
    for (std::size_t k = 0; k < space.size(); ++k)
      CHECK(inheritable[k] || child[k] == parent[k] || (std::isnan(child[k]) && std::isnan(parent[k])));
    changed += !spec::same(parent, child);
  }
  CHECK(changed > 280);
}

LATHE_TEST("a search ends when what can be gained is too little to be told from the noise") {
  const auto sure = judgeTermination({.bestLower = 0.10, .bestUpper = 0.12, .noise = 0.03});
  CHECK(near(sure.regretBound, 0.02));
  CHECK_EQ(sure.noise, 0.03);
  CHECK(sure.shouldStop);
  CHECK(!judgeTermination({.bestLower = 0.02, .bestUpper = 0.12, .noise = 0.03}).shouldStop);
  // A bound that is crossed by rounding is no gain.
  CHECK_EQ(judgeTermination({.bestLower = 0.2, .bestUpper = 0.1, .noise = 0}).regretBound, 0.0);
  CHECK(!judgeTermination({.bestLower = 0, .bestUpper = 1, .noise = 0}).shouldStop);
  const double nan = std::nan("");
  for (const auto& inputs : {TerminatorInputs{nan, 0, 1}, TerminatorInputs{0, nan, 1}, TerminatorInputs{0, 0, nan},
                             TerminatorInputs{-HUGE_VAL, 0, 1}, TerminatorInputs{HUGE_VAL, HUGE_VAL, 1}})
    CHECK(!judgeTermination(inputs).shouldStop);
}

LATHE_TEST("confidence is wider with more parameters and more trials") {
  // sqrt(2 log(d t^2 pi^2 / 0.6) / 5) by hand: d 2, t 10.
  CHECK(near(confidenceWidth(2, 10), 1.79984, 1e-5));
  CHECK(confidenceWidth(3, 10) > confidenceWidth(2, 10));
  CHECK(confidenceWidth(2, 100) > confidenceWidth(2, 10));
  CHECK(std::isfinite(confidenceWidth(0, 0)));
}

LATHE_TEST("noise is the corrected spread of folds, or that of repeats") {
  const std::vector<double> folds{1, 2, 3, 4, 5};  // variance 2.5
  CHECK(near(*foldNoise(folds), std::sqrt((0.2 + 0.25) * 2.5)));
  CHECK(near(*foldNoise(folds, 0.5), std::sqrt((0.2 + 0.5) * 2.5)));
  CHECK(!foldNoise(std::vector<double>{1.0}));
  CHECK(!foldNoise(std::vector<double>{1.0, std::nan("")}));
  CHECK_EQ(*foldNoise(std::vector<double>{2, 2, 2}), 0.0);
  CHECK(near(*repeatNoise({{1, 3}, {10, 12, 14}, {5}, {}}), std::sqrt((2.0 + 8.0) / 3)));
  CHECK(near(*repeatNoise({{1e9, 1e9 + 2}}), std::sqrt(2.0), 1e-6));
  CHECK(!repeatNoise({{1}, {2}, {3, std::nan("")}}));
}
