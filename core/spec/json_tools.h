// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/spec/experiment.h"

/// Strict reading of JSON for the files of this folder only (nlohmann-json stays private to it). Every error names the
/// field by its dotted path.
namespace lathe::spec {

using Json = nlohmann::json;
/// For writing: keeps the order of insertion.
using OrderedJson = nlohmann::ordered_json;

/// Parses JSON from anywhere. Refuses more than 64 MB, more than 64 levels, and keys that stand twice in an object.
Result<Json> parseJson(std::string_view text);
/// Compact or indented, invalid UTF-8 replaced, never throws.
std::string dump(const OrderedJson& json, int indent = -1);
std::string dump(const Json& json);

Value valueOf(const Json& json);
Json jsonOf(const Value& value);

/// "{field} must be ..., not {value}."
tl::unexpected<Error> typeError(const std::string& field, const Json& json, const char* message);
tl::unexpected<Error> unknownField(const std::string& field, const std::string& suggestion);

/// Lower case without '-' and '_'.
std::string normalised(std::string_view name);
/// The choice that `given` names, or an error that lists them all.
Result<std::string> choose(const std::string& field, std::string_view given, const std::vector<std::string>& choices);
std::string join(const std::vector<std::string>& parts);
std::string numberText(double value);

Result<void> readValue(const Json& json, const std::string& field, bool& out);
Result<void> readValue(const Json& json, const std::string& field, int& out);
Result<void> readValue(const Json& json, const std::string& field, std::int64_t& out);
Result<void> readValue(const Json& json, const std::string& field, std::uint64_t& out);
Result<void> readValue(const Json& json, const std::string& field, double& out);
Result<void> readValue(const Json& json, const std::string& field, float& out);
Result<void> readValue(const Json& json, const std::string& field, std::string& out);
Result<void> readValue(const Json& json, const std::string& field, ColumnKind& out);
Result<void> readValue(const Json& json, const std::string& field, ColumnRole& out);
Result<void> readValue(const Json& json, const std::string& field, Task& out);
Result<void> readValue(const Json& json, const std::string& field, std::optional<bool>& out);
Result<void> readValue(const Json& json, const std::string& field, ModelGraph& out);

template <class T>
Result<void> readValue(const Json& json, const std::string& field, std::vector<T>& out) {
  if (!json.is_array()) return typeError(field, json, LATHE_TEXT("errors", "{field} must be a list, not {value}."));
  std::vector<T> items;
  items.reserve(json.size());
  for (const auto& entry : json) {
    T item{};
    LATHE_TRY(readValue(entry, field, item));
    items.push_back(std::move(item));
  }
  out = std::move(items);
  return {};
}

template <class T>
Result<void> readValue(const Json& json, const std::string& field, std::map<std::string, T>& out) {
  if (!json.is_object()) return typeError(field, json, LATHE_TEXT("errors", "{field} must be an object, not {value}."));
  std::map<std::string, T> items;
  const auto prefix = field + ".";
  for (const auto& [key, entry] : json.items()) LATHE_TRY(readValue(entry, prefix + key, items[key]));
  out = std::move(items);
  return {};
}

/// Reads one JSON object, remembers the first problem and refuses keys that nobody asked for.
class ObjectReader {
 public:
  ObjectReader(const Json& json, std::string path);

  /// Leaves `out` as it is when the key is absent.
  template <class T>
  ObjectReader& optional(const char* key, T& out) {
    if (const Json* entry = find(key))
      if (auto read = readValue(*entry, child(key), out); !read) keep(std::move(read).error());
    return *this;
  }
  template <class T>
  ObjectReader& required(const char* key, T& out) {
    if (m_json.is_object() && !m_json.contains(key)) missing(key);
    return optional(key, out);
  }
  /// The raw entry, or null when absent.
  const Json* find(const char* key);
  [[nodiscard]] std::string child(std::string_view key) const;
  void keep(Error error);
  /// The first problem, if any.
  Result<void> finish();

 private:
  void missing(const char* key);

  const Json& m_json;
  std::string m_path;
  std::vector<std::string> m_known;
  std::optional<Error> m_error;
};

OrderedJson graphJson(const ModelGraph& graph);

}  // namespace lathe::spec
