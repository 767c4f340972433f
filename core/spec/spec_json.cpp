// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/spec_json.h"

#include "core/spec/customary.h"
#include "core/spec/field_binding.h"
#include "core/spec/metrics.h"
#include "core/spec/spec_paths.h"
#include "core/spec/template_builders.h"

namespace lathe::spec {
namespace {

// VALUE of --set: JSON, else text. A text field takes whatever was written, a list also a comma-separated text, of
// "numbers" where these are meant.
Json readArgument(std::string_view value, const std::string& type) {
  auto parsed = parseJson(value);
  if (type == "text" || type == "file") return parsed && parsed->is_string() ? *parsed : Json(std::string(value));
  if (parsed) return *parsed;
  if (type != "list" && type != "numbers") return std::string(value);
  auto list = Json::array();
  for (std::size_t start = 0; start <= value.size();) {
    const auto end = std::min(value.find(',', start), value.size());
    const auto item = value.substr(start, end - start);
    const auto number = type == "numbers" ? parseJson(item) : Result<Json>(nullptr);
    list.push_back(number && number->is_number() ? *number : Json(std::string(item)));
    start = end + 1;
  }
  return list;
}

template <class T>
Result<void> setColumn(std::map<std::string, T>& map, const std::string& path, const std::string& column,
                       std::string_view value) {
  const auto json = readArgument(value, "");
  if (json.is_null()) {
    map.erase(column);
    return {};
  }
  T read{};
  LATHE_TRY(readValue(json, path, read));
  map[column] = read;
  return {};
}

// Whether a setting is a list of numbers, in whichever template has it.
bool takesNumbers(const std::string& name) {
  for (const auto& info : templates())
    for (const auto& setting : info.settings)
      if (setting.name == name) return setting.type == AttributeType::Integers;
  return false;
}

// The layers came from a template; what the template is told now makes them stale.
void forgetLayers(ModelSpec& model) {
  if (model.templateName != "custom") model.graph.layers.clear();
}

Result<void> setSetting(ExperimentSpec& spec, const std::string& name, std::string_view value) {
  if (spec.model.templateName == "custom")
    return fail(
        "spec.custom_layers",
        LATHE_TEXT("errors", "The layers were edited by hand, so the template's setting {field} no longer applies."),
        LATHE_TEXT("errors", "Choose a template first (model.template), or edit the layers."),
        {{"field", "model." + name}});
  LATHE_TRY(applySetting(spec, name, readArgument(value, takesNumbers(name) ? "numbers" : "")));
  forgetLayers(spec.model);
  return {};
}

Result<void> setTemplate(ExperimentSpec& spec, const FieldBinding& binding, std::string_view value) {
  const auto before = spec.model;
  LATHE_TRY(binding.set(spec, readArgument(value, "text")));
  if (spec.model.templateName == before.templateName || spec.model.templateName == "custom") return {};
  spec.model.graph.layers.clear();
  // Settings that the new template does not have, or not like this, are dropped.
  const auto* info = findTemplate(spec.model.templateName);
  if (!info) return {};
  spec.model.settings.clear();
  for (const auto& [key, setting] : before.settings)
    if (auto kept = checkSetting(*info, key, setting)) spec.model.settings[key] = *kept;
  return {};
}

Result<void> setBound(ExperimentSpec& spec, const FieldBinding& binding, std::string_view value) {
  const auto& path = binding.info.path;
  if (path == "model.template") return setTemplate(spec, binding, value);
  const auto optimizer = spec.training.optimizer.name;
  const auto schedule = spec.training.schedule.name;
  LATHE_TRY(binding.set(spec, readArgument(value, binding.info.type)));
  followOptimizer(spec.training, optimizer);
  if (path == "training.schedule.name") followSchedule(spec.training, schedule);
  if (path == "model.layers") spec.model.templateName = "custom";
  if (path == "training.monitor")
    spec.training.monitorDirection = largerIsBetter(spec.training.monitor) ? "maximize" : "minimize";
  return {};
}

// What an older layout meant, in the words of this one.
void upgrade(ExperimentSpec& spec) {
  auto& schedule = spec.training.schedule;
  const bool without = schedule.name == "constant" || schedule.name == "step" || schedule.name == "plateau";
  if (spec.schema < 2 && without) schedule.warmupFraction = 0;
  if (spec.schema < 3 && spec.training.epochs == 0) spec.training.epochs = 20;
  auto& optimizer = spec.training.optimizer;
  if (spec.schema < 3 && optimizer.name == "auto") optimizer.name = "adamw";
  if (spec.schema < 3 && optimizer.lr == 0) optimizer.lr = customaryOptimizer(optimizer.name).lr;
  if (spec.schema < 4) spec.data.preprocessing.text = "ignore";
  spec.schema = currentSchema;
}

std::optional<Value> settingDefault(const ModelSpec& model, const std::string& name) {
  for (const auto& info : templates()) {
    if (findTemplate(model.templateName) && info.name != model.templateName) continue;
    for (const auto& setting : info.settings)
      if (setting.name == name) return setting.defaultValue;
  }
  return std::nullopt;
}

}  // namespace

std::string toJson(const ExperimentSpec& spec, int indent) { return dump(specJson(spec), indent); }

Result<ExperimentSpec> fromJson(std::string_view text) {
  auto reading = readSpec(text);
  if (!reading.errors.empty()) return tl::unexpected<Error>(reading.errors.front());
  return std::move(reading.spec);
}

SpecReading readSpec(std::string_view text) {
  SpecReading reading;
  const auto json = parseJson(text);
  if (json)
    applyObject(reading.spec, "", *json, reading.errors);
  else
    reading.errors.push_back(json.error());
  upgrade(reading.spec);
  return reading;
}

Result<void> setField(ExperimentSpec& spec, std::string_view path, std::string_view value) {
  LATHE_ASSIGN(parts, splitPath(path));
  if (parts.size() == 3 && parts[0] == "data" && parts[1] == "kinds" && !parts[2].empty())
    return setColumn(spec.data.kinds, std::string(path), parts[2], value);
  if (parts.size() == 3 && parts[0] == "data" && parts[1] == "roles" && !parts[2].empty())
    return setColumn(spec.data.roles, std::string(path), parts[2], value);
  if (parts.size() > 3 && parts[0] == "data" && (parts[1] == "kinds" || parts[1] == "roles"))
    return unknownField(std::string(path.substr(0, 120)),
                        joinPath({parts[0], parts[1], joinPath({parts.begin() + 2, parts.end()})}));
  const auto joined = joinPath(parts);
  if (const auto* binding = findBinding(joined)) return setBound(spec, *binding, value);
  if (parts.size() == 2 && parts[0] == "model") return setSetting(spec, parts[1], value);
  if (joined.empty() || !isSection(joined)) return unknownPath(std::string(path));
  // A whole section as an object; all of it or nothing.
  const auto json = parseJson(value);
  auto changed = spec;
  std::vector<Error> errors;
  applyObject(changed, joined, json ? *json : Json(std::string(value)), errors);
  if (!errors.empty()) return tl::unexpected<Error>(errors.front());
  if (joined == "model" && json->contains("layers") && !json->contains("template"))
    changed.model.templateName = "custom";
  else if (joined == "model" && !json->contains("layers"))
    forgetLayers(changed.model);
  spec = std::move(changed);
  return {};
}

Result<std::string> getField(const ExperimentSpec& spec, std::string_view path) {
  LATHE_ASSIGN(parts, splitPath(path));
  const auto root = specJson(spec, parts.empty() ? std::string() : parts.front());
  const auto* at = &root;
  for (const auto& part : parts) {
    const auto child = at->is_object() ? at->find(part) : at->end();
    if (!at->is_object() || child == at->end()) {
      at = nullptr;
      break;
    }
    at = &*child;
  }
  if (at) return dump(*at);
  if (parts.size() == 2 && parts[0] == "model")
    if (const auto value = settingDefault(spec.model, parts[1])) return value->json();
  if (const auto* binding = findBinding(joinPath(parts))) return dump(binding->get(spec));
  if (parts.size() == 3 && parts[0] == "data" && (parts[1] == "kinds" || parts[1] == "roles"))
    return std::string("null");
  return unknownPath(std::string(path));
}

}  // namespace lathe::spec
