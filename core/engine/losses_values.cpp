// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/engine/losses.h"

namespace lathe::engine {

BatchScore Loss::values(std::span<const float> output, Rows rows, std::span<float> gradient) const {
  BatchScore score;
  score.weight = score.rowWeight = weightOf(rows);
  const auto targets = static_cast<double>(m_targets);
  const double inverse = score.weight > 0 ? 1.0 / (score.weight * targets) : 0.0;
  double total = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double weight = rowWeight(rows[i]);
    for (std::size_t t = 0; t < m_targets; ++t) {
      const double target = scaled(rows[i], t);
      const double given = output[i * m_targets + t];
      const double value = m_kind == Kind::Poisson ? std::exp(given) : given;
      const double difference = value - target;
      total += weight * (m_kind == Kind::Poisson ? value - target * given : pointLoss(difference));
      const double error = difference * m_scalings[t].scale;
      if (m_oneUnit) score.squaredError += weight * error * error / targets;
      score.absoluteError += weight * std::abs(error) / targets;
      if (gradient.empty()) continue;
      const double slope = m_kind == Kind::Poisson ? difference : slopeOf(difference);
      gradient[i * m_targets + t] = static_cast<float>(weight * inverse * slope);
    }
  }
  score.loss = total * inverse;
  return score;
}

BatchScore Loss::given(std::span<const float> output, Rows rows, std::span<float> gradient) const {
  BatchScore score;
  score.weight = score.rowWeight = weightOf(rows);
  const double inverse = score.weight > 0 ? 1.0 / score.weight : 0.0;
  double total = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double weight = rowWeight(rows[i]);
    total += weight * static_cast<double>(output[i]);
    if (!gradient.empty()) gradient[i] = static_cast<float>(weight * inverse);
  }
  score.loss = total * inverse;
  return score;
}

BatchScore Loss::quantiles(std::span<const float> output, Rows rows, std::span<float> gradient) const {
  BatchScore score;
  score.weight = score.rowWeight = weightOf(rows);
  const std::size_t levels = m_levels.size();
  const double each = 1.0 / static_cast<double>(m_outputs);
  const double inverse = score.weight > 0 ? each / score.weight : 0.0;
  double total = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double weight = rowWeight(rows[i]);
    for (std::size_t t = 0; t < m_targets; ++t) {
      const double target = scaled(rows[i], t);
      const double unit = std::abs(m_scalings[t].scale);
      for (std::size_t q = 0; q < levels; ++q) {
        const std::size_t at = i * m_outputs + t * levels + q;
        const double above = target - static_cast<double>(output[at]);
        const double loss = std::max(m_levels[q] * above, (m_levels[q] - 1) * above);
        total += weight * loss;
        score.pinball += weight * loss * unit * each;
        if (q == m_middle) score.absoluteError += weight * std::abs(above) * unit / static_cast<double>(m_targets);
        if (gradient.empty()) continue;
        const double slope = above > 0 ? -m_levels[q] : above < 0 ? 1 - m_levels[q] : 0;
        gradient[at] = static_cast<float>(weight * inverse * slope);
      }
    }
  }
  score.loss = total * inverse;
  return score;
}

}  // namespace lathe::engine
