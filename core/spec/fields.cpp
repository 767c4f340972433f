// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/fields.h"

#include <algorithm>

#include "core/spec/field_binding.h"
#include "core/spec/metrics.h"
#include "core/spec/spec_json.h"
#include "core/spec/spec_paths.h"

namespace lathe::spec {
namespace {

bool isCudaDevice(std::string_view device) {
  constexpr std::string_view prefix = "cuda:";
  if (device.substr(0, prefix.size()) != prefix) return false;
  const auto digits = device.substr(prefix.size());
  return !digits.empty() && digits.size() <= 3 &&
         std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<void> checkMonitor(const FieldInfo& info, std::string& value) {
  constexpr std::string_view prefix = "val/";
  std::vector<std::string> known;
  for (const auto& metric : metricsFor(Task::Auto)) known.push_back(std::string(prefix) + metric.name);
  const auto wanted = normalised(value);
  const auto same = [&](const auto& name) { return normalised(name) == wanted; };
  if (const auto at = std::find_if(known.begin(), known.end(), same); at != known.end()) {
    value = *at;
    return {};
  }
  const auto near = nearest(value, known);
  if (!near.empty())
    return fail("spec.choice", LATHE_TEXT("errors", "{field} cannot be {value}."),
                LATHE_TEXT("errors", "Did you mean {suggestion}?"),
                {{"field", info.path}, {"value", value.substr(0, 60)}, {"suggestion", near}});
  return fail("spec.choice", LATHE_TEXT("errors", "{field} cannot be {value}."),
              LATHE_TEXT("errors", "Choose one of: {choices}."),
              {{"field", info.path}, {"value", value.substr(0, 60)}, {"choices", join(known)}});
}

template <class Map>
Json mapJson(const Map& map) {
  auto json = Json::object();
  for (const auto& [key, value] : map) json[key] = name(value);
  return json;
}

}  // namespace

std::optional<int> numberFor(const Json& json) {
  if (!json.is_string()) return std::nullopt;
  const auto word = normalised(json.get<std::string>());
  if (word == "auto") return 0;
  if (word == "find") return findBatchSize;
  return std::nullopt;
}

Result<void> checkField(const FieldInfo& info, double value) {
  if (info.path == "schema" && value > currentSchema)
    return fail("spec.newer", LATHE_TEXT("errors", "This experiment was written by a newer version of Lathe."),
                LATHE_TEXT("errors", "Update Lathe to open it."));
  if (info.low == info.high || (value >= info.low && value <= info.high)) return {};
  return fail("spec.range", LATHE_TEXT("errors", "{field} is {value}, but must lie between {low} and {high}."),
              LATHE_TEXT("errors", "Change it to a value in this range."),
              {{"field", info.path},
               {"value", numberText(value)},
               {"low", numberText(info.low)},
               {"high", numberText(info.high)}});
}

Result<void> checkField(const FieldInfo& info, std::string& value) {
  if (info.path == "training.monitor") return checkMonitor(info, value);
  if (info.path == "training.device" && isCudaDevice(value)) return {};
  // A tab is hard to type on a command line.
  if (info.path == "data.reading.delimiter" && (value == "tab" || value == "\\t")) value = "\t";
  if (info.choices.empty()) return {};
  LATHE_ASSIGN(choice, choose(info.path, value, info.choices));
  value = choice;
  return {};
}

Result<void> checkField(const FieldInfo& info, std::vector<std::string>& values) {
  for (auto& value : values) LATHE_TRY(checkField(info, value));
  return {};
}

Result<void> checkField(const FieldInfo& info, const std::vector<double>& values) {
  for (const double value : values) LATHE_TRY(checkField(info, value));
  return {};
}

std::string defaultOf(const FieldBinding& binding) {
  const ExperimentSpec fresh;
  return dump(binding.get(fresh));
}

Json jsonOf(const std::optional<bool>& value) { return value ? Json(*value) : Json(nullptr); }
Json jsonOf(Task value) { return name(value); }
Json jsonOf(const std::map<std::string, ColumnKind>& map) { return mapJson(map); }
Json jsonOf(const std::map<std::string, ColumnRole>& map) { return mapJson(map); }
Json jsonOf(const ModelGraph& graph) { return Json(graphJson(graph)); }

const std::vector<FieldBinding>& bindings() {
  static const std::vector<FieldBinding> all = [] {
    std::vector<FieldBinding> out;
    addDataFields(out);
    addModelFields(out);
    addTrainingFields(out);
    for (auto& binding : out) binding.parts = *splitPath(binding.info.path);
    return out;
  }();
  return all;
}

const FieldBinding* findBinding(std::string_view path) {
  for (const auto& binding : bindings())
    if (binding.info.path == path) return &binding;
  return nullptr;
}

const std::vector<FieldInfo>& fields() {
  static const std::vector<FieldInfo> all = [] {
    std::vector<FieldInfo> out;
    for (const auto& binding : bindings()) out.push_back(binding.info);
    return out;
  }();
  return all;
}

const FieldInfo* findField(std::string_view path) {
  for (const auto& info : fields())
    if (info.path == path) return &info;
  return nullptr;
}

}  // namespace lathe::spec
