// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/engine/optimizers/adam_loop.h"
#include "core/engine/optimizers/multiversion.h"
#include "core/engine/optimizers/orthogonalise.h"

// Muon (Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks"): Nesterov momentum,
// orthogonalised, for the matrices of hidden layers (a convolution's weight is the matrix [outputs, everything else],
// in whatever order everything else lies); AdamW with a learning rate of its own for all other parameters.
namespace lathe::engine {
namespace {

LATHE_MULTIVERSION
void momentumLoop(float* __restrict direction, const float* __restrict gradient, float* __restrict velocity,
                  std::size_t count, float momentum, float gradientScale) {
  for (std::size_t i = 0; i < count; ++i) {
    const float g = gradient[i] * gradientScale;
    const float v = momentum * velocity[i] + g;
    velocity[i] = v;
    direction[i] = g + momentum * v;
  }
}

LATHE_MULTIVERSION
void stepLoop(float* __restrict values, const float* __restrict direction, std::size_t count, float keep, float lr) {
  for (std::size_t i = 0; i < count; ++i) values[i] = values[i] * keep - lr * direction[i];
}

class Muon final : public UpdateRule {
 public:
  explicit Muon(const spec::OptimizerSpec& spec)
      : m_momentum(spec.momentum),
        m_restFactor(spec.lr > 0 ? spec.restLr / spec.lr : 1),
        m_rest{spec.beta1, spec.beta2, spec.epsilon, true} {}

  [[nodiscard]] std::vector<const char*> arrays() const override { return {"first", "second"}; }
  [[nodiscard]] bool bySlot() const override { return true; }

  void prepare(std::span<const RuleRange> slots) override {
    for (const auto& slot : slots) {
      if (!isMatrix(slot)) continue;
      const auto [rows, columns] = sizeOf(slot);
      m_orthogonaliser.reserve(rows, columns);
      m_direction.resize(std::max(m_direction.size(), slot.count));
    }
  }

  RuleRate update(const RuleStep& step) override {
    const double momentum = step.momentumOr(m_momentum);
    for (const auto& range : step.ranges)
      if (isMatrix(range)) updateMatrix(step, range, momentum);
    step.each([&](const RuleRange& range, std::size_t first, std::size_t count, double*) {
      if (isMatrix(range)) return;
      const auto numbers = adamNumbers(m_rest, step.step, step.lr * m_restFactor * range.lrScale,
                                       step.decay * range.decayScale, step.gradientScale);
      adamLoop(range.values + first, range.gradient + first, step.array(0, range, first), step.array(1, range, first),
               count, numbers);
    });
    return {step.lr, momentum};
  }

 private:
  static bool isMatrix(const RuleRange& range) {
    return range.slot->hidden && range.slot->shape.size() >= 2 && range.slot->shape[0] > 0 && range.count > 0;
  }
  static std::pair<std::size_t, std::size_t> sizeOf(const RuleRange& range) {
    const auto rows = static_cast<std::size_t>(range.slot->shape[0]);
    return {rows, range.count / rows};
  }

  void updateMatrix(const RuleStep& step, const RuleRange& range, double momentum) {
    const auto [rows, columns] = sizeOf(range);
    momentumLoop(m_direction.data(), range.gradient, step.array(0, range), range.count, static_cast<float>(momentum),
                 static_cast<float>(step.gradientScale));
    m_orthogonaliser.run(m_direction.data(), rows, columns, step.parallel);
    const double lr = step.lr * range.lrScale;
    const double shape = std::sqrt(std::max(1.0, static_cast<double>(rows) / static_cast<double>(columns)));
    stepLoop(range.values, m_direction.data(), range.count, static_cast<float>(1 - lr * step.decay * range.decayScale),
             static_cast<float>(lr * shape));
  }

  double m_momentum;
  double m_restFactor;
  AdamSettings m_rest;
  Orthogonaliser m_orthogonaliser;
  std::vector<float> m_direction;
};

}  // namespace

std::unique_ptr<UpdateRule> makeMuon(const spec::OptimizerSpec& spec) { return std::make_unique<Muon>(spec); }

}  // namespace lathe::engine
