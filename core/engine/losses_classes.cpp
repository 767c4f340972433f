// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
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
  TileDoubles own{};   ///< of the rows of a tile: what the gradient of the own class lacks
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

BatchScore Loss::classes(std::span<const float> output, Rows rows, std::span<float> gradient,
                         const MixedRows& mixed) const {
  BatchScore score;
  const std::size_t count = m_outputs;
  const bool blended = !mixed.partner.empty();
  std::array<Labels, 2> both{{{rows, blended ? mixed.share : 1}, {mixed.partner, 1 - mixed.share}}};
  const std::span<Labels> labels(both.data(), blended ? 2 : 1);
  for (auto& set : labels) {
    for (const auto row : set.rows) set.weight += rowWeight(row) * m_classWeights[labelOf(row)];
    set.inverse = set.weight > 0 ? set.share / set.weight : 0.0;
    score.weight += set.share * set.weight;
  }
  const float* shares = m_smoothing > 0 ? m_smoothingShares.data() : nullptr;
  SoftmaxTile tile = tileFor(count);
  TileFloats perExponential{};
  TileFloats perShare{};
  for (std::size_t first = 0; first < rows.size(); first += tileRows) {
    const std::size_t inTile = std::min(tileRows, rows.size() - first);
    const float* logits = output.data() + first * count;
    fillTile(tile, logits, inTile, count, shares);
    for (std::size_t r = 0; r < inTile; ++r) {
      const double logSum = std::log(tile.sum[r]);
      double ofExponential = 0;
      double ofShare = 0;
      for (auto& set : labels) {
        const auto row = set.rows[first + r];
        const auto label = labelOf(row);
        const double weight = rowWeight(row);
        double own = (1 - m_smoothing) * m_classWeights[label];
        const double logOwn = static_cast<double>(tile.shifted[label * tileRows + r]) - logSum;
        const auto focus = m_gamma == 0 ? Focus{} : focusOf(logOwn, m_gamma);
        set.total += weight * (m_smoothingTotal * logSum - tile.sharedLogit[r] - focus.ofLoss * own * logOwn);
        own *= focus.ofSlope;
        set.own[r] = weight * set.inverse * own;
        score.rowWeight += set.share * weight;
        if (isBest(logits + r * count, label, tile.largest[r])) score.correct += set.share * weight;
        ofExponential += weight * set.inverse * (own + m_smoothingTotal);
        ofShare += weight * set.inverse;
      }
      perExponential[r] = static_cast<float>(ofExponential / tile.sum[r]);
      perShare[r] = static_cast<float>(ofShare);
    }
    if (gradient.empty()) continue;
    float* slopes = gradient.data() + first * count;
    writeGradient(tile, slopes, inTile, count, perExponential, shares, perShare);
    for (const auto& set : labels)
      for (std::size_t r = 0; r < inTile; ++r)
        slopes[r * count + labelOf(set.rows[first + r])] -= static_cast<float>(set.own[r]);
  }
  for (const auto& set : labels) score.loss += set.total * set.inverse;
  return score;
}

}  // namespace lathe::engine
