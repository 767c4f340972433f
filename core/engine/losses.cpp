// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/losses.h"

#include <algorithm>
#include <cmath>

namespace lathe::engine {
namespace {

// Below this a float probability says no more than "none"; its logarithm stays finite.
constexpr double smallestProbability = 1e-37;

double logOf(double p) { return std::log(p < smallestProbability ? smallestProbability : p); }

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

void BatchScore::add(const BatchScore& other) {
  const double total = weight + other.weight;
  if (total > 0) loss = (loss * weight + other.loss * other.weight) / total;
  weight = total;
  rowWeight += other.rowWeight;
  correct += other.correct;
  squaredError += other.squaredError;
  absoluteError += other.absoluteError;
  pinball += other.pinball;
}

Focus focusOf(double logProbability, double gamma) {
  if (gamma == 0) return {};
  const double p = std::exp(logProbability);
  // As p goes to 1 its logarithm does so like 1 - p, and the quotient stays what it was.
  const double missing = std::max(-std::expm1(logProbability), 1e-30);
  const double ofLoss = std::pow(missing, gamma);
  return {ofLoss, ofLoss * (1 - gamma * p * logProbability / missing)};
}

void BatchScore::addMember(const BatchScore& other, double share) {
  loss += other.loss * share;
  weight += other.weight * share;
  rowWeight += other.rowWeight * share;
  correct += other.correct * share;
  squaredError += other.squaredError * share;
  absoluteError += other.absoluteError * share;
  pinball += other.pinball * share;
}

Loss::Loss(const spec::LossSpec& spec, const spec::ModelDescription& model, std::shared_ptr<const data::Dataset> data)
    : m_data(std::move(data)),
      m_outputs(spec::outputCount(model.schema)),
      m_targets(spec::targetCount(model.schema)),
      m_oneUnit(spec::targetsShareUnit(model.schema)),
      m_huberDelta(spec.huberDelta),
      m_gamma(spec.name == "focal" ? spec.focalGamma : 0),
      m_scalings(spec::targetScalings(model)) {
  switch (model.schema.task) {
    case spec::Task::Multilabel:
      m_kind = Kind::Labels;
      m_smoothing = spec.labelSmoothing;
      break;
    case spec::Task::Quantile:
      m_kind = Kind::Quantiles;
      m_levels = model.schema.target.quantiles;
      m_middle = spec::middleLevel(m_levels);
      break;
    case spec::Task::Regression:
    case spec::Task::Forecast:
      m_kind = model.schema.target.link == "log" ? Kind::Poisson : Kind::Values;
      if (spec.name == "huber") m_distance = Distance::Huber;
      if (spec.name == "mae") m_distance = Distance::Absolute;
      break;
    case spec::Task::Anomaly:
      m_kind = Kind::Given;
      break;
    default:
      m_smoothing = spec.labelSmoothing;
      m_classWeights = weightsOfClasses(spec, model, m_outputs);
      for (const double weight : m_classWeights) {
        const double share = m_smoothing / static_cast<double>(m_outputs) * weight;
        m_smoothingShares.push_back(static_cast<float>(share));
        m_smoothingTotal += share;
      }
      break;
  }
}

BatchScore Loss::evaluate(std::span<const float> output, std::span<const std::uint32_t> rows, std::span<float> gradient,
                          const MixedRows& mixed) const {
  switch (m_kind) {
    case Kind::Classes:
      return classes(output, rows, gradient, mixed);
    case Kind::Labels:
      return labels(output, rows, gradient, mixed);
    case Kind::Quantiles:
      return quantiles(output, rows, gradient);
    case Kind::Given:
      return given(output, rows, gradient);
    case Kind::Values:
    case Kind::Poisson:
      break;
  }
  return values(output, rows, gradient);
}

double Loss::weightOf(Rows rows) const {
  if (m_data->weights.empty()) return static_cast<double>(rows.size());
  double total = 0;
  for (const auto row : rows) total += rowWeight(row);
  return total;
}

BatchScore evaluateMembers(const Loss& loss, std::size_t members, std::span<const float> output,
                           std::span<const std::uint32_t> rows, std::span<float> gradient) {
  if (members == 1) return loss.evaluate(output, rows, gradient);
  const std::size_t size = output.size() / members;
  const double share = 1.0 / static_cast<double>(members);
  BatchScore total;
  for (std::size_t m = 0; m < members; ++m) {
    const auto own = gradient.subspan(m * size, size);
    total.addMember(loss.evaluate(output.subspan(m * size, size), rows, own), share);
    for (float& value : own) value *= static_cast<float>(share);
  }
  return total;
}

double Loss::scaled(std::uint32_t row, std::size_t target) const {
  const auto& scaling = m_scalings[target];
  return (static_cast<double>(m_data->targets[row * m_targets + target]) - scaling.shift) / scaling.scale;
}

double Loss::pointLoss(double difference) const {
  const double size = std::abs(difference);
  if (m_distance == Distance::Squared) return size * size;
  if (m_distance == Distance::Absolute) return size;
  return size <= m_huberDelta ? 0.5 * size * size : m_huberDelta * (size - 0.5 * m_huberDelta);
}

double Loss::slopeOf(double difference) const {
  if (m_distance == Distance::Squared) return 2 * difference;
  if (m_distance == Distance::Huber) return std::clamp(difference, -m_huberDelta, m_huberDelta);
  return difference > 0 ? 1 : difference < 0 ? -1 : 0;
}

double Loss::ofRow(const float* predicted, std::uint32_t row, double& divisor) const {
  if (m_kind == Kind::Given) return static_cast<double>(predicted[0]);
  double loss = 0;
  if (m_kind == Kind::Classes) {
    const auto label = m_data->classes[row];
    if (label < 0 || static_cast<std::size_t>(label) >= m_outputs) return std::nan("");
    const double own = m_classWeights[static_cast<std::size_t>(label)];
    const double logOwn = logOf(predicted[label]);
    loss = -(1 - m_smoothing) * own * logOwn * focusOf(logOwn, m_gamma).ofLoss;
    if (m_smoothing > 0)
      for (std::size_t c = 0; c < m_outputs; ++c)
        loss -= m_smoothing / static_cast<double>(m_outputs) * m_classWeights[c] * logOf(predicted[c]);
    divisor *= own;
    return loss;
  }
  if (m_kind == Kind::Labels) {
    const auto* truth = m_data->labels.data() + row * m_outputs;
    if (truth[0] < 0) return std::nan("");
    for (std::size_t l = 0; l < m_outputs; ++l) {
      const double yes = logOf(predicted[l]);
      const double no = logOf(1 - static_cast<double>(predicted[l]));
      const double target = truth[l] * (1 - m_smoothing) + 0.5 * m_smoothing;
      loss -= target * yes * focusOf(yes, m_gamma).ofLoss + (1 - target) * no * focusOf(no, m_gamma).ofLoss;
    }
    return loss / static_cast<double>(m_outputs);
  }
  const std::size_t levels = std::max<std::size_t>(1, m_levels.size());
  for (std::size_t t = 0; t < m_targets; ++t) {
    const double target = scaled(row, t);
    if (std::isnan(target)) return std::nan("");
    const auto& scaling = m_scalings[t];
    for (std::size_t q = 0; q < levels; ++q) {
      const double value = (static_cast<double>(predicted[t * levels + q]) - scaling.shift) / scaling.scale;
      if (m_kind == Kind::Values) loss += pointLoss(value - target);
      if (m_kind == Kind::Poisson) loss += value - target * logOf(value);
      if (m_kind == Kind::Quantiles)
        loss += std::max(m_levels[q] * (target - value), (m_levels[q] - 1) * (target - value));
    }
  }
  return loss / static_cast<double>(m_targets * levels);
}

double Loss::ofPredictions(const Predictions& predictions, std::span<const std::uint32_t> rows) const {
  double total = 0;
  double weights = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double weight = rowWeight(rows[i]);
    double divisor = weight;
    const double loss = ofRow(predictions.values.data() + i * predictions.columns, rows[i], divisor);
    // A NaN among the predictions is the loss, one among the targets is not.
    if (std::isnan(loss) && !data::isLabelled(*m_data, rows[i])) continue;
    total += weight * loss;
    weights += divisor;
  }
  return weights > 0 ? total / weights : std::nan("");
}

}  // namespace lathe::engine
