// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/study_math.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <queue>

namespace lathe::search {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

// Of those that are numbers, by ascending value.
std::vector<std::size_t> ascending(std::span<const double> values) {
  std::vector<std::size_t> order;
  order.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isnan(values[i])) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  return order;
}

bool covers(std::span<const double> a, std::span<const double> b) {
  for (std::size_t k = 0; k < a.size(); ++k)
    if (a[k] > b[k]) return false;
  return true;
}

}  // namespace

std::vector<double> valuesOf(std::span<const TrialResult> trials, std::size_t goal) {
  std::vector<double> values;
  values.reserve(trials.size());
  for (const auto& trial : trials) {
    const bool has = trial.state == TrialState::Complete && goal < trial.values.size();
    values.push_back(has && std::isfinite(trial.values[goal]) ? trial.values[goal] : nothing);
  }
  return values;
}

BestSoFar bestSoFar(std::span<const double> values) {
  BestSoFar result;
  result.best.reserve(values.size());
  double best = nothing;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isnan(values[i]) && !(best <= values[i])) {
      best = values[i];
      result.improvements.push_back(i);
    }
    result.best.push_back(best);
  }
  return result;
}

Distribution distributionOf(std::span<const double> values) {
  Distribution result;
  const auto order = ascending(values);
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i + 1 < order.size() && values[order[i + 1]] == values[order[i]]) continue;
    result.values.push_back(values[order[i]]);
    result.shares.push_back(static_cast<double>(i + 1) / static_cast<double>(order.size()));
  }
  return result;
}

std::vector<double> ranksOf(std::span<const double> values) {
  std::vector<double> ranks(values.size(), nothing);
  const auto order = ascending(values);
  for (std::size_t begin = 0; begin < order.size();) {
    auto end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (auto i = begin; i < end; ++i) ranks[order[i]] = 0.5 * static_cast<double>(begin + end + 1);
    begin = end;
  }
  return ranks;
}

std::vector<double> rankShares(std::span<const double> values) {
  auto ranks = ranksOf(values);
  const auto count = std::count_if(ranks.begin(), ranks.end(), [](double rank) { return !std::isnan(rank); });
  for (auto& rank : ranks) rank = count > 1 ? (rank - 1) / static_cast<double>(count - 1) : rank - 0.5;
  return ranks;
}

double Staircase::add(double x, double y) {
  if (!(x < m_x && y < m_y)) return 0;
  auto at = std::lower_bound(m_steps.begin(), m_steps.end(), x,
                             [](const auto& step, double value) { return step.first < value; });
  double height = at == m_steps.begin() ? m_y : (at - 1)->second;
  if (height <= y || (at != m_steps.end() && at->first == x && at->second <= y)) return 0;
  double gain = 0, left = x;
  const auto first = at;
  for (; at != m_steps.end() && at->second >= y; ++at) {
    gain += (at->first - left) * (height - y);
    left = at->first;
    height = at->second;
  }
  gain += ((at == m_steps.end() ? m_x : at->first) - left) * (height - y);
  if (first == at) {
    m_steps.insert(at, {x, y});
  } else {
    *first = {x, y};
    m_steps.erase(first + 1, at);
  }
  return gain;
}

GrowingHypervolume::GrowingHypervolume(Goals reference)
    : m_reference(std::move(reference)),
      m_two(m_reference.empty() ? 0 : m_reference[0], m_reference.size() < 2 ? 0 : m_reference[1]) {}

double GrowingHypervolume::add(const Goals& point) {
  if (point.size() != m_reference.size()) return m_volume;
  for (std::size_t k = 0; k < point.size(); ++k)
    if (!(point[k] < m_reference[k])) return m_volume;
  if (point.size() == 2)
    m_volume += m_two.add(point[0], point[1]);
  else if (point.size() == 3)
    m_volume += std::max(0.0, gainOfThree({point[0], point[1], point[2]}));
  else
    m_volume += std::max(0.0, gainOfMore(point));
  return m_volume;
}

// The box from the point to the reference, less what the front takes of it, by a sweep along the last goal.
double GrowingHypervolume::gainOfThree(const std::array<double, 3>& point) {
  for (const auto& each : m_three) {
    if (each[2] > point[2]) break;
    if (covers(each, point)) return 0;
  }
  const double base = (m_reference[0] - point[0]) * (m_reference[1] - point[1]);
  Staircase taken(m_reference[0], m_reference[1]);
  double area = 0, gain = 0, level = point[2];
  bool all = false;
  for (const auto& each : m_three) {
    if (each[2] > level) {
      gain += (base - area) * (each[2] - level);
      level = each[2];
    }
    all = each[0] <= point[0] && each[1] <= point[1];
    if (all) break;
    area += taken.add(std::max(each[0], point[0]), std::max(each[1], point[1]));
  }
  if (!all) gain += (base - area) * (m_reference[2] - level);
  std::erase_if(m_three, [&](const auto& each) { return covers(point, each); });
  m_three.insert(
      std::upper_bound(m_three.begin(), m_three.end(), point, [](const auto& a, const auto& b) { return a[2] < b[2]; }),
      point);
  return gain;
}

double GrowingHypervolume::gainOfMore(const Goals& point) {
  if (std::any_of(m_more.begin(), m_more.end(), [&](const Goals& each) { return covers(each, point); })) return 0;
  auto limited = m_more;
  double gain = 1;
  for (std::size_t k = 0; k < point.size(); ++k) {
    gain *= m_reference[k] - point[k];
    for (auto& each : limited) each[k] = std::max(each[k], point[k]);
  }
  gain -= hypervolume(limited, m_reference);
  std::erase_if(m_more, [&](const Goals& each) { return covers(point, each); });
  m_more.push_back(point);
  return gain;
}

std::vector<double> hypervolumeOverTrials(std::span<const TrialResult> trials, const Goals& reference) {
  GrowingHypervolume growing(reference);
  std::vector<double> volumes;
  volumes.reserve(trials.size());
  for (const auto& trial : trials)
    volumes.push_back(trial.state == TrialState::Complete ? growing.add(trial.values) : growing.volume());
  return volumes;
}

Goals usualReference(std::span<const TrialResult> trials) {
  Goals low, high;
  for (const auto& trial : trials) {
    if (trial.state != TrialState::Complete) continue;
    if (low.empty()) {
      low.assign(trial.values.size(), std::numeric_limits<double>::infinity());
      high.assign(trial.values.size(), -std::numeric_limits<double>::infinity());
    }
    for (std::size_t k = 0; k < std::min(low.size(), trial.values.size()); ++k) {
      if (!std::isfinite(trial.values[k])) continue;
      low[k] = std::min(low[k], trial.values[k]);
      high[k] = std::max(high[k], trial.values[k]);
    }
  }
  for (std::size_t k = 0; k < high.size(); ++k) {
    const double range = high[k] - low[k];
    high[k] += range > 0 ? 0.1 * range : std::max(1e-9, 0.1 * std::abs(high[k]));
  }
  return high;
}

std::vector<int> lanesOf(std::span<const Interval> intervals) {
  std::vector<int> lanes(intervals.size(), -1);
  std::vector<double> starts;
  starts.reserve(intervals.size());
  for (const auto& interval : intervals) starts.push_back(interval.start);
  using Busy = std::pair<double, int>;  // until when, lane
  std::priority_queue<Busy, std::vector<Busy>, std::greater<>> busy;
  std::priority_queue<int, std::vector<int>, std::greater<>> free;
  int used = 0;
  for (const auto i : ascending(starts)) {
    while (!busy.empty() && busy.top().first <= starts[i]) {
      free.push(busy.top().second);
      busy.pop();
    }
    if (free.empty()) free.push(used++);
    lanes[i] = free.top();
    free.pop();
    const double end = intervals[i].end;
    busy.emplace(std::isnan(end) ? std::numeric_limits<double>::infinity() : std::max(end, starts[i]), lanes[i]);
  }
  return lanes;
}

}  // namespace lathe::search
