// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/pruners/subpopulation.h"

#include <algorithm>
#include <utility>

namespace lathe::search {
namespace {

bool better(const Individual& a, const Individual& b) {
  return std::pair(a.value, a.trial) < std::pair(b.value, b.trial);
}

}  // namespace

std::vector<const Individual*> Subpopulation::best(std::size_t count) const {
  std::vector<const Individual*> sorted;
  for (const auto& member : m_members) sorted.push_back(&member);
  if (count >= sorted.size()) return sorted;
  const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(count);
  std::partial_sort(sorted.begin(), end, sorted.end(), [](const auto* a, const auto* b) { return better(*a, *b); });
  sorted.resize(count);
  return sorted;
}

bool Subpopulation::contains(std::int64_t trial) const {
  return std::any_of(m_members.begin(), m_members.end(), [&](const auto& member) { return member.trial == trial; });
}

std::int64_t Subpopulation::join(Individual candidate) {
  if (m_members.size() < m_most) {
    m_members.push_back(std::move(candidate));
    return -1;
  }
  const auto worst = std::max_element(m_members.begin(), m_members.end(), better);
  if (!better(candidate, *worst)) return candidate.trial;
  return std::exchange(*worst, std::move(candidate)).trial;
}

std::int64_t Subpopulation::compete(Individual candidate, std::size_t slot) {
  if (slot >= m_members.size() || m_members.size() < m_most) return join(std::move(candidate));
  auto& member = m_members[slot];
  if (candidate.value > member.value) return candidate.trial;
  return std::exchange(member, std::move(candidate)).trial;
}

}  // namespace lathe::search
