// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_fused/image_operations.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace lathe::engine::fused {

Pool::Pool(const Plan& plan) : m_plan(plan) {
  tokens = plan.y->tokens;
  if (!plan.mean) m_place = Memory(plan.mostFloats);
}

float Pool::shareOf(int output) const {
  int seen = 0;
  if (m_plan.countPadding)
    seen = m_plan.sliding.taps();
  else
    m_plan.sliding.seenBy(output, [&](int, int) { ++seen; });
  return 1.0F / static_cast<float>(seen);
}

void Pool::forwardPart(const Batch& batch, const Share& share, Scratch& /*scratch*/, int /*phase*/) {
  const auto size = static_cast<int>(blockSize(*m_plan.y, batch));
  const auto own = partOf(m_plan.y->tokens * batch.blocks, share);
  for (int unit = own.first; unit < own.last; ++unit) {
    float* y = blockOf(*m_plan.y, batch, unit);
    const int pixel = unit / batch.blocks;
    if (m_plan.mean) std::fill_n(y, size, 0.0F);
    const float part = m_plan.mean ? shareOf(pixel) : 0;
    bool first = true;
    m_plan.sliding.seenBy(pixel, [&](int input, int tap) {
      const float* x = blockOf(*m_plan.x.value, batch, input * batch.blocks + unit % batch.blocks);
      if (m_plan.mean) return kernels().addScaled(y, x, part, size);
      float* place = m_place.data() + static_cast<std::size_t>(unit) * static_cast<std::size_t>(size);
      if (!first) return kernels().keepLarger(y, place, x, static_cast<float>(tap), size);
      std::memcpy(y, x, static_cast<std::size_t>(size) * sizeof(float));
      std::fill_n(place, size, static_cast<float>(tap));
      first = false;
    });
  }
}

void Pool::backward(const Batch& batch, const Share& share, Scratch& /*scratch*/, int /*phase*/) {
  const auto& x = *m_plan.x.value;
  if (x.gradient == nullptr) return;
  const auto size = static_cast<int>(blockSize(x, batch));
  const auto own = partOf(x.tokens * batch.blocks, share);
  for (int unit = own.first; unit < own.last; ++unit) {
    float* dx = gradientOf(x, batch, unit);
    if (!m_plan.x.addGradient) std::fill_n(dx, size, 0.0F);
    m_plan.sliding.seeing(unit / batch.blocks, [&](int output, int tap) {
      const int from = output * batch.blocks + unit % batch.blocks;
      const float* dy = gradientOf(*m_plan.y, batch, from);
      if (m_plan.mean) return kernels().addScaled(dx, dy, shareOf(output), size);
      const float* place = m_place.data() + static_cast<std::size_t>(from) * static_cast<std::size_t>(size);
      kernels().addWhere(dx, dy, place, static_cast<float>(tap), size);
    });
  }
}

PoolAll::PoolAll(Input x, Value* y, bool mean, std::size_t mostFloats) : m_x(x), m_y(y), m_mean(mean) {
  if (!mean) m_place = Memory(mostFloats);
}

// Parts are of the features of all blocks.
void PoolAll::forwardPart(const Batch& batch, const Share& share, Scratch& /*scratch*/, int /*phase*/) {
  const auto& x = *m_x.value;
  const auto own = partOf(x.features, share);
  const int count = (own.last - own.first) * batch.blockRows;
  const auto start = static_cast<std::size_t>(own.first) * static_cast<std::size_t>(batch.blockRows);
  for (int block = 0; block < batch.blocks; ++block) {
    const auto at = static_cast<std::size_t>(block) * blockSize(x, batch) + start;
    float* y = m_y->data + at;
    std::memcpy(y, blockOf(x, batch, block) + start, static_cast<std::size_t>(count) * sizeof(float));
    if (!m_mean) std::fill_n(m_place.data() + at, count, 0.0F);
    for (int token = 1; token < x.tokens; ++token) {
      const float* other = blockOf(x, batch, token * batch.blocks + block) + start;
      if (m_mean)
        kernels().add(y, other, count);
      else
        kernels().keepLarger(y, m_place.data() + at, other, static_cast<float>(token), count);
    }
    if (!m_mean) continue;
    const float part = 1.0F / static_cast<float>(x.tokens);
    for (int i = 0; i < count; ++i) y[i] *= part;
  }
}

void PoolAll::backward(const Batch& batch, const Share& share, Scratch& /*scratch*/, int /*phase*/) {
  const auto& x = *m_x.value;
  if (x.gradient == nullptr) return;
  const auto size = static_cast<int>(blockSize(x, batch));
  const float part = 1.0F / static_cast<float>(x.tokens);
  const auto own = partOf(x.tokens * batch.blocks, share);
  for (int unit = own.first; unit < own.last; ++unit) {
    float* dx = gradientOf(x, batch, unit);
    const int block = unit % batch.blocks;
    const int token = unit / batch.blocks;
    const auto number = static_cast<float>(token);
    if (!m_x.addGradient) std::fill_n(dx, size, 0.0F);
    if (m_mean)
      kernels().addScaled(dx, gradientOf(*m_y, batch, block), part, size);
    else
      kernels().addWhere(dx, gradientOf(*m_y, batch, block),
                         m_place.data() + static_cast<std::size_t>(block) * static_cast<std::size_t>(size), number,
                         size);
  }
}

FlattenChannels::FlattenChannels(Input x, Value* y) : m_x(x), m_y(y) {}

void FlattenChannels::forwardPart(const Batch& batch, const Share& share, Scratch& /*scratch*/, int /*phase*/) {
  const auto& x = *m_x.value;
  const auto rows = static_cast<std::size_t>(batch.blockRows);
  const auto own = partOf(x.tokens * batch.blocks, share);
  for (int unit = own.first; unit < own.last; ++unit) {
    const float* from = blockOf(x, batch, unit);
    float* to = blockOf(*m_y, batch, unit % batch.blocks);
    for (int c = 0; c < x.features; ++c)
      std::memcpy(to + static_cast<std::size_t>(c * x.tokens + unit / batch.blocks) * rows,
                  from + static_cast<std::size_t>(c) * rows, rows * sizeof(float));
  }
}

void FlattenChannels::backward(const Batch& batch, const Share& share, Scratch& /*scratch*/, int /*phase*/) {
  const auto& x = *m_x.value;
  if (x.gradient == nullptr) return;
  const auto rows = static_cast<std::size_t>(batch.blockRows);
  const auto own = partOf(x.tokens * batch.blocks, share);
  for (int unit = own.first; unit < own.last; ++unit) {
    float* to = gradientOf(x, batch, unit);
    const float* from = gradientOf(*m_y, batch, unit % batch.blocks);
    for (int c = 0; c < x.features; ++c)
      handOver(to + static_cast<std::size_t>(c) * rows,
               from + static_cast<std::size_t>(c * x.tokens + unit / batch.blocks) * rows, rows, m_x.addGradient);
  }
}

SliceTokens::SliceTokens(Input x, Value* y, int first) : m_x(x), m_y(y), m_first(first) { tokens = y->tokens; }

void SliceTokens::forwardPart(const Batch& batch, const Share& share, Scratch& /*scratch*/, int /*phase*/) {
  const auto own = partOf(m_y->tokens * batch.blocks, share);
  for (int unit = own.first; unit < own.last; ++unit)
    std::memcpy(blockOf(*m_y, batch, unit), blockOf(*m_x.value, batch, m_first * batch.blocks + unit),
                blockSize(*m_y, batch) * sizeof(float));
}

void SliceTokens::backward(const Batch& batch, const Share& share, Scratch& /*scratch*/, int /*phase*/) {
  const auto& x = *m_x.value;
  if (x.gradient == nullptr) return;
  const auto size = blockSize(x, batch);
  const int start = m_first * batch.blocks;
  const auto own = partOf(x.tokens * batch.blocks, share);
  for (int unit = own.first; unit < own.last; ++unit) {
    const bool taken = unit >= start && unit < start + m_y->tokens * batch.blocks;
    if (taken)
      handOver(gradientOf(x, batch, unit), gradientOf(*m_y, batch, unit - start), size, m_x.addGradient);
    else if (!m_x.addGradient)
      std::fill_n(gradientOf(x, batch, unit), size, 0.0F);
  }
}

}  // namespace lathe::engine::fused
