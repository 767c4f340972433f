// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/json.h"

#include <cmath>
#include <fmt/format.h>
#include <iterator>
#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace lathe::serving {
namespace {

constexpr unsigned parsing = rapidjson::kParseNanAndInfFlag | rapidjson::kParseIterativeFlag;

/// Bytes of the character at `at`; 0 when it is no well-formed UTF-8.
std::size_t characterLength(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto first = byte(at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xc2 && first <= 0xdf   ? 2
                             : (first & 0xf0U) == 0xe0        ? 3
                             : first >= 0xf0 && first <= 0xf4 ? 4
                                                              : 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(at + i) & 0xc0U) != 0x80) return 0;
  if (first == 0xe0 && byte(at + 1) < 0xa0) return 0;
  if (first == 0xed && byte(at + 1) > 0x9f) return 0;
  if (first == 0xf0 && byte(at + 1) < 0x90) return 0;
  if (first == 0xf4 && byte(at + 1) > 0x8f) return 0;
  return length;
}

}  // namespace

JsonBody::JsonBody() : m_allocator(m_memory, sizeof m_memory), m_document(&m_allocator) {}

Answer<void> JsonBody::parse(std::string_view text) {
  m_document.Parse<parsing>(text.data(), text.size());
  if (!m_document.HasParseError()) return {};
  return refuse(FaultKind::BadInput,
                fmt::format("JSON Parse error: {} at offset: {}",
                            rapidjson::GetParseError_En(m_document.GetParseError()), m_document.GetErrorOffset()));
}

const Json* member(const Json& value, std::string_view name) {
  if (!value.IsObject()) return nullptr;
  for (auto each = value.MemberBegin(); each != value.MemberEnd(); ++each)
    if (textOf(each->name) == name) return &each->value;
  return nullptr;
}

const Json* base64Of(const Json& value) {
  if (!value.IsObject() || value.MemberCount() != 1) return nullptr;
  const auto* text = member(value, "b64");
  return text != nullptr && text->IsString() ? text : nullptr;
}

std::string shownJson(const Json& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer, rapidjson::UTF8<>, rapidjson::UTF8<>, rapidjson::CrtAllocator,
                    rapidjson::kWriteNanAndInfFlag>
      writer(buffer);
  value.Accept(writer);
  std::string text(buffer.GetString(), buffer.GetSize());
  constexpr std::size_t most = 200;
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

const char* typeName(const Json& value) {
  switch (value.GetType()) {
    case rapidjson::kNullType:
      return "Null";
    case rapidjson::kFalseType:
      return "False";
    case rapidjson::kTrueType:
      return "True";
    case rapidjson::kObjectType:
      return "Object";
    case rapidjson::kArrayType:
      return "Array";
    case rapidjson::kStringType:
      return "String";
    case rapidjson::kNumberType:
      return "Number";
  }
  return "";
}

void appendJsonText(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
      ++i;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
      ++i;
    } else {
      const auto length = characterLength(text, i);
      if (length == 0)
        out += "\xef\xbf\xbd";
      else
        out.append(text, i, length);
      i += std::max<std::size_t>(1, length);
    }
  }
  out += '"';
}

void appendJsonNumber(std::string& out, float value) {
  if (std::isfinite(value))
    fmt::format_to(std::back_inserter(out), "{}", value);
  else
    out += "null";
}

void appendJsonKey(std::string& out, std::string_view key) {
  appendJsonText(out, key);
  out += ':';
}

}  // namespace lathe::serving
