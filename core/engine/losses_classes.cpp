// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/engine/losses.h"
#include "core/engine/softmax_tile.h"

namespace lathe::engine {
namespace {

/// One set of labels that a batch is held against: its own, or those of the rows mixed into it.
struct Labels {
  std::span<const std::uint32_t> rows;
  double share = 1;
  double weight = 0;   ///< sum of row weight x class weight
  double inverse = 0;  ///< share / weight: what a row's gradient is multiplied with
  double total = 0;    ///< weighted sum of losses
};

/// Memory of the tile's two halves; grows to the largest number of classes that its thread has seen.
SoftmaxTile tileFor(std::size_t classes) {
  thread_local std::vector<float> memory;
  const std::size_t half = classes * tileRows;
  if (memory.size() < 2 * half) memory.resize(2 * half);
  SoftmaxTile tile;
  tile.shifted = memory.data();
  tile.exponential = memory.data() + half;
  return tile;
}

/// Whether this class is the first among the largest.
bool isBest(const float* logits, std::size_t label, float largest) {
  return logits[label] == largest && std::find(logits, logits + label, largest) == logits + label;
}

}  // namespace

BatchScore Loss::crossEntropy(std::span<const float> output, std::span<const std::uint32_t> rows,
                              std::span<float> gradient, const MixedRows& mixed) const {
  BatchScore score;
  const std::size_t classes = m_outputs;
  const bool blended = !mixed.partner.empty();
  std::array<Labels, 2> both{{{rows, blended ? mixed.share : 1}, {mixed.partner, 1 - mixed.share}}};
  const std::span<Labels> labels(both.data(), blended ? 2 : 1);
  for (auto& set : labels) {
    for (const auto row : set.rows) set.weight += rowWeight(row) * m_classWeights[labelOf(row)];
    set.inverse = set.weight > 0 ? set.share / set.weight : 0.0;
    score.weight += set.share * set.weight;
  }
  const float* shares = m_smoothing > 0 ? m_smoothingShares.data() : nullptr;
  SoftmaxTile tile = tileFor(classes);
  TileFloats perExponential{};
  TileFloats perShare{};
  for (std::size_t first = 0; first < rows.size(); first += tileRows) {
    const std::size_t count = std::min(tileRows, rows.size() - first);
    const float* logits = output.data() + first * classes;
    fillTile(tile, logits, count, classes, shares);
    for (std::size_t r = 0; r < count; ++r) {
      const double logSum = std::log(tile.sum[r]);
      double ofExponential = 0;
      double ofShare = 0;
      for (auto& set : labels) {
        const auto row = set.rows[first + r];
        const auto label = labelOf(row);
        const double weight = rowWeight(row);
        const double own = (1 - m_smoothing) * m_classWeights[label];
        const double ownLogit = tile.shifted[label * tileRows + r];
        set.total += weight * (own * (logSum - ownLogit) + m_smoothingTotal * logSum - tile.sharedLogit[r]);
        score.rowWeight += set.share * weight;
        if (isBest(logits + r * classes, label, tile.largest[r])) score.correct += set.share * weight;
        ofExponential += weight * set.inverse * (own + m_smoothingTotal);
        ofShare += weight * set.inverse;
      }
      perExponential[r] = static_cast<float>(ofExponential / tile.sum[r]);
      perShare[r] = static_cast<float>(ofShare);
    }
    if (gradient.empty()) continue;
    float* slopes = gradient.data() + first * classes;
    writeGradient(tile, slopes, count, classes, perExponential, shares, perShare);
    for (const auto& set : labels)
      for (std::size_t r = 0; r < count; ++r) {
        const auto row = set.rows[first + r];
        const auto label = labelOf(row);
        const double own = (1 - m_smoothing) * m_classWeights[label];
        slopes[r * classes + label] -= static_cast<float>(rowWeight(row) * set.inverse * own);
      }
  }
  for (const auto& set : labels) score.loss += set.total * set.inverse;
  return score;
}

}  // namespace lathe::engine
