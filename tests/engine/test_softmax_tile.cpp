// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/engine/softmax_tile.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;

LATHE_TEST("the exponential of floats is right to two units in the last place") {
  std::vector<float> x;
  for (float value = -87.2F; value < 88.2F; value += 0.00137F) x.push_back(value);
  std::vector<float> out(x.size());
  exponentials(x.data(), out.data(), x.size());
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double expected = std::exp(static_cast<double>(x[i]));
    const auto rounded = static_cast<float>(expected);
    const double unit = std::nextafter(rounded, std::numeric_limits<float>::infinity()) - rounded;
    worst = std::max(worst, std::abs(static_cast<double>(out[i]) - expected) / unit);
  }
  CHECK(worst <= 2);
}

LATHE_TEST("the exponential of floats knows none, nothing and too much") {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> x{-infinity, -1000, 0, NAN, 1000};
  std::vector<float> out(x.size());
  exponentials(x.data(), out.data(), x.size());
  CHECK_EQ(out[0], 0.0F);
  CHECK_EQ(out[1], 0.0F);
  CHECK_EQ(out[2], 1.0F);
  CHECK(std::isnan(out[3]));
  CHECK(std::isfinite(out[4]) && out[4] > 1e38F);
}
