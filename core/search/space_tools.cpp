// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/space_tools.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace lathe::search {
namespace {

using spec::LinearConstraint;
using spec::SearchParameter;

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr int mostDraws = 200;
constexpr int mostMends = 200;

double excess(const LinearConstraint& constraint, const Configuration& configuration) {
  double sum = -constraint.bound;
  for (const auto& term : constraint.terms)
    if (const double value = configuration[term.parameter]; !std::isnan(value)) sum += term.weight * value;
  return sum;
}

// The value nearest to `wanted` on the parameter's grid that is not on the wrong side of it.
double towards(const SearchParameter& parameter, double wanted, bool down) {
  double value = std::clamp(wanted, parameter.low, parameter.high);
  if (parameter.step > 0) {
    const double steps = (value - parameter.low) / parameter.step;
    value = parameter.low + parameter.step * (down ? std::floor(steps + 1e-9) : std::ceil(steps - 1e-9));
  }
  return std::clamp(value, parameter.low, parameter.high);
}

bool movable(const SearchParameter& parameter) { return !parameter.fixed && parameter.low < parameter.high; }

}  // namespace

bool isContinuum(const SearchParameter& parameter) {
  constexpr double mostCounted = 9007199254740992;  // all integers up to there are doubles
  if (parameter.isChoice() || parameter.low == parameter.high) return false;
  return !(parameter.step > 0) || !((parameter.high - parameter.low) / parameter.step < mostCounted);
}

double toUnit(const SearchParameter& parameter, double value) {
  if (parameter.isChoice()) return (value + 0.5) / static_cast<double>(parameter.choices.size());
  double low = parameter.low, high = parameter.high;
  if (low == high) return 0.5;
  if (parameter.log) {
    if (parameter.step > 0) {
      low -= 0.5 * parameter.step;
      high += 0.5 * parameter.step;
    }
    const double begin = std::log(low);
    return std::clamp((std::log(value) - begin) / (std::log(high) - begin), 0.0, 1.0);
  }
  low -= 0.5 * parameter.step;
  high += 0.5 * parameter.step;
  // Halves, whose difference is finite.
  return std::clamp((0.5 * value - 0.5 * low) / (0.5 * high - 0.5 * low), 0.0, 1.0);
}

double fromUnit(const SearchParameter& parameter, double unit) {
  unit = std::clamp(unit, 0.0, 1.0);
  if (parameter.isChoice()) {
    const auto count = static_cast<double>(parameter.choices.size());
    return std::min(std::floor(unit * count), count - 1);
  }
  if (parameter.low == parameter.high) return parameter.low;
  const double low = parameter.low - 0.5 * parameter.step, high = parameter.high + 0.5 * parameter.step;
  double value = parameter.log ? std::exp(std::log(low) + unit * (std::log(high) - std::log(low)))
                               : 2 * (0.5 * low + unit * (0.5 * high - 0.5 * low));
  if (parameter.step > 0 && !isContinuum(parameter))
    value = parameter.low + parameter.step * std::round((value - parameter.low) / parameter.step);
  else if (parameter.type == spec::ParameterType::Int)
    value = std::round(value);
  return std::clamp(value, parameter.low, parameter.high);
}

void settle(const SearchSpace& space, Configuration& configuration, const std::function<double(std::size_t)>& fill) {
  for (std::size_t i = 0; i < space.size(); ++i) {
    if (!spec::isActive(space, configuration, i))
      configuration[i] = none;
    else if (std::isnan(configuration[i]))
      configuration[i] = fill(i);
  }
}

double drawValue(const SearchParameter& parameter, Random& random) {
  if (parameter.fixed) return *parameter.fixed;
  if (parameter.isChoice()) return static_cast<double>(random.below(parameter.choices.size()));
  return fromUnit(parameter, random.uniform());
}

Configuration draw(const SearchSpace& space, Random& random) {
  Configuration configuration(space.size(), none);
  settle(space, configuration, [&](std::size_t i) { return drawValue(space.parameters[i], random); });
  return configuration;
}

std::optional<Configuration> drawFeasible(const SearchSpace& space, Random& random) {
  Configuration configuration;
  for (int i = 0; i < mostDraws; ++i) {
    configuration = draw(space, random);
    if (spec::fulfils(space, configuration)) return configuration;
  }
  for (int i = 0; i < mostDraws; ++i) {
    if (mend(space, configuration, random)) return configuration;
    configuration = draw(space, random);
  }
  return std::nullopt;
}

bool mend(const SearchSpace& space, Configuration& configuration, Random& random) {
  for (int round = 0; round < mostMends; ++round) {
    if (spec::fulfils(space, configuration)) return true;
    std::vector<const LinearConstraint*> broken;
    for (const auto& constraint : space.constraints)
      if (excess(constraint, configuration) > 0) broken.push_back(&constraint);
    if (broken.empty()) return true;
    const auto& constraint = *broken[random.below(broken.size())];
    std::vector<LinearConstraint::Term> terms;
    for (const auto& term : constraint.terms)
      if (term.weight != 0 && !std::isnan(configuration[term.parameter]) && movable(space.parameters[term.parameter]))
        terms.push_back(term);
    if (terms.empty()) return false;
    const auto& term = terms[random.below(terms.size())];
    const auto& parameter = space.parameters[term.parameter];
    // All of the excess from this one, or a random part of it, so that several share it in the end.
    const double part = round % 2 == 0 ? 1 : random.uniform();
    const double wanted = configuration[term.parameter] - part * excess(constraint, configuration) / term.weight;
    const double moved = towards(parameter, wanted, term.weight > 0);
    configuration[term.parameter] = moved;
    settle(space, configuration, [&](std::size_t i) { return drawValue(space.parameters[i], random); });
  }
  return spec::fulfils(space, configuration);
}

std::optional<std::size_t> gridSize(const SearchSpace& space, std::size_t most) {
  std::size_t size = 1;
  for (const auto& parameter : space.parameters) {
    if (parameter.fixed) continue;
    if (isContinuum(parameter)) return std::nullopt;
    const auto count = parameter.count();
    if (count == 0 || count > most / size) return std::nullopt;
    size *= count;
  }
  return size;
}

std::uint64_t hashOf(const Configuration& configuration) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const double value : configuration) {
    const auto bits = std::isnan(value) ? ~std::uint64_t{0} : std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value);
    hash = (hash ^ bits) * 0x9E3779B97F4A7C15U;
    hash ^= hash >> 29U;
  }
  return hash;
}

}  // namespace lathe::search
