// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/json_tools.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <set>

#include "core/spec/spec_json.h"

namespace lathe::spec {
namespace {

constexpr std::size_t maxBytes = 64u << 20;
constexpr int maxDepth = 64;

// Brackets outside of strings: cheap, and before the parser has allocated anything.
bool tooDeep(std::string_view text) {
  int depth = 0;
  bool inString = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inString) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        inString = false;
      continue;
    }
    if (c == '"') inString = true;
    if ((c == '[' || c == '{') && ++depth > maxDepth) return true;
    if (c == ']' || c == '}') --depth;
  }
  return false;
}

std::string brief(const Json& json) {
  if (json.is_object()) return "{...}";
  if (json.is_array() && json.size() > 8) return "[...]";
  auto text = dump(json);
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return text;
}

template <class T>
Result<void> readInteger(const Json& json, const std::string& field, T& out) {
  const char* message = LATHE_TEXT("errors", "{field} must be a whole number, not {value}.");
  if (json.is_number_unsigned()) {
    const auto number = json.get<std::uint64_t>();
    if (number > static_cast<std::uint64_t>(std::numeric_limits<T>::max())) return typeError(field, json, message);
    out = static_cast<T>(number);
    return {};
  }
  if (json.is_number_integer()) {
    const auto number = json.get<std::int64_t>();
    if constexpr (std::is_unsigned_v<T>) {
      if (number < 0) return typeError(field, json, message);
    } else if (number < std::numeric_limits<T>::min() || number > std::numeric_limits<T>::max()) {
      return typeError(field, json, message);
    }
    out = static_cast<T>(number);
    return {};
  }
  if (json.is_number_float()) {
    const double number = json.get<double>();
    // 2^53: beyond it a double no longer says which integer is meant.
    const double low =
        std::is_unsigned_v<T> ? 0 : std::max(-9.007199254740992e15, double(std::numeric_limits<T>::min()));
    const double high = std::min(9.007199254740992e15, double(std::numeric_limits<T>::max()));
    if (std::floor(number) == number && number >= low && number <= high) {
      out = static_cast<T>(number);
      return {};
    }
  }
  return typeError(field, json, message);
}

template <class T>
Result<void> readNamed(const Json& json, const std::string& field, T& out, Result<T> (*reader)(std::string_view)) {
  std::string text;
  LATHE_TRY(readValue(json, field, text));
  auto named = reader(text);
  if (!named) {
    auto error = named.error();
    error.message.text = "{field}: " + error.message.text;
    error.message.args.emplace_back("field", field);
    return tl::unexpected<Error>(std::move(error));
  }
  out = *named;
  return {};
}

}  // namespace

Result<Json> parseJson(std::string_view text) {
  if (text.size() > maxBytes)
    return fail("spec.json_too_large", LATHE_TEXT("errors", "This JSON has {size} MB; at most {limit} MB are read."),
                LATHE_TEXT("errors", "Check that this is the right file."),
                {{"size", std::to_string(text.size() >> 20)}, {"limit", std::to_string(maxBytes >> 20)}});
  if (tooDeep(text))
    return fail("spec.json_too_deep", LATHE_TEXT("errors", "This JSON is nested deeper than {limit} levels."),
                LATHE_TEXT("errors", "Check that this is the right file."), {{"limit", std::to_string(maxDepth)}});
  std::vector<std::set<std::string>> keys;
  std::string twice;
  const auto watch = [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end && !keys.empty()) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.empty()) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!keys.back().insert(key).second && twice.empty()) twice = key.empty() ? "\"\"" : key;
    }
    return true;
  };
  try {
    auto json = Json::parse(text.begin(), text.end(), watch);
    if (!twice.empty())
      return fail("spec.json_duplicate", LATHE_TEXT("errors", "The field {field} stands twice in the same object."),
                  LATHE_TEXT("errors", "Remove one of the two."), {{"field", twice}});
    return json;
  } catch (const Json::parse_error& problem) {
    const auto at = std::min<std::size_t>(problem.byte > 0 ? problem.byte - 1 : 0, text.size());
    const auto before = text.substr(0, at);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto lastBreak = before.rfind('\n');
    const auto column = lastBreak == std::string_view::npos ? at + 1 : at - lastBreak;
    return fail("spec.json",
                LATHE_TEXT("errors", "This is not valid JSON: something is wrong at line {line}, column {column}."),
                LATHE_TEXT("errors", "Look there for a missing comma, quote or bracket."),
                {{"line", std::to_string(line)}, {"column", std::to_string(column)}});
  } catch (const std::exception& problem) {
    return fail("spec.json", LATHE_TEXT("errors", "This JSON cannot be read: {reason}."),
                LATHE_TEXT("errors", "Check numbers that are too large to be stored."), {{"reason", problem.what()}});
  }
}

std::string dump(const OrderedJson& json, int indent) {
  return json.dump(indent, ' ', false, OrderedJson::error_handler_t::replace);
}
std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

tl::unexpected<Error> typeError(const std::string& field, const Json& json, const char* message) {
  return fail("spec.type", message, LATHE_TEXT("errors", "`lathe-cli help spec` lists every field with its type."),
              {{"field", field}, {"value", brief(json)}});
}

tl::unexpected<Error> unknownField(const std::string& field, const std::string& suggestion) {
  if (suggestion.empty())
    return fail("spec.unknown_field", LATHE_TEXT("errors", "There is no field {field}."),
                LATHE_TEXT("errors", "`lathe-cli help spec` lists every field."), {{"field", field}});
  return fail("spec.unknown_field", LATHE_TEXT("errors", "There is no field {field}."),
              LATHE_TEXT("errors", "Did you mean {suggestion}?"), {{"field", field}, {"suggestion", suggestion}});
}

std::string normalised(std::string_view name) {
  std::string out;
  for (const char c : name)
    if (c != '-' && c != '_') out += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

Result<std::string> choose(const std::string& field, std::string_view given, const std::vector<std::string>& choices) {
  for (const auto& choice : choices)
    if (choice == given) return choice;
  const auto wanted = normalised(given);
  for (const auto& choice : choices)
    if (!wanted.empty() && normalised(choice) == wanted) return choice;
  return fail("spec.choice", LATHE_TEXT("errors", "{field} cannot be {value}."),
              LATHE_TEXT("errors", "Choose one of: {choices}."),
              {{"field", field}, {"value", std::string(given.substr(0, 60))}, {"choices", join(choices)}});
}

std::string join(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& part : parts) {
    if (!out.empty()) out += ", ";
    out += part.empty() ? "\"\"" : part == "\t" ? "tab" : part == " " ? "space" : part;
  }
  return out;
}

std::string numberText(double value) { return fmt::format("{}", value); }

Result<void> readValue(const Json& json, const std::string& field, bool& out) {
  if (!json.is_boolean())
    return typeError(field, json, LATHE_TEXT("errors", "{field} must be true or false, not {value}."));
  out = json.get<bool>();
  return {};
}
Result<void> readValue(const Json& json, const std::string& field, int& out) { return readInteger(json, field, out); }
Result<void> readValue(const Json& json, const std::string& field, std::int64_t& out) {
  return readInteger(json, field, out);
}
Result<void> readValue(const Json& json, const std::string& field, std::uint64_t& out) {
  return readInteger(json, field, out);
}
Result<void> readValue(const Json& json, const std::string& field, double& out) {
  if (!json.is_number() || !std::isfinite(json.get<double>()))
    return typeError(field, json, LATHE_TEXT("errors", "{field} must be a number, not {value}."));
  out = json.get<double>();
  return {};
}
Result<void> readValue(const Json& json, const std::string& field, float& out) {
  double number = 0;
  LATHE_TRY(readValue(json, field, number));
  if (std::abs(number) > double(std::numeric_limits<float>::max()))
    return typeError(field, json, LATHE_TEXT("errors", "{field} must be a number, not {value}."));
  out = static_cast<float>(number);
  return {};
}
Result<void> readValue(const Json& json, const std::string& field, std::string& out) {
  if (!json.is_string()) return typeError(field, json, LATHE_TEXT("errors", "{field} must be a text, not {value}."));
  out = json.get<std::string>();
  return {};
}
Result<void> readValue(const Json& json, const std::string& field, ColumnKind& out) {
  return readNamed<ColumnKind>(json, field, out, &columnKind);
}
Result<void> readValue(const Json& json, const std::string& field, ColumnRole& out) {
  return readNamed<ColumnRole>(json, field, out, &columnRole);
}
Result<void> readValue(const Json& json, const std::string& field, Task& out) {
  return readNamed<Task>(json, field, out, &task);
}
Result<void> readValue(const Json& json, const std::string& field, std::optional<bool>& out) {
  if (json.is_null()) {
    out.reset();
    return {};
  }
  bool value = false;
  LATHE_TRY(readValue(json, field, value));
  out = value;
  return {};
}

ObjectReader::ObjectReader(const Json& json, std::string path) : m_json(json), m_path(std::move(path)) {
  if (!m_json.is_object())
    keep(typeError(m_path, m_json, LATHE_TEXT("errors", "{field} must be an object, not {value}.")).value());
}

const Json* ObjectReader::find(const char* key) {
  m_known.emplace_back(key);
  if (!m_json.is_object()) return nullptr;
  const auto at = m_json.find(key);
  return at == m_json.end() ? nullptr : &*at;
}

std::string ObjectReader::child(std::string_view key) const {
  return m_path.empty() ? std::string(key) : m_path + "." + std::string(key);
}

void ObjectReader::keep(Error error) {
  if (!m_error) m_error = std::move(error);
}

void ObjectReader::missing(const char* key) {
  keep(fail("spec.missing_field", LATHE_TEXT("errors", "The field {field} is missing."),
            LATHE_TEXT("errors", "The file may be damaged or from another program."), {{"field", child(key)}})
           .value());
}

Result<void> ObjectReader::finish() {
  if (m_json.is_object())
    for (const auto& [key, unused] : m_json.items())
      if (std::find(m_known.begin(), m_known.end(), key) == m_known.end()) {
        const auto near = nearest(key, m_known);
        keep(unknownField(child(key), near.empty() ? near : child(near)).value());
      }
  if (m_error) return tl::unexpected<Error>(*m_error);
  return {};
}

}  // namespace lathe::spec
