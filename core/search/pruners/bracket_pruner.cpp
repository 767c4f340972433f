// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/pruners/bracket_pruner.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "core/search/pruners/pruners.h"

namespace lathe::search {
namespace {

// A bracket of plain halving is done when all its trials are; larger ones would keep a study without a result for long.
constexpr double mostInHalving = 243;

}  // namespace

BracketPruner::BracketPruner(const PrunerSetup& setup, Kind kind)
    : m_setup(setup), m_kind(kind), m_eta(etaOf(setup)), m_lengths(geometricRungs(setup)), m_budget(setup.budget) {}

BracketPlan BracketPruner::planOf(std::size_t number) const {
  const auto rungs = static_cast<double>(m_lengths.size());
  if (m_kind == Kind::Halving) {
    const double size = std::min(std::pow(m_eta, rungs - 1), mostInHalving);
    return {0, static_cast<std::size_t>(std::llround(size)), true};
  }
  const std::size_t first = number % m_lengths.size();
  const double halvings = rungs - 1 - static_cast<double>(first);
  const double size = std::ceil(rungs / (halvings + 1) * std::pow(m_eta, halvings) - 1e-9);
  return {first, static_cast<std::size_t>(size), true};
}

Work BracketPruner::placeWork(const Bracket& bracket) {
  return {Work::Kind::Fresh, -1, m_lengths[bracket.rung()], {}, -1};
}

Work BracketPruner::next() {
  for (const auto& [number, bracket] : m_brackets)
    if (const auto trial = bracket.waiting()) return {Work::Kind::Continue, *trial, m_lengths[bracket.rung()], {}, -1};
  for (const auto& [number, bracket] : m_brackets)
    if (bracket.open() > 0) return placeWork(bracket);
  if (m_kind == Kind::Halving && !m_brackets.empty()) return {Work::Kind::Wait, -1, 0, {}, -1};
  const auto bracket = nextBracket();
  const auto work = placeWork(bracket);
  // A paused trial is no reason to begin a bracket that no fresh ones will fill.
  const bool over = m_budget > 0 && m_started >= m_budget;
  return over && work.kind == Work::Kind::Continue ? BracketPruner::placeWork(bracket) : work;
}

std::map<std::size_t, Bracket>::iterator BracketPruner::openAt(std::int64_t target) {
  return std::find_if(m_brackets.begin(), m_brackets.end(), [&](const auto& each) {
    return each.second.open() > 0 && m_lengths[each.second.rung()] == target;
  });
}

Bracket BracketPruner::nextBracket() const { return {planOf(m_begun), m_lengths.size(), m_eta}; }

std::map<std::size_t, Bracket>::iterator BracketPruner::beginBracket() {
  const auto begun = m_brackets.emplace(m_begun, nextBracket()).first;
  ++m_begun;
  return begun;
}

void BracketPruner::place(std::int64_t trial, std::map<std::size_t, Bracket>::iterator at) {
  at->second.fill(trial);
  m_places[trial] = at->first;
  placed(trial, at->second);
}

void BracketPruner::stopIntake() {
  for (auto& [number, bracket] : m_brackets) release(bracket.stopIntake());
  dropDone();
}

void BracketPruner::started(std::int64_t trial, const Work& work) {
  const auto at = openAt(work.target);
  place(trial, at == m_brackets.end() ? beginBracket() : at);
  if (++m_started == m_budget) stopIntake();
}

void BracketPruner::continued(std::int64_t trial, std::int64_t target) {
  if (auto* bracket = bracketOf(trial)) {
    bracket->resume(trial);
    return;
  }
  auto at = openAt(target);
  if (at == m_brackets.end() && m_lengths[planOf(m_begun).first] == target) at = beginBracket();
  if (at != m_brackets.end()) place(trial, at);
}

void BracketPruner::planned(std::int64_t trials) {
  m_budget = trials;
  if (trials > 0 && m_started >= trials) stopIntake();
}

void BracketPruner::report(std::int64_t trial, std::int64_t /*step*/, double value) {
  m_values.report(trial, value);
  ++m_heard;
}

void BracketPruner::reached(std::int64_t trial, std::int64_t /*step*/) {
  auto* bracket = bracketOf(trial);
  if (!bracket) return;
  const double value = m_values.of(trial);
  evaluated(trial, bracket->rung(), value);
  release(bracket->reached(trial, value));
  dropDone();
}

void BracketPruner::ended(std::int64_t trial, TrialState state) {
  ++m_heard;
  m_hopeless.ended(trial);
  if (auto* bracket = bracketOf(trial)) {
    const double value = m_values.of(trial);
    if (state == TrialState::Complete) evaluated(trial, bracket->rung(), value);
    m_places.erase(trial);
    release(bracket->ended(trial, state, value));
    dropDone();
  }
  m_values.forget(trial);
}

Bracket* BracketPruner::bracketOf(std::int64_t trial) {
  const auto place = m_places.find(trial);
  if (place == m_places.end()) return nullptr;
  const auto found = m_brackets.find(place->second);
  return found == m_brackets.end() ? nullptr : &found->second;
}

void BracketPruner::release(const std::vector<std::int64_t>& trials) {
  for (const auto trial : trials) m_places.erase(trial);
  if (!trials.empty()) released(trials);
}

void BracketPruner::dropDone() {
  std::erase_if(m_brackets, [](const auto& each) { return each.second.done(); });
}

std::unique_ptr<Pruner> makeHalvingPruner(const PrunerSetup& setup) {
  return std::make_unique<BracketPruner>(setup, BracketPruner::Kind::Halving);
}
std::unique_ptr<Pruner> makeHyperbandPruner(const PrunerSetup& setup) {
  return std::make_unique<BracketPruner>(setup, BracketPruner::Kind::Hyperband);
}
// Falkner and others 2018: the schedule of hyperband; the model is the sampler's.
std::unique_ptr<Pruner> makeBohbPruner(const PrunerSetup& setup) {
  return std::make_unique<BracketPruner>(setup, BracketPruner::Kind::Hyperband);
}

}  // namespace lathe::search
