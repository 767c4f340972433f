// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/tpe_history.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/search/sobol.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

constexpr std::int64_t ended = std::numeric_limits<std::int64_t>::max();
/// The good ones: this part of all, at most so many.
constexpr double goodPart = 0.15;
constexpr std::size_t mostGood = 25;
/// Points that volumes are counted in; points of a front that are looked at.
constexpr std::size_t sampleCount = 512, mostFront = 128;
/// Points of the volume that every good one has besides what it adds.
constexpr int evenShare = 8;
using Mask = std::array<std::uint64_t, sampleCount / 64>;

std::size_t goodOf(std::size_t results) {
  return std::min(mostGood, static_cast<std::size_t>(std::ceil(goodPart * static_cast<double>(results))));
}

}  // namespace

TpeHistory::TpeHistory(const SamplerSetup& setup, const ParzenSpace& space) : m_setup(setup), m_space(space) {
  const auto goals = static_cast<std::size_t>(setup.goals);
  if (goals > 1)
    for (std::size_t i = 0; i < sampleCount; ++i)
      for (std::size_t k = 0; k < goals; ++k)
        m_samples.push_back(
            static_cast<float>(scrambledSobol(static_cast<std::uint32_t>(i), static_cast<int>(k), setup.seed)));
  for (const auto& result : setup.before) tell(fromOutside(result));
}

std::vector<float> TpeHistory::coded(const Configuration& configuration) const {
  std::vector<float> point(static_cast<std::size_t>(m_space.size()));
  m_space.code(configuration, point.data());
  return point;
}

void TpeHistory::begin(std::int64_t trial, const Configuration& configuration) {
  m_known.insert(hashOf(configuration));
  m_running[trial] = coded(configuration);
}

bool TpeHistory::isRated(const Entry& entry) {
  return entry.state == TrialState::Complete || (entry.state == TrialState::Pruned && !entry.reports.empty());
}

void TpeHistory::tell(const TrialResult& result) {
  m_known.insert(hashOf(result.configuration));
  if (result.trial >= 0) m_running.erase(result.trial);
  auto told = toldOf(result, m_setup.goals);
  Entry entry{coded(result.configuration), result.state, {}, result.reports};
  if (told.standing == Told::Complete)
    entry.values = std::move(told.values);
  else if (result.state == TrialState::Complete)
    entry.state = TrialState::Failed;
  m_rated += isRated(entry) ? 1U : 0U;
  m_complete += entry.state == TrialState::Complete ? 1U : 0U;
  const auto known = result.trial < 0 ? m_places.end() : m_places.find(result.trial);
  if (known == m_places.end()) {
    if (result.trial >= 0) m_places[result.trial] = m_entries.size();
    m_entries.push_back(std::move(entry));
    noteFront(m_entries.size() - 1);
    return;
  }
  auto& before = m_entries[known->second];
  m_rated -= isRated(before) ? 1U : 0U;
  m_complete -= before.state == TrialState::Complete ? 1U : 0U;
  const bool anew = before.state == TrialState::Complete;
  before = std::move(entry);
  if (!anew) {
    noteFront(known->second);
    return;
  }
  m_front.clear();
  for (std::size_t i = 0; i < m_entries.size(); ++i) noteFront(i);
}

void TpeHistory::noteFront(std::size_t entry) {
  if (m_setup.goals == 1 || m_entries[entry].state != TrialState::Complete) return;
  const auto& values = m_entries[entry].values;
  if (std::any_of(m_front.begin(), m_front.end(),
                  [&](std::size_t i) { return dominates(m_entries[i].values, values); }))
    return;
  std::erase_if(m_front, [&](std::size_t i) { return dominates(values, m_entries[i].values); });
  // In the order of their entries, however they came.
  m_front.insert(std::lower_bound(m_front.begin(), m_front.end(), entry), entry);
}

// That enough trials have come to.
std::int64_t TpeHistory::highestStep() const {
  const auto enough = std::max<std::size_t>(8, static_cast<std::size_t>(m_space.size()) + 2);
  if (m_complete == m_rated || m_complete >= enough) return ended;
  std::map<std::int64_t, std::size_t, std::greater<>> reached;
  for (const auto& entry : m_entries)
    if (entry.state == TrialState::Pruned && isRated(entry)) ++reached[entry.reports.back().step];
  std::size_t count = m_complete;
  for (const auto& [step, more] : reached) {
    count += more;
    if (count >= enough) return step;
  }
  return reached.rbegin()->first;
}

// Of the entries that have come to a step. One that ended has its last report until then, else its value.
std::vector<std::pair<std::size_t, double>> TpeHistory::valuesAt(std::int64_t step) const {
  std::vector<std::pair<std::size_t, double>> result;
  result.reserve(m_entries.size());
  for (std::size_t i = 0; i < m_entries.size(); ++i) {
    const auto& entry = m_entries[i];
    const bool complete = entry.state == TrialState::Complete;
    if (!isRated(entry) || (!complete && entry.reports.back().step < step)) continue;
    if (step == ended) {
      result.emplace_back(i, entry.values.front());
      continue;
    }
    const auto after = std::upper_bound(entry.reports.begin(), entry.reports.end(), step,
                                        [](std::int64_t at, const TrialReport& report) { return at < report.step; });
    if (after != entry.reports.begin())
      result.emplace_back(i, std::prev(after)->value);
    else
      result.emplace_back(i, complete ? entry.values.front() : entry.reports.front().value);
  }
  return result;
}

std::vector<std::size_t> TpeHistory::bestOfOne(std::vector<float>& weights) const {
  auto all = valuesAt(highestStep());
  // Who was stopped before that step was worse than most; yet not all that came to it are good.
  const auto count = std::min(goodOf(m_rated), std::max(goodOf(all.size()), all.size() / 3));
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(count);
  std::partial_sort(all.begin(), middle, all.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second < b.second : a.first < b.first;
  });
  std::vector<std::size_t> best;
  for (auto at = all.begin(); at != middle; ++at) {
    best.push_back(at->first);
    weights.push_back(std::log(static_cast<float>(count + 1) / static_cast<float>(best.size())));
  }
  return best;
}

std::vector<std::pair<std::size_t, int>> TpeHistory::greedy(std::vector<std::size_t> front, std::size_t most) const {
  if (front.size() > mostFront) {
    for (std::size_t i = 0; i < mostFront; ++i) front[i] = front[i * front.size() / mostFront];
    front.resize(mostFront);
  }
  const auto goals = static_cast<std::size_t>(m_setup.goals);
  Goals low = m_entries[front.front()].values, high = low;
  for (const auto i : front)
    for (std::size_t k = 0; k < goals; ++k) {
      low[k] = std::min(low[k], m_entries[i].values[k]);
      high[k] = std::max(high[k], m_entries[i].values[k]);
    }
  std::vector<Mask> masks(front.size());
  for (std::size_t i = 0; i < front.size(); ++i)
    for (std::size_t word = 0; word < masks[i].size(); ++word) {
      std::uint64_t bits = ~std::uint64_t{0};
      for (std::size_t k = 0; k < goals; ++k) {
        const double range = high[k] * 0.5 - low[k] * 0.5;
        // Units run from the best of the front to a tenth beyond its worst.
        const auto unit =
            static_cast<float>(range > 0 ? (m_entries[front[i]].values[k] * 0.5 - low[k] * 0.5) / (1.1 * range) : 0.0);
        std::uint64_t beyond = 0;
        for (std::size_t bit = 0; bit < 64; ++bit)
          beyond |= static_cast<std::uint64_t>(m_samples[(word * 64 + bit) * goals + k] >= unit) << bit;
        bits &= beyond;
      }
      masks[i][word] = bits;
    }
  std::vector<std::pair<std::size_t, int>> chosen;
  std::vector<bool> used(front.size(), false);
  Mask covered{};
  while (chosen.size() < std::min(most, front.size())) {
    std::size_t best = front.size();
    int gain = -1;
    for (std::size_t i = 0; i < front.size(); ++i) {
      if (used[i]) continue;
      int own = 0;
      for (std::size_t word = 0; word < covered.size(); ++word) own += std::popcount(masks[i][word] & ~covered[word]);
      if (own > gain) {
        gain = own;
        best = i;
      }
    }
    used[best] = true;
    for (std::size_t word = 0; word < covered.size(); ++word) covered[word] |= masks[best][word];
    chosen.emplace_back(front[best], gain);
  }
  return chosen;
}

std::vector<std::size_t> TpeHistory::bestOfMany(std::vector<float>& weights) const {
  if (m_front.empty()) return bestOfOne(weights);  // what paused, by the first goal
  const auto count = goodOf(m_complete);
  std::vector<std::size_t> best, front = m_front;
  if (front.size() < count) {
    std::vector<Goals> points;
    std::vector<std::size_t> entries;
    for (std::size_t i = 0; i < m_entries.size(); ++i)
      if (m_entries[i].state == TrialState::Complete) {
        points.push_back(m_entries[i].values);
        entries.push_back(i);
      }
    const auto ranks = nondominatedRanks(points);
    for (int rank = 1; best.size() + front.size() <= count && !front.empty(); ++rank) {
      best.insert(best.end(), front.begin(), front.end());
      front.clear();
      for (std::size_t i = 0; i < ranks.size(); ++i)
        if (ranks[i] == rank) front.push_back(entries[i]);
    }
  }
  if (best.size() < count && !front.empty())
    for (const auto& [entry, gain] : greedy(front, count - best.size())) best.push_back(entry);
  std::vector<std::size_t> ordered;
  for (const auto& [entry, gain] : greedy(best, best.size())) {
    ordered.push_back(entry);
    weights.push_back(static_cast<float>(gain + evenShare));
  }
  return ordered;
}

TpeHistory::Split TpeHistory::split() const {
  Split split;
  const auto best = m_setup.goals == 1 ? bestOfOne(split.goodWeights) : bestOfMany(split.goodWeights);
  std::vector<bool> good(m_entries.size(), false);
  for (const auto i : best) {
    good[i] = true;
    split.good.push_back(m_entries[i].point.data());
  }
  std::vector<const float*> bad;
  bad.reserve(m_entries.size());
  for (std::size_t i = 0; i < m_entries.size(); ++i)
    if (!good[i]) bad.push_back(m_entries[i].point.data());
  if (bad.size() > mostBad) {
    const auto older = bad.size() - mostBad / 2;
    for (std::size_t i = 0; i < mostBad / 2; ++i) split.bad.push_back(bad[i * older / (mostBad / 2)]);
    split.badWeights.assign(mostBad / 2, static_cast<float>(older) / (mostBad / 2));
    bad.erase(bad.begin(), bad.begin() + static_cast<std::ptrdiff_t>(older));
  }
  split.bad.insert(split.bad.end(), bad.begin(), bad.end());
  for (const auto& [trial, point] : m_running) split.bad.push_back(point.data());
  split.badWeights.resize(split.bad.size(), 1);
  return split;
}

}  // namespace lathe::search
