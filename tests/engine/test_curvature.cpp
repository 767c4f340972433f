// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/engine/curvature.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

// Half the sum of bends[i] y_i ^ 2, with y turned by a reflection, so that no axis is special.
double curvatureOf(const std::vector<double>& bends, std::uint64_t seed) {
  const auto n = bends.size();
  Random turn(seed, "turn");
  std::vector<double> mirror(n);
  double squares = 0;
  for (double& each : mirror) {
    each = turn.normal();
    squares += each * each;
  }
  const auto reflected = [&](std::vector<double> x) {
    double dot = 0;
    for (std::size_t i = 0; i < n; ++i) dot += mirror[i] * x[i];
    for (std::size_t i = 0; i < n; ++i) x[i] -= 2 * dot / squares * mirror[i];
    return x;
  };
  Random random(seed, "curvature");
  return largestCurvature(n, random, [&](const std::vector<double>& by) {
    auto y = reflected(by);
    for (std::size_t i = 0; i < n; ++i) y[i] = bends[i] * (y[i] - 0.3);
    return reflected(y);
  });
}

}  // namespace

LATHE_TEST("the largest curvature of a quadratic form is its eigenvalue, with its sign") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CHECK(std::abs(curvatureOf({3, 1, 0.5, 0.1}, seed) - 3) < 0.05);
    CHECK(std::abs(curvatureOf({0.2, -7, 1, 2, 0}, seed) + 7) < 0.1);
    CHECK(std::abs(curvatureOf({1e-4}, seed) - 1e-4) < 1e-6);
  }
}

LATHE_TEST("a flat function has no curvature, and one that is not finite gives NaN") {
  CHECK_EQ(curvatureOf({0, 0, 0}, 1), 0.0);
  CHECK(std::isnan(curvatureOf({1, std::nan("")}, 1)));
  Random random(1, "none");
  CHECK_EQ(largestCurvature(0, random, [](const std::vector<double>& by) { return by; }), 0.0);
}
