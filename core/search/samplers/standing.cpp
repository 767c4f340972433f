// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/standing.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lathe::search {
namespace {

/// Differences and sums of values beyond it would overflow.
constexpr double largest = 1e100;

double clipped(double value) { return std::isnan(value) ? largest : std::clamp(value, -largest, largest); }

}  // namespace

TrialResult fromOutside(const TrialResult& result) {
  TrialResult outside = result;
  outside.trial = -1;
  return outside;
}

Told toldOf(const TrialResult& result, int goals) {
  Told told{result.trial, result.configuration};
  if (result.state == TrialState::Complete && !result.values.empty()) {
    told.standing = Told::Complete;
    for (const double value : result.values) told.values.push_back(clipped(value));
    told.values.resize(static_cast<std::size_t>(goals), largest);
  } else if (result.state == TrialState::Pruned) {
    told.standing = Told::Pruned;
    told.values = {result.reports.empty() ? largest : clipped(result.reports.back().value)};
    if (!result.reports.empty()) told.lastStep = result.reports.back().step;
  }
  return told;
}

bool better(const Told& a, const Told& b) {
  if (a.standing != b.standing) return a.standing < b.standing;
  if (a.lastStep != b.lastStep) return a.lastStep > b.lastStep;
  return a.standing != Told::Failed && a.values.front() < b.values.front();
}

std::vector<int> frontsOf(const std::vector<const Told*>& all) {
  std::vector<Goals> points;
  for (const auto* each : all)
    if (each->standing == Told::Complete) points.push_back(each->values);
  const auto ranks = nondominatedRanks(points);
  const int last = ranks.empty() ? 0 : 1 + *std::max_element(ranks.begin(), ranks.end());
  std::vector<int> fronts;
  fronts.reserve(all.size());
  std::size_t next = 0;
  for (const auto* each : all)
    fronts.push_back(each->standing == Told::Complete ? ranks[next++] : last + (each->standing == Told::Failed));
  return fronts;
}

std::vector<std::size_t> bestFirst(const std::vector<const Told*>& all) {
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto byValue = [&](std::size_t a, std::size_t b) { return better(*all[a], *all[b]); };
  const bool several = std::any_of(all.begin(), all.end(), [](const Told* each) { return each->values.size() > 1; });
  if (!several) {
    std::stable_sort(order.begin(), order.end(), byValue);
    return order;
  }
  const auto fronts = frontsOf(all);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return fronts[a] < fronts[b]; });
  for (auto begin = order.begin(); begin != order.end();) {
    const auto end = std::find_if(begin, order.end(), [&](std::size_t i) { return fronts[i] != fronts[*begin]; });
    if (all[*begin]->standing == Told::Complete) {
      std::vector<Goals> points;
      for (auto at = begin; at != end; ++at) points.push_back(all[*at]->values);
      const auto distances = crowdingDistances(points);
      std::vector<std::pair<double, std::size_t>> members;
      for (auto at = begin; at != end; ++at)
        members.emplace_back(-distances[static_cast<std::size_t>(at - begin)], *at);
      std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
      std::transform(members.begin(), members.end(), begin, [](const auto& each) { return each.second; });
    } else {
      std::stable_sort(begin, end, byValue);
    }
    begin = end;
  }
  return order;
}

}  // namespace lathe::search
