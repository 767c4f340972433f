// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/open_field.h"

#include <algorithm>
#include <cmath>

#include "core/services/study_settings.h"
#include "core/spec/fields.h"
#include "core/spec/spec_json.h"
#include "core/spec/templates.h"

namespace lathe::services {

using spec::ParameterType;
using spec::SearchParameter;
using spec::SearchSpace;
using spec::Value;

namespace {

constexpr double around = 10;        // an unbounded value is searched from a tenth to ten times itself
constexpr double widthOfLog = 1000;  // ranges that span more are searched by factors

// What decides how trials are compared, run or written down is no setting to search.
const char* const kept[] = {"training.seed",
                            "training.device",
                            "training.threads",
                            "training.executor",
                            "training.checkpoint_seconds",
                            "training.histograms",
                            "training.precision",
                            "training.freeze",
                            "model.template",
                            "model.weights",
                            "model.layers",
                            "training.decision_threshold"};

bool isSearchable(const std::string& path) {
  if (path.rfind("training.monitor", 0) == 0 || path.rfind("training.early_stopping", 0) == 0) return false;
  if (std::find(std::begin(kept), std::end(kept), path) != std::end(kept)) return false;
  return path.rfind("training.", 0) == 0 || path.rfind("data.preprocessing.", 0) == 0;
}

const spec::AttributeInfo* settingOf(const std::string& templateName, const std::string& path) {
  if (path.rfind("model.", 0) != 0) return nullptr;
  for (const auto& each : spec::templates()) {
    if (each.name != templateName) continue;
    for (const auto& setting : each.settings)
      if ("model." + setting.name == path) return &setting;
  }
  return nullptr;
}

SearchParameter choicesOf(const std::string& path, std::vector<Value> choices) {
  SearchParameter parameter;
  parameter.name = path;
  parameter.type = ParameterType::Categorical;
  parameter.high = static_cast<double>(choices.size() - 1);
  parameter.choices = std::move(choices);
  return parameter;
}

std::vector<Value> wordsOf(const std::vector<std::string>& names) {
  std::vector<Value> words;
  for (const auto& each : names)
    if (each != "auto" && each != "custom") words.emplace_back(each);
  return words;
}

std::optional<SearchParameter> numbers(const std::string& path, bool whole, double low, double high, double now) {
  SearchParameter parameter;
  parameter.name = path;
  parameter.type = whole ? ParameterType::Int : ParameterType::Float;
  if (!(low < high)) {
    if (!(now > 0)) return std::nullopt;
    low = now / around;
    high = now * around;
  } else if (high > 1e6 && now > 0) {
    low = std::max(low, now / around);
    high = std::min(high, now * around);
  }
  if (whole) {
    low = std::ceil(low);
    high = std::floor(high);
    parameter.step = 1;
  }
  parameter.low = low;
  parameter.high = high;
  parameter.log = low > 0 && high / low >= (whole ? around : widthOfLog);
  return low <= high ? std::optional(parameter) : std::nullopt;
}

std::optional<SearchParameter> rangeOf(const spec::FieldInfo& info, const spec::ExperimentSpec& base) {
  if (!info.choices.empty()) {
    auto words = wordsOf(info.choices);
    if (words.size() < 2) return std::nullopt;
    return choicesOf(info.path, std::move(words));
  }
  if (info.type == "boolean") return choicesOf(info.path, {false, true});
  if (info.type != "integer" && info.type != "real") return std::nullopt;
  const auto json = spec::getField(base, info.path).value_or(info.defaultJson);
  return numbers(info.path, info.type == "integer", info.low, info.high, Value::parse(json).toReal());
}

std::optional<SearchParameter> rangeOf(const spec::AttributeInfo& info, const std::string& path,
                                       const spec::ExperimentSpec& base) {
  using spec::AttributeType;
  if (info.type == AttributeType::Boolean) return choicesOf(path, {false, true});
  if (!info.choices.empty()) {
    auto words = wordsOf(info.choices);
    if (words.size() < 2) return std::nullopt;
    return choicesOf(path, std::move(words));
  }
  if (info.type != AttributeType::Integer && info.type != AttributeType::Real) return std::nullopt;
  const auto own = base.model.settings.find(info.name);
  const auto& now = own != base.model.settings.end() ? own->second : info.defaultValue;
  return numbers(path, info.type == AttributeType::Integer, info.low, info.high, now.toReal());
}

bool isPartOf(const std::string& name, const std::string& path) {
  return name == path || (name.size() > path.size() && name.rfind(path + ".", 0) == 0);
}

std::optional<std::size_t> namedBy(const Error& error, const SearchSpace& space) {
  for (const auto* key : {"parameter", "path", "field"})
    for (const auto& [name, value] : error.message.args)
      if (name == key)
        if (const auto found = space.find(value)) return found;
  for (std::size_t i = 0; i < space.size(); ++i)
    for (const auto& [name, value] : error.message.args)
      if (value.find(space.parameters[i].name) != std::string::npos) return i;
  return std::nullopt;
}

}  // namespace

std::vector<SearchParameter> openedField(const spec::ExperimentSpec& base, const std::string& templateName,
                                         const std::string& path) {
  // What is set already is opened when a person asks for it: the usual space leaves it alone.
  auto free = base;
  if (path.rfind("model.", 0) == 0) free.model.settings.erase(path.substr(6));
  if (path == "training.batch_size") free.training.batchSize = 0;
  if (path == "training.optimizer.lr") free.training.optimizer.lr = 0;
  if (path == "training.optimizer.weight_decay")
    free.training.optimizer.weightDecay = spec::OptimizerSpec().weightDecay;
  std::vector<SearchParameter> found;
  for (auto& parameter : usualSpace(free, templateName).parameters)
    if (isPartOf(parameter.name, path)) found.push_back(std::move(parameter));
  if (!found.empty()) return found;
  std::optional<SearchParameter> range;
  if (const auto* setting = settingOf(templateName, path))
    range = rangeOf(*setting, path, base);
  else if (const auto* info = spec::findField(path); info != nullptr && isSearchable(path))
    range = rangeOf(*info, base);
  if (range) found.push_back(std::move(*range));
  return found;
}

bool canOpen(const std::string& templateName, const std::string& path) {
  return !openedField({}, templateName, path).empty();
}

std::vector<std::size_t> openedBy(const SearchSpace& space, const std::string& path) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < space.size(); ++i)
    if (isPartOf(space.parameters[i].name, path)) found.push_back(i);
  return found;
}

SearchSpace without(const SearchSpace& space, const std::vector<std::size_t>& parameters) {
  std::vector<std::optional<std::size_t>> place(space.size());
  SearchSpace result;
  for (std::size_t i = 0; i < space.size(); ++i) {
    if (std::find(parameters.begin(), parameters.end(), i) != parameters.end()) continue;
    place[i] = result.size();
    result.parameters.push_back(space.parameters[i]);
  }
  for (auto& parameter : result.parameters) {
    std::erase_if(parameter.conditions, [&](const auto& condition) { return !place[condition.parameter]; });
    for (auto& condition : parameter.conditions) condition.parameter = *place[condition.parameter];
  }
  for (auto constraint : space.constraints) {
    if (std::any_of(constraint.terms.begin(), constraint.terms.end(),
                    [&](const auto& term) { return !place[term.parameter]; }))
      continue;
    for (auto& term : constraint.terms) term.parameter = *place[term.parameter];
    result.constraints.push_back(std::move(constraint));
  }
  return result;
}

std::vector<SpaceProblem> problemsOf(const SearchSpace& space, const spec::ExperimentSpec& base) {
  std::vector<SpaceProblem> problems;
  // Each by itself first: the first fault would hide all others.
  for (std::size_t i = 0; i < space.size(); ++i) {
    SearchSpace alone;
    alone.parameters.push_back(space.parameters[i]);
    alone.parameters.front().conditions.clear();
    if (const auto read = spec::searchSpaceFromJson(spec::toJson(alone)); !read) {
      problems.push_back({i, read.error()});
      continue;
    }
    if (const auto path = checkPaths(base, alone); !path) problems.push_back({i, path.error()});
  }
  if (problems.empty() && space.size() > 0)
    if (const auto whole = spec::searchSpaceFromJson(spec::toJson(space)); !whole)
      problems.push_back({namedBy(whole.error(), space), whole.error()});
  return problems;
}

}  // namespace lathe::services
