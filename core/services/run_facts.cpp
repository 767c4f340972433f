// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/run_facts.h"

#include <cmath>
#include <filesystem>

#include "core/base/machine.h"
#include "core/spec/fields.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace {

bool startsWith(const std::string& text, const char* prefix) { return text.rfind(prefix, 0) == 0; }

bool isParameter(const spec::FieldInfo& field) {
  if (field.path == "training.epochs") return true;
  if (field.type == "map") return false;
  return startsWith(field.path, "training.") || startsWith(field.path, "data.split.") ||
         startsWith(field.path, "data.preprocessing.") || field.path == "data.task" || field.path == "data.target" ||
         field.path == "data.targets";
}

// Texts without their JSON quotes.
std::string plain(const std::string& json) {
  const auto value = spec::Value::parse(json);
  return value.isText() ? value.toText() : json;
}

}  // namespace

std::map<std::string, std::string> flatParameters(const spec::ExperimentSpec& spec) {
  std::map<std::string, std::string> result;
  for (const auto& field : spec::fields()) {
    if (!isParameter(field)) continue;
    if (const auto value = spec::getField(spec, field.path)) result[field.path] = plain(*value);
  }
  result["model.template"] = spec.model.templateName;
  for (const auto& [name, value] : spec.model.settings)
    result["model." + name] = value.isText() ? value.toText() : value.json();
  return result;
}

std::map<std::string, std::string> environmentOf(const spec::ExperimentSpec& spec, const engine::Engine& engine,
                                                 bool deterministic) {
  const auto machine = machineInfo();
  const auto info = engine.info();
  std::string sets;
  for (const auto& set : machine.instructionSets) sets += (sets.empty() ? "" : " ") + set;
  return {{"lathe", latheVersion()},
          {"host", thisProcess().host},
          {"processor", machine.processor},
          {"instruction_sets", sets},
          {"machine_threads", std::to_string(machine.threads)},
          {"memory_bytes", std::to_string(machine.memoryTotal)},
          {"engine", info.name},
          {"blas", info.blas},
          {"threads", std::to_string(spec.training.threads)},
          {"device", spec.training.device},
          {"data_sha256", spec.data.sha256},
          {"deterministic", deterministic ? "true" : "false"}};
}

std::string runName(const spec::ExperimentSpec& spec) {
  if (!spec.name.empty()) return spec.name;
  auto path = std::filesystem::path(spec.data.path);
  if (!path.has_filename()) path = path.parent_path();
  const auto ending = path.extension();
  if (ending == ".gz") path = path.stem();
  for (const char* known : {".csv", ".tsv", ".txt", ".npy", ".npz"})
    if (path.extension() == known) return path.stem().string();
  return path.filename().string();
}

std::map<std::string, double> plainMetrics(const spec::ValueMap& metrics) {
  std::map<std::string, double> result;
  for (const auto& [name, value] : metrics)
    if (value.isNumber() && std::isfinite(value.toReal())) result[name] = value.toReal();
  return result;
}

}  // namespace lathe::services
