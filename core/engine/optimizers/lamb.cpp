// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/engine/optimizers/lane_sum.h"
#include "core/engine/optimizers/multiversion.h"
#include "core/engine/optimizers/update_rule.h"

// LAMB (You 2020): Adam's step of each parameter is made as long as the parameter itself, times the learning rate, for
// very large batches. As in the authors' code, what is spared from decay is not stretched either.
namespace lathe::engine {
namespace {

struct Numbers {
  float beta1, beta2, oneMinusBeta1, oneMinusBeta2, gradientScale, correction1, root, epsilon, decay;
};

struct Norms {
  double weights = 0, steps = 0;
};

LATHE_MULTIVERSION
Norms momentsLoop(const float* __restrict values, const float* __restrict gradient, float* __restrict first,
                  float* __restrict second, std::size_t count, const Numbers& numbers) {
  const Numbers n = numbers;
  Norms norms;
  for (std::size_t block = 0; block < count; block += sumBlock) {
    const std::size_t end = block + sumBlock < count ? block + sumBlock : count;
    float weights[sumLanes] = {};
    float steps[sumLanes] = {};
    const auto one = [&](std::size_t i, std::size_t lane) {
      const float g = gradient[i] * n.gradientScale;
      const float m = n.beta1 * first[i] + n.oneMinusBeta1 * g;
      const float v = n.beta2 * second[i] + n.oneMinusBeta2 * g * g;
      first[i] = m;
      second[i] = v;
      const float u = m * n.correction1 / (std::sqrt(v) * n.root + n.epsilon) + n.decay * values[i];
      weights[lane] += values[i] * values[i];
      steps[lane] += u * u;
    };
    std::size_t i = block;
    for (; i + sumLanes <= end; i += sumLanes)
      for (std::size_t lane = 0; lane < sumLanes; ++lane) one(i + lane, lane);
    for (; i < end; ++i) one(i, 0);
    norms.weights += laneSum(weights);
    norms.steps += laneSum(steps);
  }
  return norms;
}

LATHE_MULTIVERSION
void stepLoop(float* __restrict values, const float* __restrict first, const float* __restrict second,
              std::size_t count, float lr, const Numbers& numbers) {
  const Numbers n = numbers;
  for (std::size_t i = 0; i < count; ++i)
    values[i] -= lr * (first[i] * n.correction1 / (std::sqrt(second[i]) * n.root + n.epsilon) + n.decay * values[i]);
}

class Lamb final : public UpdateRule {
 public:
  explicit Lamb(const spec::OptimizerSpec& spec) : m_beta1(spec.beta1), m_beta2(spec.beta2), m_epsilon(spec.epsilon) {}
  [[nodiscard]] std::vector<const char*> arrays() const override { return {"first", "second"}; }
  [[nodiscard]] bool bySlot() const override { return true; }
  void prepare(std::span<const RuleRange> slots) override { m_lr.resize(slots.size()); }

  RuleRate update(const RuleStep& step) override {
    const auto t = static_cast<double>(step.step);
    const double beta1 = step.momentumOr(m_beta1);
    Numbers shared{static_cast<float>(beta1),
                   static_cast<float>(m_beta2),
                   static_cast<float>(1 - beta1),
                   static_cast<float>(1 - m_beta2),
                   static_cast<float>(step.gradientScale),
                   static_cast<float>(1 / (1 - std::pow(beta1, t))),
                   static_cast<float>(1 / std::sqrt(1 - std::pow(m_beta2, t))),
                   static_cast<float>(m_epsilon),
                   0};
    const auto numbersOf = [&](const RuleRange& range) {
      auto numbers = shared;
      numbers.decay = static_cast<float>(step.decay * range.decayScale);
      return numbers;
    };
    step.each([&](const RuleRange& range, std::size_t first, std::size_t count, double* sums) {
      const auto norms = momentsLoop(range.values + first, range.gradient + first, step.array(0, range, first),
                                     step.array(1, range, first), count, numbersOf(range));
      sums[0] = norms.weights;
      sums[1] = norms.steps;
    });
    findRates(step);
    step.each([&](const RuleRange& range, std::size_t first, std::size_t count, double*) {
      const auto slot = static_cast<std::size_t>(&range - step.ranges.data());
      stepLoop(range.values + first, step.array(0, range, first), step.array(1, range, first), count, m_lr[slot],
               numbersOf(range));
    });
    return {step.lr, beta1};
  }

 private:
  void findRates(const RuleStep& step) {
    std::size_t piece = 0;
    for (std::size_t r = 0; r < step.ranges.size(); ++r) {
      double weights = 0;
      double steps = 0;
      for (; piece < step.pieces.size() && step.pieces[piece].range == r; ++piece) {
        weights += step.sums[piece * sumsOfPiece];
        steps += step.sums[piece * sumsOfPiece + 1];
      }
      const bool stretched = step.ranges[r].decayScale > 0 && weights > 0 && steps > 0;
      const double ratio = stretched ? std::sqrt(weights / steps) : 1;
      m_lr[r] = static_cast<float>(step.lr * step.ranges[r].lrScale * ratio);
    }
  }

  double m_beta1, m_beta2, m_epsilon;
  std::vector<float> m_lr;
};

}  // namespace

std::unique_ptr<UpdateRule> makeLamb(const spec::OptimizerSpec& spec) { return std::make_unique<Lamb>(spec); }

}  // namespace lathe::engine
