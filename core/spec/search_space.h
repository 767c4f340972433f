// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/spec/value.h"

/// What a search may vary. One schema for window, file and command line:
///
///   {"parameters":[{"name":"lr","type":"float","low":1e-5,"high":1,"log":true},
///                  {"name":"layers","type":"int","low":1,"high":4,"step":1},
///                  {"name":"opt","type":"categorical","choices":["sgd","adam"]},
///                  {"name":"momentum","type":"float","low":0,"high":0.99,
///                   "condition":{"parameter":"opt","in":["sgd"]}}],
///    "constraints":[{"lhs":{"width":1,"depth":16},"op":"<=","rhs":256}]}
///
/// "ordinal" takes ordered choices, "fixed": VALUE pins a parameter, "condition" may also be a list of conditions that
/// all have to hold. A parameter is active while its conditions hold and their parameters are active themselves.
namespace lathe::spec {

enum class ParameterType : std::uint8_t { Float, Int, Categorical, Ordinal };
[[nodiscard]] const char* name(ParameterType type);

/// Holds while an earlier parameter has one of these values (coded as in a Configuration).
struct ParameterCondition {
  std::size_t parameter = 0;
  std::vector<double> in;
  bool operator==(const ParameterCondition&) const = default;
};

struct SearchParameter {
  std::string name;
  ParameterType type = ParameterType::Float;
  double low = 0, high = 1;    ///< both can be taken; numbers only
  double step = 0;             ///< from low on; 0: any float. Integers have at least 1
  bool log = false;            ///< spread evenly by factors; then there is no step (1 for integers)
  std::vector<Value> choices;  ///< of categorical and ordinal ones
  std::vector<ParameterCondition> conditions;
  std::optional<double> fixed;  ///< coded

  [[nodiscard]] bool isChoice() const { return type == ParameterType::Categorical || type == ParameterType::Ordinal; }
  /// How many values it can take; 0: a continuum.
  [[nodiscard]] std::size_t count() const;
  bool operator==(const SearchParameter&) const = default;
};

/// sum of weight * value over the active ones of its parameters <= bound.
struct LinearConstraint {
  struct Term {
    std::size_t parameter = 0;
    double weight = 1;
    bool operator==(const Term&) const = default;
  };
  std::vector<Term> terms;
  double bound = 0;
  bool operator==(const LinearConstraint&) const = default;
};

struct SearchSpace {
  std::vector<SearchParameter> parameters;
  std::vector<LinearConstraint> constraints;

  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
  [[nodiscard]] std::size_t size() const { return parameters.size(); }
  bool operator==(const SearchSpace&) const = default;
};

/// A value for each parameter of a space: a number as it is, a choice by its index; NaN where it is inactive.
using Configuration = std::vector<double>;

/// Strict. Errors ("space.*") name the parameter: low > high, log of zero, an unknown or later parameter in a
/// condition, a choice that is not there, a constraint that nothing can fulfil.
Result<SearchSpace> searchSpaceFromJson(std::string_view json);
[[nodiscard]] std::string toJson(const SearchSpace& space, int indent = -1);

[[nodiscard]] bool isActive(const SearchSpace& space, const Configuration& configuration, std::size_t parameter);
/// Whether every constraint holds.
[[nodiscard]] bool fulfils(const SearchSpace& space, const Configuration& configuration);
/// Nothing, or why these are no values of the space ("space.value"): out of range, inactive yet given, constraints.
Result<void> check(const SearchSpace& space, const Configuration& configuration);
/// Equal in every value; inactive ones are equal.
[[nodiscard]] bool same(const Configuration& a, const Configuration& b);

/// A parameter's coded value as what it stands for: an integer, a real or the choice.
[[nodiscard]] Value valueOf(const SearchParameter& parameter, double coded);
/// The code of a value, or nothing when the parameter cannot take it. Reals of a float with a step are moved to the
/// nearest one it can take.
[[nodiscard]] std::optional<double> codeOf(const SearchParameter& parameter, const Value& value);

/// {"lr":0.1,"opt":"sgd"}: inactive parameters are left out.
[[nodiscard]] std::string configurationJson(const SearchSpace& space, const Configuration& configuration);
/// Parameters that are given though inactive are an error, as are active ones that are missing, unless `partial`: then
/// NaN stands for what is not said.
Result<Configuration> configurationFromJson(const SearchSpace& space, std::string_view json, bool partial = false);

}  // namespace lathe::spec
