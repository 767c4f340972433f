// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/spec_paths.h"

#include <algorithm>
#include <numeric>

#include "core/spec/customary.h"
#include "core/spec/field_binding.h"
#include "core/spec/metrics.h"
#include "core/spec/spec_json.h"
#include "core/spec/template_builders.h"

namespace lathe::spec {
namespace {

std::size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string lastPart(const std::string& path) {
  const auto dot = path.rfind('.');
  return dot == std::string::npos ? path : path.substr(dot + 1);
}

tl::unexpected<Error> unknownSetting(const std::string& name) {
  std::vector<std::string> known{"template", "layers"};
  for (const auto& info : templates())
    for (const auto& setting : info.settings) known.push_back(setting.name);
  const auto near = nearest(name, known);
  return unknownField("model." + name, near.empty() ? near : "model." + near);
}

}  // namespace

std::string nearest(std::string_view name, const std::vector<std::string>& known) {
  if (name.size() > 256) return {};
  std::string best;
  std::size_t bestDistance = 1 + std::max<std::size_t>(2, name.size() / 3);
  const auto wanted = normalised(name);
  for (const auto& candidate : known) {
    if (candidate.empty()) continue;
    const auto distance = editDistance(wanted, normalised(candidate));
    if (distance < bestDistance && distance < candidate.size()) {
      bestDistance = distance;
      best = candidate;
    }
  }
  return best;
}

Result<std::vector<std::string>> splitPath(std::string_view path) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if (c == '"')
      quoted = !quoted;
    else if (quoted && c == '\\' && i + 1 < path.size())
      parts.back() += path[++i];
    else if (!quoted && c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  if (quoted)
    return fail("spec.path", LATHE_TEXT("errors", "A quote is not closed in {field}."),
                LATHE_TEXT("errors", "Write a dotted column like data.roles.\"a.b\"."), {{"field", std::string(path)}});
  return parts;
}

std::string joinPath(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& part : parts) {
    if (!out.empty()) out += '.';
    out += part.find('.') == std::string::npos ? part : '"' + part + '"';
  }
  return out;
}

bool isSection(const std::string& path) {
  if (path.empty() || path == "model") return true;
  const auto prefix = path + ".";
  const auto& all = bindings();
  return std::any_of(all.begin(), all.end(),
                     [&](const auto& binding) { return binding.info.path.compare(0, prefix.size(), prefix) == 0; });
}

std::vector<std::string> knownPaths() {
  std::vector<std::string> paths;
  for (const auto& binding : bindings()) paths.push_back(binding.info.path);
  for (const auto& info : templates())
    for (const auto& setting : info.settings) {
      auto path = "model." + setting.name;
      if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(std::move(path));
    }
  return paths;
}

namespace {

// "model", "training", "training.optimizer" ...
std::vector<std::string> sections() {
  std::vector<std::string> names;
  for (const auto& binding : bindings()) {
    const auto& path = binding.info.path;
    for (auto dot = path.find('.'); dot != std::string::npos; dot = path.find('.', dot + 1))
      if (auto name = path.substr(0, dot); std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

tl::unexpected<Error> unknownPath(const std::string& path) {
  const auto known = knownPaths();
  const auto last = normalised(lastPart(path));
  const auto ending = std::find_if(known.begin(), known.end(),
                                   [&](const auto& candidate) { return normalised(lastPart(candidate)) == last; });
  auto near = nearest(path, known);
  if (near.empty() && ending != known.end()) near = *ending;
  if (near.empty()) near = nearest(path, sections());
  if (near.empty() && path.size() <= 256) {
    std::vector<std::string> lasts;
    lasts.reserve(known.size());
    for (const auto& candidate : known) lasts.push_back(lastPart(candidate));
    const auto match = nearest(lastPart(path), lasts);
    const auto at = std::find(lasts.begin(), lasts.end(), match);
    if (!match.empty()) near = known[static_cast<std::size_t>(at - lasts.begin())];
  }
  return unknownField(path.substr(0, 120), near);
}

OrderedJson specJson(const ExperimentSpec& spec, std::string_view section) {
  OrderedJson root;
  for (const auto& binding : bindings()) {
    if (!section.empty() && binding.parts.front() != section) continue;
    if (binding.info.path == "model.layers") {
      // Settings stand between the template and its layers; no template has one of these two names.
      for (const auto& [key, value] : spec.model.settings) root["model"][key] = OrderedJson(jsonOf(value));
      root["model"]["layers"] = graphJson(spec.model.graph);
      continue;
    }
    // Only there when there are several, so that a spec with one target reads as ever.
    if (binding.info.path == "data.targets" && spec.data.targets.empty()) continue;
    auto* place = &root;
    for (const auto& part : binding.parts) place = &(*place)[part];
    *place = OrderedJson(binding.get(spec));
  }
  return root;
}

Result<void> applySetting(ExperimentSpec& spec, const std::string& name, const Json& json) {
  if (json.is_object())
    return typeError("model." + name, json,
                     LATHE_TEXT("errors", "{field} must be a number, a text or a list, not {value}."));
  if (json.is_null()) {
    spec.model.settings.erase(name);
    return {};
  }
  if (const auto* info = findTemplate(spec.model.templateName)) {
    LATHE_ASSIGN(value, checkSetting(*info, name, valueOf(json)));
    spec.model.settings[name] = value;
    return {};
  }
  // The template is not chosen yet: whatever one of them would take.
  std::optional<Error> problem;
  for (const auto& info : templates()) {
    const auto known = std::any_of(info.settings.begin(), info.settings.end(),
                                   [&](const auto& setting) { return setting.name == name; });
    if (!known) continue;
    auto value = checkSetting(info, name, valueOf(json));
    if (value) {
      spec.model.settings[name] = *value;
      return {};
    }
    if (!problem) problem = value.error();
  }
  if (problem) return tl::unexpected<Error>(*problem);
  return unknownSetting(name);
}

namespace {

void note(std::vector<Error>& errors, const Result<void>& result) {
  if (!result) errors.push_back(result.error());
}

void applyModel(ExperimentSpec& spec, const Json& json, std::vector<Error>& errors) {
  // The template first: it decides which settings there are.
  for (const auto* key : {"template", "layers"})
    if (json.contains(key)) note(errors, findBinding(std::string("model.") + key)->set(spec, json[key]));
  for (const auto& [key, value] : json.items()) {
    if (key == "template" || key == "layers") continue;
    const auto* binding = key.find('.') == std::string::npos ? findBinding("model." + key) : nullptr;
    note(errors, binding != nullptr ? binding->set(spec, value) : applySetting(spec, key, value));
  }
}

// The name of an optimiser or a schedule first: what is not said beside it takes the usual value of that name. A wrong
// name is reported in its turn.
void applyNameFirst(ExperimentSpec& spec, const std::string& prefix, const Json& json) {
  if ((prefix != "training.optimizer" && prefix != "training.schedule") || !json.contains("name")) return;
  auto& training = spec.training;
  const auto optimizer = training.optimizer.name;
  const auto schedule = training.schedule.name;
  static_cast<void>(findBinding(prefix + ".name")->set(spec, json["name"]));
  followOptimizer(training, optimizer);
  if (prefix == "training.schedule") followSchedule(training, schedule);
}

// Columns are judged one by one, so that each wrong one is named.
void applyMap(ExperimentSpec& spec, const FieldBinding& binding, const Json& json, std::vector<Error>& errors) {
  auto right = Json::object();
  for (const auto& [column, value] : json.items()) {
    ExperimentSpec scratch;
    const auto set = binding.set(scratch, Json{{column, value}});
    note(errors, set);
    if (set) right[column] = value;
  }
  note(errors, binding.set(spec, right));
}

}  // namespace

void applyObject(ExperimentSpec& spec, const std::string& prefix, const Json& json, std::vector<Error>& errors) {
  if (!json.is_object()) {
    const auto field = prefix.empty() ? "spec" : prefix;
    errors.push_back(typeError(field, json, LATHE_TEXT("errors", "{field} must be an object, not {value}.")).value());
    return;
  }
  if (prefix == "model") return applyModel(spec, json, errors);
  applyNameFirst(spec, prefix, json);
  const auto start = prefix.empty() ? prefix : prefix + ".";
  for (const auto& [key, value] : json.items()) {
    const auto path = start + key;
    const bool oneWord = !key.empty() && key.find('.') == std::string::npos;
    const auto* binding = oneWord ? findBinding(path) : nullptr;
    if (binding != nullptr && binding->info.type == "map" && value.is_object())
      applyMap(spec, *binding, value, errors);
    else if (binding != nullptr)
      note(errors, binding->set(spec, value));
    else if (oneWord && isSection(path))
      applyObject(spec, path, value, errors);
    else
      errors.push_back(unknownPath(path).value());
  }
  // The direction follows the metric unless it was said.
  if (prefix == "training" && json.contains("monitor") && !json.contains("monitor_direction"))
    spec.training.monitorDirection = largerIsBetter(spec.training.monitor) ? "maximize" : "minimize";
}

}  // namespace lathe::spec
