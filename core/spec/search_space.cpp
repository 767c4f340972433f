// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/search_space.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace lathe::spec {
namespace {

// Numbers that were written in decimals and computed again may differ in their last bits.
constexpr double slack = 1e-9;

std::string shown(double value) { return fmt::format("{:.10g}", value); }

bool onGrid(const SearchParameter& parameter, double value) {
  if (parameter.step <= 0 || (parameter.log && parameter.type == ParameterType::Float)) return true;
  const double steps = (value - parameter.low) / parameter.step;
  return std::abs(steps - std::round(steps)) < 1e-6;
}

bool takes(const SearchParameter& parameter, double value) {
  if (!std::isfinite(value)) return false;
  if (parameter.isChoice())
    return value >= 0 && value < static_cast<double>(parameter.choices.size()) && value == std::floor(value);
  const double range = std::max(std::abs(parameter.low), std::abs(parameter.high));
  return value >= parameter.low - slack * range && value <= parameter.high + slack * range && onGrid(parameter, value);
}

tl::unexpected<Error> badValue(const SearchParameter& parameter, const std::string& value) {
  if (parameter.isChoice())
    return fail("space.value", LATHE_TEXT("errors", "{parameter} cannot be {value}: that is none of its choices."),
                LATHE_TEXT("errors", "Give one of its choices."), {{"parameter", parameter.name}, {"value", value}});
  return fail("space.value", LATHE_TEXT("errors", "{parameter} cannot be {value}: it goes from {low} to {high}."),
              LATHE_TEXT("errors", "Give a value that the space allows."),
              {{"parameter", parameter.name},
               {"value", value},
               {"low", shown(parameter.low)},
               {"high", shown(parameter.high)}});
}

}  // namespace

const char* name(ParameterType type) {
  switch (type) {
    case ParameterType::Float:
      return "float";
    case ParameterType::Int:
      return "int";
    case ParameterType::Categorical:
      return "categorical";
    case ParameterType::Ordinal:
      return "ordinal";
  }
  return "";
}

std::size_t SearchParameter::count() const {
  if (isChoice()) return choices.size();
  if (low == high) return 1;
  if (step <= 0) return 0;
  return static_cast<std::size_t>(std::floor((high - low) / step + slack)) + 1;
}

std::optional<std::size_t> SearchSpace::find(std::string_view wanted) const {
  for (std::size_t i = 0; i < parameters.size(); ++i)
    if (parameters[i].name == wanted) return i;
  return std::nullopt;
}

bool isActive(const SearchSpace& space, const Configuration& configuration, std::size_t parameter) {
  const auto& conditions = space.parameters[parameter].conditions;
  return std::all_of(conditions.begin(), conditions.end(), [&](const ParameterCondition& condition) {
    const double value = configuration[condition.parameter];  // NaN, which equals nothing, where inactive itself
    return std::any_of(condition.in.begin(), condition.in.end(), [&](double each) { return each == value; });
  });
}

bool fulfils(const SearchSpace& space, const Configuration& configuration) {
  return std::all_of(space.constraints.begin(), space.constraints.end(), [&](const LinearConstraint& constraint) {
    double sum = 0, size = std::abs(constraint.bound);
    for (const auto& term : constraint.terms)
      if (const double value = configuration[term.parameter]; !std::isnan(value)) {
        sum += term.weight * value;
        size += std::abs(term.weight * value);
      }
    return sum <= constraint.bound + slack * size;
  });
}

Result<void> check(const SearchSpace& space, const Configuration& configuration) {
  for (std::size_t i = 0; i < space.size(); ++i) {
    const auto& parameter = space.parameters[i];
    const double value = configuration[i];
    if (!isActive(space, configuration, i)) {
      if (std::isnan(value)) continue;
      return fail("space.inactive", LATHE_TEXT("errors", "{parameter} has a value though its condition does not hold."),
                  LATHE_TEXT("errors", "Leave it out."), {{"parameter", parameter.name}});
    }
    if (std::isnan(value))
      return fail("space.missing_value", LATHE_TEXT("errors", "{parameter} has no value."),
                  LATHE_TEXT("errors", "Give a value for each parameter whose condition holds."),
                  {{"parameter", parameter.name}});
    if (!takes(parameter, value)) return badValue(parameter, shown(value));
  }
  if (!fulfils(space, configuration))
    return fail("space.constraint", LATHE_TEXT("errors", "These values break a constraint of the space."),
                LATHE_TEXT("errors", "Change them so that every constraint holds."));
  return {};
}

bool same(const Configuration& a, const Configuration& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

Value valueOf(const SearchParameter& parameter, double coded) {
  if (parameter.isChoice()) return parameter.choices[static_cast<std::size_t>(coded)];
  if (parameter.type == ParameterType::Int) return static_cast<std::int64_t>(std::llround(coded));
  return coded;
}

std::optional<double> codeOf(const SearchParameter& parameter, const Value& value) {
  if (parameter.isChoice()) {
    for (std::size_t i = 0; i < parameter.choices.size(); ++i) {
      const auto& choice = parameter.choices[i];
      if (choice == value || (choice.isNumber() && value.isNumber() && choice.toReal() == value.toReal()))
        return static_cast<double>(i);
    }
    return std::nullopt;
  }
  if (!value.isNumber()) return std::nullopt;
  double number = value.toReal();
  if (parameter.type == ParameterType::Int && number != std::floor(number)) return std::nullopt;
  if (!takes(parameter, number)) return std::nullopt;
  if (parameter.type == ParameterType::Float && parameter.step > 0)
    number = parameter.low + parameter.step * std::round((number - parameter.low) / parameter.step);
  return std::clamp(number, parameter.low, parameter.high);
}

}  // namespace lathe::spec
