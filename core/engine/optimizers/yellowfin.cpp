// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/optimizers/lane_sum.h"
#include "core/engine/optimizers/multiversion.h"
#include "core/engine/optimizers/update_rule.h"
#include "core/engine/optimizers/yellowfin_tuner.h"

// YellowFin (Zhang and Mitliagkas 2017): SGD whose momentum and rate follow from the range of curvature, the variance
// of gradients and the distance to the optimum, all measured on the way (algorithms 1 to 4). The learning rate of the
// spec is a factor of the one that is found; beta 2 is the smoothing of every measurement.
namespace lathe::engine {
namespace {

struct Sums {
  double squares = 0, meanSquares = 0;
};

LATHE_MULTIVERSION
Sums measureLoop(const float* __restrict values, const float* __restrict gradient, float* __restrict mean,
                 std::size_t count, float l2, float gradientScale, float beta) {
  Sums sums;
  for (std::size_t block = 0; block < count; block += sumBlock) {
    const std::size_t end = block + sumBlock < count ? block + sumBlock : count;
    float squares[sumLanes] = {};
    float means[sumLanes] = {};
    const auto one = [&](std::size_t i, std::size_t lane) {
      const float g = gradient[i] * gradientScale + l2 * values[i];
      const float m = beta * mean[i] + (1 - beta) * g;
      mean[i] = m;
      squares[lane] += g * g;
      means[lane] += m * m;
    };
    std::size_t i = block;
    for (; i + sumLanes <= end; i += sumLanes)
      for (std::size_t lane = 0; lane < sumLanes; ++lane) one(i + lane, lane);
    for (; i < end; ++i) one(i, 0);
    sums.squares += laneSum(squares);
    sums.meanSquares += laneSum(means);
  }
  return sums;
}

LATHE_MULTIVERSION
void stepLoop(float* __restrict values, const float* __restrict gradient, float* __restrict velocity, std::size_t count,
              float lr, float momentum, float l2, float gradientScale) {
  for (std::size_t i = 0; i < count; ++i) {
    const float v = momentum * velocity[i] - lr * (gradient[i] * gradientScale + l2 * values[i]);
    velocity[i] = v;
    values[i] += v;
  }
}

class Yellowfin final : public UpdateRule {
 public:
  explicit Yellowfin(const spec::OptimizerSpec& spec) : m_beta(spec.beta2), m_tuner(spec.beta2) {}
  [[nodiscard]] std::vector<const char*> arrays() const override { return {"first", "mean"}; }
  [[nodiscard]] std::span<double> numbers() override { return m_tuner.numbers; }
  [[nodiscard]] bool bySlot() const override { return true; }

  RuleRate update(const RuleStep& step) override {
    const auto scale = static_cast<float>(step.gradientScale);
    step.each([&](const RuleRange& range, std::size_t first, std::size_t count, double* sums) {
      const auto found =
          measureLoop(range.values + first, range.gradient + first, step.array(1, range, first), count,
                      static_cast<float>(step.decay * range.decayScale), scale, static_cast<float>(m_beta));
      sums[0] = found.squares;
      sums[1] = found.meanSquares;
    });
    const auto total = step.total();
    m_tuner.tune(total[0], total[1]);
    const double lr = step.lr * m_tuner.rate();
    step.each([&](const RuleRange& range, std::size_t first, std::size_t count, double*) {
      stepLoop(range.values + first, range.gradient + first, step.array(0, range, first), count,
               static_cast<float>(lr * range.lrScale), static_cast<float>(m_tuner.momentum()),
               static_cast<float>(step.decay * range.decayScale), scale);
    });
    return {lr, m_tuner.momentum()};
  }

 private:
  double m_beta;
  YellowfinTuner m_tuner;
};

}  // namespace

std::unique_ptr<UpdateRule> makeYellowfin(const spec::OptimizerSpec& spec) { return std::make_unique<Yellowfin>(spec); }

}  // namespace lathe::engine
