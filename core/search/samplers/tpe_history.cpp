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
constexpr std::size_t sampleCount = 1024;
using Mask = std::array<std::uint64_t, sampleCount / 64>;
#define K(name, standard) [] { static const double value = tpeKnob(name, standard); return value; }()

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
  const auto told = toldOf(result, m_setup.goals);
  Entry entry{result.configuration, coded(result.configuration), result.state, {}, result.reports};
  if (told.standing == Told::Complete)
    entry.values = told.values;
  else if (result.state == TrialState::Complete)
    entry.state = TrialState::Failed;
  const auto known = result.trial < 0 ? m_places.end() : m_places.find(result.trial);
  m_rated += isRated(entry) ? 1U : 0U;
  if (known != m_places.end()) {
    m_rated -= isRated(m_entries[known->second]) ? 1U : 0U;
    m_entries[known->second] = std::move(entry);
    return;
  }
  if (result.trial >= 0) m_places[result.trial] = m_entries.size();
  m_entries.push_back(std::move(entry));
}

std::size_t TpeHistory::wanted(std::size_t rated) const {
  const auto count = static_cast<double>(rated);
  const double most = std::min(K("GA", 0.1) * count, K("GS", 100) * std::sqrt(count));
  return std::min(rated, static_cast<std::size_t>(std::clamp(std::ceil(most), K("NBMIN", 1), K("NBMAX", 25))));
}

// Entries that have come to a step, with their values there.
std::vector<std::pair<std::size_t, double>> TpeHistory::rated(std::int64_t step) const {
  std::vector<std::pair<std::size_t, double>> result;
  result.reserve(m_entries.size());
  for (std::size_t i = 0; i < m_entries.size(); ++i) {
    const auto& entry = m_entries[i];
    if (step == ended) {
      if (entry.state == TrialState::Complete) result.emplace_back(i, entry.values.front());
      continue;
    }
    const auto after = std::upper_bound(entry.reports.begin(), entry.reports.end(), step,
                                        [](std::int64_t at, const TrialReport& report) { return at < report.step; });
    if (entry.state == TrialState::Failed) continue;
    if (after != entry.reports.begin() && (std::prev(after)->step == step || entry.state == TrialState::Complete))
      result.emplace_back(i, std::prev(after)->value);
    else if (entry.state == TrialState::Complete)
      result.emplace_back(i, entry.values.front());
  }
  return result;
}

std::vector<std::size_t> TpeHistory::bestOfOne(std::vector<float>& weights) const {
  // The highest step that enough trials have come to.
  std::map<std::int64_t, std::size_t, std::greater<>> reached;
  std::size_t complete = 0;
  for (const auto& entry : m_entries)
    if (entry.state == TrialState::Complete)
      ++complete;
    else if (isRated(entry))
      ++reached[entry.reports.back().step];
  const auto enough = std::max<std::size_t>(8, static_cast<std::size_t>(m_space.size()) + 2);
  std::int64_t step = ended;
  if (complete < enough && !reached.empty()) {
    std::size_t count = complete;
    for (const auto& [at, more] : reached) {
      count += more;
      step = at;
      if (count >= enough) break;
    }
  }
  auto all = rated(step);
  const auto count = std::min(wanted(m_rated), std::max<std::size_t>(1, step == ended && complete == m_rated ? all.size() : all.size() / 3));
  const auto first = [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second < b.second : a.first < b.first;
  };
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(std::min(count, all.size()));
  std::partial_sort(all.begin(), middle, all.end(), first);
  std::vector<std::size_t> best;
  for (auto at = all.begin(); at != middle; ++at) best.push_back(at->first);
  for (std::size_t i = 0; i < best.size(); ++i) {
    const double rank = std::log(static_cast<double>(best.size()) + 1) - std::log(static_cast<double>(i) + 1);
    weights.push_back(static_cast<float>(K("WRANK", 0) * rank + 1 - K("WRANK", 0)));
  }
  return best;
}

// One after another what adds most to the volume; with the sample points that it adds.
std::vector<std::pair<std::size_t, int>> TpeHistory::greedy(const std::vector<std::size_t>& front,
                                                            std::size_t most) const {
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
        const auto unit = static_cast<float>(
            range > 0 ? (m_entries[front[i]].values[k] * 0.5 - low[k] * 0.5) / (1.1 * range) : 0.0);
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

std::vector<std::size_t> TpeHistory::bestOfMany(std::vector<float>& weights) {
  std::vector<Goals> points;
  std::vector<std::size_t> entries;
  for (std::size_t i = 0; i < m_entries.size(); ++i)
    if (m_entries[i].state == TrialState::Complete) {
      points.push_back(m_entries[i].values);
      entries.push_back(i);
    }
  if (entries.empty()) return bestOfOne(weights);  // what paused, by the first goal
  const auto count = wanted(entries.size());
  auto front = paretoFront(points);
  std::vector<std::size_t> best;
  if (front.size() < count) {
    const auto ranks = nondominatedRanks(points);
    for (int rank = 0;; ++rank) {
      front.clear();
      for (std::size_t i = 0; i < ranks.size(); ++i)
        if (ranks[i] == rank) front.push_back(i);
      if (best.size() + front.size() > count || front.empty()) break;
      for (const auto i : front) best.push_back(entries[i]);
      if (best.size() == count) break;
    }
    front = best.size() == count ? std::vector<std::size_t>{} : front;
  }
  if (!front.empty()) {
    std::vector<std::size_t> last;
    for (const auto i : front) last.push_back(entries[i]);
    for (const auto& [i, gain] : greedy(last, count - best.size())) best.push_back(i);
  }
  float sum = 0;
  for (const auto& [i, gain] : greedy(best, best.size())) {
    weights.push_back(static_cast<float>(gain) + static_cast<float>(K("MOW", 8)));
    sum += weights.back();
  }
  // greedy() has its own order.
  std::vector<std::size_t> order;
  for (const auto& [i, gain] : greedy(best, best.size())) order.push_back(i);
  for (float& weight : weights) weight *= static_cast<float>(weights.size()) / sum;
  return order;
}

TpeHistory::Split TpeHistory::split() {
  Split split;
  split.best = m_setup.goals == 1 ? bestOfOne(split.weights) : bestOfMany(split.weights);
  std::vector<bool> good(m_entries.size(), false);
  for (const auto i : split.best) {
    good[i] = true;
    split.good.push_back(m_entries[i].point.data());
  }
  split.bad.reserve(m_entries.size() + m_running.size());
  for (std::size_t i = 0; i < m_entries.size(); ++i)
    if (!good[i]) split.bad.push_back(m_entries[i].point.data());
  for (const auto& [trial, point] : m_running) split.bad.push_back(point.data());
  return split;
}

}  // namespace lathe::search
