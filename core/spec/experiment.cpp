// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/experiment.h"

#include <array>

#include "core/spec/json_tools.h"

namespace lathe::spec {
namespace {

constexpr std::array kindNames{"integer", "real", "boolean", "category", "datetime", "text", "id", "image", "audio"};
constexpr std::array roleNames{"feature", "target", "weight", "group", "time", "ignore"};
constexpr std::array taskNames{"auto", "classification", "regression", "multilabel", "quantile", "anomaly", "forecast"};

template <class T, std::size_t N>
Result<T> named(std::string_view given, const std::array<const char*, N>& names, const char* message) {
  const auto wanted = normalised(given);
  for (std::size_t i = 0; i < N; ++i)
    if (wanted == names[i]) return static_cast<T>(i);
  return fail("spec.choice", message, LATHE_TEXT("errors", "Choose one of: {choices}."),
              {{"value", std::string(given.substr(0, 60))}, {"choices", join({names.begin(), names.end()})}});
}

template <class T, std::size_t N>
const char* nameOf(T value, const std::array<const char*, N>& names) {
  const auto i = static_cast<std::size_t>(value);
  return i < N ? names[i] : "";
}

}  // namespace

std::vector<std::string> targetNames(const DataSpec& data) {
  if (!data.targets.empty()) return data.targets;
  if (!data.target.empty()) return {data.target};
  return {};
}

void setTargets(DataSpec& data, const std::vector<std::string>& names) {
  data.target = names.size() == 1 ? names.front() : std::string();
  data.targets = names.size() > 1 ? names : std::vector<std::string>();
}

const char* name(ColumnKind kind) { return nameOf(kind, kindNames); }
const char* name(ColumnRole role) { return nameOf(role, roleNames); }
const char* name(Task task) { return nameOf(task, taskNames); }

Result<ColumnKind> columnKind(std::string_view name) {
  return named<ColumnKind>(name, kindNames, LATHE_TEXT("errors", "A column cannot be of the kind {value}."));
}
Result<ColumnRole> columnRole(std::string_view name) {
  return named<ColumnRole>(name, roleNames, LATHE_TEXT("errors", "A column cannot have the role {value}."));
}
Result<Task> task(std::string_view name) {
  return named<Task>(name, taskNames, LATHE_TEXT("errors", "There is no task {value}."));
}

}  // namespace lathe::spec
