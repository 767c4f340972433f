// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/c/c_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>

namespace lathe::exporting {
namespace {

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

template <class T>
std::string literal(T value, const char* suffix) {
  if (std::isnan(value)) return "NAN";
  if (std::isinf(value)) return value < 0 ? "-INFINITY" : "INFINITY";
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  std::string result(text.data(), end);
  if (result.find_first_of(".e") == std::string::npos) result += ".0";
  return result + suffix;
}

/// Bytes of the well-formed UTF-8 character at `place`; 0: there is none.
std::size_t characterLength(std::string_view text, std::size_t place) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(place);
  const std::size_t length = first < 0x80                    ? 1
                             : first >= 0xC2 && first < 0xE0 ? 2
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
  if (length == 0 || place + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(place + i) & 0xC0U) != 0x80) return 0;
  if (length == 1) return 1;
  const unsigned char second = byte(place + 1);
  const bool tooLong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool beyond = (first == 0xED && second >= 0xA0) || (first == 0xF4 && second >= 0x90);
  return tooLong || beyond ? 0 : length;
}

/// Controls, and the marks of General Punctuation and Arabic that turn the direction of text.
bool isControl(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7F;
  if (character == "\xD8\x9C") return true;
  if (character.size() == 2) return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
  return character.size() == 3 && character[0] == '\xE2' && (character[1] == '\x80' || character[1] == '\x81');
}

}  // namespace

std::string cIdentifier(std::string_view name) {
  std::string result;
  bool letters = false;
  for (const char c : name) {
    result += isLetter(c) || isDigit(c) ? c : '_';
    letters = letters || isLetter(c) || isDigit(c);
  }
  if (!letters) return "model";
  return isLetter(result.front()) ? result : "model_" + result;
}

std::string cUpper(std::string_view identifier) {
  std::string result(identifier);
  for (char& c : result)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return result;
}

std::string cFloat(float value) { return literal(value, "F"); }
std::string cDouble(double value) { return literal(value, ""); }
std::string cWhole(std::int64_t value) { return std::to_string(value); }

std::string cString(std::string_view text) {
  constexpr std::size_t most = 1000;
  std::string result = "\"";
  for (const char c : text.substr(0, most)) {
    if (c == '"' || c == '\\' || c == '?')
      result += std::string("\\") + c;
    else if (c >= ' ' && c <= '~')
      result += c;
    else
      result += fmt::format("\\{:03o}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  return result + "\"";
}

std::string cComment(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const auto length = characterLength(text, i);
    const auto character = text.substr(i, std::max<std::size_t>(length, 1));
    const bool opens =
        !result.empty() && ((result.back() == '*' && character == "/") || (result.back() == '/' && character == "*") ||
                            (result.back() == '?' && character == "?"));
    if (opens) result += ' ';
    if (length == 0 || isControl(character))
      result += character == "\n" || character == "\t" ? ' ' : '?';
    else
      result += character == "\\" ? "\\\\" : std::string(character);
    i += character.size();
  }
  return result;
}

std::string cLines(const std::vector<std::string>& items, std::string_view indent, std::size_t firstColumn) {
  std::string result;
  std::size_t column = firstColumn;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string item = items[i] + (i + 1 < items.size() ? "," : "");
    const bool starts = column <= indent.size();
    if (!starts && column + 1 + item.size() > cLineWidth) {
      result += "\n" + std::string(indent);
      column = indent.size();
    } else if (!starts && i > 0) {
      result += ' ';
      ++column;
    }
    result += item;
    column += item.size();
  }
  return result;
}

std::string cArray(const std::string& declaration, const std::vector<std::string>& items) {
  const std::string start = fmt::format("{}[{}] = {{", declaration, items.size());
  const std::string inLine = cLines(items, "", start.size());
  if (start.size() + inLine.size() + 2 <= cLineWidth) return start + inLine + "};\n";
  return start + "\n    " + cLines(items, "    ", 4) + "\n};\n";
}

void appendFloats(std::string& out, const std::string& declaration, const std::vector<float>& values) {
  constexpr std::string_view indent = "\n   ";
  out += fmt::format("{}[{}] = {{", declaration, values.size());
  std::size_t column = cLineWidth;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto number = cFloat(values[i]);
    if (column + number.size() + 2 > cLineWidth) {
      out += indent;
      column = indent.size() - 1;
    }
    out += ' ';
    out += number;
    column += number.size() + 1;
    if (i + 1 < values.size()) {
      out += ',';
      ++column;
    }
  }
  out += "\n};\n";
}

}  // namespace lathe::exporting
