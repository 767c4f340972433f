// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/optimizers/multiversion.h"
#include "core/engine/optimizers/update_rule.h"

// Stochastic gradient descent, with momentum (Sutskever 2013) and Nesterov's look ahead as PyTorch has them.
namespace lathe::engine {
namespace {

LATHE_MULTIVERSION
void plainLoop(float* __restrict values, const float* __restrict gradient, std::size_t count, float lr, float l2,
               float gradientScale) {
  for (std::size_t i = 0; i < count; ++i) values[i] -= lr * (gradient[i] * gradientScale + l2 * values[i]);
}

struct Numbers {
  float lr, l2, gradientScale, momentum, ofGradient, ofVelocity;
};

LATHE_MULTIVERSION
void momentumLoop(float* __restrict values, const float* __restrict gradient, float* __restrict velocity,
                  std::size_t count, const Numbers& numbers) {
  const Numbers n = numbers;
  for (std::size_t i = 0; i < count; ++i) {
    const float g = gradient[i] * n.gradientScale + n.l2 * values[i];
    const float v = n.momentum * velocity[i] + g;
    velocity[i] = v;
    values[i] -= n.lr * (n.ofGradient * g + n.ofVelocity * v);
  }
}

class Sgd final : public UpdateRule {
 public:
  explicit Sgd(const spec::OptimizerSpec& spec) : m_momentum(spec.momentum), m_nesterov(spec.nesterov) {}

  [[nodiscard]] std::vector<const char*> arrays() const override {
    return m_momentum > 0 ? std::vector<const char*>{"first"} : std::vector<const char*>{};
  }

  RuleRate update(const RuleStep& step) override {
    if (!(m_momentum > 0)) {
      step.each([&](const RuleRange& range, std::size_t first, std::size_t count, double*) {
        plainLoop(range.values + first, range.gradient + first, count, static_cast<float>(step.lr * range.lrScale),
                  static_cast<float>(step.decay * range.decayScale), static_cast<float>(step.gradientScale));
      });
      return {step.lr, -1};
    }
    const double momentum = step.momentumOr(m_momentum);
    step.each([&](const RuleRange& range, std::size_t first, std::size_t count, double*) {
      const Numbers numbers{static_cast<float>(step.lr * range.lrScale),
                            static_cast<float>(step.decay * range.decayScale),
                            static_cast<float>(step.gradientScale),
                            static_cast<float>(momentum),
                            m_nesterov ? 1.0F : 0.0F,
                            m_nesterov ? static_cast<float>(momentum) : 1.0F};
      momentumLoop(range.values + first, range.gradient + first, step.array(0, range, first), count, numbers);
    });
    return {step.lr, momentum};
  }

 private:
  double m_momentum;
  bool m_nesterov;
};

}  // namespace

std::unique_ptr<UpdateRule> makeSgd(const spec::OptimizerSpec& spec) { return std::make_unique<Sgd>(spec); }

}  // namespace lathe::engine
