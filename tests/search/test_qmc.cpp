// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cmath>
#include <set>
#include <vector>

#include "core/search/sobol.h"
#include "tests/search/search_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::search;

LATHE_TEST("Sobol's sequence is that of scipy") {
  const std::array<std::pair<int, double>, 7> point500{{{0, 0.439453125},
                                                        {1, 0.064453125},
                                                        {7, 0.775390625},
                                                        {20, 0.349609375},
                                                        {33, 0.052734375},
                                                        {47, 0.357421875},
                                                        {63, 0.439453125}}};
  for (const auto& [dimension, expected] : point500) CHECK_EQ(sobol(500, dimension), expected);
  CHECK_EQ(sobol(599, 2), 0.2431640625);
  CHECK_EQ(sobol(599, 40), 0.3330078125);
  CHECK_EQ(sobol(599, 62), 0.2529296875);
  // All of 1024 points, as a sum that scipy's were put into as well.
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < 1024; ++i)
    for (int j = 0; j < sobolDimensions; ++j)
      sum += static_cast<std::uint64_t>(sobol(i, j) * 1024) * (i + 1) * static_cast<std::uint64_t>(j + 7) % 1000003;
  CHECK_EQ(sum, 31562910795U);
}

LATHE_TEST("scrambled points keep the even spread of each dimension and of pairs") {
  constexpr std::uint32_t count = 256;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    for (int dimension = 0; dimension < sobolDimensions; ++dimension) {
      std::set<int> cells;
      for (std::uint32_t i = 0; i < count; ++i)
        cells.insert(static_cast<int>(scrambledSobol(i, dimension, seed) * count));
      CHECK_EQ(cells.size(), count);
    }
    // The first two dimensions: one point in every box of volume 1 / 256, whatever its shape.
    for (int wide = 1; wide <= 256; wide *= 2) {
      std::set<std::pair<int, int>> boxes;
      for (std::uint32_t i = 0; i < count; ++i)
        boxes.emplace(static_cast<int>(scrambledSobol(i, 0, seed) * wide),
                      static_cast<int>(scrambledSobol(i, 1, seed) * (256 / wide)));  // NOLINT
      CHECK_EQ(boxes.size(), count);
    }
  }
}

LATHE_TEST("over the seeds a scrambled point lies anywhere with the same probability") {
  constexpr int seeds = 8000, cells = 16;
  for (const int dimension : {0, 1, 5, 63, 70, 200})
    for (const std::uint32_t index : {0U, 1U, 37U}) {
      std::array<int, cells> counts{};
      double withNext = 0;
      for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const double value = scrambledSobol(index, dimension, seed);
        CHECK(value >= 0 && value < 1);
        ++counts[static_cast<std::size_t>(value * cells)];
        withNext += (value - 0.5) * (scrambledSobol(index, dimension + 1, seed) - 0.5);
      }
      double chi = 0;
      for (const int each : counts) chi += std::pow(each - seeds / cells, 2) / (seeds / cells);
      CHECK(chi < 45);                                                // 15 degrees of freedom: p = 0.0001
      CHECK(std::abs(withNext / seeds * 12) < 4 / std::sqrt(seeds));  // uncorrelated
    }
}

LATHE_TEST("Halton's points fill the cells of their base, and high dimensions do not move together") {
  constexpr std::array<int, 5> base{2, 3, 5, 7, 11};
  for (int dimension = 0; dimension < 5; ++dimension) {
    const auto count = static_cast<std::uint32_t>(base[static_cast<std::size_t>(dimension)] *
                                                  base[static_cast<std::size_t>(dimension)]);
    std::set<int> cells;
    for (std::uint32_t i = 0; i < count; ++i) cells.insert(static_cast<int>(scrambledHalton(i, dimension, 4) * count));
    CHECK_EQ(cells.size(), count);
  }
  // Without scrambling the dimensions of 173 and 179 would be nearly equal for the first 100 points.
  double sum = 0;
  for (std::uint32_t i = 0; i < 100; ++i)
    sum += (scrambledHalton(i, 39, 9) - 0.5) * (scrambledHalton(i, 40, 9) - 0.5) * 12 / 100;
  CHECK(std::abs(sum) < 0.35);
}

LATHE_TEST("a mean over scrambled points is far nearer than one over random points") {
  double squared = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    double mean = 0;
    for (std::uint32_t i = 0; i < 1024; ++i) {
      double product = 1;
      for (int j = 0; j < 6; ++j) product *= 0.5 + scrambledSobol(i, j, seed);
      mean += product / 1024;
    }
    squared += (mean - 1) * (mean - 1) / 20;
  }
  CHECK(std::sqrt(squared) < 0.003);  // random ones: 0.025
}

LATHE_TEST("qmc spreads its trials over choices, integers and logarithms alike") {
  SamplerSetup setup;
  setup.space = mixedSpace();
  setup.seed = 3;
  const auto studied = study(
      "qmc", setup, [](const Configuration& x) { return std::vector<double>{mixed(x)}; }, 256);
  std::array<int, 3> optimisers{};
  std::array<int, 5> decades{};
  std::array<int, 4> layers{};
  for (const auto& x : studied.asked) {
    ++optimisers[static_cast<std::size_t>(x[0])];
    ++decades[static_cast<std::size_t>(std::log10(x[1]) + 5)];
    ++layers[static_cast<std::size_t>(x[2]) - 1];
  }
  for (const int each : optimisers) CHECK(each == 85 || each == 86);
  for (const int each : decades) CHECK(each >= 50 && each <= 52);
  for (const int each : layers) CHECK_EQ(each, 64);
}

LATHE_TEST("trials of qmc that run together are different points, and constraints hold without mending") {
  SamplerSetup setup;
  setup.space = everythingSpace();
  auto sampler = makeSampler("qmc", setup);
  REQUIRE_OK(sampler);
  std::set<double> rates;
  for (std::int64_t trial = 40; trial-- > 0;) {
    const auto proposed = (*sampler)->propose(trial);
    REQUIRE(proposed.has_value());
    CHECK(spec::check(setup.space, *proposed).has_value());
    rates.insert((*proposed)[0]);
  }
  CHECK_EQ(rates.size(), 40U);
}
