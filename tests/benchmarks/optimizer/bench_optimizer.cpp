// SPDX-License-Identifier: GPL-3.0-or-later
// Microseconds of one update of each optimiser, and of the gradient's norm: a network of 9000 parameters in eight
// slots, and one of a million. Best of seven runs.
#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <vector>

#include "core/engine/optimizer.h"
#include "core/spec/customary.h"

using namespace lathe;
using engine::Optimizer;

namespace {

struct Flat {
  std::vector<float> values, gradients;
  std::vector<Optimizer::Slot> slots;
  std::vector<const float*> pointers;
};

// As an executor lays parameters out: each at a multiple of 64 bytes, gradients alike.
Flat lay(const std::vector<spec::Shape>& shapes) {
  Flat flat;
  std::size_t total = 16;
  const auto room = [](const spec::Shape& shape) {
    return (static_cast<std::size_t>(spec::elementCount(shape)) + 15) / 16 * 16;
  };
  for (const auto& shape : shapes) total += room(shape);
  flat.values.assign(total, 0.0F);
  flat.gradients.assign(total, 0.0F);
  const auto misfit = [](const float* p) { return reinterpret_cast<std::uintptr_t>(p) % 64 / sizeof(float); };
  float* values = flat.values.data() + (16 - misfit(flat.values.data())) % 16;
  float* gradients = flat.gradients.data() + (16 - misfit(flat.gradients.data())) % 16;
  for (const auto& shape : shapes) {
    Optimizer::Slot slot;
    slot.name = fmt::format("p{}", flat.slots.size());
    slot.values = values;
    slot.count = static_cast<std::size_t>(spec::elementCount(shape));
    slot.decay = shape.size() > 1;
    slot.shape = shape;
    slot.hidden = shape.size() > 1 && shape[0] > 10;
    slot.room = room(shape);
    for (std::size_t i = 0; i < slot.count; ++i) {
      values[i] = 0.01F * static_cast<float>(i % 13);
      gradients[i] = 0.001F * static_cast<float>(i * 7 % 29) - 0.01F;
    }
    flat.pointers.push_back(gradients);
    values += slot.room;
    gradients += slot.room;
    flat.slots.push_back(std::move(slot));
  }
  return flat;
}

template <class Work>
double best(int times, const Work& work) {
  double least = 1e9;
  for (int run = 0; run < 7; ++run) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 1; i <= times; ++i) work(i);
    const std::chrono::duration<double, std::micro> taken = std::chrono::steady_clock::now() - start;
    least = std::min(least, taken.count() / times);
  }
  return least;
}

}  // namespace

int main() {
  const std::vector<spec::Shape> small{{64, 64}, {64}, {64, 64}, {64}, {10, 64}, {10}, {64, 2}, {64}};
  const std::vector<spec::Shape> large{{700, 700}, {700}, {700, 700}, {700}, {10, 700}, {10}};
  double sum = 0;
  for (const auto& shapes : {small, large}) {
    auto flat = lay(shapes);
    const int times = flat.values.size() < 100000 ? 5000 : 60;
    fmt::print("{} parameters\n", flat.values.size());
    const Optimizer norm({}, flat.slots);
    fmt::print("  {:22}{:10.2f} us\n", "norm", best(times, [&](int) { sum += norm.gradientNorm(flat.pointers); }));
    for (const auto& name : spec::optimizerNames()) {
      Optimizer optimizer(spec::customaryOptimizer(name), flat.slots);
      const int few = name == "muon" ? std::max(1, times / 60) : times;
      fmt::print("  {:22}{:10.2f} us\n", name, best(few, [&](int i) { optimizer.update(flat.pointers, i, 1e-6); }));
    }
  }
  return sum > 0 ? 0 : 1;
}
