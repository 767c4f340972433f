// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// RapidJSON, because requests hold NaN and Infinity, and because TensorFlow Serving's error texts are RapidJSON's.
#include <memory>
#include <rapidjson/document.h>
#include <string>
#include <string_view>

#include "core/serving/fault.h"

namespace lathe::serving {

using Json = rapidjson::GenericValue<rapidjson::UTF8<>>;

/// A parsed body. NaN, Infinity and -Infinity are numbers. Deep nesting costs no stack.
class JsonBody {
 public:
  JsonBody();
  /// "JSON Parse error: ... at offset: N" otherwise.
  Answer<void> parse(std::string_view text);
  [[nodiscard]] const Json& root() const { return m_document; }

 private:
  using Allocator = rapidjson::MemoryPoolAllocator<>;
  char m_memory[8192];
  Allocator m_allocator;
  rapidjson::GenericDocument<rapidjson::UTF8<>, Allocator> m_document;
};

[[nodiscard]] inline std::string_view textOf(const Json& value) { return {value.GetString(), value.GetStringLength()}; }
/// A member of an object; null when it is no object or has none of that name.
[[nodiscard]] const Json* member(const Json& value, std::string_view name);
/// Value of {"b64": "..."}; null for anything else.
[[nodiscard]] const Json* base64Of(const Json& value);
/// Compact text, at most some 200 characters.
[[nodiscard]] std::string shownJson(const Json& value);
/// Object, Array, String, Number, Boolean (True, False) or Null, as TensorFlow Serving calls them.
[[nodiscard]] const char* typeName(const Json& value);

// What is written: plain appending, since answers are small and many.
void appendJsonText(std::string& out, std::string_view text);  ///< quoted; what is no UTF-8 becomes U+FFFD
void appendJsonNumber(std::string& out, float value);          ///< shortest; null when it is none
/// {"key": ...} pieces: quoted key and colon.
void appendJsonKey(std::string& out, std::string_view key);

}  // namespace lathe::serving
