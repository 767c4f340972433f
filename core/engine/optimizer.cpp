// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/optimizer.h"

#include <array>
#include <cmath>
#include <cstring>

// One binary for every x86-64: the loops exist in three versions, the processor picks. Sanitizers cannot run the
// resolvers that early.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__) && \
    !defined(__SANITIZE_ADDRESS__)
#define LATHE_MULTIVERSION __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define LATHE_MULTIVERSION
#endif

namespace lathe::engine {
namespace {

struct AdamNumbers {
  float beta1, beta2, oneMinusBeta1, oneMinusBeta2, stepSize, inverseRootCorrection, epsilon, keep, l2, gradientScale;
};

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

LATHE_MULTIVERSION
void sgdLoop(float* __restrict values, const float* __restrict gradient, std::size_t count, float lr, float l2,
             float gradientScale) {
  for (std::size_t i = 0; i < count; ++i) values[i] -= lr * (gradient[i] * gradientScale + l2 * values[i]);
}

struct MomentumNumbers {
  float lr, l2, gradientScale, momentum, ofGradient, ofVelocity;
};

LATHE_MULTIVERSION
void momentumLoop(float* __restrict values, const float* __restrict gradient, float* __restrict velocity,
                  std::size_t count, const MomentumNumbers& numbers) {
  const MomentumNumbers n = numbers;
  for (std::size_t i = 0; i < count; ++i) {
    const float g = gradient[i] * n.gradientScale + n.l2 * values[i];
    const float v = n.momentum * velocity[i] + g;
    velocity[i] = v;
    values[i] -= n.lr * (n.ofGradient * g + n.ofVelocity * v);
  }
}

constexpr std::size_t lanes = 16;

LATHE_MULTIVERSION
void squaresLoop(const float* __restrict values, std::size_t blocks, double* __restrict sums) {
  for (std::size_t block = 0; block < blocks; ++block)
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const double value = values[block * lanes + lane];
      sums[lane] += value * value;
    }
}

NamedTensor tensorOf(std::string name, const float* values, std::size_t count) {
  NamedTensor tensor{std::move(name), "F32", {static_cast<std::int64_t>(count)}, {}};
  tensor.bytes.resize(count * sizeof(float));
  if (count > 0) std::memcpy(tensor.bytes.data(), values, tensor.bytes.size());
  return tensor;
}

}  // namespace

Optimizer::Optimizer(const spec::OptimizerSpec& spec, std::vector<Slot> slots)
    : m_spec(spec), m_slots(std::move(slots)) {
  std::size_t total = 0;
  for (const auto& slot : m_slots) {
    m_offsets.push_back(total);
    total += slot.count;
  }
  const bool adam = m_spec.name != "sgd";
  if (adam || m_spec.momentum > 0) m_first.assign(total, 0.0F);
  if (adam) m_second.assign(total, 0.0F);
}

double Optimizer::gradientNorm(const std::vector<const float*>& gradients) const {
  std::array<double, lanes> sums{};
  double rest = 0;
  for (std::size_t s = 0; s < m_slots.size(); ++s) {
    const std::size_t blocks = m_slots[s].count / lanes;
    squaresLoop(gradients[s], blocks, sums.data());
    for (std::size_t i = blocks * lanes; i < m_slots[s].count; ++i)
      rest += static_cast<double>(gradients[s][i]) * gradients[s][i];
  }
  for (const double sum : sums) rest += sum;
  return std::sqrt(rest);
}

void Optimizer::update(const std::vector<const float*>& gradients, std::int64_t step, double lr, double gradientScale) {
  const auto scale = static_cast<float>(gradientScale);
  const auto count = static_cast<double>(step);
  for (std::size_t s = 0; s < m_slots.size(); ++s) {
    const auto& slot = m_slots[s];
    const double decay = slot.decay ? m_spec.weightDecay : 0.0;
    if (m_spec.name == "sgd") {
      if (m_first.empty()) {
        sgdLoop(slot.values, gradients[s], slot.count, static_cast<float>(lr), static_cast<float>(decay), scale);
        continue;
      }
      const auto momentum = static_cast<float>(m_spec.momentum);
      const MomentumNumbers numbers{static_cast<float>(lr),        static_cast<float>(decay),        scale, momentum,
                                    m_spec.nesterov ? 1.0F : 0.0F, m_spec.nesterov ? momentum : 1.0F};
      momentumLoop(slot.values, gradients[s], m_first.data() + m_offsets[s], slot.count, numbers);
      continue;
    }
    const bool decoupled = m_spec.name == "adamw";
    const double correction1 = 1 - std::pow(m_spec.beta1, count);
    const double correction2 = 1 - std::pow(m_spec.beta2, count);
    const AdamNumbers numbers{static_cast<float>(m_spec.beta1),
                              static_cast<float>(m_spec.beta2),
                              static_cast<float>(1 - m_spec.beta1),
                              static_cast<float>(1 - m_spec.beta2),
                              static_cast<float>(lr / correction1),
                              static_cast<float>(1 / std::sqrt(correction2)),
                              static_cast<float>(m_spec.epsilon),
                              static_cast<float>(decoupled ? 1 - lr * decay : 1.0),
                              static_cast<float>(decoupled ? 0.0 : decay),
                              scale};
    adamLoop(slot.values, gradients[s], m_first.data() + m_offsets[s], m_second.data() + m_offsets[s], slot.count,
             numbers);
  }
}

void Optimizer::save(Checkpoint& checkpoint) const {
  for (std::size_t s = 0; s < m_slots.size(); ++s) {
    const auto& slot = m_slots[s];
    if (!m_first.empty())
      checkpoint.tensors.push_back(
          tensorOf("optimizer." + slot.name + ".first", m_first.data() + m_offsets[s], slot.count));
    if (!m_second.empty())
      checkpoint.tensors.push_back(
          tensorOf("optimizer." + slot.name + ".second", m_second.data() + m_offsets[s], slot.count));
  }
}

Result<void> Optimizer::restore(const Checkpoint& checkpoint) {
  const auto load = [&](const std::string& name, float* into, std::size_t count) -> Result<void> {
    const auto* tensor = checkpoint.find(name);
    if (tensor == nullptr || tensor->dtype != "F32" || tensor->bytes.size() != count * sizeof(float))
      return fail("engine.checkpoint_mismatch",
                  LATHE_TEXT("errors", "The checkpoint holds no fitting optimiser state for {name}."),
                  LATHE_TEXT("errors", "Start a new run, or resume with the optimiser the run was started with."),
                  {{"name", name}});
    if (count > 0) std::memcpy(into, tensor->bytes.data(), tensor->bytes.size());
    return {};
  };
  for (std::size_t s = 0; s < m_slots.size(); ++s) {
    const auto& slot = m_slots[s];
    if (!m_first.empty())
      LATHE_TRY(load("optimizer." + slot.name + ".first", m_first.data() + m_offsets[s], slot.count));
    if (!m_second.empty())
      LATHE_TRY(load("optimizer." + slot.name + ".second", m_second.data() + m_offsets[s], slot.count));
  }
  return {};
}

double clippingScale(double norm, double limit) {
  if (!(limit > 0) || !(norm > limit)) return 1;
  return limit / norm;
}

}  // namespace lathe::engine
