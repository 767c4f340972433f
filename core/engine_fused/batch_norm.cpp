// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/engine_fused/simple_operations.h"

namespace lathe::engine::fused {

BatchNorm::BatchNorm(Input x, Value* y, ParameterPlace weight, ParameterPlace bias, float* runningMean,
                     float* runningVariance, double epsilon, double momentum)
    : m_x(x),
      m_y(y),
      m_weight(weight),
      m_bias(bias),
      m_runningMean(runningMean),
      m_runningVariance(runningVariance),
      m_epsilon(epsilon),
      m_momentum(momentum) {
  tokens = y->tokens;
  local = false;
  const auto features = static_cast<std::size_t>(y->features);
  for (auto* numbers : {&m_mean, &m_rstd, &m_scale, &m_shift, &m_slopeOfMean, &m_slopeOfDot})
    numbers->assign(features, 0.0F);
  m_sums.assign(features, 0.0);
  m_squares.assign(features, 0.0);
}

void BatchNorm::measure(const Batch& batch) {
  const auto features = static_cast<std::size_t>(m_y->features);
  const double count = static_cast<double>(batch.rows) * tokens;
  m_measured = batch.training && m_weight.learns && count > 1;
  if (!m_measured) {
    for (std::size_t f = 0; f < features; ++f) {
      m_mean[f] = m_runningMean[f];
      m_rstd[f] = static_cast<float>(1 / std::sqrt(static_cast<double>(m_runningVariance[f]) + m_epsilon));
    }
    return;
  }
  std::fill(m_sums.begin(), m_sums.end(), 0.0);
  std::fill(m_squares.begin(), m_squares.end(), 0.0);
  const int blocks = batch.blocks * tokens;
  for (int block = 0; block < blocks; ++block)
    kernels().moments(blockOf(*m_x.value, batch, block), m_y->features, batch.blockRows, batch.valid(block), nullptr,
                      m_sums.data(), nullptr);
  for (std::size_t f = 0; f < features; ++f) m_mean[f] = static_cast<float>(m_sums[f] / count);
  for (int block = 0; block < blocks; ++block)
    kernels().moments(blockOf(*m_x.value, batch, block), m_y->features, batch.blockRows, batch.valid(block),
                      m_mean.data(), nullptr, m_squares.data());
  for (std::size_t f = 0; f < features; ++f) {
    m_rstd[f] = static_cast<float>(1 / std::sqrt(m_squares[f] / count + m_epsilon));
    const auto blend = [&](float& running, double now) {
      running = static_cast<float>((1 - m_momentum) * static_cast<double>(running) + m_momentum * now);
    };
    blend(m_runningMean[f], m_sums[f] / count);
    blend(m_runningVariance[f], m_squares[f] / (count - 1));
  }
}

void BatchNorm::forward(const Batch& batch, const Share& share, Scratch& /*scratch*/) {
  if (share.part != 0) return;
  measure(batch);
  for (std::size_t f = 0; f < m_mean.size(); ++f) {
    m_scale[f] = m_rstd[f] * m_weight.value[f];
    m_shift[f] = m_bias.value[f] - m_mean[f] * m_scale[f];
  }
  for (int block = 0; block < batch.blocks * tokens; ++block)
    kernels().scaleRows(blockOf(*m_y, batch, block), blockOf(*m_x.value, batch, block), m_scale.data(), m_shift.data(),
                        m_y->features, batch.blockRows, false);
}

void BatchNorm::backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) {
  if (share.part != 0 || phase > 0) return;
  const auto features = static_cast<std::size_t>(m_y->features);
  const float count = static_cast<float>(batch.rows) * static_cast<float>(tokens);
  float* dWeight = scratch.gradients + m_weight.offset;
  float* dBias = scratch.gradients + m_bias.offset;
  const int blocks = batch.blocks * tokens;
  for (int block = 0; block < blocks; ++block) {
    const float* dy = gradientOf(*m_y, batch, block);
    kernels().rowSums(dy, m_y->features, batch.blockRows, dBias, block > 0);
    // scratch.b: x - mean; the gradient is zero where no row is.
    for (std::size_t f = 0; f < features; ++f) m_shift[f] = -m_mean[f] * m_rstd[f];
    kernels().scaleRows(scratch.b, blockOf(*m_x.value, batch, block), m_rstd.data(), m_shift.data(), m_y->features,
                        batch.blockRows, false);
    kernels().rowDots(dy, scratch.b, m_y->features, batch.blockRows, dWeight, block > 0);
  }
  if (m_x.value->gradient == nullptr) return;
  for (std::size_t f = 0; f < features; ++f) {
    m_slopeOfMean[f] = m_measured ? dBias[f] / count : 0.0F;
    m_slopeOfDot[f] = m_measured ? dWeight[f] * m_rstd[f] / count : 0.0F;
  }
  for (int block = 0; block < blocks; ++block)
    kernels().batchNormBack(gradientOf(*m_x.value, batch, block), m_x.addGradient, gradientOf(*m_y, batch, block),
                            blockOf(*m_x.value, batch, block), m_mean.data(), m_scale.data(), m_slopeOfMean.data(),
                            m_slopeOfDot.data(), m_y->features, batch.blockRows, batch.valid(block));
}

}  // namespace lathe::engine::fused
