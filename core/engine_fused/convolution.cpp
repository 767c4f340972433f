// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_fused/convolution.h"

#include <algorithm>
#include <cstring>

namespace lathe::engine::fused {
namespace {

constexpr int lane = 16;
constexpr int channelsAtOnce = 64;
// Below that a product a tap would be all overhead.
constexpr int fewChannels = 8;
constexpr int mostPatchRows = 256;

std::ptrdiff_t floats(std::ptrdiff_t a, std::ptrdiff_t b, std::ptrdiff_t c = 1) { return a * b * c; }

std::size_t count(int a, int b, int c = 1, int d = 1) {
  return static_cast<std::size_t>(a) * static_cast<std::size_t>(b) * static_cast<std::size_t>(c) *
         static_cast<std::size_t>(d);
}

}  // namespace

Convolution::Convolution(const Plan& plan)
    : m_plan(plan),
      m_in(plan.x.value->features),
      m_out(plan.y->features),
      m_taps(plan.sliding.taps()),
      m_patches(m_in < fewChannels && m_in * m_taps <= mostPatchRows && plan.x.value->gradient == nullptr),
      m_outChunk(std::min(m_out, channelsAtOnce)),
      m_inChunk(std::min(m_in, channelsAtOnce)),
      m_itemOutputs(std::min(m_out, m_out > channelsAtOnce / 2 ? channelsAtOnce / 2 : lane)) {
  tokens = plan.y->tokens;
  const int rows = plan.blockRows;
  m_outStride = plan.channelsLast ? m_taps * m_in : m_in;
  m_tapStride = plan.channelsLast ? m_in : m_out * m_in;
  m_spaces.resize(static_cast<std::size_t>(plan.threads));
  if (m_patches) {
    const int depth = m_in * m_taps;
    m_patchRows = (depth + lane - 1) / lane * lane;
    for (auto& space : m_spaces) {
      space.patch = Memory(count(m_patchRows, rows));
      space.patchRows = Memory(count(m_patchRows, rows));
      space.gradient = Memory(count(m_out, depth));
    }
    m_patchForward[0] = Product({rows, m_outChunk, depth, rows, depth, rows, false});
    if (const int rest = m_out % m_outChunk; rest > 0)
      m_patchForward[1] = Product({rows, rest, depth, rows, depth, rows, false});
    m_patchWeights = Product({depth, m_out, rows, m_patchRows, rows, depth, true});
    return;
  }
  if (!plan.channelsLast) {
    m_packed = Memory(count(m_taps, m_out, m_in));
    m_gathered = Memory(count(m_taps, m_out, m_in));
  }
  m_inputRows = Memory(count(plan.x.value->tokens, plan.blocks, m_in, rows));
  m_forward[0] = ProductSum({rows, m_outChunk, m_in, rows, m_outStride, rows, false});
  if (const int rest = m_out % m_outChunk; rest > 0)
    m_forward[1] = ProductSum({rows, rest, m_in, rows, m_outStride, rows, false});
  if (plan.x.value->gradient != nullptr) {
    m_packedBack = Memory(count(m_taps, m_out, m_in));
    m_inputs[0] = ProductSum({rows, m_inChunk, m_out, rows, m_out, rows, plan.x.addGradient});
    if (const int rest = m_in % m_inChunk; rest > 0)
      m_inputs[1] = ProductSum({rows, rest, m_out, rows, m_out, rows, plan.x.addGradient});
  }
  m_weights[0] = ProductSum({m_in, m_itemOutputs, rows, m_in, rows, m_outStride, true});
  if (const int rest = m_out % m_itemOutputs; rest > 0)
    m_weights[1] = ProductSum({m_in, rest, rows, m_in, rows, m_outStride, true});
  for (int first = 0; first < m_out; first += m_itemOutputs)
    for (int tap = 0; tap < m_taps; ++tap) m_items.push_back({tap, first, std::min(m_itemOutputs, m_out - first)});
}

const float* Convolution::weightOf(int output, int tap) const {
  const float* first = m_plan.channelsLast ? m_plan.weight.value : m_packed.data();
  return first + floats(output, m_outStride) + floats(tap, m_tapStride);
}

void Convolution::prepare(const Batch& batch, int part, int parts) {
  if (m_patches) return;
  const bool back = batch.training && m_packedBack.size() > 0;
  const auto own = partOf(m_out, {0, 0, part, parts, true});
  for (int o = own.first; o < own.last; ++o)
    for (int t = 0; t < m_taps; ++t) {
      const float* from = m_plan.weight.value + floats(o, m_in, m_taps) + (m_plan.channelsLast ? floats(t, m_in) : t);
      const std::ptrdiff_t step = m_plan.channelsLast ? 1 : m_taps;
      if (!m_plan.channelsLast)
        for (int c = 0; c < m_in; ++c) m_packed.data()[(floats(t, m_out) + o) * m_in + c] = from[c * step];
      if (!back) continue;
      float* into = m_packedBack.data() + floats(t, m_in, m_out) + o;
      for (int c = 0; c < m_in; ++c) into[floats(c, m_out)] = from[c * step];
    }
}

// What an output pixel sees, in the order of the weights; zeros beyond the edges.
void Convolution::gatherPatch(const Batch& batch, Space& space, int pixel, int block) const {
  const auto rows = static_cast<std::size_t>(batch.blockRows);
  const auto bytes = rows * sizeof(float);
  float* patch = space.patch.data();
  if (m_plan.sliding.padHeight > 0 || m_plan.sliding.padWidth > 0) std::memset(patch, 0, bytes * count(m_in, m_taps));
  m_plan.sliding.seenBy(pixel, [&](int input, int tap) {
    const float* x = blockOf(*m_plan.x.value, batch, input * batch.blocks + block);
    if (m_plan.channelsLast) {
      std::memcpy(patch + count(tap, m_in) * rows, x, bytes * count(m_in, 1));
      return;
    }
    for (int c = 0; c < m_in; ++c)
      std::memcpy(patch + count(c * m_taps + tap, 1) * rows, x + count(c, 1) * rows, bytes);
  });
}

void Convolution::forwardPatches(const Batch& batch, const Share& share, Space& space) {
  const int depth = m_in * m_taps;
  const auto own = partOf(m_plan.y->tokens * batch.blocks, share);
  for (int unit = own.first; unit < own.last; ++unit) {
    gatherPatch(batch, space, unit / batch.blocks, unit % batch.blocks);
    float* y = blockOf(*m_plan.y, batch, unit);
    for (int o = 0; o < m_out; o += m_outChunk)
      m_patchForward[m_out - o < m_outChunk ? 1 : 0](space.patch.data(), m_plan.weight.value + floats(o, depth),
                                                     y + floats(o, batch.blockRows));
    if (m_plan.bias.value != nullptr)
      kernels().activate(y, nullptr, nullptr, m_plan.bias.value, m_out, batch.blockRows, Activation::Identity);
  }
}

void Convolution::forwardPart(const Batch& batch, const Share& share, Scratch& /*scratch*/, int /*phase*/) {
  auto& space = m_spaces[static_cast<std::size_t>(share.part)];
  if (m_patches) return forwardPatches(batch, share, space);
  const auto own = partOf(m_plan.y->tokens * batch.blocks, share);
  for (int o = 0; o < m_out; o += m_outChunk)
    for (int unit = own.first; unit < own.last; ++unit) {
      space.a.clear();
      space.b.clear();
      m_plan.sliding.seenBy(unit / batch.blocks, [&](int input, int tap) {
        space.a.push_back(blockOf(*m_plan.x.value, batch, input * batch.blocks + unit % batch.blocks));
        space.b.push_back(weightOf(o, tap));
      });
      const int outputs = std::min(m_outChunk, m_out - o);
      float* y = blockOf(*m_plan.y, batch, unit) + floats(o, batch.blockRows);
      if (space.a.empty())
        std::fill_n(y, floats(outputs, batch.blockRows), 0.0F);
      else
        m_forward[outputs < m_outChunk ? 1 : 0](space.a.data(), space.b.data(), y, space.a.size());
      if (m_plan.bias.value != nullptr)
        kernels().activate(y, nullptr, nullptr, m_plan.bias.value + o, outputs, batch.blockRows, Activation::Identity);
    }
}

void Convolution::backwardPatches(const Batch& batch, const Share& share, Space& space) {
  std::fill_n(space.gradient.data(), space.gradient.size(), 0.0F);
  const auto own = partOf(m_plan.y->tokens * batch.blocks, share);
  for (int unit = own.first; unit < own.last; ++unit) {
    gatherPatch(batch, space, unit / batch.blocks, unit % batch.blocks);
    kernels().transpose(space.patch.data(), m_patchRows, batch.blockRows, batch.blockRows, space.patchRows.data(),
                        m_patchRows);
    m_patchWeights(space.patchRows.data(), gradientOf(*m_plan.y, batch, unit), space.gradient.data());
  }
}

void Convolution::sumPatches(const Share& share, Scratch& scratch) {
  const auto own = partOf(m_out, share);
  const auto depth = static_cast<std::ptrdiff_t>(m_in) * m_taps;
  for (std::ptrdiff_t i = own.first * depth; i < own.last * depth; ++i) {
    float sum = 0;
    for (int part = 0; part < share.parts; ++part) sum += m_spaces[static_cast<std::size_t>(part)].gradient.data()[i];
    scratch.gradients[m_plan.weight.offset + i] = sum;
  }
}

void Convolution::transposeInputs(const Batch& batch, const Share& share) {
  const auto& x = *m_plan.x.value;
  const auto own = partOf(x.tokens * batch.blocks, share);
  for (int unit = own.first; unit < own.last; ++unit)
    kernels().transpose(blockOf(x, batch, unit), m_in, batch.blockRows, batch.blockRows,
                        m_inputRows.data() + floats(unit, m_in, batch.blockRows), m_in);
}

void Convolution::backwardInputs(const Batch& batch, const Share& share, Space& space) {
  const auto& x = *m_plan.x.value;
  const auto own = partOf(x.tokens * batch.blocks, share);
  for (int c = 0; c < m_in; c += m_inChunk)
    for (int unit = own.first; unit < own.last; ++unit) {
      space.a.clear();
      space.b.clear();
      m_plan.sliding.seeing(unit / batch.blocks, [&](int output, int tap) {
        space.a.push_back(gradientOf(*m_plan.y, batch, output * batch.blocks + unit % batch.blocks));
        space.b.push_back(m_packedBack.data() + (floats(tap, m_in) + c) * m_out);
      });
      const int inputs = std::min(m_inChunk, m_in - c);
      float* dx = gradientOf(x, batch, unit) + floats(c, batch.blockRows);
      if (!space.a.empty())
        m_inputs[inputs < m_inChunk ? 1 : 0](space.a.data(), space.b.data(), dx, space.a.size());
      else if (!m_plan.x.addGradient)
        std::fill_n(dx, floats(inputs, batch.blockRows), 0.0F);
    }
}

float* Convolution::gradientAt(const Item& item, Scratch& scratch) const {
  float* first = m_plan.channelsLast ? scratch.gradients + m_plan.weight.offset : m_gathered.data();
  return first + floats(item.first, m_outStride) + floats(item.tap, m_tapStride);
}

// The products of a tap over one row of outputs, which stays in the cache for all taps.
void Convolution::addItem(const Batch& batch, const Item& item, int outputRow, Scratch& scratch, Space& space) {
  const auto& s = m_plan.sliding;
  const int y = outputRow * s.strideHeight - s.padHeight + item.tap / s.kernelWidth * s.dilationHeight;
  if (y < 0 || y >= s.inHeight) return;
  space.a.clear();
  space.b.clear();
  for (int column = 0; column < s.outWidth; ++column) {
    const int x = column * s.strideWidth - s.padWidth + item.tap % s.kernelWidth * s.dilationWidth;
    if (x < 0 || x >= s.inWidth) continue;
    for (int block = 0; block < batch.blocks; ++block) {
      space.a.push_back(m_inputRows.data() + floats((y * s.inWidth + x) * batch.blocks + block, m_in, batch.blockRows));
      space.b.push_back(gradientOf(*m_plan.y, batch, (outputRow * s.outWidth + column) * batch.blocks + block) +
                        floats(item.first, batch.blockRows));
    }
  }
  if (space.a.empty()) return;
  m_weights[item.count < m_itemOutputs ? 1 : 0](space.a.data(), space.b.data(), gradientAt(item, scratch),
                                                space.a.size());
}

void Convolution::backwardWeights(const Batch& batch, const Share& share, Scratch& scratch, Space& space) {
  const auto own = partOf(static_cast<int>(m_items.size()), share);
  for (int i = own.first; i < own.last; ++i) {
    const auto& item = m_items[static_cast<std::size_t>(i)];
    float* into = gradientAt(item, scratch);
    for (int o = 0; o < item.count; ++o) std::fill_n(into + floats(o, m_outStride), m_in, 0.0F);
  }
  for (int row = 0; row < m_plan.sliding.outHeight; ++row)
    for (int i = own.first; i < own.last; ++i)
      addItem(batch, m_items[static_cast<std::size_t>(i)], row, scratch, space);
  if (!m_plan.channelsLast) unpack(share, scratch);
}

// From [tap, out, in] to [out, in, tap], what the share has gathered.
void Convolution::unpack(const Share& share, Scratch& scratch) const {
  const auto own = partOf(static_cast<int>(m_items.size()), share);
  float* into = scratch.gradients + m_plan.weight.offset;
  for (int i = own.first; i < own.last; ++i) {
    const auto& item = m_items[static_cast<std::size_t>(i)];
    for (int o = item.first; o < item.first + item.count; ++o) {
      const float* from = m_gathered.data() + (floats(item.tap, m_out) + o) * m_in;
      float* to = into + floats(o, m_in, m_taps) + item.tap;
      for (int c = 0; c < m_in; ++c) to[floats(c, m_taps)] = from[c];
    }
  }
}

void Convolution::backwardBias(const Batch& batch, const Share& share, Scratch& scratch) {
  const auto own = partOf(m_out, share);
  if (own.first == own.last) return;
  float* into = scratch.gradients + m_plan.bias.offset + own.first;
  for (int unit = 0; unit < m_plan.y->tokens * batch.blocks; ++unit)
    kernels().rowSums(gradientOf(*m_plan.y, batch, unit) + floats(own.first, batch.blockRows), own.last - own.first,
                      batch.blockRows, into, unit > 0);
}

void Convolution::backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) {
  auto& space = m_spaces[static_cast<std::size_t>(share.part)];
  const bool weighs = m_plan.weight.learns;
  if (phase == 0) {
    if (m_plan.x.value->gradient != nullptr) backwardInputs(batch, share, space);
    if (weighs && m_patches) return backwardPatches(batch, share, space);
    if (weighs) transposeInputs(batch, share);
    return;
  }
  if (!weighs) return;
  if (m_plan.bias.value != nullptr) backwardBias(batch, share, scratch);
  if (m_patches) return sumPatches(share, scratch);
  backwardWeights(batch, share, scratch, space);
}

}  // namespace lathe::engine::fused
