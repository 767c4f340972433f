// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/spec/fields.h"
#include "core/spec/json_tools.h"

/// Each field tied to its place in the spec: what JSON, --set and validation go through. For this folder only.
namespace lathe::spec {

struct FieldBinding {
  FieldInfo info;
  std::function<Json(const ExperimentSpec&)> get;
  std::function<Result<void>(ExperimentSpec&, const Json&)> set;
  std::vector<std::string> parts = {};  ///< of info.path; bindings() fills them in
};

/// In the order of the forms.
const std::vector<FieldBinding>& bindings();
const FieldBinding* findBinding(std::string_view path);

void addDataFields(std::vector<FieldBinding>& out);
void addTextFields(std::vector<FieldBinding>& out);      ///< within the data's preprocessing
void addSequenceFields(std::vector<FieldBinding>& out);  ///< within the data's
void addModelFields(std::vector<FieldBinding>& out);
/// Weights to start from and low-rank adaptation, for addModelFields().
void addWeightsFields(std::vector<FieldBinding>& out);
/// What stands still, for addTrainingFields().
void addFreezeFields(std::vector<FieldBinding>& out);
void addTrainingFields(std::vector<FieldBinding>& out);
/// Optimiser, schedule and averages, for addTrainingFields().
void addOptimizerFields(std::vector<FieldBinding>& out);
void addAugmentFields(std::vector<FieldBinding>& out);  ///< within the training's
void addLossFields(std::vector<FieldBinding>& out);

/// The field of a fresh spec, as compact JSON.
std::string defaultOf(const FieldBinding& binding);

/// The number behind the words auto and find; nothing for anything else.
std::optional<int> numberFor(const Json& json);

/// Range and choices; choices are spelled as listed afterwards.
Result<void> checkField(const FieldInfo& info, double value);
Result<void> checkField(const FieldInfo& info, std::string& value);
Result<void> checkField(const FieldInfo& info, std::vector<std::string>& values);
Result<void> checkField(const FieldInfo& info, const std::vector<double>& values);

Json jsonOf(const std::optional<bool>& value);
Json jsonOf(Task value);
Json jsonOf(const std::map<std::string, ColumnKind>& map);
Json jsonOf(const std::map<std::string, ColumnRole>& map);
Json jsonOf(const ModelGraph& graph);

/// `at(spec)` gives the member, for const and plain specs.
template <class At>
FieldBinding bind(FieldInfo info, At at) {
  const auto get = [at](const ExperimentSpec& spec) -> Json {
    using T = std::decay_t<decltype(at(spec))>;
    if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string> ||
                  std::is_same_v<T, std::vector<std::string>> || std::is_same_v<T, std::vector<double>>)
      return Json(at(spec));
    else
      return jsonOf(at(spec));
  };
  const auto set = [at, info](ExperimentSpec& spec, const Json& json) -> Result<void> {
    auto& member = at(spec);
    auto value = member;
    using T = decltype(value);
    if constexpr (std::is_arithmetic_v<T>) {
      const auto special = info.automatic ? numberFor(json) : std::nullopt;
      LATHE_TRY(readValue(special ? Json(*special) : json, info.path, value));
    } else {
      LATHE_TRY(readValue(json, info.path, value));
    }
    if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, std::vector<std::string>> ||
                  std::is_same_v<T, std::vector<double>>)
      LATHE_TRY(checkField(info, value));
    else if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>)
      LATHE_TRY(checkField(info, static_cast<double>(value)));
    member = std::move(value);
    return {};
  };
  return {std::move(info), get, set};
}

#define LATHE_AT(member) \
  [](auto& spec) -> auto& { return spec.member; }

}  // namespace lathe::spec
