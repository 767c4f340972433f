// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/effective_grid.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t mostCases = 100000;
/// More configurations than are counted, or more cases than are kept.
constexpr std::uint64_t tooMany = std::numeric_limits<std::uint64_t>::max();

std::uint64_t product(std::uint64_t a, std::uint64_t b) {
  if (a == 0 || b == 0) return 0;
  return a > EffectiveGrid::most / b ? tooMany : a * b;
}

std::uint64_t sum(std::uint64_t a, std::uint64_t b) {
  if (a == tooMany || b == tooMany || a + b > EffectiveGrid::most) return tooMany;
  return a + b;
}

}  // namespace

std::size_t EffectiveGrid::CaseHash::operator()(const Case& each) const {
  return std::hash<Off>()(each.off) * 31 + each.parameter;
}

EffectiveGrid::EffectiveGrid(const SearchSpace& space, std::vector<std::size_t> levels)
    : m_space(space), m_levels(std::move(levels)), m_special(space.size()) {
  for (std::size_t i = 0; i < space.size(); ++i) {
    const auto count = space.parameters[i].count();
    m_counts.push_back(count > 0 ? count : m_levels[i]);
  }
  for (const auto& parameter : space.parameters)
    for (const auto& condition : parameter.conditions)
      for (const double value : condition.in)
        if (const auto index = indexOf(condition.parameter, value)) m_special[condition.parameter].push_back(*index);
  for (auto& special : m_special) {
    std::sort(special.begin(), special.end());
    special.erase(std::unique(special.begin(), special.end()), special.end());
  }
}

double EffectiveGrid::valueAt(std::size_t parameter, std::uint64_t index) const {
  const auto& each = m_space.parameters[parameter];
  const auto count = static_cast<double>(m_counts[parameter]), at = static_cast<double>(index);
  if (each.isChoice()) return at;
  if (each.count() > 0) return std::min(each.low + at * each.step, each.high);
  return fromUnit(each, m_counts[parameter] > 1 ? at / (count - 1) : 0.5);
}

std::optional<std::uint64_t> EffectiveGrid::indexOf(std::size_t parameter, double value) const {
  const auto& each = m_space.parameters[parameter];
  const auto last = static_cast<double>(m_counts[parameter] - 1);
  double place = value;
  if (!each.isChoice())
    place = each.count() > 0 ? (each.step > 0 ? (value - each.low) / each.step : 0) : toUnit(each, value) * last;
  const double nearest = std::round(place);
  if (!(nearest >= 0 && nearest <= last) || std::abs(place - nearest) > 1e-6) return std::nullopt;
  return static_cast<std::uint64_t>(nearest);
}

std::optional<std::uint64_t> EffectiveGrid::size() {
  const auto count = ways(0, Off(m_space.size(), false));
  if (count == tooMany) return std::nullopt;
  return count;
}

// What is switched off for good once the parameter has this value (nothing: is inactive). Only later parameters are
// remembered, so that cases that go on alike are one.
EffectiveGrid::Off EffectiveGrid::after(std::size_t parameter, const Off& off,
                                        std::optional<std::uint64_t> index) const {
  Off next = off;
  next[parameter] = false;
  for (std::size_t i = parameter + 1; i < m_space.size(); ++i)
    for (const auto& condition : m_space.parameters[i].conditions)
      if (condition.parameter == parameter &&
          (!index || std::none_of(condition.in.begin(), condition.in.end(),
                                  [&](double value) { return indexOf(parameter, value) == index; })))
        next[i] = true;
  return next;
}

std::uint64_t EffectiveGrid::ways(std::size_t parameter, const Off& off) {
  if (parameter == m_space.size()) return 1;
  const Case key{parameter, off};
  if (const auto found = m_ways.find(key); found != m_ways.end()) return found->second;
  if (m_ways.size() >= mostCases) return tooMany;
  std::uint64_t count = 0;
  if (off[parameter]) {
    count = ways(parameter + 1, after(parameter, off, std::nullopt));
  } else {
    const auto& special = m_special[parameter];
    for (const auto index : special) count = sum(count, ways(parameter + 1, after(parameter, off, index)));
    // All values that no condition names go on in the same way.
    if (const auto rest = m_counts[parameter] - special.size(); rest > 0)
      count = sum(count, product(rest, ways(parameter + 1, after(parameter, off, m_counts[parameter]))));
  }
  m_ways.emplace(key, count);
  return count;
}

Configuration EffectiveGrid::at(std::uint64_t rank) {
  Configuration configuration(m_space.size(), none);
  Off off(m_space.size(), false);
  for (std::size_t i = 0; i < m_space.size(); ++i) {
    std::optional<std::uint64_t> chosen;
    if (!off[i]) {
      for (const auto index : m_special[i]) {
        const auto each = ways(i + 1, after(i, off, index));
        if (rank < each) {
          chosen = index;
          break;
        }
        rank -= each;
      }
      if (!chosen) {
        const auto each = ways(i + 1, after(i, off, m_counts[i]));
        std::uint64_t index = rank / each;
        rank %= each;
        for (const auto special : m_special[i])
          if (special <= index) ++index;
        chosen = index;
      }
      configuration[i] = valueAt(i, *chosen);
    }
    off = after(i, off, chosen);
  }
  return configuration;
}

}  // namespace lathe::search
