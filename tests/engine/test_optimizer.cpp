// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/engine/optimizer.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

/// Three steps of f(x) = x^2 / 2 times the index from (1, 2, ...), written down from the papers in double precision.
std::vector<double> reference(const spec::OptimizerSpec& spec, std::vector<double> x, double lr, int steps) {
  std::vector<double> m(x.size(), 0), v(x.size(), 0);
  for (int t = 1; t <= steps; ++t)
    for (std::size_t i = 0; i < x.size(); ++i) {
      double g = x[i] * static_cast<double>(i + 1);
      if (spec.name == "adamw")
        x[i] *= 1 - lr * spec.weightDecay;
      else
        g += spec.weightDecay * x[i];
      if (spec.name == "sgd") {
        m[i] = spec.momentum * m[i] + g;
        x[i] -= lr * (spec.nesterov ? g + spec.momentum * m[i] : m[i]);
        continue;
      }
      m[i] = spec.beta1 * m[i] + (1 - spec.beta1) * g;
      v[i] = spec.beta2 * v[i] + (1 - spec.beta2) * g * g;
      const double mHat = m[i] / (1 - std::pow(spec.beta1, t));
      const double vHat = v[i] / (1 - std::pow(spec.beta2, t));
      x[i] -= lr * mHat / (std::sqrt(vHat) + spec.epsilon);
    }
  return x;
}

std::vector<float> fused(const spec::OptimizerSpec& spec, std::vector<float> x, double lr, int steps) {
  Optimizer optimizer(spec, {{"x", x.data(), x.size(), true}});
  std::vector<float> gradient(x.size());
  for (int t = 1; t <= steps; ++t) {
    for (std::size_t i = 0; i < x.size(); ++i) gradient[i] = x[i] * static_cast<float>(i + 1);
    optimizer.update({gradient.data()}, t, lr);
  }
  return x;
}

}  // namespace

LATHE_TEST("optimisers do what their papers say") {
  std::vector<float> start;
  for (int i = 0; i < 37; ++i) start.push_back(1 + 0.1F * static_cast<float>(i));  // not a multiple of any vector
  for (const char* name : {"sgd", "adam", "adamw"})
    for (const double momentum : {0.0, 0.9})
      for (const bool nesterov : {false, true}) {
        spec::OptimizerSpec spec;
        spec.name = name;
        spec.momentum = momentum;
        spec.nesterov = nesterov && momentum > 0;
        spec.weightDecay = 0.1;
        const double lr = 0.01;
        const auto expected = reference(spec, {start.begin(), start.end()}, lr, 3);
        const auto given = fused(spec, start, lr, 3);
        for (std::size_t i = 0; i < given.size(); ++i) CHECK(std::abs(given[i] - expected[i]) < 2e-5);
      }
}

LATHE_TEST("decay spares what is marked, clipping scales the gradient") {
  float spared = 2;
  spec::OptimizerSpec spec;
  Optimizer optimizer(spec, {{"bias", &spared, 1, false}});
  const float none = 0;
  optimizer.update({&none}, 1, 0.5);
  CHECK_EQ(spared, 2.0F);
  CHECK_EQ(clippingScale(10, 0), 1.0);
  CHECK_EQ(clippingScale(10, 20), 1.0);
  CHECK_EQ(clippingScale(10, 5), 0.5);
}

LATHE_TEST("the gradient norm counts every element once") {
  std::vector<float> values(50, 0), other(3, 0);
  const Optimizer optimizer({}, {{"a", values.data(), values.size(), true}, {"b", other.data(), other.size(), true}});
  const std::vector<float> gradient(50, 0.5F);
  const std::vector<float> second{1, 2, 3};
  CHECK(std::abs(optimizer.gradientNorm({gradient.data(), second.data()}) - std::sqrt(50 * 0.25 + 14)) < 1e-9);
}

LATHE_TEST("an optimiser's state goes through a checkpoint") {
  std::vector<float> a{1, 2}, b{1, 2};
  const std::vector<float> gradient{0.3F, -0.2F};
  Optimizer first({}, {{"x", a.data(), 2, true}});
  first.update({gradient.data()}, 1, 0.1);
  Checkpoint checkpoint;
  first.save(checkpoint);
  b = a;
  Optimizer second({}, {{"x", b.data(), 2, true}});
  REQUIRE_OK(second.restore(checkpoint));
  first.update({gradient.data()}, 2, 0.1);
  second.update({gradient.data()}, 2, 0.1);
  CHECK(a == b);
  Optimizer other({}, {{"y", b.data(), 2, true}});
  CHECK(!other.restore(checkpoint));
}
