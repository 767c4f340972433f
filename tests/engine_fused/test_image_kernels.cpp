// SPDX-License-Identifier: GPL-3.0-or-later
// The loops for images and recurrent layers in every version that this processor runs, against plain double precision.
#include <array>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/engine_fused/kernels.h"
#include "core/engine_fused/product.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine::fused;

namespace {

constexpr int features = 5;
constexpr int rows = 32;
constexpr int valid = 27;
constexpr std::size_t count = std::size_t{features} * rows;

using Floats = std::vector<float>;

Floats noise(std::size_t size, const char* stream, double shift = 0) {
  Random random(17, stream);
  Floats values(size);
  for (auto& value : values) value = static_cast<float>(random.normal() + shift);
  return values;
}

void everyVersion(const std::function<void(const Kernels&)>& check) {
  for (const auto* table : {baselineKernels(), avx2Kernels(), avx512Kernels()})
    if (table != nullptr) check(*table);
}

bool near(double given, double expected, double tolerance = 1e-5) {
  return std::abs(given - expected) <= tolerance * std::max(1.0, std::abs(expected));
}

std::size_t feature(std::size_t i) { return i / rows; }
bool isValid(std::size_t i) { return i % rows < valid; }

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// h of one row and feature of a GRU, from the sums of its gates.
double gru(const std::array<double, 4>& sums, double before) {
  const double reset = sigmoid(sums[0]);
  const double update = sigmoid(sums[1]);
  const double fresh = std::tanh(sums[2] + reset * sums[3]);
  return (1 - update) * fresh + update * before;
}

struct LstmState {
  double h, cell;
};

LstmState lstm(const std::array<double, 4>& sums, double before) {
  const double cell = sigmoid(sums[1]) * before + sigmoid(sums[0]) * std::tanh(sums[2]);
  return {sigmoid(sums[3]) * std::tanh(cell), cell};
}

constexpr double step = 1e-5;

}  // namespace

LATHE_TEST("moments of a feature leave out the rows beyond the batch") {
  everyVersion([](const Kernels& k) {
    const auto x = noise(count, "x", 100);
    const auto pivot = noise(features, "pivot", 100);
    Floats sums(features * 16), squares(features * 16);
    for (int i = 0; i < 2; ++i)
      k.gatherMoments(x.data(), pivot.data(), features, rows, valid, sums.data(), squares.data());
    std::vector<double> sum(features, 1.0), square(features, 0.0);
    k.reduceLanes(sums.data(), features, sum.data());
    k.reduceLanes(squares.data(), features, square.data());
    for (std::size_t f = 0; f < features; ++f) {
      double expected = 0, expectedSquare = 0;
      for (std::size_t r = 0; r < valid; ++r) {
        const double apart = double{x[f * rows + r]} - double{pivot[f]};
        expected += 2 * apart;
        expectedSquare += 2 * apart * apart;
      }
      CHECK(near(sum[f], 1 + expected, 1e-4));
      CHECK(near(square[f], expectedSquare, 1e-4));
      CHECK_EQ(sums[f * 16 + 3], 0.0F);
    }
  });
}

LATHE_TEST("normalisation with and without relu, and what its way back sums up") {
  everyVersion([](const Kernels& k) {
    const auto x = noise(count, "x");
    const auto scale = noise(features, "scale"), shift = noise(features, "shift");
    for (const bool relu : {false, true}) {
      Floats y(count);
      k.normalise(y.data(), x.data(), scale.data(), shift.data(), features, rows, relu);
      auto dy = noise(count, "dy");
      const auto whole = dy;
      Floats sums(features * 16), dots(features * 16);
      k.normaliseSums(dy.data(), y.data(), x.data(), shift.data(), scale.data(), features, rows, relu, sums.data(),
                      dots.data());
      std::vector<double> sum(features), dot(features), expectedSum(features), expectedDot(features);
      k.reduceLanes(sums.data(), features, sum.data());
      k.reduceLanes(dots.data(), features, dot.data());
      for (std::size_t i = 0; i < count; ++i) {
        const double value = double{x[i]} * double{scale[feature(i)]} + double{shift[feature(i)]};
        CHECK(near(double{y[i]}, relu ? std::max(0.0, value) : value));
        const double gradient = relu && y[i] <= 0 ? 0 : double{whole[i]};
        CHECK(near(double{dy[i]}, gradient));
        expectedSum[feature(i)] += gradient;
        expectedDot[feature(i)] += gradient * (double{x[i]} - double{shift[feature(i)]}) * double{scale[feature(i)]};
      }
      for (std::size_t f = 0; f < features; ++f) {
        CHECK(near(sum[f], expectedSum[f], 1e-4));
        CHECK(near(dot[f], expectedDot[f], 1e-4));
      }
    }
  });
  // What is not a number stays none, with relu too.
  everyVersion([](const Kernels& k) {
    Floats x(rows, std::nanf("")), y(rows);
    const Floats one{1}, zero{0};
    k.normalise(y.data(), x.data(), one.data(), zero.data(), 1, rows, true);
    CHECK(std::isnan(y[7]));
  });
}

LATHE_TEST("the pool behind a normalisation takes the largest of four, and its gradient goes where that came from") {
  everyVersion([](const Kernels& k) {
    std::array<Floats, 4> x{noise(count, "a"), noise(count, "b"), noise(count, "c"), noise(count, "d")};
    const std::array<const float*, 4> four{x[0].data(), x[1].data(), x[2].data(), x[3].data()};
    const auto scale = noise(features, "scale"), shift = noise(features, "shift"), mean = noise(features, "mean"),
               rstd = noise(features, "rstd", 3);
    Floats y(count), best(count), place(count);
    k.normalisePool(y.data(), best.data(), place.data(), four.data(), scale.data(), shift.data(), mean.data(),
                    rstd.data(), features, rows, true);
    const auto dy = noise(count, "dy");
    for (std::size_t which = 0; which < 4; ++which) {
      auto dx = noise(count, "dx");
      const auto known = dx;
      k.normalisePoolBack(dx.data(), true, dy.data(), place.data(), static_cast<float>(which), x[which].data(),
                          mean.data(), scale.data(), shift.data(), rstd.data(), features, rows, valid);
      Floats alone(count);
      k.normalisePoolBack(alone.data(), false, nullptr, place.data(), 0, x[which].data(), mean.data(), scale.data(),
                          shift.data(), rstd.data(), features, rows, valid);
      for (std::size_t i = 0; i < count; ++i) {
        const auto f = feature(i);
        const double rest = -double{shift[f]} - (double{x[which][i]} - double{mean[f]}) * double{rstd[f]};
        const double taken = place[i] == static_cast<float>(which) ? double{dy[i]} : 0;
        CHECK(near(double{dx[i]} - double{known[i]}, isValid(i) ? double{scale[f]} * (taken + rest) : 0, 1e-4));
        CHECK(near(double{alone[i]}, isValid(i) ? double{scale[f]} * rest : 0, 1e-4));
      }
    }
    for (std::size_t i = 0; i < count; ++i) {
      const auto f = feature(i);
      std::size_t largest = 0;
      const auto value = [&](std::size_t which) { return double{x[which][i]} * double{scale[f]} + double{shift[f]}; };
      for (std::size_t which = 1; which < 4; ++which)
        if (value(which) > value(largest)) largest = which;
      CHECK(near(double{y[i]}, std::max(0.0, value(largest))));
      CHECK_EQ(place[i], static_cast<float>(largest));
      CHECK(near(double{best[i]}, (double{x[largest][i]} - double{mean[f]}) * double{rstd[f]}));
    }
  });
}

LATHE_TEST("pools keep the larger and remember which") {
  everyVersion([](const Kernels& k) {
    auto y = noise(count, "y");
    const auto x = noise(count, "x"), known = y;
    Floats place(count, 2), dx(count, 1);
    k.keepLarger(y.data(), place.data(), x.data(), 7, static_cast<int>(count));
    k.addWhere(dx.data(), x.data(), place.data(), 7, static_cast<int>(count));
    k.addScaled(dx.data(), known.data(), 0.5F, static_cast<int>(count));
    for (std::size_t i = 0; i < count; ++i) {
      CHECK_EQ(y[i], std::max(x[i], known[i]));
      CHECK_EQ(place[i], x[i] > known[i] ? 7.0F : 2.0F);
      CHECK(near(double{dx[i]}, 1 + (x[i] > known[i] ? double{x[i]} : 0) + 0.5 * double{known[i]}));
    }
  });
}

LATHE_TEST("a step of a GRU and its gradients") {
  everyVersion([](const Kernels& k) {
    const auto sums = noise(4 * count, "gates");
    const auto inputBias = noise(std::size_t{3} * features, "bi"), hiddenBias = noise(std::size_t{3} * features, "bh");
    const auto before = noise(count, "before"), dy = noise(count, "dy");
    for (const bool first : {false, true}) {
      auto gates = sums;
      auto carry = noise(count, "carry");
      const auto later = carry;
      Floats h(count);
      const float* last = first ? nullptr : before.data();
      k.gruStep(gates.data(), inputBias.data(), hiddenBias.data(), last, h.data(), features, rows, rows);
      k.gruStepBack(gates.data(), dy.data(), carry.data(), last, features, rows, rows);
      for (std::size_t i = 0; i < count; ++i) {
        const auto f = feature(i);
        std::array<double, 4> own{};
        for (std::size_t gate = 0; gate < 4; ++gate) own[gate] = double{sums[gate * count + i]};
        for (std::size_t gate = 0; gate < 2; ++gate)
          own[gate] += double{inputBias[gate * features + f]} + double{hiddenBias[gate * features + f]};
        own[2] += double{inputBias[2 * features + f]};
        own[3] += double{hiddenBias[2 * features + f]};
        const double past = first ? 0 : double{before[i]};
        CHECK(near(double{h[i]}, gru(own, past)));
        const double gradient = double{dy[i]} + double{later[i]};
        for (std::size_t gate = 0; gate < 4; ++gate) {
          auto more = own, less = own;
          more[gate] += step;
          less[gate] -= step;
          CHECK(
              near(double{gates[gate * count + i]}, gradient * (gru(more, past) - gru(less, past)) / (2 * step), 1e-4));
        }
        CHECK(near(double{carry[i]}, gradient * sigmoid(own[1]), 1e-4));
      }
    }
  });
}

LATHE_TEST("a step of an LSTM and its gradients") {
  everyVersion([](const Kernels& k) {
    const auto sums = noise(4 * count, "gates");
    const auto inputBias = noise(std::size_t{4} * features, "bi"), hiddenBias = noise(std::size_t{4} * features, "bh");
    const auto before = noise(count, "before"), dy = noise(count, "dy"), carry = noise(count, "carry");
    for (const bool first : {false, true}) {
      auto gates = sums;
      auto cellCarry = noise(count, "cell");
      const auto later = cellCarry;
      Floats h(count), cell(count);
      const float* last = first ? nullptr : before.data();
      k.lstmStep(gates.data(), inputBias.data(), hiddenBias.data(), last, cell.data(), h.data(), features, rows, rows);
      k.lstmStepBack(gates.data(), dy.data(), carry.data(), cellCarry.data(), last, cell.data(), features, rows, rows);
      for (std::size_t i = 0; i < count; ++i) {
        std::array<double, 4> own{};
        for (std::size_t gate = 0; gate < 4; ++gate)
          own[gate] = double{sums[gate * count + i]} + double{inputBias[gate * features + feature(i)]} +
                      double{hiddenBias[gate * features + feature(i)]};
        const double past = first ? 0 : double{before[i]};
        const auto now = lstm(own, past);
        CHECK(near(double{h[i]}, now.h));
        CHECK(near(double{cell[i]}, now.cell));
        const auto loss = [&](const LstmState& state) {
          return (double{dy[i]} + double{carry[i]}) * state.h + double{later[i]} * state.cell;
        };
        for (std::size_t gate = 0; gate < 4; ++gate) {
          auto more = own, less = own;
          more[gate] += step;
          less[gate] -= step;
          CHECK(near(double{gates[gate * count + i]}, (loss(lstm(more, past)) - loss(lstm(less, past))) / (2 * step),
                     1e-4));
        }
        CHECK(near(double{cellCarry[i]}, (loss(lstm(own, past + step)) - loss(lstm(own, past - step))) / (2 * step),
                   1e-4));
      }
    }
  });
}

LATHE_TEST("a sum of products is the sum of the products, written or added") {
  constexpr int m = 32, n = 7, k = 13, pairs = 5;
  std::vector<Floats> a, b;
  for (int i = 0; i < pairs; ++i) {
    a.push_back(noise(m * k, ("a" + std::to_string(i)).c_str()));
    b.push_back(noise(k * n, ("b" + std::to_string(i)).c_str()));
  }
  for (const bool add : {false, true})
    for (const std::size_t used : {std::size_t{1}, std::size_t{pairs}}) {
      auto c = noise(m * n, "c");
      const auto known = c;
      std::vector<const float*> first, second;
      for (std::size_t p = 0; p < used; ++p) {
        first.push_back(a[p].data());
        second.push_back(b[p].data());
      }
      ProductSum({m, n, k, m, k, m, add})(first.data(), second.data(), c.data(), used);
      for (int j = 0; j < n; ++j)
        for (int i = 0; i < m; ++i) {
          const auto place = static_cast<std::size_t>(j * m + i);
          double expected = add ? double{known[place]} : 0;
          for (std::size_t p = 0; p < used; ++p)
            for (int q = 0; q < k; ++q)
              expected +=
                  double{a[p][static_cast<std::size_t>(q * m + i)]} * double{b[p][static_cast<std::size_t>(j * k + q)]};
          CHECK(near(double{c[place]}, expected, 1e-4));
        }
    }
}
