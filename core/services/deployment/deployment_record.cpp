// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/deployment/deployment_record.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace lathe::services {
namespace {

using Json = nlohmann::json;

constexpr std::size_t mostEvents = 30;

std::string textOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t wholeOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : std::int64_t{0};
}

/// A template with its values: the window says it in its own language.
Json messageJson(const Message& message) {
  auto args = Json::array();
  for (const auto& [name, value] : message.args) args.push_back({name, value});
  return {{"text", message.text}, {"args", std::move(args)}};
}

Message messageFrom(const Json& json) {
  Message message;
  if (!json.is_object()) return message;
  message.text = textOf(json, "text");
  const auto args = json.find("args");
  if (args != json.end() && args->is_array())
    for (const auto& each : *args)
      if (each.is_array() && each.size() == 2 && each[0].is_string() && each[1].is_string())
        message.args.emplace_back(each[0].get<std::string>(), each[1].get<std::string>());
  return message;
}

Json reasonJson(const Error& error) {
  return {{"code", error.code}, {"message", messageJson(error.message)}, {"hint", messageJson(error.hint)}};
}

std::optional<Error> reasonFrom(const Json& json) {
  if (!json.is_object() || textOf(json, "code").empty()) return std::nullopt;
  return Error{textOf(json, "code"), messageFrom(json.value("message", Json())),
               messageFrom(json.value("hint", Json()))};
}

Json numbersJson(const std::vector<float>& numbers) {
  auto json = Json::array();
  for (const float number : numbers) json.push_back(std::isfinite(number) ? Json(static_cast<double>(number)) : Json());
  return json;
}

std::vector<float> numbersFrom(const Json& json) {
  std::vector<float> numbers;
  if (json.is_array())
    for (const auto& each : json)
      numbers.push_back(each.is_number() ? each.get<float>() : std::numeric_limits<float>::quiet_NaN());
  return numbers;
}

Json jsonOf(const DeployedModel& model) {
  Json json{{"run", model.run},
            {"target", targetName(model.target)},
            {"url", model.url},
            {"predict_url", model.predictUrl},
            {"name", model.name},
            {"version", model.version},
            {"endpoint", model.endpoint},
            {"folder", model.folder},
            {"created", model.createdMicros},
            {"model_store", model.modelStore},
            {"previous", model.previous},
            {"state", model.state == DeploymentState::RolledBack ? "rolled back" : "served"},
            {"watched_until", model.watchedUntilMicros},
            {"strikes", model.strikes}};
  if (model.reason) json["reason"] = reasonJson(*model.reason);
  if (const auto& other = model.other)
    json["other"] = {{"row", other->row}, {"found", numbersJson(other->found)}, {"wanted", numbersJson(other->wanted)}};
  auto history = Json::array();
  for (const auto& event : model.history)
    history.push_back({{"at", event.micros}, {"message", messageJson(event.message)}});
  json["history"] = std::move(history);
  return json;
}

std::optional<DeployedModel> modelFrom(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  DeployedModel model;
  model.run = wholeOf(json, "run");
  for (const auto target :
       {DeployTarget::TorchServe, DeployTarget::TfServing, DeployTarget::Triton, DeployTarget::Lathe})
    if (textOf(json, "target") == targetName(target)) model.target = target;
  model.url = textOf(json, "url");
  model.predictUrl = textOf(json, "predict_url");
  model.name = textOf(json, "name");
  model.version = textOf(json, "version");
  model.endpoint = textOf(json, "endpoint");
  model.folder = textOf(json, "folder");
  model.createdMicros = wholeOf(json, "created");
  model.modelStore = textOf(json, "model_store");
  model.previous = textOf(json, "previous");
  if (textOf(json, "state") == "rolled back") model.state = DeploymentState::RolledBack;
  model.watchedUntilMicros = wholeOf(json, "watched_until");
  model.strikes = static_cast<int>(wholeOf(json, "strikes"));
  model.reason = reasonFrom(json.value("reason", Json()));
  if (const auto other = json.find("other"); other != json.end() && other->is_object())
    model.other = OtherAnswer{wholeOf(*other, "row"), numbersFrom(other->value("found", Json())),
                              numbersFrom(other->value("wanted", Json()))};
  if (const auto history = json.find("history"); history != json.end() && history->is_array())
    for (const auto& event : *history)
      if (event.is_object())
        model.history.push_back({wholeOf(event, "at"), messageFrom(event.value("message", Json()))});
  if (model.name.empty() || model.url.empty()) return std::nullopt;
  return model;
}

}  // namespace

bool samePlace(const DeployedModel& a, const DeployedModel& b) {
  return a.target == b.target && a.url == b.url && a.name == b.name && a.version == b.version;
}

void addEvent(DeployedModel& model, std::int64_t micros, Message message) {
  model.history.push_back({micros, std::move(message)});
  if (model.history.size() > mostEvents)
    model.history.erase(model.history.begin(), model.history.end() - static_cast<std::ptrdiff_t>(mostEvents));
}

std::string toJson(const std::vector<DeployedModel>& models) {
  auto json = Json::array();
  for (const auto& model : models) json.push_back(jsonOf(model));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<DeployedModel> deployedModelsFrom(const std::string& text) {
  std::vector<DeployedModel> all;
  const auto json = Json::parse(text, nullptr, false);
  if (json.is_array())
    for (const auto& entry : json)
      if (auto model = modelFrom(entry)) all.push_back(std::move(*model));
  return all;
}

}  // namespace lathe::services
