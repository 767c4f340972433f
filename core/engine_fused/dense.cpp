// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_fused/dense.h"

#include <algorithm>

namespace lathe::engine::fused {
namespace {

constexpr int lane = 16;
constexpr int outputsAtOnce = 64;

int chunkFor(int total, int threads, int most) {
  const int even = (total + threads - 1) / threads;
  const int rounded = (even + lane - 1) / lane * lane;
  return std::max(1, std::min({most, rounded, total}));
}

}  // namespace

Dense::Dense(const Plan& plan)
    : m_plan(plan),
      m_in(plan.x.value->features),
      m_out(plan.y->features),
      m_outChunk(chunkFor(m_out, plan.threads, outputsAtOnce)),
      m_inChunk(chunkFor(m_in, plan.threads, m_in)) {
  tokens = plan.y->tokens;
  const bool bends = plan.activation != Activation::Identity && plan.activation != Activation::Relu;
  m_keepsSlope = bends || (plan.activation == Activation::Identity && plan.dropout > 0);
  const int rows = plan.blockRows;
  const auto all = static_cast<std::size_t>(tokens) * static_cast<std::size_t>(plan.blocks) *
                   static_cast<std::size_t>(rows) * static_cast<std::size_t>(m_out);
  if (m_keepsSlope) m_slope = Memory(all);
  if (plan.threads > 1) m_rowGradients = Memory(all);
  if (plan.scale != 1) m_scales.assign(static_cast<std::size_t>(m_out), static_cast<float>(plan.scale));
  const int outLast = m_out % m_outChunk;
  const int inLast = m_in % m_inChunk;
  m_forward = Product({rows, m_outChunk, m_in, rows, m_in, rows, false});
  if (outLast > 0) m_forwardLast = Product({rows, outLast, m_in, rows, m_in, rows, false});
  for (const bool add : {false, true}) {
    m_weights[add] = Product({m_in, m_outChunk, rows, m_in, rows, m_in, add});
    if (outLast > 0) m_weightsLast[add] = Product({m_in, outLast, rows, m_in, rows, m_in, add});
  }
  if (plan.x.value->gradient == nullptr) return;
  m_inputs = Product({m_inChunk, rows, m_out, m_in, m_out, m_inChunk, false});
  if (inLast > 0) m_inputsLast = Product({inLast, rows, m_out, m_in, m_out, inLast, false});
}

Dense::Range Dense::rangeOf(int total, int chunk, const Share& share) {
  if (share.parts == 1) return {0, total};
  const int chunks = (total + chunk - 1) / chunk;
  return {std::min(total, chunks * share.part / share.parts * chunk),
          std::min(total, chunks * (share.part + 1) / share.parts * chunk)};
}

const float* Dense::weightOf(const Batch& batch, int block) const {
  const auto size = static_cast<std::ptrdiff_t>(m_in) * m_out;
  return m_plan.weight.value + (m_plan.perToken ? block / batch.blocks * size : 0);
}

void Dense::forward(const Batch& batch, const Share& share, Scratch& /*scratch*/) {
  const auto range = rangeOf(m_out, m_outChunk, share);
  const int rows = batch.blockRows;
  const double p = dropProbability(batch, m_plan.dropout);
  const auto& k = kernels();
  for (int block = share.firstBlock; block < share.lastBlock; ++block) {
    const float* x = blockOf(*m_plan.x.value, batch, block);
    float* y = blockOf(*m_plan.y, batch, block);
    const float* weight = weightOf(batch, block);
    const float* bias = m_plan.bias.value;
    if (bias != nullptr && m_plan.perToken) bias += static_cast<std::ptrdiff_t>(block / batch.blocks) * m_out;
    for (int o = range.first; o < range.last; o += m_outChunk) {
      const int count = std::min(m_outChunk, range.last - o);
      const auto at = static_cast<std::size_t>(o) * static_cast<std::size_t>(rows);
      (count == m_outChunk ? m_forward : m_forwardLast)(x, weight + static_cast<std::ptrdiff_t>(o) * m_in, y + at);
      const auto place = static_cast<std::size_t>(block) * blockSize(*m_plan.y, batch) + at;
      float* slope = m_keepsSlope && batch.training ? m_slope.data() + place : nullptr;
      k.activate(y + at, slope, m_scales.empty() ? nullptr : m_scales.data() + o, bias == nullptr ? nullptr : bias + o,
                 count, rows, m_plan.activation);
      if (p > 0)
        k.drop(y + at, slope, count * rows, dropPattern(batch, m_plan.number, p, static_cast<std::uint32_t>(place)));
    }
  }
}

void Dense::backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) {
  Share own = share;
  if (m_plan.perToken && share.first && phase != 1) {
    // A thread may see some tokens only: what it does not see counts nothing.
    clearGradients(share, scratch);
  }
  if (m_plan.perToken) own.first = false;
  for (int block = share.firstBlock; block < share.lastBlock; ++block) {
    float* rowGradient = scratch.a;
    if (share.parts > 1)
      rowGradient = m_rowGradients.data() + static_cast<std::size_t>(block) * blockSize(*m_plan.y, batch);
    if (phase != 1) backwardOutputs(batch, own, scratch, block, rowGradient);
    if (phase != 0) backwardInputs(batch, share, scratch, block, rowGradient);
    own.first = false;
  }
}

void Dense::clearGradients(const Share& share, Scratch& scratch) const {
  const auto range = rangeOf(m_out, m_outChunk, share);
  for (std::ptrdiff_t token = 0; token < tokens; ++token) {
    float* weights = scratch.gradients + m_plan.weight.offset + token * m_in * m_out;
    std::fill(weights + static_cast<std::ptrdiff_t>(range.first) * m_in,
              weights + static_cast<std::ptrdiff_t>(range.last) * m_in, 0.0F);
    if (m_plan.bias.value == nullptr) continue;
    float* biases = scratch.gradients + m_plan.bias.offset + token * m_out;
    std::fill(biases + range.first, biases + range.last, 0.0F);
  }
}

void Dense::backwardOutputs(const Batch& batch, const Share& share, Scratch& scratch, int block, float* rowGradient) {
  const auto range = rangeOf(m_out, m_outChunk, share);
  const int count = range.last - range.first;
  if (count <= 0) return;
  const int rows = batch.blockRows;
  const auto& k = kernels();
  const auto at = static_cast<std::size_t>(range.first) * static_cast<std::size_t>(rows);
  const auto place = static_cast<std::size_t>(block) * blockSize(*m_plan.y, batch) + at;
  float* dy = m_plan.y->gradient + place;
  if (m_keepsSlope)
    k.multiply(dy, m_slope.data() + place, count * rows);
  else if (m_plan.activation == Activation::Relu)
    k.reluBack(dy, m_plan.y->data + place, count * rows,
               static_cast<float>(1 / (1 - dropProbability(batch, m_plan.dropout))));
  const std::ptrdiff_t token = m_plan.perToken ? block / batch.blocks : 0;
  if (m_plan.bias.value != nullptr)
    k.rowSums(dy, count, rows, scratch.gradients + m_plan.bias.offset + token * m_out + range.first, !share.first);
  if (!m_scales.empty()) k.scaleRows(dy, dy, m_scales.data(), nullptr, count, rows, false);
  if (m_plan.x.value->gradient != nullptr) k.transpose(dy, count, rows, rows, rowGradient + range.first, m_out);
  if (!m_plan.weight.learns) return;
  const float* x = nullptr;
  if (m_plan.x.value->rowMajor != nullptr) {
    x = m_plan.x.value->rowMajor + static_cast<std::size_t>(block) * blockSize(*m_plan.x.value, batch);
  } else {
    k.transpose(blockOf(*m_plan.x.value, batch, block), m_in, rows, rows, scratch.b, m_in);
    x = scratch.b;
  }
  const auto size = static_cast<std::ptrdiff_t>(m_in) * m_out;
  float* dWeight = scratch.gradients + m_plan.weight.offset + token * size;
  for (int o = range.first; o < range.last; o += m_outChunk) {
    const int outputs = std::min(m_outChunk, range.last - o);
    const auto& product = outputs == m_outChunk ? m_weights[!share.first] : m_weightsLast[!share.first];
    product(x, dy + static_cast<std::ptrdiff_t>(o - range.first) * rows,
            dWeight + static_cast<std::ptrdiff_t>(o) * m_in);
  }
}

void Dense::backwardInputs(const Batch& batch, const Share& share, Scratch& scratch, int block,
                           const float* rowGradient) {
  const auto& x = *m_plan.x.value;
  if (x.gradient == nullptr) return;
  const auto range = rangeOf(m_in, m_inChunk, share);
  const int rows = batch.blockRows;
  const auto& k = kernels();
  const float* weight = weightOf(batch, block);
  for (int i = range.first; i < range.last; i += m_inChunk) {
    const int count = std::min(m_inChunk, range.last - i);
    (count == m_inChunk ? m_inputs : m_inputsLast)(weight + i, rowGradient, scratch.c);
    float* dx = gradientOf(x, batch, block) + static_cast<std::ptrdiff_t>(i) * rows;
    (m_plan.x.addGradient ? k.transposeAdd : k.transpose)(scratch.c, rows, count, count, dx, rows);
  }
}

}  // namespace lathe::engine::fused
