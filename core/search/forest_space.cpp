// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/forest_space.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <map>

#include "core/search/space_tools.h"

namespace lathe::search {

ForestSpace::ForestSpace(const SearchSpace& space) : m_space(space) {
  for (const auto& parameter : space.parameters) {
    const bool unordered = parameter.type == spec::ParameterType::Categorical && parameter.choices.size() <= 64;
    m_categories.push_back(unordered ? static_cast<int>(parameter.choices.size()) : 0);
  }
  for (const auto& parameter : space.parameters) {
    std::map<std::size_t, Restriction> all;
    const auto add = [&](const Restriction& each) {
      const auto [at, fresh] = all.emplace(each.parameter, each);
      if (!fresh) at->second = both(at->second, each);
    };
    for (const auto& condition : parameter.conditions) {
      for (const auto& inherited : m_restrictions[condition.parameter]) add(inherited);
      add(restriction(condition.parameter, condition.in));
    }
    m_restrictions.emplace_back();
    for (auto& [ancestor, each] : all) m_restrictions.back().push_back(std::move(each));
  }
}

double ForestSpace::code(std::size_t parameter, double value) const {
  if (std::isnan(value) || m_categories[parameter] > 0) return value;
  return toUnit(m_space.parameters[parameter], value);
}

double ForestSpace::chance(const Restriction& restriction) const {
  const int count = m_categories[restriction.parameter];
  if (count > 0) return static_cast<double>(std::popcount(restriction.choices)) / count;
  double sum = 0;
  for (const auto& [low, high] : restriction.ranges) sum += high - low;
  return sum;
}

double ForestSpace::share(std::size_t parameter, const Side& side, const Restriction* given) const {
  if (given == nullptr) {
    const int count = m_categories[parameter];
    if (count == 0) return side.high - side.low;
    const auto existing = count == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << static_cast<unsigned>(count)) - 1;
    return static_cast<double>(std::popcount(side.choices & existing)) / count;
  }
  if (m_categories[parameter] > 0) {
    const int all = std::popcount(given->choices);
    return all == 0 ? 0 : static_cast<double>(std::popcount(side.choices & given->choices)) / all;
  }
  double inside = 0, all = 0;
  for (const auto& [low, high] : given->ranges) {
    all += high - low;
    inside += std::max(0.0, std::min(high, side.high) - std::max(low, side.low));
  }
  return all > 0 ? inside / all : 0;
}

bool ForestSpace::holds(const Restriction& restriction, double code) const {
  if (std::isnan(code)) return false;
  if (m_categories[restriction.parameter] > 0) return (restriction.choices >> static_cast<unsigned>(code) & 1U) != 0;
  return std::any_of(restriction.ranges.begin(), restriction.ranges.end(),
                     [&](const auto& range) { return code >= range.first && code <= range.second; });
}

Restriction ForestSpace::both(const Restriction& a, const Restriction& b) const {
  std::vector<double> values;
  std::set_intersection(a.values.begin(), a.values.end(), b.values.begin(), b.values.end(), std::back_inserter(values));
  return restriction(a.parameter, std::move(values));
}

Restriction ForestSpace::restriction(std::size_t parameter, std::vector<double> values) const {
  std::sort(values.begin(), values.end());
  Restriction result{parameter, std::move(values), {}, 0};
  for (const double value : result.values) {
    if (m_categories[parameter] > 0) {
      result.choices |= std::uint64_t{1} << static_cast<unsigned>(value);
      continue;
    }
    const auto cell = cellOf(parameter, value);
    if (!result.ranges.empty() && cell.first <= result.ranges.back().second + 1e-12)
      result.ranges.back().second = cell.second;
    else
      result.ranges.push_back(cell);
  }
  return result;
}

// Where splits between neighbouring values end: half way to them.
std::pair<double, double> ForestSpace::cellOf(std::size_t parameter, double value) const {
  const auto& its = m_space.parameters[parameter];
  const double step = its.isChoice() ? 1 : its.step;
  const double last = its.isChoice() ? static_cast<double>(its.choices.size()) - 1 : its.high;
  const double first = its.isChoice() ? 0 : its.low;
  const double unit = toUnit(its, value);
  if (step <= 0) return {unit, unit};
  const double low = value - step < first - 1e-9 * step ? 0 : (toUnit(its, value - step) + unit) / 2;
  const double high = value + step > last + 1e-9 * step ? 1 : (toUnit(its, value + step) + unit) / 2;
  return {low, high};
}

}  // namespace lathe::search
