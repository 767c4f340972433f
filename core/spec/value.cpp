// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/value.h"

#include <cmath>
#include <limits>

#include "core/spec/json_tools.h"

namespace lathe::spec {

Value::Value(const std::vector<std::int64_t>& v) {
  List list;
  list.reserve(v.size());
  for (const auto item : v) list.emplace_back(item);
  m_data = std::move(list);
}

bool Value::toBool(bool fallback) const {
  const auto* v = std::get_if<bool>(&m_data);
  return v ? *v : fallback;
}

std::int64_t Value::toInteger(std::int64_t fallback) const {
  if (const auto* v = std::get_if<std::int64_t>(&m_data)) return *v;
  if (const auto* v = std::get_if<double>(&m_data))
    if (std::abs(*v) <= 9.007199254740992e15 && std::floor(*v) == *v) return static_cast<std::int64_t>(*v);
  return fallback;
}

double Value::toReal(double fallback) const {
  if (const auto* v = std::get_if<std::int64_t>(&m_data)) return static_cast<double>(*v);
  if (const auto* v = std::get_if<double>(&m_data)) return *v;
  return fallback;
}

std::string Value::toText(std::string fallback) const {
  if (const auto* v = std::get_if<std::string>(&m_data)) return *v;
  return fallback;
}

const Value::List& Value::toList() const {
  static const List empty;
  const auto* v = std::get_if<List>(&m_data);
  return v ? *v : empty;
}

std::vector<std::int64_t> Value::toIntegers() const {
  if (isNumber()) return {toInteger()};
  std::vector<std::int64_t> out;
  out.reserve(toList().size());
  for (const auto& item : toList()) out.push_back(item.toInteger());
  return out;
}

std::string Value::json() const { return dump(jsonOf(*this)); }

Value Value::parse(std::string_view text) {
  const auto parsed = parseJson(text);
  // Objects have no place in a Value, so their text is all there is to keep.
  if (!parsed || parsed->is_object()) return {std::string(text)};
  return valueOf(*parsed);
}

Value valueOf(const Json& json) {
  switch (json.type()) {
    case Json::value_t::boolean:
      return {json.get<bool>()};
    case Json::value_t::number_integer:
      return {json.get<std::int64_t>()};
    case Json::value_t::number_unsigned: {
      const auto number = json.get<std::uint64_t>();
      if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return {static_cast<double>(number)};
      return {static_cast<std::int64_t>(number)};
    }
    case Json::value_t::number_float:
      return {json.get<double>()};
    case Json::value_t::string:
      return {json.get<std::string>()};
    case Json::value_t::array: {
      Value::List list;
      list.reserve(json.size());
      for (const auto& item : json) list.push_back(valueOf(item));
      return {std::move(list)};
    }
    case Json::value_t::object:
      return {dump(json)};
    default:
      return {};
  }
}

Json jsonOf(const Value& value) {
  if (value.isBool()) return value.toBool();
  if (value.isInteger()) return value.toInteger();
  if (value.isNumber()) return value.toReal();
  if (value.isText()) return value.toText();
  if (value.isList()) {
    auto list = Json::array();
    for (const auto& item : value.toList()) list.push_back(jsonOf(item));
    return list;
  }
  return nullptr;
}

}  // namespace lathe::spec
