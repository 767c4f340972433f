// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <set>

#include "core/search/reduced_space.h"
#include "core/search/space_tools.h"
#include "tests/search/search_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

LATHE_TEST("ranges as wide as doubles go are drawn from evenly") {
  spec::SearchParameter wide;
  wide.name = "wide";
  wide.low = -1e308;
  wide.high = 1e308;
  for (const double unit : {0.0, 0.125, 0.5, 0.75, 1.0}) {
    const double value = fromUnit(wide, unit);
    CHECK(std::abs(value - (2 * unit - 1) * 1e308) < 1e294);
    CHECK(std::abs(toUnit(wide, value) - unit) < 1e-12);
  }
  // Halving changes no bit of a usual range.
  spec::SearchParameter usual;
  usual.low = -0.3;
  usual.high = 17.1;
  Random random(1);
  for (int i = 0; i < 100; ++i) {
    const double unit = random.uniform(), value = fromUnit(usual, unit);
    CHECK_EQ(value, usual.low + unit * (usual.high - usual.low));
    CHECK_EQ(toUnit(usual, value), (value - usual.low) / (usual.high - usual.low));
  }
}

LATHE_TEST("steps that cannot be counted make a parameter without steps, not one with a single value") {
  spec::SearchParameter fine;
  fine.name = "fine";
  fine.high = 1;
  fine.step = 1e-300;
  CHECK(isContinuum(fine));
  spec::SearchParameter whole = fine;
  whole.name = "whole";
  whole.type = spec::ParameterType::Int;
  whole.low = -1e300;
  whole.high = 1e300;
  whole.step = 1;
  CHECK(isContinuum(whole));
  spec::SearchParameter counted = whole;
  counted.name = "counted";
  counted.low = 0;
  counted.high = 1e8;
  CHECK(!isContinuum(counted));
  SearchSpace space;
  space.parameters = {fine, whole, counted};
  CHECK(!gridSize(space, 1000000).has_value());
  CHECK_EQ(ReducedSpace(space).space().size(), 3U);
  for (const auto& name : samplerNames()) {
    SamplerSetup setup;
    setup.space = space;
    const auto studied = study(
        name, setup, [](const Configuration& x) { return std::vector<double>{x[0] + 1e-8 * x[2]}; }, 30);
    std::set<double> fines;
    for (const auto& x : studied.asked) {
      fines.insert(x[0]);
      CHECK(x[0] >= 0 && x[0] <= 1);
      CHECK(std::isfinite(x[1]) && x[1] == std::round(x[1]));
      CHECK(x[2] == std::round(x[2]));
    }
    if (fines.size() < 3) testing::reportFailure(__FILE__, __LINE__, name + " sees one value");
  }
}
