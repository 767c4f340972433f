// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_fused/column_operations.h"

#include <algorithm>
#include <cstring>
#include <numbers>

namespace lathe::engine::fused {
namespace {

/// Where token `token` of a value lies for block `block` of its batch.
float* tokenBlock(float* data, const Value& value, const Batch& batch, int token, int block) {
  return data + static_cast<std::size_t>(token * batch.blocks + block) * blockSize(value, batch);
}

/// The gradient of a block of x, ready to be added to; null when nobody asks for it.
float* openGradient(const Input& x, const Batch& batch, int block) {
  if (x.value->gradient == nullptr) return nullptr;
  float* dx = gradientOf(*x.value, batch, block);
  if (!x.addGradient) std::fill_n(dx, blockSize(*x.value, batch), 0.0F);
  return dx;
}

}  // namespace

PiecewiseEncoding::PiecewiseEncoding(Input x, Value* y, Constants constants)
    : m_x(x), m_y(y), m_constants(std::move(constants)) {}

void PiecewiseEncoding::forward(const Batch& batch, const Share& share, Scratch& /*scratch*/) {
  if (share.part != 0) return;
  const int places = m_y->features;
  const auto& c = m_constants;
  for (int block = share.firstBlock; block < share.lastBlock; ++block) {
    const float* x = blockOf(*m_x.value, batch, block);
    for (int f = 0; f < m_y->tokens; ++f) {
      const auto at = static_cast<std::ptrdiff_t>(f) * places;
      kernels().piecewise(tokenBlock(m_y->data, *m_y, batch, f, block),
                          x + static_cast<std::ptrdiff_t>(f) * batch.blockRows, c.low.data() + at, c.slope.data() + at,
                          c.floor.data() + at, c.ceiling.data() + at, places, batch.blockRows);
    }
  }
}

void PiecewiseEncoding::backward(const Batch& batch, const Share& share, Scratch& /*scratch*/, int phase) {
  if (share.part != 0 || phase > 0 || m_y->gradient == nullptr) return;
  const int places = m_y->features;
  const auto& c = m_constants;
  for (int block = share.firstBlock; block < share.lastBlock; ++block) {
    float* dx = openGradient(m_x, batch, block);
    if (dx == nullptr) return;
    const float* x = blockOf(*m_x.value, batch, block);
    for (int f = 0; f < m_y->tokens; ++f) {
      const auto at = static_cast<std::ptrdiff_t>(f) * places;
      const auto row = static_cast<std::ptrdiff_t>(f) * batch.blockRows;
      kernels().piecewiseBack(dx + row, tokenBlock(m_y->gradient, *m_y, batch, f, block), x + row, c.low.data() + at,
                              c.slope.data() + at, c.floor.data() + at, c.ceiling.data() + at, places, batch.blockRows);
    }
  }
}

Waves::Waves(Input x, Value* y, ParameterPlace frequency)
    : m_x(x), m_y(y), m_frequency(frequency), m_count(y->features / 2) {
  constexpr auto turn = static_cast<float>(2 * std::numbers::pi);
  const auto count = static_cast<std::size_t>(m_count);
  m_zeros.assign(count, 0.0F);
  m_minusOnes.assign(count, -1.0F);
  m_turn.assign(count, turn);
  m_minusTurn.assign(count, -turn);
}

void Waves::forward(const Batch& batch, const Share& share, Scratch& /*scratch*/) {
  if (share.part != 0) return;
  const int rows = batch.blockRows;
  const auto half = static_cast<std::ptrdiff_t>(m_count) * rows;
  for (int block = share.firstBlock; block < share.lastBlock; ++block)
    for (int f = 0; f < m_y->tokens; ++f) {
      const float* x = blockOf(*m_x.value, batch, block) + static_cast<std::ptrdiff_t>(f) * rows;
      float* sine = tokenBlock(m_y->data, *m_y, batch, f, block);
      kernels().periodic(sine + half, sine, x, m_frequency.value + static_cast<std::ptrdiff_t>(f) * m_count,
                         m_zeros.data(), m_count, rows);
      kernels().scaleRows(sine, sine, m_minusOnes.data(), nullptr, m_count, rows, false);
    }
}

void Waves::backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) {
  if (share.part != 0 || phase > 0) return;
  for (int block = share.firstBlock; block < share.lastBlock; ++block) {
    static_cast<void>(openGradient(m_x, batch, block));
    for (int f = 0; f < m_y->tokens; ++f) feature(batch, scratch, block, f, !share.first || block != share.firstBlock);
  }
}

void Waves::feature(const Batch& batch, Scratch& scratch, int block, int f, bool add) {
  const int rows = batch.blockRows;
  const auto& k = kernels();
  const auto half = static_cast<std::ptrdiff_t>(m_count) * rows;
  const auto bytes = static_cast<std::size_t>(half) * sizeof(float);
  const float* sine = tokenBlock(m_y->data, *m_y, batch, f, block);
  const float* dSine = tokenBlock(m_y->gradient, *m_y, batch, f, block);
  // Of the angle: the sine's slope is the cosine, and the other way round with the sign turned.
  float* inner = scratch.a;
  std::memcpy(inner, dSine, bytes);
  k.multiply(inner, sine + half, static_cast<int>(half));
  std::memcpy(scratch.b, dSine + half, bytes);
  k.multiply(scratch.b, sine, static_cast<int>(half));
  k.scaleRows(inner, inner, m_turn.data(), nullptr, m_count, rows, false);
  k.scaleRows(inner, scratch.b, m_minusTurn.data(), nullptr, m_count, rows, true);
  const auto place = static_cast<std::ptrdiff_t>(f) * rows;
  const float* x = blockOf(*m_x.value, batch, block) + place;
  float* dx = m_x.value->gradient == nullptr ? nullptr : gradientOf(*m_x.value, batch, block) + place;
  const auto first = static_cast<std::ptrdiff_t>(f) * m_count;
  for (int h = 0; h < m_count; ++h) {
    const float* wave = inner + static_cast<std::ptrdiff_t>(h) * rows;
    k.rowDots(wave, x, 1, rows, scratch.gradients + m_frequency.offset + first + h, add);
    if (dx != nullptr) k.scaleRows(dx, wave, m_frequency.value + first + h, nullptr, 1, rows, true);
  }
}

Slice::Slice(Input x, Value* y, int first) : m_x(x), m_y(y), m_first(first) { tokens = y->tokens; }

void Slice::forward(const Batch& batch, const Share& share, Scratch& /*scratch*/) {
  if (share.part != 0) return;
  const auto start = static_cast<std::ptrdiff_t>(m_first) * batch.blockRows;
  for (int block = share.firstBlock; block < share.lastBlock; ++block)
    std::memcpy(blockOf(*m_y, batch, block), blockOf(*m_x.value, batch, block) + start,
                blockSize(*m_y, batch) * sizeof(float));
}

void Slice::backward(const Batch& batch, const Share& share, Scratch& /*scratch*/, int phase) {
  if (share.part != 0 || phase > 0 || m_y->gradient == nullptr) return;
  const auto start = static_cast<std::ptrdiff_t>(m_first) * batch.blockRows;
  for (int block = share.firstBlock; block < share.lastBlock; ++block)
    if (float* dx = openGradient(m_x, batch, block))
      handOver(dx + start, gradientOf(*m_y, batch, block), blockSize(*m_y, batch), true);
}

Regroup::Regroup(Input x, Value* y) : m_x(x), m_y(y) {}

void Regroup::forward(const Batch& batch, const Share& share, Scratch& /*scratch*/) {
  if (share.part != 0) return;
  const bool joins = m_x.value->tokens > 1;
  const Value& many = joins ? *m_x.value : *m_y;
  const Value& one = joins ? *m_y : *m_x.value;
  const auto size = blockSize(many, batch);
  for (int block = share.firstBlock; block < share.lastBlock; ++block)
    for (int token = 0; token < many.tokens; ++token) {
      float* apart = tokenBlock(many.data, many, batch, token, block);
      float* together = blockOf(one, batch, block) + static_cast<std::size_t>(token) * size;
      std::memcpy(joins ? together : apart, joins ? apart : together, size * sizeof(float));
    }
}

void Regroup::backward(const Batch& batch, const Share& share, Scratch& /*scratch*/, int phase) {
  if (share.part != 0 || phase > 0 || m_x.value->gradient == nullptr) return;
  const bool joins = m_x.value->tokens > 1;
  const Value& many = joins ? *m_x.value : *m_y;
  const Value& one = joins ? *m_y : *m_x.value;
  const auto size = blockSize(many, batch);
  for (int block = share.firstBlock; block < share.lastBlock; ++block)
    for (int token = 0; token < many.tokens; ++token) {
      float* apart = tokenBlock(many.gradient, many, batch, token, block);
      float* together = gradientOf(one, batch, block) + static_cast<std::size_t>(token) * size;
      handOver(joins ? apart : together, joins ? together : apart, size, m_x.addGradient);
    }
}

}  // namespace lathe::engine::fused
