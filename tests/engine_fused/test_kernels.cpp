// SPDX-License-Identifier: GPL-3.0-or-later
// The loops of the fused executor in every version that this processor runs, against plain double precision.
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/engine_fused/kernels.h"
#include "core/engine_fused/product.h"
#include "core/engine_fused/team.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine::fused;

namespace {

std::vector<const Kernels*> versions() {
  std::vector<const Kernels*> all;
  for (const auto* table : {baselineKernels(), avx2Kernels(), avx512Kernels()})
    if (table != nullptr) all.push_back(table);
  return all;
}

std::vector<float> noise(std::size_t count, const char* stream) {
  Random random(11, stream);
  std::vector<float> values(count);
  for (auto& value : values) value = static_cast<float>(random.normal());
  return values;
}

struct Exact {
  double value, slope;
};

Exact exactly(Activation activation, double x) {
  const double sigmoid = 1 / (1 + std::exp(-x));
  switch (activation) {
    case Activation::Relu:
      return {x > 0 ? x : 0, x > 0 ? 1.0 : 0.0};
    case Activation::Gelu: {
      const double share = 0.5 * (1 + std::erf(x / std::numbers::sqrt2));
      return {x * share, share + x * std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi)};
    }
    case Activation::Silu:
      return {x * sigmoid, sigmoid * (1 + x * (1 - sigmoid))};
    case Activation::Tanh:
      return {std::tanh(x), 1 - std::tanh(x) * std::tanh(x)};
    case Activation::Sigmoid:
      return {sigmoid, sigmoid * (1 - sigmoid)};
    case Activation::Mish: {
      const double t = std::tanh(std::log1p(std::exp(x)));
      return {x * t, t + x * (1 - t * t) * sigmoid};
    }
    case Activation::Selu: {
      constexpr double scale = 1.0507009873554804934;
      constexpr double alpha = 1.6732632423543772848;
      return {x > 0 ? scale * x : scale * alpha * (std::exp(x) - 1), x > 0 ? scale : scale * alpha * std::exp(x)};
    }
    case Activation::SmoothClip: {
      const double r = 1 / std::sqrt(1 + x * x / 9);
      return {x * r, r * r * r};
    }
    case Activation::Identity:
      break;
  }
  return {x, 1};
}

bool near(double a, double b, double limit) { return std::abs(a - b) <= limit * std::max(1.0, std::abs(b)); }

}  // namespace

LATHE_TEST("activations and their slopes are exact to a few units in the last place") {
  for (const auto* k : versions())
    for (int i = 0; i <= static_cast<int>(Activation::SmoothClip); ++i) {
      const auto activation = static_cast<Activation>(i);
      for (double x = -30; x < 30; x += 0.0837) {
        alignas(64) float y[16];
        alignas(64) float slope[16];
        for (auto& value : y) value = static_cast<float>(x);
        k->activate(y, slope, nullptr, nullptr, 1, 16, activation);
        const auto expected = exactly(activation, static_cast<double>(static_cast<float>(x)));
        CHECK(near(static_cast<double>(y[3]), expected.value, 4e-7));
        CHECK(near(static_cast<double>(slope[11]), expected.slope, 2e-6));
      }
      // Far away nothing becomes NaN.
      for (const float x : {-1e30F, -100.0F, 100.0F, 1e18F}) {
        alignas(64) float y[16];
        for (auto& value : y) value = x;
        k->activate(y, nullptr, nullptr, nullptr, 1, 16, activation);
        CHECK(std::isfinite(y[0]));
      }
    }
}

LATHE_TEST("any rectangle is transposed, and added to what is there") {
  for (const auto* k : versions())
    for (int rows = 1; rows < 40; ++rows)
      for (int columns = 1; columns < 40; ++columns) {
        const auto from = noise(static_cast<std::size_t>(rows * (columns + 3)), "from");
        std::vector<float> to(static_cast<std::size_t>(columns * (rows + 2)), 1.0F);
        k->transpose(from.data(), rows, columns, columns + 3, to.data(), rows + 2);
        bool same = true;
        for (int r = 0; r < rows; ++r)
          for (int c = 0; c < columns; ++c)
            same = same && to[static_cast<std::size_t>(c * (rows + 2) + r)] ==
                               from[static_cast<std::size_t>(r * (columns + 3) + c)];
        // Between the columns nothing is written.
        for (int c = 0; c < columns; ++c) same = same && to[static_cast<std::size_t>(c * (rows + 2) + rows)] == 1.0F;
        CHECK(same);
        const auto before = to;
        k->transposeAdd(from.data(), rows, columns, columns + 3, to.data(), rows + 2);
        CHECK(to[0] == before[0] + from[0]);
      }
}

LATHE_TEST("products of every shape agree with double precision, through libxsmm and without it") {
  for (const int m : {1, 10, 16, 20, 33, 64, 70})
    for (const int n : {1, 3, 16, 33})
      for (const int k : {1, 20, 64, 300})
        for (const bool add : {false, true}) {
          const auto a = noise(static_cast<std::size_t>(m * k), "a");
          const auto b = noise(static_cast<std::size_t>(k * n), "b");
          const auto start = noise(static_cast<std::size_t>(m * n), "c");
          std::vector<std::vector<float>> results;
          results.push_back(start);
          Product({m, n, k, m, k, m, add})(a.data(), b.data(), results.back().data());
          for (const auto* version : versions()) {
            results.push_back(start);
            version->product(m, n, k, a.data(), m, b.data(), k, results.back().data(), m, add);
          }
          double worst = 0;
          for (int j = 0; j < n; ++j)
            for (int i = 0; i < m; ++i) {
              const auto at = static_cast<std::size_t>(j * m + i);
              double sum = add ? static_cast<double>(start[at]) : 0.0;
              for (int p = 0; p < k; ++p)
                sum += static_cast<double>(a[static_cast<std::size_t>(p * m + i)]) *
                       static_cast<double>(b[static_cast<std::size_t>(j * k + p)]);
              for (const auto& result : results)
                worst = std::max(worst, std::abs(static_cast<double>(result[at]) - sum));
            }
          CHECK(worst < 1e-4);
        }
}

LATHE_TEST("waves are cosines and sines of whole turns, near and far") {
  for (const auto* k : versions()) {
    alignas(64) float z[16];
    alignas(64) float s[16];
    for (float x = -40; x < 40; x += 0.173F) {
      alignas(64) float input[16];
      for (auto& value : input) value = x;
      const float frequency = 0.7F;
      const float phase = 0.21F;
      k->periodic(z, s, input, &frequency, &phase, 1, 16);
      const double turns = static_cast<double>(x) * 0.7F + 0.21F;
      CHECK(std::abs(static_cast<double>(z[5]) - std::cos(2 * std::numbers::pi * turns)) < 3e-5);
      CHECK(std::abs(static_cast<double>(s[5]) + std::sin(2 * std::numbers::pi * turns)) < 3e-5);
    }
  }
}

LATHE_TEST("every version drops the same elements, about as many as asked") {
  DropPattern pattern{123, 456, 0, static_cast<std::uint32_t>(0.3 * 4294967296.0), 1.0F};
  std::vector<float> first;
  for (const auto* k : versions()) {
    std::vector<float> y(16000, 1.0F);
    k->drop(y.data(), nullptr, static_cast<int>(y.size()), pattern);
    double kept = 0;
    for (const float value : y) kept += static_cast<double>(value);
    CHECK(std::abs(kept / 16000 - 0.7) < 0.015);
    if (first.empty()) first = y;
    CHECK(y == first);
    // A block of its own continues where the one before ended.
    auto later = pattern;
    later.first = 160;
    std::vector<float> part(320, 1.0F);
    k->drop(part.data(), nullptr, 320, later);
    CHECK(std::equal(part.begin(), part.end(), y.begin() + 160));
  }
}

LATHE_TEST("a team does each part once and waits for all at a barrier") {
  for (const int size : {1, 2, 4}) {
    Team team(size);
    std::vector<int> done(static_cast<std::size_t>(size), 0);
    std::vector<int> seen(static_cast<std::size_t>(size), 0);
    for (int round = 0; round < 300; ++round)
      team.run([&](int part) {
        ++done[static_cast<std::size_t>(part)];
        team.barrier();
        int total = 0;
        for (const int count : done) total += count;
        seen[static_cast<std::size_t>(part)] += total == size * (round + 1) ? 1 : 0;
        team.barrier();
      });
    for (const int count : done) CHECK_EQ(count, 300);
    for (const int count : seen) CHECK_EQ(count, 300);
  }
}
