// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include "core/services/study_settings.h"
#include "core/spec/customary.h"
#include "core/spec/fields.h"
#include "core/spec/spec_json.h"
#include "core/spec/templates.h"

namespace lathe::services {
namespace {

using spec::ParameterType;
using spec::SearchParameter;
using spec::Value;

/// A list that is searched by parts: model.hidden.layers says how many, model.hidden.width how large each is,
/// model.hidden.0 how large the first is.
struct ListPart {
  std::string list, part;
};

std::optional<ListPart> listPart(const std::string& path) {
  const auto dot = path.rfind('.');
  if (dot == std::string::npos || dot + 1 == path.size()) return std::nullopt;
  const auto part = path.substr(dot + 1), list = path.substr(0, dot);
  const bool index = std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!(index && part.size() <= 3) && part != "layers" && part != "width") return std::nullopt;
  if (list != "model.hidden" && list != "model.channels") return std::nullopt;
  return ListPart{list, part};
}

struct ListParts {
  std::optional<std::int64_t> layers, width;
  std::map<std::int64_t, std::int64_t> at;
};

Result<void> setLists(spec::ExperimentSpec& spec, const std::map<std::string, ListParts>& lists) {
  for (const auto& [path, parts] : lists) {
    const auto last = parts.at.empty() ? 0 : parts.at.rbegin()->first + 1;
    const auto count = parts.layers.value_or(std::max<std::int64_t>(last, 1));
    std::vector<std::int64_t> sizes;
    for (std::int64_t i = 0; i < count; ++i) {
      const auto own = parts.at.find(i);
      sizes.push_back(own != parts.at.end() ? own->second : parts.width.value_or(64));
    }
    LATHE_TRY(spec::setField(spec, path, Value(sizes).json()));
  }
  return {};
}

SearchParameter real(std::string name, double low, double high, bool log = false) {
  SearchParameter parameter;
  parameter.name = std::move(name);
  parameter.low = low;
  parameter.high = high;
  parameter.log = log;
  return parameter;
}

SearchParameter whole(std::string name, int low, int high, bool log = false) {
  auto parameter = real(std::move(name), low, high, log);
  parameter.type = ParameterType::Int;
  parameter.step = 1;
  return parameter;
}

SearchParameter choices(std::string name, std::vector<Value> values, bool ordered) {
  SearchParameter parameter;
  parameter.name = std::move(name);
  parameter.type = ordered ? ParameterType::Ordinal : ParameterType::Categorical;
  parameter.low = 0;
  parameter.high = static_cast<double>(values.size() - 1);
  parameter.choices = std::move(values);
  return parameter;
}

// Those of `wanted` that the setting knows.
std::vector<Value> known(const spec::AttributeInfo& setting, const std::vector<const char*>& wanted) {
  std::vector<Value> values;
  for (const auto* each : wanted)
    if (std::find(setting.choices.begin(), setting.choices.end(), each) != setting.choices.end())
      values.emplace_back(each);
  return values;
}

bool manyHeads(const std::string& templateName) {
  return templateName == "transformer" || templateName == "ft-transformer" || templateName == "vit";
}

// What is worth trying of a template's setting; nothing for those that are better left alone.
std::vector<SearchParameter> rangesOf(const spec::AttributeInfo& setting, const std::string& templateName) {
  const auto path = "model." + setting.name;
  const auto& name = setting.name;
  const bool factor = setting.type == spec::AttributeType::Real;
  if (name == "hidden" && setting.type == spec::AttributeType::Integer) return {whole(path, 16, 256, true)};
  if (name == "hidden" && templateName == "cnn") return {};
  if (name == "hidden") return {whole(path + ".layers", 1, 4), whole(path + ".width", 16, 512, true)};
  if (name == "channels")
    return {choices(path,
                    {Value::parse("[16,32]"), Value::parse("[32,64]"), Value::parse("[64,128]"),
                     Value::parse("[16,32,64]"), Value::parse("[32,64,128]")},
                    false)};
  if (name == "width" && factor) return {choices(path, {0.5, 0.75, 1.0, 1.5, 2.0}, true)};
  if (name == "width" && manyHeads(templateName)) return {choices(path, {32, 64, 96, 128, 192, 256}, true)};
  if (name == "width") return {whole(path, 32, 512, true)};
  if (name == "blocks") return {whole(path, 1, 4)};
  if (name == "layers") return {whole(path, 1, 3)};
  if (name == "depth") return {whole(path, 1, 2)};
  if (name == "kernel") return {choices(path, templateName == "cnn" ? Value::List{3, 5} : Value::List{3, 5, 7}, true)};
  if (name == "activation") {
    auto values = known(setting, {"relu", "gelu", "silu"});
    if (values.size() > 1) return {choices(path, std::move(values), false)};
  }
  if (name == "dropout" || name == "attention_dropout") return {real(path, 0, 0.5)};
  if (name == "residual_dropout") return {real(path, 0, 0.2)};
  if (name == "stochastic_depth") return {real(path, 0, 0.3)};
  return {};
}

constexpr std::int64_t mostListed = 64;

// A list as setLists() would make it of this part alone.
Result<std::vector<std::int64_t>> listOf(const ListPart& part, const Value& value) {
  const auto path = part.list + "." + part.part;
  const auto size = value.toInteger(-1);
  if (!value.isNumber() || static_cast<double>(size) != value.toReal())
    return fail("spec.type", LATHE_TEXT("errors", "{field} must be a whole number, not {value}."),
                LATHE_TEXT("errors", "`lathe-cli help spec` lists every field with its type."),
                {{"field", path}, {"value", value.json()}});
  if (part.part != "layers") {
    const auto count = part.part == "width" ? 1 : std::stoll(part.part) + 1;
    return std::vector(static_cast<std::size_t>(count), size);
  }
  if (size < 0 || size > mostListed)
    return fail("study.value", LATHE_TEXT("errors", "{field} is {value}, but must lie between {low} and {high}."),
                LATHE_TEXT("errors", "Change it to a value in this range."),
                {{"field", path}, {"value", value.json()}, {"low", "0"}, {"high", std::to_string(mostListed)}});
  return std::vector<std::int64_t>(static_cast<std::size_t>(size), 64);
}

Result<void> tryValue(spec::ExperimentSpec spec, const std::string& path, const Value& value) {
  const auto part = listPart(path);
  if (!part) return spec::setField(spec, path, value.json());
  LATHE_ASSIGN(list, listOf(*part, value));
  return spec::setField(spec, part->list, Value(list).json());
}

// What shows whether the field takes the range: its ends, and a value between them that is whole only if all are.
std::vector<Value> probesOf(const SearchParameter& parameter) {
  if (parameter.fixed) return {spec::valueOf(parameter, *parameter.fixed)};
  if (parameter.isChoice()) return parameter.choices;
  const double low = parameter.low, high = parameter.high;
  std::vector<Value> values{spec::valueOf(parameter, low), spec::valueOf(parameter, high)};
  if (parameter.type == ParameterType::Float && low < high)
    values.emplace_back(parameter.step > 0 ? low + parameter.step : low + 0.381966 * (high - low));
  return values;
}

// The experiments that a parameter may meet: where the space also chooses the template, with each of those under which
// the parameter is there.
std::vector<spec::ExperimentSpec> groundsOf(const spec::ExperimentSpec& base, const spec::SearchSpace& space,
                                            const SearchParameter& parameter) {
  const auto at = space.find("model.template");
  if (!at || parameter.name.rfind("model.", 0) != 0 || !space.parameters[*at].isChoice()) return {base};
  const auto& named = space.parameters[*at];
  std::vector<spec::ExperimentSpec> grounds;
  for (std::size_t i = 0; i < named.choices.size(); ++i) {
    const auto excludes = [&](const spec::ParameterCondition& condition) {
      return condition.parameter == *at &&
             std::find(condition.in.begin(), condition.in.end(), static_cast<double>(i)) == condition.in.end();
    };
    if (std::any_of(parameter.conditions.begin(), parameter.conditions.end(), excludes)) continue;
    auto spec = base;
    if (spec::setField(spec, named.name, named.choices[i].json())) grounds.push_back(std::move(spec));
  }
  return grounds.empty() ? std::vector{base} : grounds;
}

// Whether some ground takes each value; else why not.
Result<void> checkValues(const std::vector<spec::ExperimentSpec>& grounds, const SearchParameter& parameter) {
  bool first = true;
  for (const auto& value : probesOf(parameter)) {
    std::optional<Error> problem;
    for (const auto& ground : grounds) {
      const auto set = tryValue(ground, parameter.name, value);
      problem = set ? std::nullopt : std::optional(set.error());
      if (!problem) break;
    }
    if (problem) {
      const bool unknown =
          problem->code.find("unknown") != std::string::npos || problem->code.find("path") != std::string::npos;
      if (!first && problem->code == "spec.type" && parameter.type == ParameterType::Float)
        return fail("study.value", LATHE_TEXT("errors", "{path} takes whole numbers only, so it cannot be a float."),
                    LATHE_TEXT("errors", "Make it an int, or give it a whole step."), {{"path", parameter.name}});
      problem->code = unknown ? "study.path" : "study.value";
      return tl::unexpected<Error>(std::move(*problem));
    }
    first = false;
  }
  return {};
}

}  // namespace

Result<spec::ExperimentSpec> specOf(const spec::ExperimentSpec& base, const spec::SearchSpace& space,
                                    const spec::Configuration& configuration) {
  auto spec = base;
  std::map<std::string, ListParts> lists;
  // Names of things first: they bring customary values along, which what is searched then replaces.
  for (const bool names : {true, false})
    for (std::size_t i = 0; i < space.size(); ++i) {
      const auto& parameter = space.parameters[i];
      if (std::isnan(configuration[i]) || names != parameter.isChoice()) continue;
      const auto value = spec::valueOf(parameter, configuration[i]);
      if (const auto part = listPart(parameter.name)) {
        auto& parts = lists[part->list];
        if (part->part == "layers")
          parts.layers = value.toInteger();
        else if (part->part == "width")
          parts.width = value.toInteger();
        else
          parts.at[std::stoll(part->part)] = value.toInteger();
        continue;
      }
      LATHE_TRY(spec::setField(spec, parameter.name, value.json()));
    }
  LATHE_TRY(setLists(spec, lists));
  return spec;
}

Result<void> checkPaths(const spec::ExperimentSpec& base, const spec::SearchSpace& space) {
  if (space.parameters.empty())
    return fail("study.nothing",
                LATHE_TEXT("errors", "There is nothing to search: all that is usually searched is set already."),
                LATHE_TEXT("errors", "Leave one of these settings open, or say in a space what is searched."));
  for (const auto& parameter : space.parameters) {
    const TextArgs args{{"path", parameter.name}};
    if (parameter.name.rfind("training.", 0) != 0 && parameter.name.rfind("model.", 0) != 0 &&
        parameter.name.rfind("data.preprocessing.", 0) != 0)
      return fail("study.path",
                  LATHE_TEXT("errors",
                             "{path} cannot be searched: only fields of training, model and "
                             "data.preprocessing can."),
                  LATHE_TEXT("errors", "lathe-cli help spec lists the paths."), args);
    if (parameter.name == "training.seed" || parameter.name.rfind("training.monitor", 0) == 0)
      return fail("study.path", LATHE_TEXT("errors", "{path} cannot be searched: trials are compared by it."),
                  LATHE_TEXT("errors", "Take it out of the space."), args);
    LATHE_TRY(checkValues(groundsOf(base, space, parameter), parameter));
  }
  return {};
}

spec::SearchSpace usualSpace(const spec::ExperimentSpec& base, const std::string& templateName) {
  spec::SearchSpace space;
  auto& parameters = space.parameters;
  const auto& training = base.training;
  // 0: it is left to be chosen; the usual one comes along with an optimiser that somebody has named.
  const double rate = training.optimizer.lr;
  if (rate == 0 || rate == spec::customaryOptimizer(training.optimizer.name).lr)
    parameters.push_back(real("training.optimizer.lr", 1e-4, 3e-2, true));
  if (training.optimizer.weightDecay == spec::OptimizerSpec().weightDecay)
    parameters.push_back(real("training.optimizer.weight_decay", 1e-5, 0.3, true));
  if (training.batchSize == 0) parameters.push_back(choices("training.batch_size", {16, 32, 64, 128, 256}, true));
  for (const auto& each : spec::templates()) {
    if (each.name != templateName) continue;
    for (const auto& setting : each.settings)
      if (!base.model.settings.contains(setting.name))
        for (auto& parameter : rangesOf(setting, templateName)) parameters.push_back(std::move(parameter));
  }
  return space;
}

}  // namespace lathe::services
