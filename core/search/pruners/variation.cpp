// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/pruners/variation.h"

#include <algorithm>
#include <cmath>

#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

constexpr double weight = 0.5, crossing = 0.5;
constexpr double smaller = 0.8, larger = 1.25;
constexpr double leastMove = 0.02;  // of a range
constexpr double resampling = 0.25;
constexpr int mostAttempts = 20;

double unitOf(const spec::SearchParameter& parameter, double value, Random& random) {
  const double drawn = random.uniform();
  return std::isnan(value) ? drawn : toUnit(parameter, value);
}

double moved(const spec::SearchParameter& parameter, double value, Random& random) {
  const bool up = random.below(2) == 1;
  if (parameter.isChoice()) {  // ordinal
    const auto last = static_cast<double>(parameter.choices.size()) - 1;
    return std::clamp(value + (up ? 1 : -1), 0.0, last);
  }
  const double factor = up ? larger : smaller;
  double wanted = 0;
  if (parameter.log) {
    wanted = value * factor;
  } else {
    const double from = std::min(parameter.low, 0.0);
    const double least = leastMove * (parameter.high - parameter.low);
    const double move = std::max(std::abs((value - from) * (factor - 1)), least);
    wanted = value + (up ? move : -move);
  }
  wanted = std::clamp(wanted, parameter.low, parameter.high);
  double result = fromUnit(parameter, toUnit(parameter, wanted));
  if (parameter.step > 0 && result == value) {
    // The range need not be a whole number of steps.
    const double steps = std::floor((parameter.high - parameter.low) / parameter.step + 1e-9);
    const double next = std::round((value - parameter.low) / parameter.step) + (up ? 1 : -1);
    result = parameter.low + parameter.step * std::clamp(next, 0.0, steps);
  }
  return result;
}

bool equal(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

}  // namespace

std::optional<Configuration> differentialOffspring(const SearchSpace& space, const Configuration& target,
                                                   const Configuration& base, const Configuration& plus,
                                                   const Configuration& minus, Random& random) {
  if (space.size() == 0) return std::nullopt;
  Configuration offspring(space.size());
  const std::size_t certain = random.below(space.size());
  for (std::size_t i = 0; i < space.size(); ++i) {
    const auto& parameter = space.parameters[i];
    double unit = unitOf(parameter, base[i], random);
    unit += weight * (unitOf(parameter, plus[i], random) - unitOf(parameter, minus[i], random));
    const double anew = random.uniform();
    if (unit < 0 || unit > 1) unit = anew;
    const double kept = unitOf(parameter, target[i], random);
    const bool crosses = random.uniform() < crossing || i == certain;
    offspring[i] = parameter.fixed ? *parameter.fixed : fromUnit(parameter, crosses ? unit : kept);
  }
  settle(space, offspring, [&](std::size_t i) { return drawValue(space.parameters[i], random); });
  if (!mend(space, offspring, random)) return std::nullopt;
  return offspring;
}

Configuration explored(const SearchSpace& space, const Configuration& parent, const std::vector<bool>& inheritable,
                       Random& random) {
  const auto mayChange = [&](std::size_t i) {
    return inheritable.empty() || (i < inheritable.size() && inheritable[i]);
  };
  for (int attempt = 0; attempt < mostAttempts; ++attempt) {
    Configuration child = parent;
    for (std::size_t i = 0; i < space.size(); ++i) {
      const auto& parameter = space.parameters[i];
      if (!mayChange(i) || parameter.fixed || std::isnan(child[i])) continue;
      if (parameter.type != spec::ParameterType::Categorical)
        child[i] = moved(parameter, child[i], random);
      else if (random.uniform() < resampling)
        child[i] = drawValue(parameter, random);
    }
    settle(space, child, [&](std::size_t i) { return drawValue(space.parameters[i], random); });
    if (!mend(space, child, random)) continue;
    bool shapeKept = true;
    for (std::size_t i = 0; i < space.size(); ++i)
      shapeKept = shapeKept && (mayChange(i) || equal(child[i], parent[i]));
    if (shapeKept) return child;
  }
  return parent;
}

}  // namespace lathe::search
