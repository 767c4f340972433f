// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/optimizers/multiversion.h"
#include "core/engine/optimizers/update_rule.h"

// Lion (Chen 2023): every weight moves by the learning rate, in the direction of a mean of gradients.
namespace lathe::engine {
namespace {

struct Numbers {
  float lr, keep, gradientScale, beta1, oneMinusBeta1, beta2, oneMinusBeta2;
};

LATHE_MULTIVERSION
void lionLoop(float* __restrict values, const float* __restrict gradient, float* __restrict first, std::size_t count,
              const Numbers& numbers) {
  const Numbers n = numbers;
  for (std::size_t i = 0; i < count; ++i) {
    const float g = gradient[i] * n.gradientScale;
    const float c = n.beta1 * first[i] + n.oneMinusBeta1 * g;
    const float sign = static_cast<float>(c > 0) - static_cast<float>(c < 0);
    first[i] = n.beta2 * first[i] + n.oneMinusBeta2 * g;
    values[i] = values[i] * n.keep - n.lr * sign;
  }
}

class Lion final : public UpdateRule {
 public:
  explicit Lion(const spec::OptimizerSpec& spec) : m_beta1(spec.beta1), m_beta2(spec.beta2) {}
  [[nodiscard]] std::vector<const char*> arrays() const override { return {"first"}; }

  RuleRate update(const RuleStep& step) override {
    const double beta1 = step.momentumOr(m_beta1);
    step.each([&](const RuleRange& range, std::size_t first, std::size_t count, double*) {
      const double lr = step.lr * range.lrScale;
      const Numbers numbers{static_cast<float>(lr),
                            static_cast<float>(1 - lr * step.decay * range.decayScale),
                            static_cast<float>(step.gradientScale),
                            static_cast<float>(beta1),
                            static_cast<float>(1 - beta1),
                            static_cast<float>(m_beta2),
                            static_cast<float>(1 - m_beta2)};
      lionLoop(range.values + first, range.gradient + first, step.array(0, range, first), count, numbers);
    });
    return {step.lr, beta1};
  }

 private:
  double m_beta1, m_beta2;
};

}  // namespace

std::unique_ptr<UpdateRule> makeLion(const spec::OptimizerSpec& spec) { return std::make_unique<Lion>(spec); }

}  // namespace lathe::engine
