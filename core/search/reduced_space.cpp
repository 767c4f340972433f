// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/reduced_space.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

std::optional<double> onlyValue(const spec::SearchParameter& parameter) {
  if (parameter.fixed) return parameter.fixed;
  if (!isContinuum(parameter) && parameter.count() == 1) return parameter.isChoice() ? 0 : parameter.low;
  return std::nullopt;
}

}  // namespace

ReducedSpace::ReducedSpace(const SearchSpace& whole)
    : m_whole(whole), m_places(whole.size()), m_constants(whole.size()) {
  // What a parameter's own conditions come down to, in whole indices; nothing when it is never active.
  std::vector<std::optional<std::vector<spec::ParameterCondition>>> conditions(whole.size());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const auto& parameter = whole.parameters[i];
    std::vector<spec::ParameterCondition> left;
    bool never = false;
    for (const auto& condition : parameter.conditions) {
      const auto& above = conditions[condition.parameter];
      if (!above) {
        never = true;
        break;
      }
      if (const auto constant = m_constants[condition.parameter]) {
        // Fulfilled whenever its parameter is active, or never.
        if (std::find(condition.in.begin(), condition.in.end(), *constant) == condition.in.end()) never = true;
        left.insert(left.end(), above->begin(), above->end());
      } else {
        left.push_back(condition);
      }
    }
    m_constants[i] = onlyValue(parameter);
    if (never) continue;
    conditions[i] = left;
    if (m_constants[i]) continue;
    auto reduced = parameter;
    if (isContinuum(parameter)) {
      reduced.step = 0;
      reduced.type = spec::ParameterType::Float;
    }
    reduced.conditions.clear();
    for (auto& condition : left) reduced.conditions.push_back({*m_places[condition.parameter], condition.in});
    m_places[i] = m_space.size();
    m_space.parameters.push_back(std::move(reduced));
  }
  for (const auto& constraint : whole.constraints) {
    spec::LinearConstraint reduced;
    reduced.bound = constraint.bound;
    bool conditional = false;
    for (const auto& term : constraint.terms) {
      if (!conditions[term.parameter]) continue;
      if (const auto constant = m_constants[term.parameter]) {
        conditional = conditional || !conditions[term.parameter]->empty();
        reduced.bound -= term.weight * *constant;
      } else {
        reduced.terms.push_back({*m_places[term.parameter], term.weight});
      }
    }
    // A constant that is only sometimes there: the constraint is kept as if it were there whenever that is stricter.
    if (conditional) {
      reduced.bound = constraint.bound;
      for (const auto& term : constraint.terms)
        if (conditions[term.parameter] && m_constants[term.parameter]) {
          const double part = term.weight * *m_constants[term.parameter];
          if (conditions[term.parameter]->empty() || part > 0) reduced.bound -= part;
        }
    }
    if (!reduced.terms.empty() || reduced.bound < 0) m_space.constraints.push_back(std::move(reduced));
  }
}

std::optional<Configuration> ReducedSpace::reduce(const Configuration& whole) const {
  Configuration reduced(m_space.size(), none);
  for (std::size_t i = 0; i < m_whole.size(); ++i) {
    if (m_places[i])
      reduced[*m_places[i]] = whole[i];
    else if (m_constants[i] && !std::isnan(whole[i]) && whole[i] != *m_constants[i])
      return std::nullopt;
  }
  return reduced;
}

Configuration ReducedSpace::expand(const Configuration& reduced) const {
  Configuration whole(m_whole.size(), none);
  for (std::size_t i = 0; i < m_whole.size(); ++i)
    if (m_places[i]) {
      const double value = reduced[*m_places[i]];
      whole[i] = m_whole.parameters[i].type == spec::ParameterType::Int ? std::round(value) : value;
    }
  settle(m_whole, whole, [&](std::size_t i) { return m_constants[i].value_or(m_whole.parameters[i].low); });
  return whole;
}

}  // namespace lathe::search
