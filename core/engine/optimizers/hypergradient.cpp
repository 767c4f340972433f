// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/engine/optimizers/lane_sum.h"
#include "core/engine/optimizers/multiversion.h"
#include "core/engine/optimizers/update_rule.h"

// Hypergradient descent of the learning rate (Baydin 2018, the multiplicative rule of section 3.1): the rate grows
// while gradient and last step agree, and falls when the step went too far. The scheduled rate is multiplied by the
// factor that is learnt: factor *= 1 + h * cos(gradient, last step).
namespace lathe::engine {
namespace {

constexpr double smallest = 1e-4;
constexpr double largest = 1e4;

struct Products {
  double both = 0, gradient = 0, moved = 0;
};

LATHE_MULTIVERSION
Products productsLoop(const float* __restrict gradient, float* __restrict moved, const float* __restrict values,
                      std::size_t count) {
  Products products;
  for (std::size_t block = 0; block < count; block += sumBlock) {
    const std::size_t end = block + sumBlock < count ? block + sumBlock : count;
    float both[sumLanes] = {};
    float gradients[sumLanes] = {};
    float moves[sumLanes] = {};
    const auto one = [&](std::size_t i, std::size_t lane) {
      both[lane] += gradient[i] * moved[i];
      gradients[lane] += gradient[i] * gradient[i];
      moves[lane] += moved[i] * moved[i];
      // The place before the coming step, until movedLoop makes the move of it.
      moved[i] = values[i];
    };
    std::size_t i = block;
    for (; i + sumLanes <= end; i += sumLanes)
      for (std::size_t lane = 0; lane < sumLanes; ++lane) one(i + lane, lane);
    for (; i < end; ++i) one(i, 0);
    products.both += laneSum(both);
    products.gradient += laneSum(gradients);
    products.moved += laneSum(moves);
  }
  return products;
}

LATHE_MULTIVERSION
void movedLoop(float* __restrict moved, const float* __restrict values, std::size_t count, float scale) {
  for (std::size_t i = 0; i < count; ++i) moved[i] = (moved[i] - values[i]) * scale;
}

class Hypergradient final : public UpdateRule {
 public:
  Hypergradient(double rate, std::unique_ptr<UpdateRule> inner) : m_rate(rate), m_inner(std::move(inner)) {}

  [[nodiscard]] std::vector<const char*> arrays() const override {
    auto names = m_inner->arrays();
    names.push_back("moved");
    return names;
  }
  [[nodiscard]] std::span<double> numbers() override { return m_numbers; }
  [[nodiscard]] bool bySlot() const override { return true; }
  void prepare(std::span<const RuleRange> slots) override {
    m_inner->prepare(slots);
    m_own = m_inner->arrays().size();
  }

  RuleRate update(const RuleStep& step) override {
    const std::size_t own = m_own;
    step.each([&](const RuleRange& range, std::size_t first, std::size_t count, double* sums) {
      const auto found =
          productsLoop(range.gradient + first, step.array(own, range, first), range.values + first, count);
      sums[0] = found.both;
      sums[1] = found.gradient;
      sums[2] = found.moved;
    });
    const auto total = step.total();
    const double lengths = std::sqrt(total[1]) * std::sqrt(total[2]);
    if (lengths > 0 && std::isfinite(lengths))
      m_numbers[0] = std::clamp(m_numbers[0] * (1 + m_rate * total[0] / lengths), smallest, largest);
    auto inner = step;
    inner.lr = step.lr * m_numbers[0];
    const auto done = m_inner->update(inner);
    // Only the direction counts; in units of the rate it stays in the range of float.
    const auto scale = static_cast<float>(inner.lr > 0 ? 1 / inner.lr : 0);
    step.each([&](const RuleRange& range, std::size_t first, std::size_t count, double*) {
      movedLoop(step.array(own, range, first), range.values + first, count, scale);
    });
    return done;
  }

 private:
  double m_rate;
  std::unique_ptr<UpdateRule> m_inner;
  std::size_t m_own = 0;
  std::array<double, 1> m_numbers{1};
};

}  // namespace

std::unique_ptr<UpdateRule> makeHypergradient(const spec::OptimizerSpec& spec, std::unique_ptr<UpdateRule> inner) {
  return std::make_unique<Hypergradient>(spec.hypergradient, std::move(inner));
}

}  // namespace lathe::engine
