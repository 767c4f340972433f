// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/attributes.h"

#include <cmath>
#include <limits>

#include "core/spec/json_tools.h"

namespace lathe::spec {
namespace {

constexpr std::size_t longestList = 64;

Result<void> inRange(const AttributeInfo& info, const std::string& field, double number) {
  if (std::isfinite(number) && number >= info.low && number <= info.high) return {};
  return fail("spec.range", LATHE_TEXT("errors", "{field} is {value}, but must lie between {low} and {high}."),
              LATHE_TEXT("errors", "Change it to a value in this range."),
              {{"field", field},
               {"value", numberText(number)},
               {"low", numberText(info.low)},
               {"high", numberText(info.high)}});
}

bool isWhole(const Value& value) { return value.isNumber() && double(value.toInteger()) == value.toReal(); }

}  // namespace

Result<Value> checkAttribute(const AttributeInfo& info, const std::string& field, const Value& value) {
  switch (info.type) {
    case AttributeType::Boolean:
      if (!value.isBool())
        return typeError(field, jsonOf(value), LATHE_TEXT("errors", "{field} must be true or false, not {value}."));
      return value;
    case AttributeType::Integer:
      if (!isWhole(value))
        return typeError(field, jsonOf(value), LATHE_TEXT("errors", "{field} must be a whole number, not {value}."));
      LATHE_TRY(inRange(info, field, value.toReal()));
      return Value(value.toInteger());
    case AttributeType::Real:
      if (!value.isNumber())
        return typeError(field, jsonOf(value), LATHE_TEXT("errors", "{field} must be a number, not {value}."));
      LATHE_TRY(inRange(info, field, value.toReal()));
      return value;
    case AttributeType::Choice: {
      if (!value.isText())
        return typeError(field, jsonOf(value), LATHE_TEXT("errors", "{field} must be a text, not {value}."));
      LATHE_ASSIGN(choice, choose(field, value.toText(), info.choices));
      return Value(choice);
    }
    case AttributeType::Integers: {
      const auto list = value.isList() ? value.toList() : Value::List{value};
      if (list.size() > longestList)
        return typeError(field, jsonOf(value),
                         LATHE_TEXT("errors", "{field} must be a list of at most 64 numbers, not {value}."));
      std::vector<std::int64_t> numbers;
      for (const auto& item : list) {
        if (!isWhole(item))
          return typeError(field, jsonOf(value),
                           LATHE_TEXT("errors", "{field} must be a list of whole numbers, not {value}."));
        LATHE_TRY(inRange(info, field, item.toReal()));
        numbers.push_back(item.toInteger());
      }
      return Value(numbers);
    }
  }
  return value;
}

std::int64_t saturatingAdd(std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  return __builtin_add_overflow(a, b, &out) ? std::numeric_limits<std::int64_t>::max() : out;
}

std::int64_t saturatingMultiply(std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  return __builtin_mul_overflow(a, b, &out) ? std::numeric_limits<std::int64_t>::max() : out;
}

bool isIdentifier(std::string_view name) {
  if (name.empty() || name.size() > 64) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && !(i > 0 && c >= '0' && c <= '9')) return false;
  }
  return true;
}

const std::vector<std::string>& graphInputNames() {
  static const std::vector<std::string> names{"features", "categories", "image", "sequence",
                                              "missing",  "text",       "audio"};
  return names;
}

}  // namespace lathe::spec
