// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/engine/optimizers/adam_loop.h"
#include "core/engine/optimizers/multiversion.h"

// Adam (Kingma and Ba 2015; decay as L2) and AdamW (Loshchilov and Hutter 2019; decay of its own), as PyTorch has them.
namespace lathe::engine {

LATHE_MULTIVERSION
void adamLoop(float* __restrict values, const float* __restrict gradient, float* __restrict first,
              float* __restrict second, std::size_t count, const AdamNumbers& numbers) {
  const AdamNumbers n = numbers;
  for (std::size_t i = 0; i < count; ++i) {
    const float g = gradient[i] * n.gradientScale + n.l2 * values[i];
    const float m = n.beta1 * first[i] + n.oneMinusBeta1 * g;
    const float v = n.beta2 * second[i] + n.oneMinusBeta2 * g * g;
    first[i] = m;
    second[i] = v;
    values[i] = values[i] * n.keep - n.stepSize * m / (std::sqrt(v) * n.inverseRootCorrection + n.epsilon);
  }
}

AdamNumbers adamNumbers(const AdamSettings& settings, std::int64_t step, double lr, double decay,
                        double gradientScale) {
  const auto count = static_cast<double>(step);
  const double correction1 = 1 - std::pow(settings.beta1, count);
  const double correction2 = 1 - std::pow(settings.beta2, count);
  return {static_cast<float>(settings.beta1),
          static_cast<float>(settings.beta2),
          static_cast<float>(1 - settings.beta1),
          static_cast<float>(1 - settings.beta2),
          static_cast<float>(lr / correction1),
          static_cast<float>(1 / std::sqrt(correction2)),
          static_cast<float>(settings.epsilon),
          static_cast<float>(settings.decoupled ? 1 - lr * decay : 1.0),
          static_cast<float>(settings.decoupled ? 0.0 : decay),
          static_cast<float>(gradientScale)};
}

namespace {

class Adam final : public UpdateRule {
 public:
  explicit Adam(const spec::OptimizerSpec& spec)
      : m_settings{spec.beta1, spec.beta2, spec.epsilon, spec.name != "adam"} {}

  [[nodiscard]] std::vector<const char*> arrays() const override { return {"first", "second"}; }

  RuleRate update(const RuleStep& step) override {
    auto settings = m_settings;
    settings.beta1 = step.momentumOr(settings.beta1);
    // The powers once a step, not once a range.
    const auto shared = adamNumbers(settings, step.step, step.lr, step.decay, step.gradientScale);
    step.each([&](const RuleRange& range, std::size_t first, std::size_t count, double*) {
      auto numbers = shared;
      const double decay = step.decay * range.decayScale;
      const double lr = step.lr * range.lrScale;
      numbers.stepSize = static_cast<float>(shared.stepSize * range.lrScale);
      numbers.keep = static_cast<float>(settings.decoupled ? 1 - lr * decay : 1.0);
      numbers.l2 = static_cast<float>(settings.decoupled ? 0.0 : decay);
      adamLoop(range.values + first, range.gradient + first, step.array(0, range, first), step.array(1, range, first),
               count, numbers);
    });
    return {step.lr, settings.beta1};
  }

 private:
  AdamSettings m_settings;
};

}  // namespace

std::unique_ptr<UpdateRule> makeAdam(const spec::OptimizerSpec& spec) { return std::make_unique<Adam>(spec); }

}  // namespace lathe::engine
