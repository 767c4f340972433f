// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/checkpoint_settings.h"

#include <array>
#include <nlohmann/json.hpp>

#include "core/spec/spec_json.h"

namespace lathe::engine {
namespace {

using Json = nlohmann::json;

constexpr std::array mayChange{"epochs",         "threads",           "device", "executor", "precision",
                               "early_stopping", "checkpoint_seconds"};

std::string difference(const Json& a, const Json& b, const std::string& path) {
  if (!a.is_object() || !b.is_object()) return a == b ? "" : path;
  for (const auto& [key, value] : a.items()) {
    const auto other = b.find(key);
    if (other == b.end()) continue;
    auto inner = path + ".";
    inner += key;
    if (auto found = difference(value, *other, inner); !found.empty()) return found;
  }
  return "";
}

}  // namespace

std::string settingsJson(const spec::TrainingSpec& training) {
  spec::ExperimentSpec spec;
  spec.training = training;
  auto settings = Json::parse(spec::getField(spec, "training").value_or("{}"), nullptr, false);
  if (!settings.is_object()) return "{}";
  for (const char* key : mayChange) settings.erase(key);
  return settings.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string differingSetting(std::string_view a, std::string_view b) {
  if (a == b) return "";
  const auto first = Json::parse(a, nullptr, false);
  const auto second = Json::parse(b, nullptr, false);
  if (!first.is_object() || !second.is_object()) return "";
  return difference(first, second, "training");
}

}  // namespace lathe::engine
