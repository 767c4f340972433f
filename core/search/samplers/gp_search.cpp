// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/gp_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/search/samplers/gp_lbfgs.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct Candidate {
  Configuration configuration;
  double value = -std::numeric_limits<double>::infinity();
};

bool betterThan(const Candidate& a, const Candidate& b) { return a.value > b.value; }

class Search {
 public:
  Search(const GpSearchTask& task, Random& random) : m_task(task), m_random(random) {
    Index points = 1;
    for (const auto* model : task.models) points = std::max(points, model->size());
    // What a batch costs grows with the square of the points.
    m_budget = static_cast<int>(std::clamp(
        3e7 / static_cast<double>(points * points) / static_cast<double>(task.models.size()), 300.0, 2000.0));
    m_ascents = points > 150 ? 3 : 4;
  }

  std::optional<Configuration> run() {
    auto candidates = first();
    if (candidates.empty()) return std::nullopt;
    rate(candidates);
    std::stable_sort(candidates.begin(), candidates.end(), betterThan);
    std::vector<Candidate> starts;
    for (auto& each : candidates) {
      if (static_cast<int>(starts.size()) == m_ascents) break;
      if (std::none_of(starts.begin(), starts.end(), [&](const Candidate& other) { return near(each, other); }))
        starts.push_back(each);
    }
    Candidate best = candidates.front();
    for (auto& start : starts) {
      climb(start);
      if (betterThan(start, best) && isFree(start.configuration)) best = start;
    }
    return best.configuration;
  }

 private:
  [[nodiscard]] const SearchSpace& space() const { return m_task.space; }
  [[nodiscard]] bool isFree(const Configuration& configuration) const {
    return !m_task.taken.contains(hashOf(configuration));
  }
  [[nodiscard]] bool isSmooth(std::size_t parameter) const {
    const auto& each = space().parameters[parameter];
    return each.type == spec::ParameterType::Float && each.step == 0;
  }

  void add(std::vector<Candidate>& candidates, Configuration configuration) const {
    if (isFree(configuration) && spec::fulfils(space(), configuration))
      candidates.push_back({std::move(configuration)});
  }

  // Half of them spread over the space, half around the good ones.
  std::vector<Candidate> first() {
    std::vector<Candidate> candidates;
    Random shift = m_random;
    (void)m_random.next();
    const int spread = m_budget / 2, local = m_budget - spread;
    for (int i = 0; i < spread; ++i) {
      Random same = shift;
      add(candidates, gpSpread(space(), static_cast<std::uint64_t>(i), same));
    }
    if (candidates.size() < static_cast<std::size_t>(spread) / 8)
      for (int i = 0; i < 20; ++i)
        if (auto drawn = drawFeasible(space(), m_random)) add(candidates, std::move(*drawn));
    for (int i = 0; i < local && !m_task.centres.empty(); ++i) add(candidates, neighbour());
    return candidates;
  }

  Configuration neighbour() {
    const double u = m_random.uniform();
    const auto at = static_cast<std::size_t>(u * u * static_cast<double>(m_task.centres.size()));
    Configuration configuration = m_task.centres[at];
    const std::size_t count = space().size();
    constexpr double scales[] = {0.3, 0.1, 0.03, 0.01};
    const double scale = scales[m_random.below(4)];
    const double share = m_random.below(2) == 0 ? 1.0 : std::min(1.0, 2.0 / static_cast<double>(count));
    const auto surely = m_random.below(count);
    for (std::size_t i = 0; i < count; ++i)
      if (i == surely || m_random.uniform() < share) configuration[i] = moved(i, configuration[i], scale);
    settle(space(), configuration, [&](std::size_t i) { return drawValue(space().parameters[i], m_random); });
    return configuration;
  }

  double moved(std::size_t parameter, double value, double scale) {
    const auto& each = space().parameters[parameter];
    if (std::isnan(value)) return value;
    if (each.type == spec::ParameterType::Categorical)
      return m_random.uniform() < std::max(scale, 0.1) ? drawValue(each, m_random) : value;
    const auto group = m_task.features.groupOf(m_task.features.featureOf(parameter));
    const double length = std::exp(-0.5 * m_task.models.front()->hyper().logWeights[group]);
    const double unit = toUnit(each, value) + scale * std::min(1.0, 2 * length) * m_random.normal();
    const double next = fromUnit(each, unit);
    if (next != value || isSmooth(parameter)) return next;
    return m_random.below(3) == 0 ? stepped(each, value, m_random.below(2) == 0 ? 1 : -1) : value;
  }

  // Some values of the grid further.
  static double stepped(const spec::SearchParameter& parameter, double value, double steps) {
    if (parameter.isChoice()) return std::clamp(value + steps, 0.0, static_cast<double>(parameter.choices.size()) - 1);
    const double at = std::round((value - parameter.low) / parameter.step) + steps;
    return std::clamp(parameter.low + parameter.step * std::max(0.0, at), parameter.low, parameter.high);
  }

  void rate(std::vector<Candidate>& candidates) const {
    const auto count = static_cast<Index>(candidates.size());
    if (count == 0) return;
    MatrixXd z(m_task.features.features(), count);
    for (Index i = 0; i < count; ++i)
      m_task.features.embed(candidates[static_cast<std::size_t>(i)].configuration, z.col(i).data());
    const std::size_t goals = m_task.models.size();
    std::vector<ArrayXd> means(goals), variances(goals);
    for (std::size_t k = 0; k < goals; ++k) m_task.models[k]->predict(z, means[k], variances[k]);
    std::vector<double> mean(goals), deviation(goals);
    for (Index i = 0; i < count; ++i) {
      for (std::size_t k = 0; k < goals; ++k) {
        mean[k] = means[k][i];
        deviation[k] = std::sqrt(variances[k][i]);
      }
      candidates[static_cast<std::size_t>(i)].value =
          m_task.acquisition.value(mean.data(), deviation.data(), nullptr, nullptr);
    }
  }

  // Closer than half a length scale in the first goal's model: an ascent from there would end in the same place.
  [[nodiscard]] bool near(const Candidate& a, const Candidate& b) const {
    const auto roots = gpRootWeights(m_task.features, m_task.models.front()->hyper());
    VectorXd first(roots.size()), second(roots.size());
    m_task.features.embed(a.configuration, first.data());
    m_task.features.embed(b.configuration, second.data());
    return (first - second).cwiseProduct(roots).norm() < 0.3;
  }

  void climb(Candidate& start) {
    std::vector<std::size_t> smooth;
    bool coarse = false;
    for (int round = 0; round < 3; ++round) {
      smooth.clear();
      coarse = false;
      for (std::size_t i = 0; i < space().size(); ++i) {
        if (std::isnan(start.configuration[i])) continue;
        if (isSmooth(i))
          smooth.push_back(i);
        else
          coarse = true;
      }
      const double before = start.value;
      if (!smooth.empty()) ascend(start, smooth);
      if (!coarse || !step(start)) return;
      if (start.value < before + 1e-3) return;
    }
  }

  // In units of length scales, where the acquisition is about as steep in all directions.
  void ascend(Candidate& start, const std::vector<std::size_t>& smooth) {
    const auto dimensions = static_cast<Index>(smooth.size());
    const auto& features = m_task.features;
    const std::size_t goals = m_task.models.size();
    VectorXd roots(dimensions), from(dimensions), z(features.features());
    for (Index i = 0; i < dimensions; ++i) {
      const auto parameter = smooth[static_cast<std::size_t>(i)];
      const auto group = features.groupOf(features.featureOf(parameter));
      double weight = 0;
      for (const auto* model : m_task.models) weight = std::max(weight, std::exp(model->hyper().logWeights[group]));
      roots[i] = std::sqrt(weight);
      from[i] = roots[i] * toUnit(space().parameters[parameter], start.configuration[parameter]);
    }
    Configuration configuration = start.configuration;
    const auto place = [&](const VectorXd& x) {
      for (Index i = 0; i < dimensions; ++i) {
        const auto parameter = smooth[static_cast<std::size_t>(i)];
        configuration[parameter] = fromUnit(space().parameters[parameter], x[i] / roots[i]);
      }
    };
    std::vector<GpModel::Point> points(goals);
    std::vector<double> means(goals), deviations(goals), meanSlopes(goals), deviationSlopes(goals);
    const auto descent = [&](const VectorXd& x, VectorXd& gradient) {
      place(x);
      if (!spec::fulfils(space(), configuration)) return std::numeric_limits<double>::infinity();
      features.embed(configuration, z.data());
      for (std::size_t k = 0; k < goals; ++k) {
        m_task.models[k]->predict(z, points[k]);
        means[k] = points[k].mean;
        deviations[k] = std::sqrt(points[k].variance);
      }
      const double value =
          m_task.acquisition.value(means.data(), deviations.data(), meanSlopes.data(), deviationSlopes.data());
      gradient.setZero(dimensions);
      for (std::size_t k = 0; k < goals; ++k)
        for (Index i = 0; i < dimensions; ++i) {
          const auto feature = features.featureOf(smooth[static_cast<std::size_t>(i)]);
          gradient[i] -= (meanSlopes[k] * points[k].meanSlope[feature] +
                          deviationSlopes[k] * points[k].varianceSlope[feature] / (2 * deviations[k])) /
                         roots[i];
        }
      return -value;
    };
    const auto found = minimizeInBox(descent, from, VectorXd::Zero(dimensions), roots, 25, 1e-3, 0.1);
    if (!(-found.value > start.value)) return;
    place(found.x);
    start.configuration = configuration;
    start.value = -found.value;
  }

  // The best of all that differ in one of the coarse parameters; true when that is better.
  bool step(Candidate& start) {
    std::vector<Candidate> around;
    for (std::size_t i = 0; i < space().size(); ++i) {
      const double value = start.configuration[i];
      if (std::isnan(value) || isSmooth(i)) continue;
      for (const double other : alternatives(space().parameters[i], value)) {
        Configuration next = start.configuration;
        next[i] = other;
        settle(space(), next, [&](std::size_t k) { return given(k); });
        add(around, std::move(next));
      }
    }
    rate(around);
    const auto best = std::max_element(around.begin(), around.end(),
                                       [](const Candidate& a, const Candidate& b) { return a.value < b.value; });
    if (best == around.end() || !betterThan(*best, start)) return false;
    start = *best;
    return true;
  }

  std::vector<double> alternatives(const spec::SearchParameter& parameter, double value) {
    std::vector<double> others;
    const auto note = [&](double other) {
      if (other != value && std::find(others.begin(), others.end(), other) == others.end()) others.push_back(other);
    };
    if (parameter.type == spec::ParameterType::Categorical) {
      const auto count = parameter.choices.size();
      const auto begin = m_random.below(count);
      for (std::size_t i = 0; i < std::min<std::size_t>(count, 10); ++i) note(static_cast<double>((begin + i) % count));
      return others;
    }
    for (const double steps : {-1.0, 1.0}) note(stepped(parameter, value, steps));
    const double unit = toUnit(parameter, value);
    for (const double distance : {0.02, 0.1})
      for (const double side : {-1.0, 1.0}) note(fromUnit(parameter, unit + side * distance));
    return others;
  }

  // For a parameter that is switched on: as a good one has it.
  double given(std::size_t parameter) {
    for (const auto& centre : m_task.centres)
      if (!std::isnan(centre[parameter])) return centre[parameter];
    return drawValue(space().parameters[parameter], m_random);
  }

  const GpSearchTask& m_task;
  Random& m_random;
  int m_budget = 0, m_ascents = 0;
};

}  // namespace

Configuration gpSpread(const SearchSpace& space, std::uint64_t n, Random& shift) {
  // The root of x^(d + 1) = x + 1.
  const auto dimensions = static_cast<double>(space.size());
  double root = 2;
  for (int i = 0; i < 40; ++i) root = std::pow(1 + root, 1 / (dimensions + 1));
  Configuration configuration(space.size(), std::numeric_limits<double>::quiet_NaN());
  double factor = 1;
  for (std::size_t i = 0; i < space.size(); ++i) {
    factor /= root;
    const double unit = shift.uniform() + static_cast<double>(n % (1U << 30U)) * factor;
    configuration[i] = fromUnit(space.parameters[i], unit - std::floor(unit));
  }
  settle(space, configuration, [](std::size_t) { return 0.0; });
  return configuration;
}

std::optional<Configuration> gpSearch(const GpSearchTask& task, Random& random) { return Search(task, random).run(); }

}  // namespace lathe::search
