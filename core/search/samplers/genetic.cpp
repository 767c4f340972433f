// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/genetic.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/search/sobol.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr int mostTries = 20;

// One of the two children of SBX within 0 .. 1: the bounded form, which gives nothing outside.
double sbx(double a, double b, double spread, Random& random) {
  const double low = std::min(a, b), high = std::max(a, b);
  if (high - low < 1e-12) return a;
  const bool upper = random.uniform() < 0.5;
  const double beta = 1 + 2 * (upper ? 1 - high : low) / (high - low);
  const double alpha = 2 - std::pow(beta, -(spread + 1));
  const double u = random.uniform();
  const double q =
      u <= 1 / alpha ? std::pow(u * alpha, 1 / (spread + 1)) : std::pow(1 / (2 - u * alpha), 1 / (spread + 1));
  const double child = 0.5 * (low + high + (upper ? q : -q) * (high - low));
  return std::clamp(child, 0.0, 1.0);
}

double polynomial(double unit, double spread, Random& random) {
  const double u = random.uniform();
  const double power = 1 / (spread + 1);
  if (u < 0.5) return unit + std::pow(2 * u + (1 - 2 * u) * std::pow(1 - unit, spread + 1), power) - 1;
  return unit + 1 - std::pow(2 * (1 - u) + (2 * u - 1) * std::pow(unit, spread + 1), power);
}

// Another value near `unit`, which is where a move from `value` has led.
double movedTo(const spec::SearchParameter& parameter, double value, double unit, Random& random) {
  const double moved = fromUnit(parameter, unit);
  const auto count = parameter.count();
  if (count == 0 || moved != value) return moved;
  // The cell was not left: one step instead.
  const double size = parameter.isChoice() ? 1 : parameter.step;
  const double low = parameter.isChoice() ? 0 : parameter.low;
  const double high = low + size * static_cast<double>(count - 1);
  const bool up = value <= low + 0.5 * size || (value < high - 0.5 * size && random.uniform() < 0.5);
  return std::clamp(value + (up ? size : -size), low, high);
}

double otherCategory(const spec::SearchParameter& parameter, double value, Random& random) {
  const auto other = static_cast<double>(random.below(parameter.choices.size() - 1));
  return other + (other >= value);
}

// `move`: from a unit to one between 0 and 1.
void change(const SearchSpace& space, Configuration& configuration, double rate, Random& random,
            const std::function<double(double)>& move) {
  std::vector<std::size_t> active, chosen;
  for (std::size_t i = 0; i < space.size(); ++i)
    if (!std::isnan(configuration[i])) active.push_back(i);
  if (active.empty()) return;
  for (const auto i : active)
    if (random.uniform() < rate) chosen.push_back(i);
  if (chosen.empty()) chosen.push_back(active[random.below(active.size())]);
  for (const auto i : chosen) {
    const auto& parameter = space.parameters[i];
    double& value = configuration[i];
    if (parameter.type == spec::ParameterType::Categorical)
      value = otherCategory(parameter, value, random);
    else
      value = movedTo(parameter, value, move(toUnit(parameter, value)), random);
  }
  settle(space, configuration, [&](std::size_t i) { return drawValue(space.parameters[i], random); });
}

}  // namespace

Configuration crossover(const SearchSpace& space, const Configuration& a, const Configuration& b, double spread,
                        Random& random) {
  Configuration child(space.size(), none);
  settle(space, child, [&](std::size_t i) {
    const auto& parameter = space.parameters[i];
    if (std::isnan(a[i]) && std::isnan(b[i])) return drawValue(parameter, random);
    if (std::isnan(a[i]) || std::isnan(b[i])) return std::isnan(a[i]) ? b[i] : a[i];
    if (a[i] == b[i]) return a[i];
    if (parameter.type == spec::ParameterType::Categorical) return random.uniform() < 0.5 ? a[i] : b[i];
    if (random.uniform() < 0.5) return a[i];
    return fromUnit(parameter, sbx(toUnit(parameter, a[i]), toUnit(parameter, b[i]), spread, random));
  });
  return child;
}

void mutate(const SearchSpace& space, Configuration& configuration, double rate, double spread, Random& random) {
  change(space, configuration, rate, random,
         [&](double unit) { return std::clamp(polynomial(unit, spread, random), 0.0, 1.0); });
}

void step(const SearchSpace& space, Configuration& configuration, double rate, double width, Random& random) {
  change(space, configuration, rate, random, [&](double unit) {
    const double moved = std::abs(unit + width * random.normal());
    return std::clamp(moved > 1 ? 2 - moved : moved, 0.0, 1.0);
  });
}

Configuration firstNew(const SearchSpace& space, const std::unordered_set<std::uint64_t>& known,
                       const std::function<Configuration()>& make) {
  Configuration last;
  bool feasible = false;
  for (int i = 0; i < mostTries; ++i) {
    auto made = make();
    const bool allowed = spec::fulfils(space, made);
    if (allowed && !known.contains(hashOf(made))) return made;
    if (allowed || !feasible) last = std::move(made);
    feasible = feasible || allowed;
  }
  return last;
}

Configuration spreadPoint(const SearchSpace& space, std::uint32_t index, std::uint64_t seed) {
  Configuration configuration(space.size(), none);
  settle(space, configuration, [&](std::size_t i) {
    return fromUnit(space.parameters[i], scrambledSobol(index, static_cast<int>(i), seed));
  });
  return configuration;
}

Configuration newSpreadPoint(const SearchSpace& space, const std::unordered_set<std::uint64_t>& known,
                             std::int64_t trial, std::uint64_t seed) {
  // The others are far on in the sequence, where no trial begins.
  auto index = static_cast<std::uint32_t>(trial);
  return firstNew(space, known, [&] {
    auto point = spreadPoint(space, index, seed);
    index += 0x10000;
    return point;
  });
}

}  // namespace lathe::search
