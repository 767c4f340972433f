// SPDX-License-Identifier: GPL-3.0-or-later
// What a contest tries after its portfolio: places of a sampler, the best from another start, refined architectures.
#include <algorithm>

#include "core/base/log.h"
#include "core/services/autopilot/contest.h"
#include "core/services/autopilot/refinement.h"

namespace lathe::services {
namespace {

constexpr std::int64_t betweenAnothers = 3;  ///< every third proposal is one of the best from another start
constexpr std::size_t differentAnothers = 4;
constexpr double mostRefinementShare = 0.3;
constexpr double refinementShare = 0.15;  ///< of the budget, its end: what it has for refining architectures

}  // namespace

// Seconds of a whole candidate of the kind that completed most.
double Contest::typicalSeconds() const {
  std::vector<double> all;
  for (const auto& tried : m_tried)
    if (tried.state == Tried::State::Completed && !tried.candidate.baseline) all.push_back(tried.seconds);
  if (all.empty()) return 0;
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

bool Contest::propose() {
  if (!m_sampler || best() == nullptr) return false;
  // What cannot be trained whole would only take the time of nothing.
  if (m_budget.trainingLeft() * m_ground.workers < 0.8 * typicalSeconds()) return false;
  std::optional<Contender> candidate;
  if (m_proposed % betweenAnothers == betweenAnothers - 1) candidate = another();
  const auto number = m_proposed++;
  if (!candidate) {
    const auto configuration = m_sampler->propose(number);
    if (!configuration) return false;
    auto proposed = proposedCandidate(m_portfolio, m_space, *configuration, number);
    if (!proposed) {
      log(LogLevel::Warn, proposed.error().sentence());
      return false;
    }
    m_sampler->begin(number, *configuration);
    candidate = std::move(*proposed);
  }
  add(std::move(*candidate));
  return true;
}

// One of the best from another start: on few rows the mean over starts is worth as much as other settings.
std::optional<Contender> Contest::another() {
  std::vector<const Tried*> leaders;
  for (const auto& tried : m_tried)
    if (tried.state == Tried::State::Completed && !tried.candidate.baseline && tried.candidate.again == 0)
      leaders.push_back(&tried);
  if (leaders.empty()) return std::nullopt;
  std::sort(leaders.begin(), leaders.end(), [](const auto* a, const auto* b) { return a->cost < b->cost; });
  const auto round = static_cast<std::size_t>(m_proposed / betweenAnothers);
  const auto* chosen = leaders[round % std::min<std::size_t>(leaders.size(), differentAnothers)];
  auto candidate = chosen->candidate;
  candidate.again = static_cast<int>(round);
  const auto key = candidate.key;
  const auto known = [&](const Tried& tried) { return tried.candidate.key == candidate.key; };
  do candidate.key = key + "-again-" + std::to_string(++candidate.again);
  while (std::any_of(m_tried.begin(), m_tried.end(), known));
  candidate.title += ", another start";
  candidate.proposal = -1;
  candidate.kept = false;
  candidate.least = 0;
  candidate.most = 0.8;
  candidate.spec.training.seed += 1000 * static_cast<std::uint64_t>(candidate.again);
  return candidate;
}

// The best network so far.
const Tried* Contest::networkLeader() const {
  const Tried* leader = nullptr;
  for (const auto& tried : m_tried)
    if (tried.state == Tried::State::Completed && !tried.outside && !tried.constant && !tried.candidate.baseline &&
        (leader == nullptr || tried.cost < leader->cost))
      leader = &tried;
  return leader;
}

// Near the end of the time, when there is a network, and time for one more like it.
bool Contest::timeToRefine() const {
  const double left = m_budget.trainingLeft();
  const auto* leader = networkLeader();
  if (leader == nullptr) return false;
  // Earlier where one more like it takes longer.
  const double share = 1.5 * leader->seconds / (m_ground.workers * m_budget.seconds());
  if (left > std::clamp(share, refinementShare, mostRefinementShare) * m_budget.seconds()) return false;
  if (leader->seconds > left * m_ground.workers) return false;
  return std::none_of(m_tried.begin(), m_tried.end(),
                      [](const Tried& tried) { return tried.candidate.kept && tried.state == Tried::State::Waiting; });
}

bool Contest::refine() {
  const auto* leader = networkLeader();
  if (leader == nullptr) return false;
  std::vector<const spec::ExperimentSpec*> known;
  for (const auto& tried : m_tried) known.push_back(&tried.candidate.spec);
  auto candidate = refinedCandidate(leader->candidate, known, m_refined, m_ground.request.spec.training.seed);
  ++m_refined;
  if (!candidate) return false;
  add(std::move(*candidate));
  return true;
}

void Contest::add(Contender candidate) {
  Tried tried;
  tried.candidate = std::move(candidate);
  tried.folds.resize(static_cast<std::size_t>(m_ground.folds));
  tried.taken.assign(static_cast<std::size_t>(m_ground.folds), false);
  m_tried.push_back(std::move(tried));
}

}  // namespace lathe::services
