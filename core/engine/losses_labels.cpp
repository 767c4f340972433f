// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cmath>

#include "core/engine/losses.h"

namespace lathe::engine {
namespace {

/// One set of labels that a batch is held against: its own, or those of the rows mixed into it.
struct Truth {
  std::span<const std::uint32_t> rows;
  double share = 1;
  double weight = 0;
  double factor = 0;  ///< share / (weight x labels)
};

}  // namespace

BatchScore Loss::labels(std::span<const float> output, Rows rows, std::span<float> gradient,
                        const MixedRows& mixed) const {
  BatchScore score;
  const bool blended = !mixed.partner.empty();
  std::array<Truth, 2> both{{{rows, blended ? mixed.share : 1}, {mixed.partner, 1 - mixed.share}}};
  const std::span<Truth> truths(both.data(), blended ? 2 : 1);
  for (auto& truth : truths) {
    truth.weight = weightOf(truth.rows);
    if (truth.weight > 0) truth.factor = truth.share / (truth.weight * static_cast<double>(m_outputs));
    score.weight += truth.share * truth.weight;
  }
  score.rowWeight = score.weight;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::array<bool, 2> right{true, true};
    for (std::size_t l = 0; l < m_outputs; ++l) {
      const double z = output[i * m_outputs + l];
      const double e = std::exp(-std::abs(z));
      const double rest = std::log1p(e);
      const double p = z >= 0 ? 1 / (1 + e) : e / (1 + e);
      const double yes = std::min(z, 0.0) - rest;  // log p
      const double no = std::min(-z, 0.0) - rest;  // log (1 - p)
      double slope = 0;
      for (std::size_t s = 0; s < truths.size(); ++s) {
        const auto row = truths[s].rows[i];
        const bool set = m_data->labels[row * m_outputs + l] > 0;
        if (set != (z > 0)) right[s] = false;
        const double factor = rowWeight(row) * truths[s].factor;
        if (m_gamma > 0) {
          const auto focus = focusOf(set ? yes : no, m_gamma);
          score.loss -= factor * focus.ofLoss * (set ? yes : no);
          slope += factor * focus.ofSlope * (set ? p - 1 : p);
          continue;
        }
        const double target = (set ? 1 - m_smoothing : 0) + 0.5 * m_smoothing;
        score.loss -= factor * (target * yes + (1 - target) * no);
        slope += factor * (p - target);
      }
      if (!gradient.empty()) gradient[i * m_outputs + l] = static_cast<float>(slope);
    }
    for (std::size_t s = 0; s < truths.size(); ++s)
      if (right[s]) score.correct += truths[s].share * rowWeight(truths[s].rows[i]);
  }
  return score;
}

}  // namespace lathe::engine
