// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/losses.h"

#include <algorithm>
#include <cmath>

namespace lathe::engine {
namespace {

// Below this a float probability says no more than "none"; its logarithm stays finite.
constexpr double smallestProbability = 1e-37;

std::vector<double> weightsOfClasses(const spec::LossSpec& spec, const spec::ModelDescription& model,
                                     std::size_t classes) {
  std::vector<double> weights(classes, 1.0);
  const auto& frequencies = model.fitted.classFrequencies;
  if (!spec.classWeights || frequencies.size() != classes) return weights;
  for (std::size_t c = 0; c < classes; ++c)
    weights[c] = frequencies[c] > 0 ? 1.0 / (static_cast<double>(classes) * frequencies[c]) : 0.0;
  return weights;
}

}  // namespace

TargetScaling targetScaling(const spec::ModelDescription& model) {
  if (model.schema.task == spec::Task::Classification || !model.preprocessing.scaleTarget) return {};
  TargetScaling scaling{model.fitted.targetMean, model.fitted.targetStd};
  if (!(scaling.scale > 0)) scaling.scale = 1;
  return scaling;
}

void BatchScore::add(const BatchScore& other) {
  const double total = weight + other.weight;
  if (total > 0) loss = (loss * weight + other.loss * other.weight) / total;
  weight = total;
  rowWeight += other.rowWeight;
  correct += other.correct;
  squaredError += other.squaredError;
  absoluteError += other.absoluteError;
}

void BatchScore::addMember(const BatchScore& other, double share) {
  loss += other.loss * share;
  weight += other.weight * share;
  rowWeight += other.rowWeight * share;
  correct += other.correct * share;
  squaredError += other.squaredError * share;
  absoluteError += other.absoluteError * share;
}

Loss::Loss(const spec::LossSpec& spec, const spec::ModelDescription& model, std::shared_ptr<const data::Dataset> data)
    : m_data(std::move(data)), m_huberDelta(spec.huberDelta), m_scaling(targetScaling(model)) {
  if (model.schema.task == spec::Task::Classification) {
    m_outputs = model.schema.target.classes.size();
    m_smoothing = spec.labelSmoothing;
    m_classWeights = weightsOfClasses(spec, model, m_outputs);
    for (const double weight : m_classWeights) {
      const double share = m_smoothing / static_cast<double>(m_outputs) * weight;
      m_smoothingShares.push_back(static_cast<float>(share));
      m_smoothingTotal += share;
    }
  } else {
    m_kind = spec.name == "huber" ? Kind::Huber : Kind::MeanSquared;
  }
}

BatchScore Loss::evaluate(std::span<const float> output, std::span<const std::uint32_t> rows, std::span<float> gradient,
                          const MixedRows& mixed) const {
  return m_kind == Kind::CrossEntropy ? crossEntropy(output, rows, gradient, mixed)
                                      : regression(output, rows, gradient);
}

double Loss::pointLoss(double scaledDifference) const {
  const double size = std::abs(scaledDifference);
  if (m_kind == Kind::MeanSquared) return size * size;
  return size <= m_huberDelta ? 0.5 * size * size : m_huberDelta * (size - 0.5 * m_huberDelta);
}

BatchScore Loss::regression(std::span<const float> output, std::span<const std::uint32_t> rows,
                            std::span<float> gradient) const {
  BatchScore score;
  for (const auto row : rows) score.rowWeight += rowWeight(row);
  score.weight = score.rowWeight;
  const double inverse = score.weight > 0 ? 1.0 / score.weight : 0.0;
  double total = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double weight = rowWeight(rows[i]);
    const double target = (static_cast<double>(m_data->targets[rows[i]]) - m_scaling.shift) / m_scaling.scale;
    const double difference = static_cast<double>(output[i]) - target;
    total += weight * pointLoss(difference);
    const double error = difference * m_scaling.scale;
    score.squaredError += weight * error * error;
    score.absoluteError += weight * std::abs(error);
    if (gradient.empty()) continue;
    const double slope =
        m_kind == Kind::MeanSquared ? 2 * difference : std::clamp(difference, -m_huberDelta, m_huberDelta);
    gradient[i] = static_cast<float>(weight * inverse * slope);
  }
  score.loss = total * inverse;
  return score;
}

double Loss::ofPredictions(const Predictions& predictions, std::span<const std::uint32_t> rows) const {
  double total = 0;
  double weights = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const float* values = predictions.values.data() + i * predictions.columns;
    const double weight = rowWeight(rows[i]);
    double divisor = weight;
    double loss = 0;
    if (m_kind == Kind::CrossEntropy) {
      const auto label = m_data->classes[rows[i]];
      if (label < 0 || static_cast<std::size_t>(label) >= m_outputs) continue;
      const double own = m_classWeights[static_cast<std::size_t>(label)];
      const auto logOf = [](double p) { return std::log(p < smallestProbability ? smallestProbability : p); };
      loss = -(1 - m_smoothing) * own * logOf(values[label]);
      if (m_smoothing > 0)
        for (std::size_t c = 0; c < m_outputs; ++c)
          loss -= m_smoothing / static_cast<double>(m_outputs) * m_classWeights[c] * logOf(values[c]);
      divisor *= own;
    } else {
      const double target = m_data->targets[rows[i]];
      if (std::isnan(target)) continue;
      loss = pointLoss((values[0] - target) / m_scaling.scale);
    }
    total += weight * loss;
    weights += divisor;
  }
  return weights > 0 ? total / weights : std::nan("");
}

}  // namespace lathe::engine
