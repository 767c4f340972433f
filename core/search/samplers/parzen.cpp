// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/parzen.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

using Eigen::ArrayXf;
using Eigen::Index;

constexpr float none = std::numeric_limits<float>::quiet_NaN();
constexpr int mostDraws = 20;
constexpr float widest = 0.5F, narrowest = 0.002F;
/// The least width where values lie in cells, in cells.
constexpr float leastCells = 0.4F;

// The logarithm of the probability that a standard normal number is below t >= 0, from a table.
class LogInside {
 public:
  LogInside() {
    for (std::size_t i = 0; i < m_values.size(); ++i)
      m_values[i] =
          static_cast<float>(std::log(0.5 * std::erfc(-static_cast<double>(i) / perUnit / std::numbers::sqrt2)));
  }
  [[nodiscard]] float operator()(float t) const {
    const float at = std::min(t * perUnit, static_cast<float>(m_values.size()) - 1.001F);
    const auto cell = static_cast<std::size_t>(at);
    return m_values[cell] + (at - static_cast<float>(cell)) * (m_values[cell + 1] - m_values[cell]);
  }

 private:
  static constexpr float perUnit = 32;
  std::array<float, 5 * 32> m_values{};
};

}  // namespace

ParzenSpace::ParzenSpace(const SearchSpace& space) : m_space(space), m_places(space.size()) {
  for (const bool numbers : {true, false}) {
    for (std::size_t i = 0; i < space.size(); ++i) {
      if ((space.parameters[i].type != spec::ParameterType::Categorical) != numbers) continue;
      m_places[i] = size();
      m_parameters.push_back(i);
    }
    if (numbers) m_numbers = size();
  }
}

void ParzenSpace::code(const Configuration& configuration, float* point) const {
  for (std::size_t i = 0; i < m_space.size(); ++i) {
    const double value = configuration[i];
    float& at = point[m_places[i]];
    if (std::isnan(value))
      at = none;
    else
      at = static_cast<float>(m_places[i] < m_numbers ? toUnit(m_space.parameters[i], value) : value);
  }
}

Parzen::Parzen(const ParzenSpace& space, const std::vector<const float*>& points, const std::vector<float>& weights,
               const ParzenRules& rules)
    : m_space(space), m_rules(rules), m_count(static_cast<Index>(points.size())) {
  m_points.resize(m_count, space.size());
  m_active.resize(m_count, space.size());
  m_always.assign(static_cast<std::size_t>(space.size()), true);
  for (Index k = 0; k < space.size(); ++k) {
    float *values = m_points.col(k).data(), *active = m_active.col(k).data();
    bool always = true;
    for (Index i = 0; i < m_count; ++i) {
      const float value = points[static_cast<std::size_t>(i)][k];
      const bool there = !std::isnan(value);
      values[i] = there ? value : 0;
      active[i] = there ? 1 : 0;
      always = always && there;
    }
    m_always[static_cast<std::size_t>(k)] = always;
  }
  const ArrayXf own = Eigen::Map<const ArrayXf>(weights.data(), m_count);
  const float sum = own.sum(), mean = m_count > 0 ? sum / static_cast<float>(m_count) : 1;
  const float prior = rules.prior * mean, total = sum + prior;
  m_logPrior = std::log(prior / total);
  m_logs = (own / total).log();
  double running = prior;
  for (Index i = 0; i <= m_count; ++i) {
    m_cumulated.push_back(running / static_cast<double>(total));
    if (i < m_count) running += own[i];
  }
  m_widths.resize(space.numbers());
  m_scaled.resize(m_count, space.numbers());
  for (Index k = 0; k < space.numbers(); ++k) learnWidth(k, own, rules.pull * mean);
}

void Parzen::learnWidth(Index place, const ArrayXf& weights, float pull) {
  static const LogInside logInside;
  const auto numbers = static_cast<float>(m_space.numbers());
  const ArrayXf active = m_active.col(place) * weights;
  const float mass = active.sum() + pull;
  const float mean = ((m_points.col(place) * active).sum() + 0.5F * pull) / mass;
  const float even = 1.0F / 12 + (mean - 0.5F) * (mean - 0.5F);
  const float variance = (((m_points.col(place) - mean).square() * active).sum() + even * pull) / mass;
  const auto count = m_space.parameterAt(place).count();
  const float least = count > 0 ? leastCells / static_cast<float>(count) : narrowest;
  const float scott = std::pow(static_cast<float>(std::max<Index>(m_count, 1)), -1 / (numbers + 4));
  const float width = std::clamp(m_rules.width * std::sqrt(variance) * scott, least, std::max(least, widest));
  m_widths[place] = width;
  m_scaled.col(place) = m_points.col(place) / (width * std::numbers::sqrt2_v<float>);
  // What lies beyond both ends of the range is cut off.
  const float density = -std::log(width * std::sqrt(2 * std::numbers::pi_v<float>));
  const float *values = m_points.col(place).data(), *there = m_active.col(place).data();
  for (Index i = 0; i < m_count; ++i)
    m_logs[i] += there[i] * (density - logInside(values[i] / width) - logInside((1 - values[i]) / width));
}

// -1: the uniform component.
Index Parzen::pick(Random& random) const {
  const auto at = std::upper_bound(m_cumulated.begin(), m_cumulated.end(), random.uniform());
  return std::min<Index>(at - m_cumulated.begin(), m_count) - 1;
}

double Parzen::drawn(Index place, Index component, Random& random) const {
  const auto& parameter = m_space.parameterAt(place);
  for (int i = 0; component >= 0 && m_active(component, place) == 0; ++i) component = i < mostDraws ? pick(random) : -1;
  if (component < 0) return drawValue(parameter, random);
  const auto at = static_cast<double>(m_points(component, place));
  if (place >= m_space.numbers()) return random.uniform() < m_rules.flip ? drawValue(parameter, random) : at;
  double unit = at;
  for (int i = 0; i < mostDraws; ++i) {
    unit = at + m_widths[place] * random.normal();
    if (unit >= 0 && unit <= 1) break;
  }
  return fromUnit(parameter, unit);
}

Configuration Parzen::sample(Random& random) const {
  Configuration configuration(m_space.space().size(), std::numeric_limits<double>::quiet_NaN());
  const Index component = pick(random);
  settle(m_space.space(), configuration,
         [&](std::size_t parameter) { return drawn(m_space.placeOf(parameter), component, random); });
  return configuration;
}

double Parzen::logDensity(const float* point) const {
  m_work = m_logs;
  float* work = m_work.data();
  for (Index k = 0; k < m_space.size(); ++k) {
    const float at = point[k];
    if (std::isnan(at)) continue;
    const float* active = m_active.col(k).data();
    if (k < m_space.numbers()) {
      const float scaled = at / (m_widths[k] * std::numbers::sqrt2_v<float>);
      const float* values = m_scaled.col(k).data();
      if (m_always[static_cast<std::size_t>(k)])
        for (Index i = 0; i < m_count; ++i) work[i] -= (values[i] - scaled) * (values[i] - scaled);
      else
        for (Index i = 0; i < m_count; ++i) work[i] -= active[i] * (values[i] - scaled) * (values[i] - scaled);
      continue;
    }
    const auto count = static_cast<float>(m_space.parameterAt(k).choices.size());
    const float same = std::log(count * (1 - m_rules.flip) + m_rules.flip), other = std::log(m_rules.flip);
    const float* values = m_points.col(k).data();
    for (Index i = 0; i < m_count; ++i) work[i] += active[i] * (values[i] == at ? same : other);
  }
  const float top = m_count > 0 ? std::max(m_logPrior, m_work.maxCoeff()) : m_logPrior;
  const float sum = m_count > 0 ? (m_work - top).exp().sum() : 0;
  return static_cast<double>(top) + std::log(static_cast<double>(sum + std::exp(m_logPrior - top)));
}

}  // namespace lathe::search
