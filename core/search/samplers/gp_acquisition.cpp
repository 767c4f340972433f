// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/gp_acquisition.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

namespace lathe::search {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
const double logRootTwoPi = 0.5 * std::log(2 * std::numbers::pi);

double density(double z) { return std::exp(-0.5 * z * z - logRootTwoPi); }
double probability(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

/// R(x) = Phi(-x) / phi(x) and 1 - x R(x), for x >= 1.
struct Mills {
  double ratio = 0, rest = 0;
};
Mills millsRatio(double x) {
  if (x < 20) {
    const double ratio = probability(-x) / density(x);
    return {ratio, 1 - x * ratio};
  }
  const double inverse = 1 / (x * x);
  const double rest = inverse * (1 - inverse * (3 - inverse * (15 - 105 * inverse)));
  return {(1 - rest) / x, rest};
}

using Boxes = std::map<std::pair<Goals, Goals>, double>;  // low and high of all goals but the last; where it begins

// Cuts along the last goal. A box of the goals before it that stays the same from one slice to the next is one box.
std::vector<GoalBox> boxesOf(std::vector<Goals> front, const Goals& reference) {
  const std::size_t last = reference.size() - 1;
  if (last == 0) {
    double best = reference[0];
    for (const auto& point : front) best = std::min(best, point[0]);
    return {{{-infinity}, {best}}};
  }
  std::sort(front.begin(), front.end(), [last](const Goals& a, const Goals& b) { return a[last] < b[last]; });
  const Goals shorter(reference.begin(), reference.end() - 1);
  std::vector<GoalBox> boxes;
  std::vector<Goals> below;
  Boxes open;
  const auto close = [&](const Boxes::value_type& box, double end) {
    if (!(box.second < end)) return;
    GoalBox whole{box.first.first, box.first.second};
    whole.low.push_back(box.second);
    whole.high.push_back(end);
    boxes.push_back(std::move(whole));
  };
  double begin = -infinity;
  for (std::size_t i = 0; i <= front.size(); ++i) {
    const double end = i < front.size() ? front[i][last] : reference[last];
    if (end > begin) {
      Boxes now;
      for (auto& box : boxesOf(below, shorter)) now.emplace(std::pair(std::move(box.low), std::move(box.high)), begin);
      for (const auto& box : open)
        if (const auto same = now.find(box.first); same != now.end())
          same->second = box.second;
        else
          close(box, begin);
      open = std::move(now);
      begin = end;
    }
    if (i == front.size()) break;
    Goals point(front[i].begin(), front[i].end() - 1);
    std::erase_if(below, [&](const Goals& other) { return dominates(point, other) || point == other; });
    below.push_back(std::move(point));
    std::vector<Goals> kept;
    for (const auto each : paretoFront(below)) kept.push_back(below[each]);
    below = std::move(kept);
  }
  for (const auto& box : open) close(box, reference[last]);
  return boxes;
}

}  // namespace

ValueAndSlope logImprovement(double z) {
  if (z > -1) {
    const double cumulated = probability(z), h = density(z) + z * cumulated;
    return {std::log(h), cumulated / h};
  }
  // h(z) = phi(z) (1 - x R(x)) with x = -z and Mills' ratio R.
  const auto mills = millsRatio(-z);
  return {-0.5 * z * z - logRootTwoPi + std::log(mills.rest), mills.ratio / mills.rest};
}

ValueAndSlope logProbability(double z) {
  if (z > -1) return {std::log(probability(z)), density(z) / probability(z)};
  const double ratio = millsRatio(-z).ratio;
  return {-0.5 * z * z - logRootTwoPi + std::log(ratio), 1 / ratio};
}

double LogExpectedImprovement::value(const double* means, const double* deviations, double* meanSlopes,
                                     double* deviationSlopes) const {
  const double s = *deviations, z = (m_best - *means) / s;
  const auto h = logImprovement(z);
  if (meanSlopes != nullptr) {
    *meanSlopes = -h.slope / s;
    *deviationSlopes = (1 - z * h.slope) / s;
  }
  return h.value + std::log(s);
}

std::vector<GoalBox> undominatedBoxes(std::vector<Goals> front, const Goals& reference) {
  std::vector<Goals> inside;
  for (const auto i : paretoFront(front))
    if (std::equal(front[i].begin(), front[i].end(), reference.begin(), [](double a, double b) { return a < b; }))
      inside.push_back(std::move(front[i]));
  return boxesOf(std::move(inside), reference);
}

LogExpectedHypervolume::LogExpectedHypervolume(const std::vector<Goals>& front, const Goals& reference)
    : m_goals(reference.size()), m_levels(m_goals) {
  const auto boxes = undominatedBoxes(front, reference);
  for (std::size_t k = 0; k < m_goals; ++k) {
    auto& levels = m_levels[k];
    for (const auto& box : boxes) levels.insert(levels.end(), {box.low[k], box.high[k]});
    std::sort(levels.begin(), levels.end());
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  }
  for (const auto& box : boxes) {
    std::vector<std::size_t> places;
    for (std::size_t k = 0; k < m_goals; ++k)
      for (const double level : {box.low[k], box.high[k]})
        places.push_back(static_cast<std::size_t>(std::lower_bound(m_levels[k].begin(), m_levels[k].end(), level) -
                                                  m_levels[k].begin()));
    m_boxes.push_back(std::move(places));
  }
}

double LogExpectedHypervolume::value(const double* means, const double* deviations, double* meanSlopes,
                                     double* deviationSlopes) const {
  // At each level: the expected distance below it, and its derivatives by mean (negative) and deviation.
  struct Level {
    double below = 0, probability = 0, density = 0;
  };
  std::vector<std::vector<Level>> levels(m_goals);
  for (std::size_t k = 0; k < m_goals; ++k)
    for (const double level : m_levels[k]) {
      const double z = (level - means[k]) / deviations[k];
      Level each;
      if (z > -37) {
        each.probability = probability(z);
        each.density = density(z);
        each.below = deviations[k] * (z > -1 ? each.density + z * each.probability : std::exp(logImprovement(z).value));
      }
      levels[k].push_back(each);
    }
  double sum = 0;
  std::vector<double> sides(m_goals), byMean(m_goals, 0), byDeviation(m_goals, 0);
  for (const auto& box : m_boxes) {
    double volume = 1;
    for (std::size_t k = 0; k < m_goals; ++k) {
      sides[k] = std::max(0.0, levels[k][box[2 * k + 1]].below - levels[k][box[2 * k]].below);
      volume *= sides[k];
    }
    sum += volume;
    if (meanSlopes == nullptr || !(volume > 0)) continue;
    for (std::size_t k = 0; k < m_goals; ++k) {
      const auto &low = levels[k][box[2 * k]], &high = levels[k][box[2 * k + 1]];
      byMean[k] -= volume / sides[k] * (high.probability - low.probability);
      byDeviation[k] += volume / sides[k] * (high.density - low.density);
    }
  }
  if (!(sum > 1e-280)) {
    // Beyond numbers: worse the further it is beyond the last level in each goal.
    double distance = 0;
    for (std::size_t k = 0; k < m_goals; ++k) {
      distance += std::max(0.0, (means[k] - m_levels[k].back()) / deviations[k]);
      if (meanSlopes != nullptr) meanSlopes[k] = deviationSlopes[k] = 0;
    }
    return -700 - distance;
  }
  if (meanSlopes != nullptr)
    for (std::size_t k = 0; k < m_goals; ++k) {
      meanSlopes[k] = byMean[k] / sum;
      deviationSlopes[k] = byDeviation[k] / sum;
    }
  return std::log(sum);
}

}  // namespace lathe::search
