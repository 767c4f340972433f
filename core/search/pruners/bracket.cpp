// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/pruners/bracket.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/search/pruners/rungs.h"

namespace lathe::search {

Bracket::Bracket(const BracketPlan& plan, std::size_t rungs, double eta)
    : m_first(plan.first),
      m_rungs(rungs),
      m_eta(eta),
      m_promotes(plan.promotes),
      m_rung(plan.first),
      m_open(std::max<std::size_t>(plan.size, 1)) {}

std::optional<std::int64_t> Bracket::waiting() const {
  for (const auto& member : m_members)
    if (member.state == Member::State::Chosen) return member.trial;
  return std::nullopt;
}

Bracket::Member* Bracket::find(std::int64_t trial) {
  const auto found =
      std::find_if(m_members.begin(), m_members.end(), [&](const Member& member) { return member.trial == trial; });
  return found == m_members.end() ? nullptr : &*found;
}

void Bracket::fill(std::int64_t trial) {
  --m_open;
  ++m_busy;
  m_members.push_back({trial, Member::State::Running, 0});
}

void Bracket::resume(std::int64_t trial) {
  if (auto* member = find(trial); member && member->state == Member::State::Chosen)
    member->state = Member::State::Running;
}

Bracket::Released Bracket::reached(std::int64_t trial, double value) {
  auto* member = find(trial);
  if (!member || member->state != Member::State::Running) return {};
  member->state = Member::State::Paused;
  member->value = value;
  --m_busy;
  return closeFullRungs();
}

Bracket::Released Bracket::ended(std::int64_t trial, TrialState state, double value) {
  auto* member = find(trial);
  if (!member) return {};
  const bool busy = member->state == Member::State::Running || member->state == Member::State::Chosen;
  member->state = state == TrialState::Complete ? Member::State::Complete : Member::State::Lost;
  member->value = value;
  if (!busy) return {};
  --m_busy;
  return closeFullRungs();
}

Bracket::Released Bracket::stopIntake() {
  m_open = 0;
  m_promotes = true;
  return closeFullRungs();
}

Bracket::Released Bracket::closeFullRungs() {
  using State = Member::State;
  Released released;
  while (!m_done && m_open == 0 && m_busy == 0) {
    const auto places = std::max<std::size_t>(shareOf(m_members.size(), m_eta), 1);
    std::vector<Member> chosen;
    if (m_promotes && m_rung + 1 < m_rungs) {
      for (const auto& member : m_members)
        if (member.state != State::Lost && !std::isnan(member.value)) chosen.push_back(member);
      std::sort(chosen.begin(), chosen.end(), [](const Member& a, const Member& b) {
        return std::pair(a.value, a.trial) < std::pair(b.value, b.trial);
      });
      chosen.resize(std::min(chosen.size(), places));
    }
    for (const auto& member : m_members)
      if (member.state == State::Paused &&
          std::none_of(chosen.begin(), chosen.end(), [&](const Member& each) { return each.trial == member.trial; }))
        released.push_back(member.trial);
    m_done = m_rung + 1 == m_rungs || (m_promotes && chosen.empty());
    if (m_done) break;
    ++m_rung;
    if (!m_promotes) m_open = places;
    for (auto& member : chosen)
      if (member.state == State::Paused) {
        member.state = State::Chosen;
        ++m_busy;
      }
    m_members = std::move(chosen);
  }
  return released;
}

}  // namespace lathe::search
