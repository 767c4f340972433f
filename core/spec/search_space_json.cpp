// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/spec/search_space.h"
#include "core/spec/spec_json.h"

namespace lathe::spec {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t mostParameters = 1000;
constexpr std::size_t mostChoices = 10000;
constexpr double largestInteger = 9007199254740992.0;  // 2^53

tl::unexpected<Error> wrong(const std::string& what, std::string sentence, std::string hint, TextArgs args = {}) {
  return fail("space." + what, std::move(sentence), std::move(hint), std::move(args));
}

tl::unexpected<Error> shape(const std::string& where) {
  return wrong("shape", LATHE_TEXT("errors", "The search space cannot be read: {where}."),
               LATHE_TEXT("errors", "lathe-cli help search shows how a space is written."), {{"where", where}});
}

Result<void> known(const Json& object, const std::vector<std::string>& names, const std::string& where) {
  for (const auto& [key, value] : object.items())
    if (std::find(names.begin(), names.end(), key) == names.end()) {
      const auto near = nearest(key, names);
      std::string problem = where;
      problem.append(" has an unknown member \"").append(key).append("\"");
      if (!near.empty()) problem.append(" (did you mean \"").append(near).append("\")");
      return shape(problem);
    }
  return {};
}

std::optional<double> numberAt(const Json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end() || !at->is_number()) return std::nullopt;
  const auto value = at->get<double>();
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<ParameterType> typeOf(const Json& object) {
  const auto at = object.find("type");
  if (at == object.end() || !at->is_string()) return std::nullopt;
  for (const auto type : {ParameterType::Float, ParameterType::Int, ParameterType::Categorical, ParameterType::Ordinal})
    if (at->get<std::string>() == name(type)) return type;
  return std::nullopt;
}

Result<void> readNumbers(const Json& json, SearchParameter& parameter) {
  const TextArgs args{{"parameter", parameter.name}};
  const auto low = numberAt(json, "low"), high = numberAt(json, "high");
  if (!low || !high)
    return wrong("range", LATHE_TEXT("errors", "{parameter} needs the numbers low and high."),
                 LATHE_TEXT("errors", "Give both; they may be equal."), args);
  parameter.low = *low;
  parameter.high = *high;
  if (*low > *high)
    return wrong("range", LATHE_TEXT("errors", "The lowest value of {parameter} is above its highest."),
                 LATHE_TEXT("errors", "Exchange low and high."), args);
  if (const auto at = json.find("log"); at != json.end()) {
    if (!at->is_boolean()) return shape(parameter.name + ": log is true or false");
    parameter.log = at->get<bool>();
  }
  if (parameter.log && *low <= 0)
    return wrong("log", LATHE_TEXT("errors", "{parameter} is logarithmic, so its lowest value must be above 0."),
                 LATHE_TEXT("errors", "Raise low, or take log away."), args);
  const bool integer = parameter.type == ParameterType::Int;
  if (integer && (std::abs(*low) > largestInteger || std::abs(*high) > largestInteger))
    return wrong("range", LATHE_TEXT("errors", "{parameter} is an int, which must lie between -{limit} and {limit}."),
                 LATHE_TEXT("errors", "Give such bounds, or make it a float."),
                 {{"parameter", parameter.name}, {"limit", std::to_string(static_cast<std::int64_t>(largestInteger))}});
  if (integer && (*low != std::floor(*low) || *high != std::floor(*high)))
    return wrong("range", LATHE_TEXT("errors", "{parameter} is an int, so low and high must be whole numbers."),
                 LATHE_TEXT("errors", "Give whole numbers, or make it a float."), args);
  parameter.step = integer ? 1 : 0;
  if (const auto at = json.find("step"); at != json.end() && !at->is_null()) {
    const auto step = numberAt(json, "step");
    if (!step || *step <= 0 || (integer && *step != std::floor(*step)))
      return wrong("step", LATHE_TEXT("errors", "The step of {parameter} must be above 0, and whole for an int."),
                   LATHE_TEXT("errors", "Give such a step, or none."), args);
    if (parameter.log && !(integer && *step == 1))
      return wrong("step", LATHE_TEXT("errors", "{parameter} cannot have both a step and log."),
                   LATHE_TEXT("errors", "Take one of them away; an ordinal can list any values."), args);
    parameter.step = *step;
    // The highest value that the steps reach.
    parameter.high = parameter.low + parameter.step * std::floor((*high - *low) / *step + 1e-9);
  }
  return {};
}

Result<void> readChoices(const Json& json, SearchParameter& parameter) {
  const TextArgs args{{"parameter", parameter.name}};
  const auto at = json.find("choices");
  if (at == json.end() || !at->is_array() || at->empty() || at->size() > mostChoices)
    return wrong("choices", LATHE_TEXT("errors", "{parameter} needs a list of choices."),
                 LATHE_TEXT("errors", "Give one to ten thousand of them."), args);
  for (const auto& each : *at) {
    if (each.is_object()) return shape(parameter.name + ": a choice is text, a number, true, false or a list");
    auto value = Value::parse(each.dump());
    if (std::find(parameter.choices.begin(), parameter.choices.end(), value) != parameter.choices.end())
      return wrong("choices", LATHE_TEXT("errors", "{parameter} lists a choice twice: {choice}."),
                   LATHE_TEXT("errors", "List each once."), {{"parameter", parameter.name}, {"choice", each.dump()}});
    parameter.choices.push_back(std::move(value));
  }
  parameter.low = 0;
  parameter.high = static_cast<double>(parameter.choices.size() - 1);
  return {};
}

Result<ParameterCondition> readCondition(const Json& json, const SearchSpace& earlier, const std::string& owner) {
  if (!json.is_object()) return shape("the condition of " + owner + " is no object");
  LATHE_TRY(known(json, {"parameter", "in"}, "the condition of " + owner));
  const auto parent = json.find("parameter"), in = json.find("in");
  if (parent == json.end() || !parent->is_string() || in == json.end() || !in->is_array() || in->empty())
    return shape("the condition of " + owner + " needs a parameter and the list \"in\"");
  const auto parentName = parent->get<std::string>();
  const auto found = earlier.find(parentName);
  if (!found)
    return wrong("condition", LATHE_TEXT("errors", "{parameter} depends on {parent}, which is unknown or comes later."),
                 LATHE_TEXT("errors", "List {parent} before {parameter}."),
                 {{"parameter", owner}, {"parent", parentName}});
  ParameterCondition condition{*found, {}};
  for (const auto& each : *in) {
    const auto code = codeOf(earlier.parameters[*found], Value::parse(each.dump()));
    if (!code)
      return wrong("condition",
                   LATHE_TEXT("errors", "{parameter} depends on {parent} being {value}, which it can never be."),
                   LATHE_TEXT("errors", "List values that {parent} can have."),
                   {{"parameter", owner}, {"parent", parentName}, {"value", each.dump()}});
    condition.in.push_back(*code);
  }
  return condition;
}

Result<SearchParameter> readParameter(const Json& json, const SearchSpace& earlier) {
  const auto at = json.is_object() ? json.find("name") : json.end();
  if (!json.is_object() || at == json.end() || !at->is_string() || at->get<std::string>().empty())
    return shape("a parameter has no name");
  SearchParameter parameter;
  parameter.name = at->get<std::string>();
  LATHE_TRY(
      known(json, {"name", "type", "low", "high", "step", "log", "choices", "condition", "fixed"}, parameter.name));
  if (earlier.find(parameter.name))
    return wrong("twice", LATHE_TEXT("errors", "{parameter} is listed twice."),
                 LATHE_TEXT("errors", "Each parameter has a name of its own."), {{"parameter", parameter.name}});
  const auto type = typeOf(json);
  if (!type)
    return wrong("type", LATHE_TEXT("errors", "{parameter} has no known type."),
                 LATHE_TEXT("errors", "Types are float, int, categorical and ordinal."),
                 {{"parameter", parameter.name}});
  parameter.type = *type;
  LATHE_TRY(parameter.isChoice() ? readChoices(json, parameter) : readNumbers(json, parameter));
  if (const auto condition = json.find("condition"); condition != json.end() && !condition->is_null()) {
    const auto all = condition->is_array() ? *condition : Json::array({*condition});
    for (const auto& each : all) {
      LATHE_ASSIGN(read, readCondition(each, earlier, parameter.name));
      parameter.conditions.push_back(std::move(read));
    }
  }
  if (const auto fixed = json.find("fixed"); fixed != json.end() && !fixed->is_null()) {
    parameter.fixed = codeOf(parameter, Value::parse(fixed->dump()));
    if (!parameter.fixed)
      return wrong("fixed", LATHE_TEXT("errors", "{parameter} is fixed at {value}, which it cannot be."),
                   LATHE_TEXT("errors", "Fix it at one of its values."),
                   {{"parameter", parameter.name}, {"value", fixed->dump()}});
  }
  return parameter;
}

// The smallest sum that its parameters allow, each taken by itself.
double smallest(const LinearConstraint& constraint, const SearchSpace& space) {
  double sum = 0;
  for (const auto& term : constraint.terms) {
    const auto& parameter = space.parameters[term.parameter];
    const double at = parameter.fixed ? *parameter.fixed : (term.weight > 0 ? parameter.low : parameter.high);
    const double least = term.weight * at;
    sum += parameter.conditions.empty() ? least : std::min(0.0, least);
  }
  return sum;
}

Result<void> addConstraint(const Json& json, SearchSpace& space) {
  if (!json.is_object()) return shape("a constraint is no object");
  LATHE_TRY(known(json, {"lhs", "op", "rhs"}, "a constraint"));
  const auto lhs = json.find("lhs"), op = json.find("op");
  const auto bound = numberAt(json, "rhs");
  if (lhs == json.end() || !lhs->is_object() || lhs->empty() || op == json.end() || !op->is_string() || !bound)
    return shape("a constraint needs lhs, op and rhs");
  const auto relation = op->get<std::string>();
  if (relation != "<=" && relation != ">=" && relation != "==")
    return wrong("constraint", LATHE_TEXT("errors", "A constraint cannot have the relation \"{relation}\"."),
                 LATHE_TEXT("errors", "Relations are <=, >= and ==."), {{"relation", relation}});
  LinearConstraint less, greater;
  for (const auto& [name, weight] : lhs->items()) {
    const auto found = space.find(name);
    if (!found || space.parameters[*found].isChoice() || !weight.is_number() || !std::isfinite(weight.get<double>()))
      return wrong("constraint", LATHE_TEXT("errors", "A constraint names {parameter}, which is no number here."),
                   LATHE_TEXT("errors", "Constraints add up parameters of type int and float, each times a number."),
                   {{"parameter", name}});
    less.terms.push_back({*found, weight.get<double>()});
    greater.terms.push_back({*found, -weight.get<double>()});
  }
  less.bound = *bound;
  greater.bound = -*bound;
  std::vector<LinearConstraint> fresh;
  if (relation != ">=") fresh.push_back(less);
  if (relation != "<=") fresh.push_back(greater);
  for (auto& constraint : fresh) {
    if (smallest(constraint, space) > constraint.bound + 1e-9 * std::max(1.0, std::abs(constraint.bound)))
      return wrong("impossible", LATHE_TEXT("errors", "No values fulfil the constraint {constraint}."),
                   LATHE_TEXT("errors", "Loosen it, or widen the ranges of its parameters."),
                   {{"constraint", json.dump()}});
    space.constraints.push_back(std::move(constraint));
  }
  return {};
}

Json asJson(const Value& value) { return Json::parse(value.json()); }

}  // namespace

Result<SearchSpace> searchSpaceFromJson(std::string_view text) {
  const auto json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return shape("it is no JSON");
  if (!json.is_object()) return shape("it is no object");
  LATHE_TRY(known(json, {"parameters", "constraints"}, "the space"));
  const auto parameters = json.find("parameters");
  if (parameters == json.end() || !parameters->is_array() || parameters->empty()) return shape("it has no parameters");
  if (parameters->size() > mostParameters) return shape("it has more than a thousand parameters");
  SearchSpace space;
  for (const auto& each : *parameters) {
    LATHE_ASSIGN(parameter, readParameter(each, space));
    space.parameters.push_back(std::move(parameter));
  }
  if (const auto constraints = json.find("constraints"); constraints != json.end() && !constraints->is_null()) {
    if (!constraints->is_array() || constraints->size() > mostParameters) return shape("constraints is no list");
    for (const auto& each : *constraints) LATHE_TRY(addConstraint(each, space));
  }
  return space;
}

std::string toJson(const SearchSpace& space, int indent) {
  Json json{{"parameters", Json::array()}};
  for (const auto& parameter : space.parameters) {
    Json each{{"name", parameter.name}, {"type", name(parameter.type)}};
    if (parameter.isChoice()) {
      each["choices"] = Json::array();
      for (const auto& choice : parameter.choices) each["choices"].push_back(asJson(choice));
    } else {
      each["low"] = asJson(valueOf(parameter, parameter.low));
      each["high"] = asJson(valueOf(parameter, parameter.high));
      if (parameter.log) each["log"] = true;
      if (parameter.step > 0 && !(parameter.type == ParameterType::Int && parameter.step == 1))
        each["step"] = asJson(valueOf(parameter, parameter.step));
    }
    Json conditions = Json::array();
    for (const auto& condition : parameter.conditions) {
      const auto& parent = space.parameters[condition.parameter];
      Json in = Json::array();
      for (const double value : condition.in) in.push_back(asJson(valueOf(parent, value)));
      conditions.push_back({{"parameter", parent.name}, {"in", std::move(in)}});
    }
    if (!conditions.empty()) each["condition"] = conditions.size() == 1 ? conditions.front() : conditions;
    if (parameter.fixed) each["fixed"] = asJson(valueOf(parameter, *parameter.fixed));
    json["parameters"].push_back(std::move(each));
  }
  for (const auto& constraint : space.constraints) {
    Json lhs = Json::object();
    for (const auto& term : constraint.terms) lhs[space.parameters[term.parameter].name] = term.weight;
    json["constraints"].push_back({{"lhs", std::move(lhs)}, {"op", "<="}, {"rhs", constraint.bound}});
  }
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string configurationJson(const SearchSpace& space, const Configuration& configuration) {
  Json json = Json::object();
  for (std::size_t i = 0; i < space.size(); ++i)
    if (!std::isnan(configuration[i]))
      json[space.parameters[i].name] = asJson(valueOf(space.parameters[i], configuration[i]));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Configuration> configurationFromJson(const SearchSpace& space, std::string_view text, bool partial) {
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_object())
    return wrong("value", LATHE_TEXT("errors", "These values cannot be read."),
                 LATHE_TEXT("errors", "Write them as a JSON object: a name and a value each."));
  Configuration configuration(space.size(), std::numeric_limits<double>::quiet_NaN());
  for (const auto& [key, value] : json.items()) {
    const auto found = space.find(key);
    if (!found) {
      std::vector<std::string> names;
      for (const auto& parameter : space.parameters) names.push_back(parameter.name);
      const auto near = nearest(key, names);
      return wrong("unknown", LATHE_TEXT("errors", "The space has no parameter {parameter}."),
                   near.empty() ? LATHE_TEXT("errors", "Give values for its own parameters.")
                                : LATHE_TEXT("errors", "Did you mean {near}?"),
                   {{"parameter", key}, {"near", near}});
    }
    const auto code = codeOf(space.parameters[*found], Value::parse(value.dump()));
    if (!code)
      return wrong("value", LATHE_TEXT("errors", "{parameter} cannot be {value}."),
                   LATHE_TEXT("errors", "Give a value that the space allows."),
                   {{"parameter", key}, {"value", value.dump()}});
    configuration[*found] = *code;
  }
  if (!partial) LATHE_TRY(check(space, configuration));
  return configuration;
}

}  // namespace lathe::spec
