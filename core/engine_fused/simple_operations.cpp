// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_fused/simple_operations.h"

#include <algorithm>
#include <cstring>

namespace lathe::engine::fused {

Bend::Bend(Input x, Value* y, Activation activation, double dropout, std::uint32_t number, std::size_t mostFloats)
    : m_x(x), m_y(y), m_activation(activation), m_dropout(dropout), m_number(number) {
  tokens = y->tokens;
  if (activation != Activation::Relu) m_slope = Memory(mostFloats);
}

void Bend::forward(const Batch& batch, const Share& share, Scratch& /*scratch*/) {
  const Share own = share.ownBlocks();
  const auto size = blockSize(*m_y, batch);
  const double p = dropProbability(batch, m_dropout);
  for (int block = own.firstBlock; block < own.lastBlock; ++block) {
    float* y = blockOf(*m_y, batch, block);
    std::memcpy(y, blockOf(*m_x.value, batch, block), size * sizeof(float));
    const auto place = static_cast<std::size_t>(block) * size;
    float* slope = batch.training && m_slope.size() > 0 ? m_slope.data() + place : nullptr;
    kernels().activate(y, slope, nullptr, nullptr, m_y->features, batch.blockRows, m_activation);
    if (p > 0)
      kernels().drop(y, slope, static_cast<int>(size),
                     dropPattern(batch, m_number, p, static_cast<std::uint32_t>(place)));
  }
}

void Bend::backward(const Batch& batch, const Share& share, Scratch& /*scratch*/, int phase) {
  if (phase > 0 || m_x.value->gradient == nullptr) return;
  const Share own = share.ownBlocks();
  const auto size = blockSize(*m_y, batch);
  const auto kept = static_cast<float>(1 / (1 - dropProbability(batch, m_dropout)));
  for (int block = own.firstBlock; block < own.lastBlock; ++block) {
    float* dy = gradientOf(*m_y, batch, block);
    if (m_slope.size() > 0)
      kernels().multiply(dy, m_slope.data() + static_cast<std::size_t>(block) * size, static_cast<int>(size));
    else
      kernels().reluBack(dy, blockOf(*m_y, batch, block), static_cast<int>(size), kept);
    handOver(gradientOf(*m_x.value, batch, block), dy, size, m_x.addGradient);
  }
}

LayerNorm::LayerNorm(Input x, Value* y, ParameterPlace weight, ParameterPlace bias, double epsilon,
                     std::size_t mostRows)
    : m_x(x),
      m_y(y),
      m_weight(weight),
      m_bias(bias),
      m_epsilon(static_cast<float>(epsilon)),
      m_mean(mostRows),
      m_rstd(mostRows) {
  tokens = y->tokens;
}

void LayerNorm::forward(const Batch& batch, const Share& share, Scratch& /*scratch*/) {
  if (share.part != 0) return;
  for (int block = share.firstBlock; block < share.lastBlock; ++block) {
    const auto row = static_cast<std::ptrdiff_t>(block) * batch.blockRows;
    kernels().layerNorm(blockOf(*m_y, batch, block), blockOf(*m_x.value, batch, block), m_weight.value, m_bias.value,
                        m_y->features, batch.blockRows, m_epsilon, m_mean.data() + row, m_rstd.data() + row);
  }
}

void LayerNorm::backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) {
  if (share.part != 0 || phase > 0) return;
  for (int block = share.firstBlock; block < share.lastBlock; ++block) {
    const auto row = static_cast<std::ptrdiff_t>(block) * batch.blockRows;
    // Nobody may ask for the gradient of an input of the network.
    float* dx = m_x.value->gradient != nullptr ? gradientOf(*m_x.value, batch, block) : scratch.a;
    kernels().layerNormBack(dx, m_x.addGradient && m_x.value->gradient != nullptr, gradientOf(*m_y, batch, block),
                            blockOf(*m_x.value, batch, block), m_weight.value, m_y->features, batch.blockRows,
                            m_mean.data() + row, m_rstd.data() + row, scratch.gradients + m_weight.offset,
                            scratch.gradients + m_bias.offset, !share.first || block != share.firstBlock);
  }
}

Add::Add(std::vector<Input> inputs, Value* y) : m_inputs(std::move(inputs)), m_y(y) { tokens = y->tokens; }

void Add::forward(const Batch& batch, const Share& share, Scratch& /*scratch*/) {
  const Share own = share.ownBlocks();
  for (int block = own.firstBlock; block < own.lastBlock; ++block)
    for (std::size_t i = 0; i < m_inputs.size(); ++i)
      handOver(blockOf(*m_y, batch, block), blockOf(*m_inputs[i].value, batch, block), blockSize(*m_y, batch), i > 0);
}

void Add::backward(const Batch& batch, const Share& share, Scratch& /*scratch*/, int phase) {
  if (phase > 0) return;
  const Share own = share.ownBlocks();
  for (int block = own.firstBlock; block < own.lastBlock; ++block)
    for (const auto& input : m_inputs)
      if (input.value->gradient != nullptr)
        handOver(gradientOf(*input.value, batch, block), gradientOf(*m_y, batch, block), blockSize(*m_y, batch),
                 input.addGradient);
}

Concat::Concat(std::vector<Input> inputs, Value* y) : m_inputs(std::move(inputs)), m_y(y) { tokens = y->tokens; }

void Concat::forward(const Batch& batch, const Share& share, Scratch& /*scratch*/) {
  if (share.part != 0) return;
  for (int block = share.firstBlock; block < share.lastBlock; ++block) {
    float* y = blockOf(*m_y, batch, block);
    for (const auto& input : m_inputs) {
      const auto size = blockSize(*input.value, batch);
      std::memcpy(y, blockOf(*input.value, batch, block), size * sizeof(float));
      y += size;
    }
  }
}

void Concat::backward(const Batch& batch, const Share& share, Scratch& /*scratch*/, int phase) {
  if (share.part != 0 || phase > 0) return;
  for (int block = share.firstBlock; block < share.lastBlock; ++block) {
    const float* dy = gradientOf(*m_y, batch, block);
    for (const auto& input : m_inputs) {
      const auto size = blockSize(*input.value, batch);
      if (input.value->gradient != nullptr)
        handOver(gradientOf(*input.value, batch, block), dy, size, input.addGradient);
      dy += size;
    }
  }
}

Embedding::Embedding(Value* codes, Value* y, std::vector<Column> columns)
    : m_codes(codes), m_y(y), m_columns(std::move(columns)) {}

void Embedding::forward(const Batch& batch, const Share& share, Scratch& /*scratch*/) {
  if (share.part != 0) return;
  const int rows = batch.blockRows;
  for (int block = share.firstBlock; block < share.lastBlock; ++block) {
    const std::int32_t* codes = m_codes->codes + static_cast<std::size_t>(block) * blockSize(*m_codes, batch);
    float* y = blockOf(*m_y, batch, block);
    for (const auto& column : m_columns) {
      for (int r = 0; r < rows; ++r) {
        const float* learnt = column.weight.value + static_cast<std::ptrdiff_t>(codes[r]) * column.size;
        for (int e = 0; e < column.size; ++e) y[static_cast<std::ptrdiff_t>(e) * rows + r] = learnt[e];
      }
      codes += rows;
      y += static_cast<std::ptrdiff_t>(column.size) * rows;
    }
  }
}

void Embedding::backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) {
  if (share.part != 0 || phase > 0) return;
  const int rows = batch.blockRows;
  if (share.first)
    for (const auto& column : m_columns)
      std::fill_n(scratch.gradients + column.weight.offset,
                  static_cast<std::ptrdiff_t>(column.cardinality) * column.size, 0.0F);
  for (int block = share.firstBlock; block < share.lastBlock; ++block) {
    const std::int32_t* codes = m_codes->codes + static_cast<std::size_t>(block) * blockSize(*m_codes, batch);
    const float* dy = gradientOf(*m_y, batch, block);
    for (const auto& column : m_columns) {
      for (int r = 0; r < batch.valid(block); ++r) {
        float* learnt = scratch.gradients + column.weight.offset + static_cast<std::ptrdiff_t>(codes[r]) * column.size;
        for (int e = 0; e < column.size; ++e) learnt[e] += dy[static_cast<std::ptrdiff_t>(e) * rows + r];
      }
      codes += rows;
      dy += static_cast<std::ptrdiff_t>(column.size) * rows;
    }
  }
}

}  // namespace lathe::engine::fused
