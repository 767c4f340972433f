// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>

#include "core/engine_fused/image_operations.h"

namespace lathe::engine::fused {
namespace {

constexpr int lanes = 16;
// Blocks whose sums are gathered in single precision before they are added up in double.
constexpr int blocksAtOnce = 32;

}  // namespace

ImageNorm::ImageNorm(const Plan& plan) : m_plan(plan), m_features(plan.y->features) {
  tokens = plan.y->tokens;
  const auto features = static_cast<std::size_t>(m_features);
  m_spaces.resize(static_cast<std::size_t>(plan.threads));
  for (auto& space : m_spaces) {
    for (auto* values : {&space.sums, &space.squares}) values->assign(features * lanes, 0.0F);
    for (auto* values : {&space.sum, &space.square}) values->assign(features, 0.0);
    for (auto* values :
         {&space.pivot, &space.mean, &space.rstd, &space.scale, &space.shift, &space.slopeOfMean, &space.slopeOfDot})
      values->assign(features, 0.0F);
  }
  if (!plan.pools) return;
  const auto floats = static_cast<std::size_t>(plan.y->tokens) * static_cast<std::size_t>(plan.blocks) *
                      static_cast<std::size_t>(plan.blockRows) * features;
  m_best = Memory(floats);
  m_place = Memory(floats);
}

bool ImageNorm::measures(const Batch& batch) const {
  return batch.training && m_plan.weight.learns && batch.rows * m_plan.x.value->tokens > 1;
}

// Sums of differences from the mean of the first pixel, so that nothing cancels where the mean is large.
void ImageNorm::measure(const Batch& batch, const Share& share, Space& space) const {
  const auto& x = *m_plan.x.value;
  const int valid = batch.valid(0);
  for (int f = 0; f < m_features; ++f) {
    const float* values = blockOf(x, batch, 0) + static_cast<std::ptrdiff_t>(f) * batch.blockRows;
    float sum = 0;
    for (int r = 0; r < valid; ++r) sum += values[r];
    space.pivot[static_cast<std::size_t>(f)] = sum / static_cast<float>(valid);
  }
  std::fill(space.sum.begin(), space.sum.end(), 0.0);
  std::fill(space.square.begin(), space.square.end(), 0.0);
  const auto own = partOf(x.tokens * batch.blocks, share);
  for (int first = own.first; first < own.last; first += blocksAtOnce) {
    const int last = std::min(own.last, first + blocksAtOnce);
    for (int unit = first; unit < last; ++unit)
      kernels().gatherMoments(blockOf(x, batch, unit), space.pivot.data(), m_features, batch.blockRows,
                              batch.valid(unit), space.sums.data(), space.squares.data());
    kernels().reduceLanes(space.sums.data(), m_features, space.sum.data());
    kernels().reduceLanes(space.squares.data(), m_features, space.square.data());
  }
}

// Mean and scale of each feature, from the sums of all threads or from what is remembered.
void ImageNorm::settle(const Batch& batch, const Share& share, Space& space) const {
  const double count = static_cast<double>(batch.rows) * m_plan.x.value->tokens;
  for (std::size_t f = 0; f < static_cast<std::size_t>(m_features); ++f) {
    double mean = 0, variance = 0;
    if (!measures(batch)) {
      mean = static_cast<double>(m_plan.runningMean[f]);
      variance = static_cast<double>(m_plan.runningVariance[f]);
    } else {
      double sum = 0, square = 0;
      for (int part = 0; part < share.parts; ++part) {
        sum += m_spaces[static_cast<std::size_t>(part)].sum[f];
        square += m_spaces[static_cast<std::size_t>(part)].square[f];
      }
      mean = static_cast<double>(space.pivot[f]) + sum / count;
      variance = std::max(0.0, square - sum * sum / count) / count;
    }
    const double rstd = 1 / std::sqrt(variance + m_plan.epsilon);
    space.mean[f] = static_cast<float>(mean);
    space.rstd[f] = static_cast<float>(rstd);
    space.scale[f] = space.rstd[f] * m_plan.weight.value[f];
    space.shift[f] = m_plan.bias.value[f] - space.mean[f] * space.scale[f];
    // Nobody reads them in a pass that measures.
    if (share.part != 0 || !measures(batch)) continue;
    const auto blend = [&](float& running, double now) {
      running = static_cast<float>((1 - m_plan.momentum) * static_cast<double>(running) + m_plan.momentum * now);
    };
    blend(m_plan.runningMean[f], mean);
    blend(m_plan.runningVariance[f], variance * count / (count - 1));
  }
}

void ImageNorm::pool(const Batch& batch, const Share& share, const Space& space) {
  const int width = m_plan.width / 2;
  const auto size = blockSize(*m_plan.y, batch);
  const auto own = partOf(m_plan.y->tokens * batch.blocks, share);
  for (int unit = own.first; unit < own.last; ++unit) {
    const int pixel = unit / batch.blocks;
    const int corner = pixel / width * 2 * m_plan.width + pixel % width * 2;
    const auto at = [&](int input) {
      return static_cast<const float*>(blockOf(*m_plan.x.value, batch, input * batch.blocks + unit % batch.blocks));
    };
    const std::array<const float*, 4> four{at(corner), at(corner + 1), at(corner + m_plan.width),
                                           at(corner + m_plan.width + 1)};
    const auto place = static_cast<std::size_t>(unit) * size;
    kernels().normalisePool(m_plan.y->data + place, m_best.data() + place, m_place.data() + place, four.data(),
                            space.scale.data(), space.shift.data(), space.mean.data(), space.rstd.data(), m_features,
                            batch.blockRows, m_plan.relu);
  }
}

void ImageNorm::forwardPart(const Batch& batch, const Share& share, Scratch& /*scratch*/, int phase) {
  auto& space = m_spaces[static_cast<std::size_t>(share.part)];
  if (phase == 0) {
    if (measures(batch)) measure(batch, share, space);
    return;
  }
  settle(batch, share, space);
  if (m_plan.pools) return pool(batch, share, space);
  const auto own = partOf(m_plan.y->tokens * batch.blocks, share);
  for (int unit = own.first; unit < own.last; ++unit)
    kernels().normalise(blockOf(*m_plan.y, batch, unit), blockOf(*m_plan.x.value, batch, unit), space.scale.data(),
                        space.shift.data(), m_features, batch.blockRows, m_plan.relu);
}

// The gradient behind relu, its sum, and its product with what was normalised.
void ImageNorm::sumBack(const Batch& batch, const Share& share, Space& space) {
  std::fill(space.sum.begin(), space.sum.end(), 0.0);
  std::fill(space.square.begin(), space.square.end(), 0.0);
  const auto own = partOf(m_plan.y->tokens * batch.blocks, share);
  for (int first = own.first; first < own.last; first += blocksAtOnce) {
    for (int unit = first; unit < std::min(own.last, first + blocksAtOnce); ++unit) {
      const auto place = static_cast<std::size_t>(unit) * blockSize(*m_plan.y, batch);
      kernels().normaliseSums(m_plan.y->gradient + place, m_plan.y->data + place,
                              m_plan.pools ? m_best.data() + place : m_plan.x.value->data + place,
                              m_plan.pools ? nullptr : space.mean.data(), m_plan.pools ? nullptr : space.rstd.data(),
                              m_features, batch.blockRows, m_plan.relu, space.sums.data(), space.squares.data());
    }
    kernels().reduceLanes(space.sums.data(), m_features, space.sum.data());
    kernels().reduceLanes(space.squares.data(), m_features, space.square.data());
  }
}

void ImageNorm::pixelBack(const Batch& batch, const Space& space, int unit) const {
  const auto& x = *m_plan.x.value;
  float* dx = gradientOf(x, batch, unit);
  const float* values = blockOf(x, batch, unit);
  if (!m_plan.pools) {
    kernels().batchNormBack(dx, m_plan.x.addGradient, gradientOf(*m_plan.y, batch, unit), values, space.mean.data(),
                            space.scale.data(), space.slopeOfMean.data(), space.slopeOfDot.data(), m_features,
                            batch.blockRows, batch.valid(unit));
    return;
  }
  const int pixel = unit / batch.blocks;
  const int row = pixel / m_plan.width, column = pixel % m_plan.width;
  const int pooledWidth = m_plan.width / 2;
  // The last row and column of an odd image are in no pool.
  const bool pooled = row / 2 < m_plan.height / 2 && column / 2 < pooledWidth;
  const int from = (row / 2 * pooledWidth + column / 2) * batch.blocks + unit % batch.blocks;
  const auto place = static_cast<std::size_t>(from) * blockSize(*m_plan.y, batch);
  kernels().normalisePoolBack(dx, m_plan.x.addGradient, pooled ? m_plan.y->gradient + place : nullptr,
                              m_place.data() + (pooled ? place : 0), static_cast<float>(row % 2 * 2 + column % 2),
                              values, space.mean.data(), space.scale.data(), space.slopeOfMean.data(),
                              space.slopeOfDot.data(), m_features, batch.blockRows, batch.valid(unit));
}

void ImageNorm::spreadBack(const Batch& batch, const Share& share, Scratch& scratch, Space& space) {
  const double count = static_cast<double>(batch.rows) * m_plan.x.value->tokens;
  for (std::size_t f = 0; f < static_cast<std::size_t>(m_features); ++f) {
    double sum = 0, dot = 0;
    for (int part = 0; part < share.parts; ++part) {
      sum += m_spaces[static_cast<std::size_t>(part)].sum[f];
      dot += m_spaces[static_cast<std::size_t>(part)].square[f];
    }
    if (share.part == 0) {
      scratch.gradients[m_plan.bias.offset + static_cast<std::ptrdiff_t>(f)] = static_cast<float>(sum);
      scratch.gradients[m_plan.weight.offset + static_cast<std::ptrdiff_t>(f)] = static_cast<float>(dot);
    }
    space.slopeOfMean[f] = measures(batch) ? static_cast<float>(sum / count) : 0.0F;
    space.slopeOfDot[f] = measures(batch) ? static_cast<float>(dot / count) * space.rstd[f] : 0.0F;
  }
  if (m_plan.x.value->gradient == nullptr) return;
  const auto own = partOf(m_plan.x.value->tokens * batch.blocks, share);
  for (int unit = own.first; unit < own.last; ++unit) pixelBack(batch, space, unit);
}

void ImageNorm::backward(const Batch& batch, const Share& share, Scratch& scratch, int phase) {
  auto& space = m_spaces[static_cast<std::size_t>(share.part)];
  if (phase == 0) return sumBack(batch, share, space);
  spreadBack(batch, share, scratch, space);
}

}  // namespace lathe::engine::fused
