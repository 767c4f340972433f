// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_fused/table_operations.h"

#include <algorithm>
#include <cstring>
#include <numbers>

namespace lathe::engine::fused {

Scale::Scale(Input x, Value* y, ParameterPlace weight, ParameterPlace bias, bool perToken)
    : m_x(x), m_y(y), m_weight(weight), m_bias(bias), m_perToken(perToken) {
  tokens = x.value->tokens;
  if (m_weight.value == nullptr) m_ones.assign(static_cast<std::size_t>(y->features), 1.0F);
}

// Blocks of x, and for each those of y that it feeds.
template <class Each>
void Scale::eachBlock(const Batch& batch, const Share& share, Each&& each) const {
  const int copies = m_y->tokens / m_x.value->tokens;
  for (int block = share.firstBlock; block < share.lastBlock; ++block)
    for (int copy = 0; copy < copies; ++copy) {
      const int into = copies == 1 ? block : copy * batch.blocks + block;
      const std::ptrdiff_t token = m_perToken ? into / batch.blocks : 0;
      each(block, into, token * m_y->features, copy);
    }
}

void Scale::forward(const Batch& batch, const Share& share, Scratch& /*scratch*/) {
  if (share.part != 0) return;
  eachBlock(batch, share, [&](int block, int into, std::ptrdiff_t place, int /*copy*/) {
    kernels().scaleRows(blockOf(*m_y, batch, into), blockOf(*m_x.value, batch, block),
                        m_weight.value != nullptr ? m_weight.value + place : m_ones.data(),
                        m_bias.value != nullptr ? m_bias.value + place : nullptr, m_y->features, batch.blockRows,
                        false);
  });
}

void Scale::backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) {
  if (share.part != 0 || phase > 0) return;
  const auto count = static_cast<std::ptrdiff_t>(m_y->features) * (m_perToken ? m_y->tokens : 1);
  float* gradient = scratch.gradients + (m_weight.value != nullptr ? m_weight.offset : m_bias.offset);
  if (share.first) std::fill_n(gradient, count, 0.0F);
  eachBlock(batch, share, [&](int block, int into, std::ptrdiff_t place, int copy) {
    const float* dy = gradientOf(*m_y, batch, into);
    if (m_weight.value != nullptr)
      kernels().rowDots(dy, blockOf(*m_x.value, batch, block), m_y->features, batch.blockRows, gradient + place, true);
    else
      kernels().rowSums(dy, m_y->features, batch.blockRows, gradient + place, true);
    if (m_x.value->gradient == nullptr) return;
    kernels().scaleRows(gradientOf(*m_x.value, batch, block), dy,
                        m_weight.value != nullptr ? m_weight.value + place : m_ones.data(), nullptr, m_y->features,
                        batch.blockRows, m_x.addGradient || copy > 0);
  });
}

Blend::Blend(Input x, Value* y, ParameterPlace alpha, Activation activation)
    : m_x(x), m_y(y), m_alpha(alpha), m_activation(activation) {
  tokens = y->tokens;
}

void Blend::forward(const Batch& batch, const Share& share, Scratch& /*scratch*/) {
  if (share.part != 0) return;
  for (int block = share.firstBlock; block < share.lastBlock; ++block)
    kernels().blend(blockOf(*m_y, batch, block), blockOf(*m_x.value, batch, block), m_alpha.value, m_y->features,
                    batch.blockRows, m_activation);
}

void Blend::backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) {
  if (share.part != 0 || phase > 0) return;
  for (int block = share.firstBlock; block < share.lastBlock; ++block) {
    float* dx = m_x.value->gradient != nullptr ? gradientOf(*m_x.value, batch, block) : scratch.a;
    kernels().blendBack(dx, m_x.addGradient && m_x.value->gradient != nullptr, gradientOf(*m_y, batch, block),
                        blockOf(*m_x.value, batch, block), m_alpha.value, m_y->features, batch.blockRows, m_activation,
                        scratch.gradients + m_alpha.offset, !share.first || block != share.firstBlock);
  }
}

PeriodicEmbedding::PeriodicEmbedding(const Plan& plan)
    : m_plan(plan), m_made(plan.y->features / plan.x.value->features - 1) {
  const int rows = plan.blockRows;
  m_mix = Product({rows, m_made, plan.waves, rows, plan.waves, rows, false});
}

void PeriodicEmbedding::forward(const Batch& batch, const Share& share, Scratch& scratch) {
  if (share.part != 0) return;
  const int rows = batch.blockRows;
  const auto& k = kernels();
  for (int block = share.firstBlock; block < share.lastBlock; ++block) {
    const float* x = blockOf(*m_plan.x.value, batch, block);
    float* y = blockOf(*m_plan.y, batch, block);
    for (int f = 0; f < m_plan.x.value->features; ++f) {
      const auto wave = static_cast<std::ptrdiff_t>(f) * m_plan.waves;
      const auto made = static_cast<std::ptrdiff_t>(f) * m_made;
      std::memcpy(y, x, static_cast<std::size_t>(rows) * sizeof(float));
      y += rows;
      k.periodic(scratch.a, nullptr, x, m_plan.frequency.value + wave, m_plan.phase.value + wave, m_plan.waves, rows);
      m_mix(scratch.a, m_plan.weight.value + made * m_plan.waves, y);
      k.activate(y, nullptr, nullptr, m_plan.bias.value + made, m_made, rows, Activation::Identity);
      x += rows;
      y += static_cast<std::ptrdiff_t>(m_made) * rows;
    }
  }
}

void PeriodicEmbedding::backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) {
  if (share.part != 0 || phase > 0) return;
  for (int block = share.firstBlock; block < share.lastBlock; ++block)
    for (int f = 0; f < m_plan.x.value->features; ++f)
      feature(batch, scratch, block, f, !share.first || block != share.firstBlock);
}

void PeriodicEmbedding::feature(const Batch& batch, Scratch& scratch, int block, int f, bool add) {
  const int rows = batch.blockRows;
  const auto& k = kernels();
  const auto wave = static_cast<std::ptrdiff_t>(f) * m_plan.waves;
  const auto made = static_cast<std::ptrdiff_t>(f) * m_made;
  const float* x = blockOf(*m_plan.x.value, batch, block) + static_cast<std::ptrdiff_t>(f) * rows;
  const float* dy = gradientOf(*m_plan.y, batch, block) + static_cast<std::ptrdiff_t>(f) * (m_made + 1) * rows;
  float* z = scratch.a;
  float* slope = scratch.b;
  float* dz = scratch.c;
  k.periodic(z, slope, x, m_plan.frequency.value + wave, m_plan.phase.value + wave, m_plan.waves, rows);
  k.rowSums(dy + rows, m_made, rows, scratch.gradients + m_plan.bias.offset + made, add);
  const float* weight = m_plan.weight.value + made * m_plan.waves;
  float* dWeight = scratch.gradients + m_plan.weight.offset + made * m_plan.waves;
  std::fill_n(dz, static_cast<std::ptrdiff_t>(m_plan.waves) * rows, 0.0F);
  for (int e = 0; e < m_made; ++e) {
    const float* mixed = dy + static_cast<std::ptrdiff_t>(e + 1) * rows;
    for (int h = 0; h < m_plan.waves; ++h) {
      const auto at = static_cast<std::ptrdiff_t>(e) * m_plan.waves + h;
      const auto row = static_cast<std::ptrdiff_t>(h) * rows;
      k.rowDots(mixed, z + row, 1, rows, dWeight + at, add);
      k.scaleRows(dz + row, mixed, weight + at, nullptr, 1, rows, true);
    }
  }
  k.multiply(dz, slope, m_plan.waves * rows);
  constexpr auto turn = static_cast<float>(2 * std::numbers::pi);
  float* dFrequency = scratch.gradients + m_plan.frequency.offset + wave;
  float* dPhase = scratch.gradients + m_plan.phase.offset + wave;
  float* dx = m_plan.x.value->gradient == nullptr
                  ? nullptr
                  : gradientOf(*m_plan.x.value, batch, block) + static_cast<std::ptrdiff_t>(f) * rows;
  if (dx != nullptr) handOver(dx, dy, static_cast<std::size_t>(rows), m_plan.x.addGradient);
  for (int h = 0; h < m_plan.waves; ++h) {
    float* inner = dz + static_cast<std::ptrdiff_t>(h) * rows;
    k.scaleRows(inner, inner, &turn, nullptr, 1, rows, false);
    k.rowDots(inner, x, 1, rows, dFrequency + h, add);
    k.rowSums(inner, 1, rows, dPhase + h, add);
    if (dx != nullptr) k.scaleRows(dx, inner, m_plan.frequency.value + wave + h, nullptr, 1, rows, true);
  }
}

}  // namespace lathe::engine::fused
