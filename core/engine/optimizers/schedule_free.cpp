// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/engine/optimizers/multiversion.h"
#include "core/engine/optimizers/update_rule.h"

// Schedule-free SGD and AdamW (Defazio 2024, algorithm 1): gradients are taken at y = (1 - beta) z + beta x, z
// descends, and x, the mean of all z weighted by the square of the learning rate, is what the training gives. The
// parameters' memory holds y; z and x are arrays, so that x loses nothing by being made from y again and again.
namespace lathe::engine {
namespace {

struct Numbers {
  float lr, decay, gradientScale, beta, share, beta2, oneMinusBeta2, epsilon;
};

LATHE_MULTIVERSION
void sgdLoop(float* __restrict values, const float* __restrict gradient, float* __restrict fast,
             float* __restrict average, std::size_t count, const Numbers& numbers) {
  const Numbers n = numbers;
  for (std::size_t i = 0; i < count; ++i) {
    const float z = fast[i] - n.lr * (gradient[i] * n.gradientScale + n.decay * values[i]);
    const float x = average[i] + n.share * (z - average[i]);
    fast[i] = z;
    average[i] = x;
    values[i] = z + n.beta * (x - z);
  }
}

LATHE_MULTIVERSION
void adamwLoop(float* __restrict values, const float* __restrict gradient, float* __restrict fast,
               float* __restrict average, float* __restrict second, std::size_t count, const Numbers& numbers) {
  const Numbers n = numbers;
  for (std::size_t i = 0; i < count; ++i) {
    const float g = gradient[i] * n.gradientScale;
    const float v = n.beta2 * second[i] + n.oneMinusBeta2 * g * g;
    second[i] = v;
    const float z = fast[i] - n.lr * (g / (std::sqrt(v) + n.epsilon) + n.decay * values[i]);
    const float x = average[i] + n.share * (z - average[i]);
    fast[i] = z;
    average[i] = x;
    values[i] = z + n.beta * (x - z);
  }
}

class ScheduleFree final : public UpdateRule {
 public:
  ScheduleFree(const spec::OptimizerSpec& spec, bool adaptive)
      : m_adaptive(adaptive),
        m_beta(adaptive ? spec.beta1 : spec.momentum),
        m_beta2(spec.beta2),
        m_epsilon(spec.epsilon) {}

  [[nodiscard]] std::vector<const char*> arrays() const override {
    return m_adaptive ? std::vector<const char*>{"fast", "average", "second"}
                      : std::vector<const char*>{"fast", "average"};
  }
  [[nodiscard]] std::span<double> numbers() override { return m_numbers; }
  [[nodiscard]] int averageArray() const override { return 1; }
  [[nodiscard]] bool begun() const override { return m_numbers[1] > 0; }

  RuleRate update(const RuleStep& step) override {
    const auto t = static_cast<double>(step.step);
    if (!begun())
      for (const auto& range : step.ranges)
        for (const std::size_t k : {0, 1}) std::copy_n(range.values, range.count, step.array(k, range));
    const double lr = m_adaptive ? step.lr * std::sqrt(1 - std::pow(m_beta2, t)) : step.lr;
    const double weight = lr * lr;
    m_numbers[0] += weight;
    m_numbers[1] += 1;
    const double share = m_numbers[0] > 0 ? weight / m_numbers[0] : 1;
    const double beta = step.momentumOr(m_beta);
    step.each([&](const RuleRange& range, std::size_t first, std::size_t count, double*) {
      const Numbers numbers{static_cast<float>(lr * range.lrScale),
                            static_cast<float>(step.decay * range.decayScale),
                            static_cast<float>(step.gradientScale),
                            static_cast<float>(beta),
                            static_cast<float>(share),
                            static_cast<float>(m_beta2),
                            static_cast<float>(1 - m_beta2),
                            static_cast<float>(m_epsilon)};
      float* values = range.values + first;
      if (m_adaptive)
        adamwLoop(values, range.gradient + first, step.array(0, range, first), step.array(1, range, first),
                  step.array(2, range, first), count, numbers);
      else
        sgdLoop(values, range.gradient + first, step.array(0, range, first), step.array(1, range, first), count,
                numbers);
    });
    return {step.lr, beta};
  }

 private:
  bool m_adaptive;
  double m_beta, m_beta2, m_epsilon;
  std::array<double, 2> m_numbers{0, 0};  ///< sum of weights, updates
};

}  // namespace

std::unique_ptr<UpdateRule> makeScheduleFreeSgd(const spec::OptimizerSpec& spec) {
  return std::make_unique<ScheduleFree>(spec, false);
}
std::unique_ptr<UpdateRule> makeScheduleFreeAdamw(const spec::OptimizerSpec& spec) {
  return std::make_unique<ScheduleFree>(spec, true);
}

}  // namespace lathe::engine
