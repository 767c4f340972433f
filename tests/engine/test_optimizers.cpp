// SPDX-License-Identifier: GPL-3.0-or-later
// Every optimiser against its paper in double precision, over 100 steps; merging, threads, checkpoints.
#include <algorithm>
#include <cmath>
#include <thread>

#include "core/base/random.h"
#include "core/engine/optimizer.h"
#include "core/engine/optimizers/orthogonalise.h"
#include "core/spec/customary.h"
#include "tests/engine/optimizer_reference.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;
using lathe::tests::Reference;

namespace {

constexpr std::size_t matrixCount = 1100;  // more than a block of sums, and no multiple of any vector
constexpr std::size_t biasCount = 37;

double startOf(std::size_t i) { return std::sin(0.7 * static_cast<double>(i)) + 0.3; }

// The slope of a bowl with another curvature in each direction, with waves.
template <class T>
T slope(T x, std::size_t i) {
  return x * static_cast<T>(0.2 + 0.1 * static_cast<double>(i % 23)) + static_cast<T>(0.3) * std::sin(3 * x);
}

std::vector<float> startValues() {
  std::vector<float> values;
  for (std::size_t i = 0; i < matrixCount + biasCount; ++i) values.push_back(static_cast<float>(startOf(i)));
  return values;
}

// Two parameters, the second without decay.
std::vector<Optimizer::Slot> slotsOf(std::vector<float>& values) {
  return {{"matrix", values.data(), matrixCount, true}, {"bias", values.data() + matrixCount, biasCount, false}};
}

void fillSlopes(const std::vector<float>& values, std::vector<float>& gradient) {
  for (std::size_t i = 0; i < values.size(); ++i) gradient[i] = slope(values[i], i);
}

// Sharing the work in a strange order, on two threads.
const ParallelFor twoThreads = [](int parts, const std::function<void(int)>& work) {
  std::thread other([&] {
    for (int part = parts - 1; part >= 0; --part)
      if (part % 2 == 1) work(part);
  });
  for (int part = 0; part < parts; part += 2) work(part);
  other.join();
};

spec::OptimizerSpec usual(const std::string& name) {
  auto spec = spec::customaryOptimizer(name);
  spec.weightDecay = 0.05;
  return spec;
}

}  // namespace

LATHE_TEST("every optimiser does over 100 steps what its paper says") {
  auto specs = std::vector<spec::OptimizerSpec>{};
  for (const auto& name : spec::optimizerNames()) specs.push_back(usual(name));
  auto moving = usual("rmsprop");
  moving.momentum = 0.9;
  specs.push_back(moving);
  for (const char* name : {"sgd", "adam", "adamw"}) {
    specs.push_back(usual(name));
    specs.back().hypergradient = 0.02;
  }
  for (const auto& spec : specs) {
    auto ours = startValues();
    std::vector<float> gradient(ours.size());
    std::vector<double> theirs, slopes(ours.size());
    std::vector<bool> decays;
    for (std::size_t i = 0; i < ours.size(); ++i) {
      theirs.push_back(ours[i]);
      decays.push_back(i < matrixCount);
    }
    Optimizer optimizer(spec, slotsOf(ours));
    Reference reference(spec);
    const bool waves = spec.name == "lion";  // a sign may fall either way
    double worst = 0;
    for (int t = 1; t <= 100; ++t) {
      const double lr = spec.lr * (1 + 0.5 * std::cos(0.2 * t));
      for (std::size_t i = 0; i < ours.size(); ++i) {
        // Both sides see the slope at the reference's place, so that rounding does not feed on itself.
        slopes[i] = waves ? slope(theirs[i], i) + 0.01 : slope(theirs[i], i);
        gradient[i] = static_cast<float>(slopes[i]);
        slopes[i] = gradient[i];
      }
      optimizer.update({gradient.data(), gradient.data() + matrixCount}, t, lr);
      reference.step(theirs, slopes, t, lr, decays);
      for (std::size_t i = 0; i < ours.size(); ++i) worst = std::max(worst, std::abs(ours[i] - theirs[i]));
    }
    if (!(worst < 5e-5)) lathe::testing::reportFailure(__FILE__, __LINE__, spec.name + ": " + std::to_string(worst));
    if (spec.name == "prodigy" || spec.name == "dadapt_adam") {
      CHECK(reference.d > 1e-4);  // it did adapt
      CHECK(optimizer.rate() > 1e-5);
    }
    if (spec.name == "yellowfin") CHECK(std::abs(optimizer.momentum() - reference.momentum) < 1e-4);
    if (optimizer.averages()) {
      std::vector<float> average(ours.size());
      optimizer.writeAverage({average.data(), average.data() + matrixCount});
      for (std::size_t i = 0; i < ours.size(); ++i) CHECK(std::abs(average[i] - reference.average[i]) < 2e-5);
    }
  }
}

LATHE_TEST("the bits of an update depend neither on threads nor on a pause") {
  for (const auto& name : spec::optimizerNames()) {
    auto spec = usual(name);
    const std::size_t rows = 250;
    const std::size_t columns = 203;  // four pieces
    const auto train = [&](const ParallelFor& parallel, int pauseAfter) {
      std::vector<float> values(rows * columns + biasCount), gradient(values.size());
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(startOf(i));
      std::vector<Optimizer::Slot> slots{{"matrix", values.data(), rows * columns, true, {250, 203}, 0.5, 1, true},
                                         {"bias", values.data() + rows * columns, biasCount, false}};
      Optimizer optimizer(spec, slots);
      for (int t = 1; t <= 6; ++t) {
        fillSlopes(values, gradient);
        optimizer.update({gradient.data(), gradient.data() + rows * columns}, t, spec.lr, 0.7, parallel);
        if (t != pauseAfter) continue;
        Checkpoint checkpoint;
        optimizer.save(checkpoint);
        Optimizer other(spec, slots);
        REQUIRE_OK(other.restore(checkpoint));
        optimizer = std::move(other);
      }
      return values;
    };
    const auto alone = train({}, 0);
    CHECK(train(twoThreads, 0) == alone);
    CHECK(train({}, 3) == alone);
    CHECK(alone[5] != static_cast<float>(startOf(5)));
  }
}

LATHE_TEST("slots one after another are updated as one, the room between them stays zero") {
  for (const auto& name : spec::optimizerNames()) {
    const auto spec = usual(name);
    const std::vector<std::size_t> counts{50, 16, 7, 33};
    std::vector<float> flat(64 + 16 + 16 + 48, 0.0F), slopes(flat.size(), 0.0F);
    std::vector<std::vector<float>> apart;
    std::vector<Optimizer::Slot> together, separate;
    std::vector<const float*> flatGradients, apartGradients;
    std::size_t at = 0;
    for (std::size_t s = 0; s < counts.size(); ++s) {
      apart.emplace_back(counts[s]);
      for (std::size_t i = 0; i < counts[s]; ++i) {
        flat[at + i] = apart[s][i] = static_cast<float>(startOf(at + i));
        slopes[at + i] = slope(flat[at + i], at + i);
      }
      Optimizer::Slot slot{"p" + std::to_string(s), flat.data() + at, counts[s], s != 2};
      separate.push_back(slot);
      separate.back().values = apart[s].data();
      apartGradients.push_back(slopes.data() + at);
      flatGradients.push_back(slopes.data() + at);
      slot.room = (counts[s] + 15) / 16 * 16;
      together.push_back(slot);
      at += slot.room;
    }
    Optimizer one(spec, together), other(spec, separate);
    for (int t = 1; t <= 5; ++t) {
      one.update(flatGradients, t, spec.lr);
      other.update(apartGradients, t, spec.lr);
    }
    at = 0;
    for (std::size_t s = 0; s < counts.size(); ++s) {
      for (std::size_t i = 0; i < counts[s]; ++i) CHECK(std::abs(flat[at + i] - apart[s][i]) < 2e-6);
      for (std::size_t i = counts[s]; i < together[s].room; ++i) CHECK_EQ(flat[at + i], 0.0F);
      at += together[s].room;
    }
  }
}

LATHE_TEST("a slot's factors scale its rate and its decay, decay_all spares nothing") {
  spec::OptimizerSpec spec = usual("adamw");
  std::vector<float> plain{1, 2}, scaled{1, 2};
  const std::vector<float> gradient{0.3F, -0.2F};
  Optimizer first(spec, {{"x", plain.data(), 2, true}});
  Optimizer second(spec, {{"x", scaled.data(), 2, true, {}, 0.5}});
  first.update({gradient.data()}, 1, 0.05);
  second.update({gradient.data()}, 1, 0.1);
  for (std::size_t i = 0; i < 2; ++i) CHECK(std::abs(plain[i] - scaled[i]) < 1e-6);
  spec.decayAll = true;
  float bias = 2;
  const float none = 0;
  Optimizer all(spec, {{"bias", &bias, 1, false, {}, 1, 0.5}});
  all.update({&none}, 1, 0.1);
  CHECK(std::abs(bias - 2 * (1 - 0.1 * 0.05 * 0.5)) < 1e-6);
  StepSettings settings;
  settings.step = 2;
  settings.lr = 0.1;
  settings.weightDecayFactor = 0;
  const float before = bias;
  all.update({&none}, settings);
  CHECK_EQ(bias, before);
}

LATHE_TEST("Muon's steps are orthogonal: every singular value is near one, whatever the shape") {
  for (const auto& [rows, columns] : {std::pair<std::size_t, std::size_t>{24, 40}, {67, 19}, {32, 32}, {9, 300}}) {
    std::vector<float> values(rows * columns), gradient(rows * columns);
    Random random(5, "muon");
    for (auto& each : gradient) each = static_cast<float>(random.normal());
    auto spec = usual("muon");
    spec.weightDecay = 0;
    Optimizer optimizer(spec, {{"w",
                                values.data(),
                                values.size(),
                                true,
                                {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)},
                                1,
                                1,
                                true}});
    optimizer.update({gradient.data()}, 1, 1);
    // values = -sqrt(max(1, rows / columns)) * O. O O^T (or O^T O) has the squares of singular values as eigenvalues,
    // so for every x of length 1 the length of O^T x lies between the smallest and the largest one.
    const double shape = std::sqrt(std::max(1.0, static_cast<double>(rows) / static_cast<double>(columns)));
    const std::size_t small = std::min(rows, columns), large = std::max(rows, columns);
    const auto at = [&](std::size_t i, std::size_t j) {
      return -static_cast<double>(rows <= columns ? values[i * columns + j] : values[j * columns + i]) / shape;
    };
    double trace = 0, along = 0;
    for (int trial = 0; trial < 20; ++trial) {
      std::vector<double> x(small);
      double length = 0;
      for (auto& each : x) {
        each = random.normal();
        length += each * each;
      }
      double image = 0;
      for (std::size_t j = 0; j < large; ++j) {
        double sum = 0;
        for (std::size_t i = 0; i < small; ++i) sum += at(i, j) * x[i];
        image += sum * sum;
      }
      CHECK(image / length > 0.45);
      CHECK(image / length < 1.6);
    }
    for (std::size_t i = 0; i < small; ++i)
      for (std::size_t j = 0; j < large; ++j) {
        trace += at(i, j) * at(i, j);
        along += at(i, j) * (rows <= columns ? gradient[i * columns + j] : gradient[j * columns + i]);
      }
    CHECK(trace / static_cast<double>(small) > 0.6);
    CHECK(trace / static_cast<double>(small) < 1.3);
    CHECK(along > 0);  // it descends
  }
}

LATHE_TEST("products of matrices are those of the schoolbook, shared or not") {
  const std::size_t m = 131, n = 45, k = 77;
  std::vector<float> a(m * k), b(k * n), alone(m * n), shared(m * n);
  Random random(3, "product");
  for (auto* matrix : {&a, &b})
    for (auto& each : *matrix) each = static_cast<float>(random.normal());
  multiply(alone.data(), a.data(), b.data(), m, n, k, nullptr);
  multiply(shared.data(), a.data(), b.data(), m, n, k, &twoThreads);
  CHECK(alone == shared);
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      double sum = 0;
      for (std::size_t l = 0; l < k; ++l) sum += static_cast<double>(a[i * k + l]) * b[l * n + j];
      CHECK(std::abs(sum - alone[i * n + j]) < 1e-4);
    }
}

LATHE_TEST("the gradient norm is right for every length, and beyond the squares of float") {
  for (const std::size_t count : {1U, 63U, 64U, 65U, 1024U, 5000U}) {
    std::vector<float> values(count), gradient(count);
    Random random(8, "norm");
    double exact = 0;
    for (auto& each : gradient) {
      each = static_cast<float>(random.normal());
      exact += static_cast<double>(each) * each;
    }
    const Optimizer optimizer({}, {{"x", values.data(), count, true}});
    CHECK(std::abs(optimizer.gradientNorm({gradient.data()}) - std::sqrt(exact)) < 1e-6 * std::sqrt(exact));
    for (const float size : {1e30F, 1e-30F}) {
      std::vector<float> extreme(count, size);
      const double norm = optimizer.gradientNorm({extreme.data()});
      CHECK(std::abs(norm / (size * std::sqrt(static_cast<double>(count))) - 1) < 1e-6);
    }
    gradient[count / 2] = NAN;
    CHECK(!std::isfinite(optimizer.gradientNorm({gradient.data()})));
  }
}
