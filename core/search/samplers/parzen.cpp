// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/parzen.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "core/search/space_tools.h"

namespace lathe::search {
double tpeKnob(const char* name, double standard) {
  const char* text = std::getenv(name);
  return text ? std::atof(text) : standard;
}
using Eigen::ArrayXf;
using Eigen::Index;
namespace {
constexpr float none = std::numeric_limits<float>::quiet_NaN();
float normalCdfF(float z) { return 0.5F * std::erfc(-z * 0.70710678F); }
}  // namespace

ParzenSpace::ParzenSpace(const SearchSpace& space) : m_space(space), m_places(space.size()) {
  for (std::size_t i = 0; i < space.size(); ++i) {
    const auto& parameter = space.parameters[i];
    if (parameter.type == spec::ParameterType::Categorical) {
      m_choices.push_back(i);
      continue;
    }
    m_numbers.push_back(i);
    m_cells.push_back(parameter.count() > 0 ? 1.0F / static_cast<float>(parameter.count()) : 0.0F);
  }
  for (Index k = 0; k < numbers(); ++k) m_places[numberParameter(k)] = k;
  for (Index k = 0; k < choices(); ++k) m_places[choiceParameter(k)] = numbers() + k;
}

void ParzenSpace::code(const Configuration& configuration, float* point) const {
  for (std::size_t i = 0; i < m_space.size(); ++i) {
    const double value = configuration[i];
    const auto& parameter = m_space.parameters[i];
    float& at = point[m_places[i]];
    if (std::isnan(value))
      at = none;
    else if (parameter.type == spec::ParameterType::Categorical)
      at = static_cast<float>(value);
    else
      at = static_cast<float>(toUnit(parameter, value));
  }
}

Parzen::Parzen(const ParzenSpace& space, const std::vector<const float*>& points, const std::vector<float>& weights,
               const ParzenRules& rules)
    : m_space(space), m_rules(rules), m_count(static_cast<Index>(points.size())) {
  const Index numbers = space.numbers();
  m_points.resize(m_count, space.size());
  for (Index i = 0; i < m_count; ++i)
    for (Index k = 0; k < space.size(); ++k) m_points(i, k) = points[static_cast<std::size_t>(i)][k];
  m_active = (m_points == m_points).cast<float>();
  Eigen::ArrayXXf filled = (m_points == m_points).select(m_points, 0.0F);
  ArrayXf w(m_count);
  for (Index i = 0; i < m_count; ++i) w[i] = weights[static_cast<std::size_t>(i)];
  const float sum = w.sum();
  const float prior = rules.prior * (m_count > 0 ? sum / static_cast<float>(m_count) : 1);
  const float total = sum + prior;
  m_logPrior = std::log(prior / total);
  m_logs = (w / total).log();
  m_cumulated.resize(m_count);
  float running = prior / total;
  for (Index i = 0; i < m_count; ++i) m_cumulated[i] = running += w[i] / total;

  m_always.assign(static_cast<std::size_t>(numbers), false);
  Eigen::MatrixXf covariance = Eigen::MatrixXf::Zero(numbers, numbers);
  Eigen::VectorXf floor(numbers);
  const float scale = rules.factor * std::pow(std::max(1.0F, static_cast<float>(m_count)),
                                              -1.0F / (static_cast<float>(std::max<Index>(numbers, 1)) + 4));
  Eigen::ArrayXXf centred(m_count, numbers);
  for (Index k = 0; k < numbers; ++k) {
    const ArrayXf active = m_active.col(k) * w;
    const float mass = active.sum() ;
    // the prior's mean and spread join
    const float extra = 1 * prior / 1;
    const float mean = ((filled.col(k) * active).sum() + extra * 0.5F) / (mass + extra);
    centred.col(k) = (filled.col(k) - mean) * m_active.col(k);
    const float variance = ((centred.col(k).square() * active).sum() + extra * (0.0833F + (mean - 0.5F) * (mean - 0.5F))) / (mass + extra);
    covariance(k, k) = variance * scale * scale;
    m_always[static_cast<std::size_t>(k)] = m_active.col(k).minCoeff() > 0;
    floor[k] = std::max(rules.narrowest, 0.4F * space.cell(k));
    covariance(k, k) = std::clamp(covariance(k, k), floor[k] * floor[k], std::max(floor[k], rules.widest) * std::max(floor[k], rules.widest));
  }
  m_diagonal = rules.shrinkage >= 1 || m_count < 4;
  if (!m_diagonal) {
    const float keep = 1 - std::max(rules.shrinkage, 0.0F);
    const float n = static_cast<float>(m_count);
    const float part = keep * n / (n + static_cast<float>(numbers));
    for (Index a = 0; a < numbers; ++a)
      for (Index b = 0; b < a; ++b) {
        if (!m_always[static_cast<std::size_t>(a)] || !m_always[static_cast<std::size_t>(b)]) continue;
        const float saa = (centred.col(a).square() * w).sum(), sbb = (centred.col(b).square() * w).sum();
        const float sab = (centred.col(a) * centred.col(b) * w).sum();
        const float correlation = saa > 0 && sbb > 0 ? sab / std::sqrt(saa * sbb) : 0;
        covariance(a, b) = covariance(b, a) = part * correlation * std::sqrt(covariance(a, a) * covariance(b, b));
      }
  }
  m_marginal = covariance.diagonal().cwiseSqrt();
  if (m_diagonal) {
    m_spread = m_marginal.asDiagonal();
    m_inverse = m_marginal.cwiseInverse().asDiagonal();
    m_white.resize(m_count, numbers);
    for (Index k = 0; k < numbers; ++k) m_white.col(k) = filled.col(k) / m_marginal[k];
  } else {
    m_spread = covariance.llt().matrixL();
    m_inverse = m_spread.triangularView<Eigen::Lower>().solve(Eigen::MatrixXf::Identity(numbers, numbers));
    m_white = (filled.leftCols(numbers).matrix() * m_inverse.transpose()).array();
  }
  // What of each kernel lies within the range.
  for (Index k = 0; k < numbers; ++k) {
    const float one = -std::log(m_spread(k, k) * 2.5066283F);
    constexpr int steps = 32;
    float table[steps + 1];
    for (int i = 0; i <= steps; ++i) {
      const float unit = static_cast<float>(i) / steps, s = m_marginal[k];
      table[i] = one - std::log(normalCdfF((1 - unit) / s) - normalCdfF(-unit / s));
    }
    const bool always = m_always[static_cast<std::size_t>(k)];
    for (Index i = 0; i < m_count; ++i) {
      const float at = filled(i, k) * steps;
      const int cell = std::min(static_cast<int>(at), steps - 1);
      const float value = table[cell] + (at - static_cast<float>(cell)) * (table[cell + 1] - table[cell]);
      m_logs[i] += always ? value : value * m_active(i, k);
    }
  }
  for (Index k = 0; k < space.choices(); ++k) {
    const auto count = static_cast<float>(space.space().parameters[space.choiceParameter(k)].choices.size());
    // density relative to uniform
    m_same.push_back(std::log((1 - rules.flip + rules.flip / count) * count));
    m_other.push_back(std::log(rules.flip / count * count));
  }
}

Index Parzen::pick(Random& random) const {
  const auto u = static_cast<float>(random.uniform());
  if (m_count == 0 || u < std::exp(m_logPrior)) return -1;
  const float* at = std::upper_bound(m_cumulated.data(), m_cumulated.data() + m_count - 1, u);
  return at - m_cumulated.data();
}

Configuration Parzen::sample(Random& random) const {
  const auto& space = m_space.space();
  Configuration configuration(space.size(), std::numeric_limits<double>::quiet_NaN());
  const Index component = pick(random);
  const Index numbers = m_space.numbers();
  Eigen::VectorXf moved = Eigen::VectorXf::Zero(numbers), noise(numbers);
  if (component >= 0) {
    for (int round = 0; round < 20; ++round) {
      for (Index k = 0; k < numbers; ++k) noise[k] = static_cast<float>(random.normal());
      moved = m_spread.triangularView<Eigen::Lower>() * noise;
      bool inside = true;
      for (Index k = 0; k < numbers; ++k) {
        const float unit = m_points(component, k);
        if (std::isnan(unit)) continue;
        moved[k] += unit;
        if (m_diagonal && (moved[k] < 0 || moved[k] > 1)) {
          // each for itself
          for (int again = 0; again < 20 && (moved[k] < 0 || moved[k] > 1); ++again)
            moved[k] = unit + m_spread(k, k) * static_cast<float>(random.normal());
        }
        inside = inside && moved[k] >= 0 && moved[k] <= 1;
      }
      if (inside) break;
    }
  }
  settle(space, configuration, [&](std::size_t i) -> double {
    const auto& parameter = space.parameters[i];
    const Index place = m_space.placeOf(i);
    Index from = component;
    if (component >= 0 && m_active(component, place) == 0) {
      // Another one that has it.
      from = -1;
      for (int round = 0; round < 10 && from < 0; ++round) {
        const Index other = pick(random);
        if (other >= 0 && m_active(other, place) > 0) from = other;
      }
      if (from >= 0 && place < numbers) {
        float unit = -1;
        for (int again = 0; again < 20 && (unit < 0 || unit > 1); ++again)
          unit = m_points(from, place) + m_spread(place, place) * static_cast<float>(random.normal());
        return fromUnit(parameter, unit);
      }
    }
    if (from < 0) return drawValue(parameter, random);
    if (place < numbers) return fromUnit(parameter, moved[place]);
    if (random.uniform() < m_rules.flip) return drawValue(parameter, random);
    return m_points(from, place);
  });
  return configuration;
}

Configuration Parzen::near(const Configuration& at, float scale, Random& random) const {
  const auto& space = m_space.space();
  Configuration configuration = at;
  const Index numbers = m_space.numbers();
  Eigen::VectorXf noise(numbers);
  for (Index k = 0; k < numbers; ++k) noise[k] = scale * static_cast<float>(random.normal());
  const Eigen::VectorXf moved = m_spread.triangularView<Eigen::Lower>() * noise;
  for (Index k = 0; k < numbers; ++k) {
    double& value = configuration[m_space.numberParameter(k)];
    if (std::isnan(value)) continue;
    const auto& parameter = space.parameters[m_space.numberParameter(k)];
    value = fromUnit(parameter, toUnit(parameter, value) + static_cast<double>(moved[k]));
  }
  settle(space, configuration, [&](std::size_t i) { return drawValue(space.parameters[i], random); });
  return configuration;
}

double Parzen::logDensity(const float* point) const {
  const Index numbers = m_space.numbers();
  m_work = m_logs;
  Eigen::VectorXf white(numbers);
  for (Index k = 0; k < numbers; ++k) white[k] = std::isnan(point[k]) ? 0 : point[k];
  if (m_diagonal)
    white = white.cwiseQuotient(m_marginal);
  else
    white = m_inverse.triangularView<Eigen::Lower>() * white;
  for (Index k = 0; k < numbers; ++k) {
    if (std::isnan(point[k])) continue;
    if (m_always[static_cast<std::size_t>(k)])
      m_work -= 0.5F * (m_white.col(k) - white[k]).square();
    else
      m_work -= 0.5F * (m_white.col(k) - white[k]).square() * m_active.col(k);
  }
  for (Index k = 0; k < m_space.choices(); ++k) {
    const float at = point[numbers + k];
    if (std::isnan(at)) continue;
    const float same = m_same[static_cast<std::size_t>(k)], other = m_other[static_cast<std::size_t>(k)];
    m_work += (m_points.col(numbers + k) == at).select(ArrayXf::Constant(m_count, same), ArrayXf::Constant(m_count, other)) *
              m_active.col(numbers + k);
  }
  const float top = std::max(m_logPrior, m_count > 0 ? m_work.maxCoeff() : m_logPrior);
  return top + std::log((m_count > 0 ? (m_work - top).exp().sum() : 0) + std::exp(m_logPrior - top));
}
}  // namespace lathe::search
