// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/parzen.h"

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

using Eigen::ArrayXf;
using Eigen::Map;

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
    : m_space(space), m_rules(rules), m_count(points.size()) {
  for (std::size_t k = 0; k < space.size(); ++k) {
    Column values(m_count), active(m_count);
    bool always = true;
    for (std::size_t i = 0; i < m_count; ++i) {
      const float value = points[i][k];
      const bool there = !std::isnan(value);
      values[i] = there ? value : 0;
      active[i] = there ? 1 : 0;
      always = always && there;
    }
    m_points.push_back(std::move(values));
    m_active.push_back(std::move(active));
    m_always.push_back(always);
  }
  float sum = 0;
  for (const float weight : weights) sum += weight;
  const float mean = m_count > 0 ? sum / static_cast<float>(m_count) : 1;
  const float prior = rules.prior * mean, total = sum + prior;
  m_logPrior = std::log(prior / total);
  double running = prior;
  m_cumulated.push_back(running / static_cast<double>(total));
  for (const float weight : weights) {
    m_logs.push_back(std::log(weight / total));
    running += weight;
    m_cumulated.push_back(running / static_cast<double>(total));
  }
  for (std::size_t k = 0; k < space.numbers(); ++k) learnWidth(k, weights, rules.pull * mean);
  m_work.resize(m_count);
}

void Parzen::learnWidth(std::size_t place, const Column& weights, float pull) {
  static const LogInside logInside;
  const auto &values = m_points[place], &active = m_active[place];
  float mass = pull, first = 0.5F * pull;
  for (std::size_t i = 0; i < m_count; ++i) {
    mass += weights[i] * active[i];
    first += weights[i] * active[i] * values[i];
  }
  const float mean = first / mass;
  float second = pull * (1.0F / 12 + (mean - 0.5F) * (mean - 0.5F));
  for (std::size_t i = 0; i < m_count; ++i) second += weights[i] * active[i] * (values[i] - mean) * (values[i] - mean);
  const auto count = m_space.parameterAt(place).count();
  const float least = count > 0 ? leastCells / static_cast<float>(count) : narrowest;
  const auto dimensions = static_cast<float>(m_space.numbers());
  const float scott = std::pow(static_cast<float>(std::max<std::size_t>(m_count, 1)), -1 / (dimensions + 4));
  const float width = std::clamp(m_rules.width * std::sqrt(second / mass) * scott, least, std::max(least, widest));
  const float unit = 1 / (width * std::numbers::sqrt2_v<float>);
  const float density = -std::log(width * std::sqrt(2 * std::numbers::pi_v<float>));
  Column scaled(m_count);
  for (std::size_t i = 0; i < m_count; ++i) {
    scaled[i] = values[i] * unit;
    // What lies beyond both ends of the range is cut off.
    if (active[i] > 0) m_logs[i] += density - logInside(values[i] / width) - logInside((1 - values[i]) / width);
  }
  m_widths.push_back(width);
  m_scaled.push_back(std::move(scaled));
}

std::size_t Parzen::pick(Random& random) const {
  const auto at = std::upper_bound(m_cumulated.begin(), m_cumulated.end(), random.uniform());
  const auto place = std::min(static_cast<std::size_t>(at - m_cumulated.begin()), m_count);
  return place == 0 ? uniform : place - 1;
}

double Parzen::drawn(std::size_t place, std::size_t component, Random& random) const {
  const auto& parameter = m_space.parameterAt(place);
  for (int i = 0; component != uniform && m_active[place][component] == 0; ++i)
    component = i < mostDraws ? pick(random) : uniform;
  if (component == uniform) return drawValue(parameter, random);
  const auto at = static_cast<double>(m_points[place][component]);
  if (place >= m_space.numbers()) return random.uniform() < m_rules.flip ? drawValue(parameter, random) : at;
  double unit = at;
  for (int i = 0; i < mostDraws; ++i) {
    unit = at + static_cast<double>(m_widths[place]) * random.normal();
    if (unit >= 0 && unit <= 1) break;
  }
  return fromUnit(parameter, unit);
}

Configuration Parzen::sample(Random& random) const {
  Configuration configuration(m_space.space().size(), std::numeric_limits<double>::quiet_NaN());
  const auto component = pick(random);
  settle(m_space.space(), configuration,
         [&](std::size_t parameter) { return drawn(m_space.placeOf(parameter), component, random); });
  return configuration;
}

double Parzen::logDensity(const float* point) const {
  m_work = m_logs;
  float* work = m_work.data();
  for (std::size_t k = 0; k < m_space.size(); ++k) {
    const float at = point[k];
    if (std::isnan(at)) continue;
    const float* active = m_active[k].data();
    if (k < m_space.numbers()) {
      const float scaled = at / (m_widths[k] * std::numbers::sqrt2_v<float>);
      const float* values = m_scaled[k].data();
      if (m_always[k])
        for (std::size_t i = 0; i < m_count; ++i) work[i] -= (values[i] - scaled) * (values[i] - scaled);
      else
        for (std::size_t i = 0; i < m_count; ++i) work[i] -= active[i] * (values[i] - scaled) * (values[i] - scaled);
      continue;
    }
    const auto count = static_cast<float>(m_space.parameterAt(k).choices.size());
    const float same = std::log(count * (1 - m_rules.flip) + m_rules.flip), other = std::log(m_rules.flip);
    const float* values = m_points[k].data();
    for (std::size_t i = 0; i < m_count; ++i) work[i] += active[i] * (values[i] == at ? same : other);
  }
  if (m_count == 0) return static_cast<double>(m_logPrior);
  const Map<const ArrayXf> logs(work, static_cast<Eigen::Index>(m_count));
  const float top = std::max(m_logPrior, logs.maxCoeff());
  return static_cast<double>(top) +
         std::log(static_cast<double>((logs - top).exp().sum() + std::exp(m_logPrior - top)));
}

}  // namespace lathe::search
