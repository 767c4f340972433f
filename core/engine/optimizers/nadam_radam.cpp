// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/engine/optimizers/multiversion.h"
#include "core/engine/optimizers/update_rule.h"

// NAdam (Dozat 2016: Adam that looks ahead like Nesterov) and RAdam (Liu 2020: Adam whose first steps are held back
// until its estimates can be trusted) as PyTorch has them; decay joins the gradient.
namespace lathe::engine {
namespace {

constexpr double momentumDecay = 4e-3;  // PyTorch's, from the paper

/// values -= (ofGradient * g + ofMean * m) / (sqrt(v) * root + epsilon); without `adaptive` the divisor is 1.
struct Numbers {
  float beta1, beta2, oneMinusBeta1, oneMinusBeta2, ofGradient, ofMean, root, epsilon, l2, gradientScale;
};

LATHE_MULTIVERSION
void adaptiveLoop(float* __restrict values, const float* __restrict gradient, float* __restrict first,
                  float* __restrict second, std::size_t count, const Numbers& numbers) {
  const Numbers n = numbers;
  for (std::size_t i = 0; i < count; ++i) {
    const float g = gradient[i] * n.gradientScale + n.l2 * values[i];
    const float m = n.beta1 * first[i] + n.oneMinusBeta1 * g;
    const float v = n.beta2 * second[i] + n.oneMinusBeta2 * g * g;
    first[i] = m;
    second[i] = v;
    values[i] -= (n.ofGradient * g + n.ofMean * m) / (std::sqrt(v) * n.root + n.epsilon);
  }
}

LATHE_MULTIVERSION
void plainLoop(float* __restrict values, const float* __restrict gradient, float* __restrict first,
               float* __restrict second, std::size_t count, const Numbers& numbers) {
  const Numbers n = numbers;
  for (std::size_t i = 0; i < count; ++i) {
    const float g = gradient[i] * n.gradientScale + n.l2 * values[i];
    const float m = n.beta1 * first[i] + n.oneMinusBeta1 * g;
    first[i] = m;
    second[i] = n.beta2 * second[i] + n.oneMinusBeta2 * g * g;
    values[i] -= n.ofMean * m;
  }
}

class AdamRelative : public UpdateRule {
 public:
  explicit AdamRelative(const spec::OptimizerSpec& spec)
      : m_beta1(spec.beta1), m_beta2(spec.beta2), m_epsilon(spec.epsilon) {}
  [[nodiscard]] std::vector<const char*> arrays() const override { return {"first", "second"}; }

 protected:
  /// The two factors are for a learning rate scale of 1.
  RuleRate apply(const RuleStep& step, double beta1, double ofGradient, double ofMean, double root, bool adaptive) {
    step.each([&](const RuleRange& range, std::size_t first, std::size_t count, double*) {
      const Numbers numbers{static_cast<float>(beta1),
                            static_cast<float>(m_beta2),
                            static_cast<float>(1 - beta1),
                            static_cast<float>(1 - m_beta2),
                            static_cast<float>(ofGradient * range.lrScale),
                            static_cast<float>(ofMean * range.lrScale),
                            static_cast<float>(root),
                            static_cast<float>(m_epsilon),
                            static_cast<float>(step.decay * range.decayScale),
                            static_cast<float>(step.gradientScale)};
      const auto loop = adaptive ? adaptiveLoop : plainLoop;
      loop(range.values + first, range.gradient + first, step.array(0, range, first), step.array(1, range, first),
           count, numbers);
    });
    return {step.lr, beta1};
  }

  double m_beta1, m_beta2, m_epsilon;
};

class Nadam final : public AdamRelative {
 public:
  using AdamRelative::AdamRelative;
  [[nodiscard]] std::span<double> numbers() override { return m_product; }

  RuleRate update(const RuleStep& step) override {
    const auto t = static_cast<double>(step.step);
    const double beta1 = step.momentumOr(m_beta1);
    const double now = beta1 * (1 - 0.5 * std::pow(0.96, t * momentumDecay));
    const double next = beta1 * (1 - 0.5 * std::pow(0.96, (t + 1) * momentumDecay));
    m_product[0] *= now;
    const double root = 1 / std::sqrt(1 - std::pow(m_beta2, t));
    return apply(step, beta1, step.lr * (1 - now) / (1 - m_product[0]), step.lr * next / (1 - m_product[0] * next),
                 root, true);
  }

 private:
  std::array<double, 1> m_product{1};
};

class Radam final : public AdamRelative {
 public:
  using AdamRelative::AdamRelative;

  RuleRate update(const RuleStep& step) override {
    const auto t = static_cast<double>(step.step);
    const double beta1 = step.momentumOr(m_beta1);
    const double power2 = std::pow(m_beta2, t);
    const double mean = step.lr / (1 - std::pow(beta1, t));
    const double longest = 2 / (1 - m_beta2) - 1;
    const double length = longest - 2 * t * power2 / (1 - power2);
    if (!(length > 5)) return apply(step, beta1, 0, mean, 1, false);
    const double rectification =
        std::sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
    return apply(step, beta1, 0, mean * rectification * std::sqrt(1 - power2), 1, true);
  }
};

}  // namespace

std::unique_ptr<UpdateRule> makeNadam(const spec::OptimizerSpec& spec) { return std::make_unique<Nadam>(spec); }
std::unique_ptr<UpdateRule> makeRadam(const spec::OptimizerSpec& spec) { return std::make_unique<Radam>(spec); }

}  // namespace lathe::engine
