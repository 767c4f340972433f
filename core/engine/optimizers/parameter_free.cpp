// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/engine/optimizers/lane_sum.h"
#include "core/engine/optimizers/multiversion.h"
#include "core/engine/optimizers/update_rule.h"

// Adam with a step size d that grows from a lower bound of the distance to the solution: Prodigy (Mishchenko and
// Defazio 2023, algorithm 4) and D-Adaptation (Defazio and Mishchenko 2023, algorithm 5). The learning rate is a factor
// of d; decay is decoupled. Prodigy's way from the start is summed instead of being the difference of two weights: at
// first it is a millionth of them, of which float would leave little.
namespace lathe::engine {
namespace {

constexpr double firstDistance = 1e-6;  // d0 of both papers

struct Numbers {
  float gradientScale, beta1, meanFactor, beta2, oneMinusBeta2, root2, sumFactor, lr, epsilon, decay;
};

struct Sums {
  double inner = 0, absolute = 0;
};

LATHE_MULTIVERSION
Sums prodigyLoop(float* __restrict values, const float* __restrict gradient, float* __restrict first,
                 float* __restrict second, float* __restrict sum, float* __restrict moved, std::size_t count,
                 const Numbers& numbers, float secondFactor) {
  const Numbers n = numbers;
  Sums sums;
  for (std::size_t block = 0; block < count; block += sumBlock) {
    const std::size_t end = block + sumBlock < count ? block + sumBlock : count;
    float inner[sumLanes] = {};
    float absolute[sumLanes] = {};
    const auto one = [&](std::size_t i, std::size_t lane) {
      const float g = gradient[i] * n.gradientScale;
      inner[lane] += g * moved[i];
      const float m = n.beta1 * first[i] + n.meanFactor * g;
      const float v = n.beta2 * second[i] + secondFactor * g * g;
      const float s = n.root2 * sum[i] + n.sumFactor * g;
      first[i] = m;
      second[i] = v;
      sum[i] = s;
      absolute[lane] += std::fabs(s);
      const float way = n.decay * values[i] + n.lr * m / (std::sqrt(v) + n.epsilon);
      moved[i] += way;
      values[i] -= way;
    };
    std::size_t i = block;
    for (; i + sumLanes <= end; i += sumLanes)
      for (std::size_t lane = 0; lane < sumLanes; ++lane) one(i + lane, lane);
    for (; i < end; ++i) one(i, 0);
    sums.inner += laneSum(inner);
    sums.absolute += laneSum(absolute);
  }
  return sums;
}

LATHE_MULTIVERSION
Sums dadaptLoop(float* __restrict values, const float* __restrict gradient, float* __restrict first,
                float* __restrict second, float* __restrict sum, std::size_t count, const Numbers& numbers) {
  const Numbers n = numbers;
  Sums sums;
  for (std::size_t block = 0; block < count; block += sumBlock) {
    const std::size_t end = block + sumBlock < count ? block + sumBlock : count;
    float inner[sumLanes] = {};
    float absolute[sumLanes] = {};
    const auto one = [&](std::size_t i, std::size_t lane) {
      const float g = gradient[i] * n.gradientScale;
      const float m = n.beta1 * first[i] + n.meanFactor * g;
      const float v = n.beta2 * second[i] + n.oneMinusBeta2 * g * g;
      const float divisor = std::sqrt(v) + n.epsilon;
      inner[lane] += g * sum[i] / divisor;
      const float s = n.root2 * sum[i] + n.sumFactor * g;
      first[i] = m;
      second[i] = v;
      sum[i] = s;
      absolute[lane] += std::fabs(s);
      values[i] -= n.decay * values[i] + n.lr * m / divisor;
    };
    std::size_t i = block;
    for (; i + sumLanes <= end; i += sumLanes)
      for (std::size_t lane = 0; lane < sumLanes; ++lane) one(i + lane, lane);
    for (; i < end; ++i) one(i, 0);
    sums.inner += laneSum(inner);
    sums.absolute += laneSum(absolute);
  }
  return sums;
}

class DistanceRule : public UpdateRule {
 public:
  explicit DistanceRule(const spec::OptimizerSpec& spec)
      : m_beta1(spec.beta1), m_beta2(spec.beta2), m_epsilon(spec.epsilon) {}
  [[nodiscard]] bool bySlot() const override { return true; }
  [[nodiscard]] std::span<double> numbers() override { return m_numbers; }

 protected:
  [[nodiscard]] double distance() const { return m_numbers[0]; }

  void learn(double root2, double weight, const std::array<double, sumsOfPiece>& total, double divisor) {
    // Beyond what float sums hold nothing can be learnt; the distance stays.
    if (!std::isfinite(total[0]) || !std::isfinite(total[1])) return;
    m_numbers[1] = root2 * m_numbers[1] + weight * total[0];
    if (total[1] > 0) m_numbers[0] = std::max(m_numbers[0], m_numbers[1] / (divisor * total[1]));
  }

  double m_beta1, m_beta2, m_epsilon;

 private:
  std::array<double, 2> m_numbers{firstDistance, 0};
};

class Prodigy final : public DistanceRule {
 public:
  using DistanceRule::DistanceRule;
  [[nodiscard]] std::vector<const char*> arrays() const override { return {"first", "second", "sum", "moved"}; }

  RuleRate update(const RuleStep& step) override {
    const double beta1 = step.momentumOr(m_beta1);
    const double root2 = std::sqrt(m_beta2);
    const double d = distance();
    const double weight = (1 - root2) * step.lr * d * d;
    step.each([&](const RuleRange& range, std::size_t first, std::size_t count, double* sums) {
      const double lr = step.lr * d * range.lrScale;
      const Numbers numbers{static_cast<float>(step.gradientScale),
                            static_cast<float>(beta1),
                            static_cast<float>((1 - beta1) * d),
                            static_cast<float>(m_beta2),
                            0,
                            static_cast<float>(root2),
                            static_cast<float>(weight),
                            static_cast<float>(lr),
                            static_cast<float>(d * m_epsilon),
                            static_cast<float>(lr * step.decay * range.decayScale)};
      const auto found =
          prodigyLoop(range.values + first, range.gradient + first, step.array(0, range, first),
                      step.array(1, range, first), step.array(2, range, first), step.array(3, range, first), count,
                      numbers, static_cast<float>((1 - m_beta2) * d * d));
      sums[0] = found.inner;
      sums[1] = found.absolute;
    });
    const auto total = step.total();
    learn(root2, weight, total, 1);
    return {step.lr * d, beta1};
  }
};

class DadaptAdam final : public DistanceRule {
 public:
  using DistanceRule::DistanceRule;
  [[nodiscard]] std::vector<const char*> arrays() const override { return {"first", "second", "sum"}; }

  RuleRate update(const RuleStep& step) override {
    const double beta1 = step.momentumOr(m_beta1);
    const double root2 = std::sqrt(m_beta2);
    const double d = distance();
    const double weight = (1 - root2) * step.lr * d;
    step.each([&](const RuleRange& range, std::size_t first, std::size_t count, double* sums) {
      const double lr = step.lr * d * range.lrScale;
      // The rate is inside the mean, as in the paper; a slot's own factor is not, so that it does not spoil the bound.
      const Numbers numbers{static_cast<float>(step.gradientScale),
                            static_cast<float>(beta1),
                            static_cast<float>((1 - beta1) * step.lr * d),
                            static_cast<float>(m_beta2),
                            static_cast<float>(1 - m_beta2),
                            static_cast<float>(root2),
                            static_cast<float>(weight),
                            static_cast<float>(range.lrScale),
                            static_cast<float>(m_epsilon),
                            static_cast<float>(lr * step.decay * range.decayScale)};
      const auto found = dadaptLoop(range.values + first, range.gradient + first, step.array(0, range, first),
                                    step.array(1, range, first), step.array(2, range, first), count, numbers);
      sums[0] = found.inner;
      sums[1] = found.absolute;
    });
    const auto total = step.total();
    learn(root2, weight, total, 1 - root2);
    return {step.lr * d, beta1};
  }
};

}  // namespace

std::unique_ptr<UpdateRule> makeProdigy(const spec::OptimizerSpec& spec) { return std::make_unique<Prodigy>(spec); }
std::unique_ptr<UpdateRule> makeDadaptAdam(const spec::OptimizerSpec& spec) {
  return std::make_unique<DadaptAdam>(spec);
}

}  // namespace lathe::engine
