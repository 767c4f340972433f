// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "core/base/result.h"

namespace lathe::spec {

/// A setting's or attribute's value: what JSON can say, without objects.
class Value {
 public:
  using List = std::vector<Value>;

  Value() = default;
  Value(bool v) : m_data(v) {}
  Value(int v) : m_data(static_cast<std::int64_t>(v)) {}
  Value(std::int64_t v) : m_data(v) {}
  Value(double v) : m_data(v) {}
  Value(const char* v) : m_data(std::string(v)) {}
  Value(std::string v) : m_data(std::move(v)) {}
  Value(List v) : m_data(std::move(v)) {}
  Value(const std::vector<std::int64_t>& v);

  [[nodiscard]] bool isNull() const { return std::holds_alternative<std::monostate>(m_data); }
  [[nodiscard]] bool isBool() const { return std::holds_alternative<bool>(m_data); }
  [[nodiscard]] bool isInteger() const { return std::holds_alternative<std::int64_t>(m_data); }
  [[nodiscard]] bool isNumber() const { return isInteger() || std::holds_alternative<double>(m_data); }
  [[nodiscard]] bool isText() const { return std::holds_alternative<std::string>(m_data); }
  [[nodiscard]] bool isList() const { return std::holds_alternative<List>(m_data); }

  /// Typed reads; the fallback when the type differs (a whole real reads as an integer).
  [[nodiscard]] bool toBool(bool fallback = false) const;
  [[nodiscard]] std::int64_t toInteger(std::int64_t fallback = 0) const;
  [[nodiscard]] double toReal(double fallback = 0) const;
  [[nodiscard]] std::string toText(std::string fallback = {}) const;
  [[nodiscard]] const List& toList() const;
  [[nodiscard]] std::vector<std::int64_t> toIntegers() const;

  /// Compact JSON, and back. parse() takes JSON, else the text itself as a string.
  [[nodiscard]] std::string json() const;
  static Value parse(std::string_view text);

  bool operator==(const Value&) const = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List> m_data;
};

using ValueMap = std::map<std::string, Value, std::less<>>;

}  // namespace lathe::spec
