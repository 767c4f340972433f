// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/engine/optimizers/multiversion.h"
#include "core/engine/optimizers/update_rule.h"

// RMSprop (Hinton 2012), Adagrad (Duchi 2011) and Adadelta (Zeiler 2012) with PyTorch's conventions: decay joins the
// gradient. Beta 2 is RMSprop's alpha and Adadelta's rho.
namespace lathe::engine {
namespace {

struct Numbers {
  float lr, l2, gradientScale, beta, oneMinusBeta, epsilon, momentum;
};

LATHE_MULTIVERSION
void rmspropLoop(float* __restrict values, const float* __restrict gradient, float* __restrict second,
                 std::size_t count, const Numbers& numbers) {
  const Numbers n = numbers;
  for (std::size_t i = 0; i < count; ++i) {
    const float g = gradient[i] * n.gradientScale + n.l2 * values[i];
    const float v = n.beta * second[i] + n.oneMinusBeta * g * g;
    second[i] = v;
    values[i] -= n.lr * g / (std::sqrt(v) + n.epsilon);
  }
}

LATHE_MULTIVERSION
void rmspropMomentumLoop(float* __restrict values, const float* __restrict gradient, float* __restrict second,
                         float* __restrict velocity, std::size_t count, const Numbers& numbers) {
  const Numbers n = numbers;
  for (std::size_t i = 0; i < count; ++i) {
    const float g = gradient[i] * n.gradientScale + n.l2 * values[i];
    const float v = n.beta * second[i] + n.oneMinusBeta * g * g;
    const float u = n.momentum * velocity[i] + g / (std::sqrt(v) + n.epsilon);
    second[i] = v;
    velocity[i] = u;
    values[i] -= n.lr * u;
  }
}

LATHE_MULTIVERSION
void adagradLoop(float* __restrict values, const float* __restrict gradient, float* __restrict sum, std::size_t count,
                 const Numbers& numbers) {
  const Numbers n = numbers;
  for (std::size_t i = 0; i < count; ++i) {
    const float g = gradient[i] * n.gradientScale + n.l2 * values[i];
    const float s = sum[i] + g * g;
    sum[i] = s;
    values[i] -= n.lr * g / (std::sqrt(s) + n.epsilon);
  }
}

LATHE_MULTIVERSION
void adadeltaLoop(float* __restrict values, const float* __restrict gradient, float* __restrict second,
                  float* __restrict deltas, std::size_t count, const Numbers& numbers) {
  const Numbers n = numbers;
  for (std::size_t i = 0; i < count; ++i) {
    const float g = gradient[i] * n.gradientScale + n.l2 * values[i];
    const float v = n.beta * second[i] + n.oneMinusBeta * g * g;
    const float delta = std::sqrt(deltas[i] + n.epsilon) / std::sqrt(v + n.epsilon) * g;
    second[i] = v;
    deltas[i] = n.beta * deltas[i] + n.oneMinusBeta * delta * delta;
    values[i] -= n.lr * delta;
  }
}

enum class Kind { Rmsprop, Adagrad, Adadelta };

class Adaptive final : public UpdateRule {
 public:
  Adaptive(const spec::OptimizerSpec& spec, Kind kind)
      : m_kind(kind), m_beta(spec.beta2), m_epsilon(spec.epsilon), m_momentum(spec.momentum) {}

  [[nodiscard]] std::vector<const char*> arrays() const override {
    if (m_kind == Kind::Adadelta) return {"second", "deltas"};
    if (hasVelocity()) return {"second", "first"};
    return {"second"};
  }

  RuleRate update(const RuleStep& step) override {
    const double momentum = step.momentumOr(m_momentum);
    step.each([&](const RuleRange& range, std::size_t first, std::size_t count, double*) {
      const Numbers numbers{static_cast<float>(step.lr * range.lrScale),
                            static_cast<float>(step.decay * range.decayScale),
                            static_cast<float>(step.gradientScale),
                            static_cast<float>(m_beta),
                            static_cast<float>(1 - m_beta),
                            static_cast<float>(m_epsilon),
                            static_cast<float>(momentum)};
      float* values = range.values + first;
      const float* gradient = range.gradient + first;
      float* second = step.array(0, range, first);
      if (m_kind == Kind::Adagrad)
        adagradLoop(values, gradient, second, count, numbers);
      else if (m_kind == Kind::Adadelta)
        adadeltaLoop(values, gradient, second, step.array(1, range, first), count, numbers);
      else if (hasVelocity())
        rmspropMomentumLoop(values, gradient, second, step.array(1, range, first), count, numbers);
      else
        rmspropLoop(values, gradient, second, count, numbers);
    });
    return {step.lr, hasVelocity() ? momentum : -1};
  }

 private:
  [[nodiscard]] bool hasVelocity() const { return m_kind == Kind::Rmsprop && m_momentum > 0; }

  Kind m_kind;
  double m_beta, m_epsilon, m_momentum;
};

}  // namespace

std::unique_ptr<UpdateRule> makeRmsprop(const spec::OptimizerSpec& spec) {
  return std::make_unique<Adaptive>(spec, Kind::Rmsprop);
}
std::unique_ptr<UpdateRule> makeAdagrad(const spec::OptimizerSpec& spec) {
  return std::make_unique<Adaptive>(spec, Kind::Adagrad);
}
std::unique_ptr<UpdateRule> makeAdadelta(const spec::OptimizerSpec& spec) {
  return std::make_unique<Adaptive>(spec, Kind::Adadelta);
}

}  // namespace lathe::engine
