// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/json_text.h"

#include <nlohmann/json.hpp>

namespace lathe::store::sqlite {
namespace {

using Json = nlohmann::json;

Json toJson(const Message& message) {
  Json args = Json::array();
  for (const auto& [name, value] : message.args) args.push_back(Json::array({name, value}));
  return {{"text", message.text}, {"args", std::move(args)}};
}

std::string dump(const Json& json) {
  // File names may hold bytes that are no UTF-8.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string textAt(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Message messageFrom(const Json& json) {
  Message message;
  if (!json.is_object()) return message;
  message.text = textAt(json, "text");
  const auto args = json.find("args");
  if (args == json.end() || !args->is_array()) return message;
  for (const auto& arg : *args)
    if (arg.is_array() && arg.size() == 2 && arg[0].is_string() && arg[1].is_string())
      message.args.emplace_back(arg[0].get<std::string>(), arg[1].get<std::string>());
  return message;
}

Json parse(const std::string& text) {
  constexpr int deepest = 8;
  bool tooDeep = false;
  const auto limitDepth = [&](int depth, Json::parse_event_t, Json&) {
    tooDeep = tooDeep || depth > deepest;
    return !tooDeep;
  };
  auto json = Json::parse(text, limitDepth, false);
  return tooDeep ? Json() : json;
}

}  // namespace

std::string toText(const Message& message) { return dump(toJson(message)); }

Message messageFromText(const std::string& text) {
  const auto json = parse(text);
  if (json.is_object()) return messageFrom(json);
  return {text, {}};
}

std::string warningToText(const Error& warning) {
  auto json = toJson(warning.message);
  json["code"] = warning.code;
  json["hint"] = toJson(warning.hint);
  return dump(json);
}

Error warningFromText(const std::string& text) {
  const auto json = parse(text);
  Error warning;
  if (!json.is_object()) {
    warning.message.text = text;
    return warning;
  }
  warning.message = messageFrom(json);
  warning.code = textAt(json, "code");
  if (json.contains("hint")) warning.hint = messageFrom(json["hint"]);
  return warning;
}

std::string toText(const std::optional<Error>& error) {
  if (!error) return {};
  return dump({{"code", error->code}, {"message", toJson(error->message)}, {"hint", toJson(error->hint)}});
}

std::optional<Error> errorFromText(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto json = parse(text);
  Error error;
  if (!json.is_object()) {
    error.message.text = text;
    return error;
  }
  error.code = textAt(json, "code");
  if (json.contains("message")) error.message = messageFrom(json["message"]);
  if (json.contains("hint")) error.hint = messageFrom(json["hint"]);
  return error;
}

}  // namespace lathe::store::sqlite
