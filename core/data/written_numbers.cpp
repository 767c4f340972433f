// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/written_numbers.h"

#include <array>
#include <fast_float/fast_float.h>

namespace lathe::data {
namespace {

constexpr std::size_t longestCell = 64;

struct Currency {
  std::string_view text;
  unsigned place;
};
// Longer spellings before those that they start with.
constexpr std::array<Currency, 18> currencies{{{"US$", 0},
                                               {"$", 0},
                                               {"USD", 0},
                                               {"\u20ac", 1},
                                               {"EUR", 1},
                                               {"\u00a3", 2},
                                               {"GBP", 2},
                                               {"\u00a5", 3},
                                               {"\uffe5", 3},
                                               {"JPY", 3},
                                               {"CNY", 4},
                                               {"RMB", 4},
                                               {"\u5143", 4},
                                               {"CHF", 5},
                                               {"\u20b9", 6},
                                               {"INR", 6},
                                               {"\u20a9", 7},
                                               {"KRW", 7}}};
constexpr std::array<std::string_view, 8> currencyNames{"$",      "\u20ac", "\u00a3", "\u00a5",
                                                        "\u5143", "CHF",    "\u20b9", "\u20a9"};
constexpr std::array<std::string_view, 6> spaces{" ", "'", "\u00a0", "\u202f", "\u2009", "\u2019"};
constexpr std::string_view minus = "\u2212";

bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool takeFirst(std::string_view& text, std::string_view part) {
  if (!text.starts_with(part)) return false;
  text.remove_prefix(part.size());
  return true;
}

bool takeLast(std::string_view& text, std::string_view part) {
  if (!text.ends_with(part)) return false;
  text.remove_suffix(part.size());
  return true;
}

void trim(std::string_view& text) {
  for (bool more = true; more;) {
    more = false;
    for (const auto space : {spaces[0], spaces[2], spaces[3], spaces[4]})
      more = takeFirst(text, space) || takeLast(text, space) || more;
  }
}

bool takeSign(std::string_view& text, bool& negative, std::uint32_t& signs) {
  if (takeFirst(text, "+")) return true;
  negative = takeFirst(text, "-");
  if (!negative && takeFirst(text, minus)) {
    negative = true;
    signs |= minusSign;
  }
  return negative;
}

bool takeCurrency(std::string_view& text, bool first, std::uint32_t& signs) {
  for (const auto& [name, place] : currencies)
    if (first ? takeFirst(text, name) : takeLast(text, name)) {
      signs |= std::uint32_t{firstCurrency} << place;
      return true;
    }
  return false;
}

// Leaves digits with their separators; false when the signs around them contradict each other.
bool undress(std::string_view& text, bool& negative, std::uint32_t& signs) {
  negative = false;
  signs = 0;
  trim(text);
  if (text.size() > 2 && text.front() == '(' && text.back() == ')') {
    text = text.substr(1, text.size() - 2);
    signs |= parentheses;
    trim(text);
  }
  bool minusSeen = false;
  bool signSeen = takeSign(text, minusSeen, signs);
  if (takeCurrency(text, true, signs)) {
    trim(text);
    if (!signSeen) signSeen = takeSign(text, minusSeen, signs);
  } else if (takeLast(text, "%")) {
    signs |= percentSign;
  } else {
    takeCurrency(text, false, signs);
  }
  trim(text);
  negative = minusSeen || (signs & parentheses) != 0;
  return !(signSeen && (signs & parentheses) != 0) && !text.empty() && (isDigit(text.front()) || isDigit(text.back()));
}

std::size_t digitsAt(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (at + count < text.size() && isDigit(text[at + count])) ++count;
  return count;
}

// The separator that stands between groups at a place, "" where none does.
std::string_view separatorAt(std::string_view text, std::size_t at, char decimal) {
  if (at >= text.size()) return {};
  if ((text[at] == ',' || text[at] == '.') && text[at] != decimal) return text.substr(at, 1);
  for (const auto space : spaces)
    if (text.substr(at).starts_with(space)) return space;
  return {};
}

/// Digits with a point; no longer than the longest cell, so that nothing is allocated.
struct PlainDigits {
  std::array<char, longestCell + 1> text{};
  std::size_t size = 0;

  void append(std::string_view part) {
    for (const char c : part) text[size++] = c;
  }
};

// Digits in groups, perhaps with decimals, as plain digits with a point. The text is at most longestCell long.
bool flatten(std::string_view text, char decimal, std::uint32_t& signs, PlainDigits& plain) {
  plain.size = 0;
  std::size_t at = digitsAt(text, 0);
  if (at > 1 && text[0] == '0') return false;
  plain.append(text.substr(0, at));
  const auto separator = separatorAt(text, at, decimal);
  if (!separator.empty()) {
    if (at == 0 || at > 3 || text[0] == '0') return false;
    signs |= separator == "," ? groupedByComma : separator == "." ? groupedByPoint : groupedBySpace;
    while (text.substr(at).starts_with(separator)) {
      at += separator.size();
      if (digitsAt(text, at) != 3) return false;
      plain.append(text.substr(at, 3));
      at += 3;
    }
  }
  if (at < text.size() && text[at] == decimal) {
    const auto count = digitsAt(text, ++at);
    plain.append(".");
    plain.append(text.substr(at, count));
    at += count;
  }
  return at == text.size() && plain.size > 0 && (plain.size > 1 || isDigit(plain.text[0]));
}

std::size_t countOf(std::string_view text, char wanted) {
  std::size_t count = 0;
  for (const char c : text) count += c == wanted ? 1 : 0;
  return count;
}

// Whether text reads as a number in groups of three with this decimal sign.
bool isGrouped(std::string_view text, char decimal) {
  std::uint32_t signs = 0;
  PlainDigits plain;
  return flatten(text, decimal, signs, plain) && signs != 0;
}

bool onlyDigitsAnd(std::string_view text, std::string_view others) {
  for (const char c : text)
    if (!isDigit(c) && others.find(c) == std::string_view::npos) return false;
  return true;
}

}  // namespace

bool parseWritten(const char* begin, const char* end, char decimal, double& value, std::uint32_t& signs) {
  const auto length = static_cast<std::size_t>(end - begin);
  if (length < 2 || length > longestCell) return false;
  std::string_view text(begin, length);
  bool negative = false;
  PlainDigits plain;
  if (!undress(text, negative, signs) || !flatten(text, decimal, signs, plain) || signs == 0) return false;
  const char* last = plain.text.data() + plain.size;
  const auto result = fast_float::from_chars(plain.text.data(), last, value);
  if (result.ec != std::errc() || result.ptr != last) return false;
  if (negative) value = -value;
  return true;
}

DecimalHint decimalHint(std::string_view cell) {
  if (cell.size() > longestCell || cell.find_first_of(",.") == std::string_view::npos) return DecimalHint::None;
  bool negative = false;
  std::uint32_t signs = 0;
  if (!undress(cell, negative, signs)) return DecimalHint::None;
  const auto commas = countOf(cell, ',');
  const auto points = countOf(cell, '.');
  if (commas > 0 && points > 0) {
    if (commas > 1 && points > 1) return DecimalHint::None;
    const bool commaLast = cell.rfind(',') > cell.rfind('.');
    if (!isGrouped(cell, commaLast ? ',' : '.')) return DecimalHint::None;
    return commaLast ? DecimalHint::Comma : DecimalHint::Point;
  }
  if (commas > 1) return isGrouped(cell, '.') ? DecimalHint::Point : DecimalHint::None;
  if (points > 1) return isGrouped(cell, ',') ? DecimalHint::Comma : DecimalHint::None;
  const char sign = commas == 1 ? ',' : '.';
  const auto hint = commas == 1 ? DecimalHint::Comma : DecimalHint::Point;
  if (!onlyDigitsAnd(cell, std::string_view(&sign, 1))) return isGrouped(cell, sign) ? hint : DecimalHint::None;
  // 1,234 may be either; a lone point is one for decimals unless the file says otherwise elsewhere.
  if (!isGrouped(cell, sign == ',' ? '.' : ',')) return hint;
  return commas == 1 ? DecimalHint::CommaUnclear : DecimalHint::None;
}

std::string signsText(std::uint32_t signs) {
  std::string list;
  const auto name = [&](bool there, std::string_view text) {
    if (there) list.append(list.empty() ? "" : " ").append(text);
  };
  name((signs & groupedByComma) != 0, "1,000");
  name((signs & groupedByPoint) != 0, "1.000");
  name((signs & groupedBySpace) != 0, "1 000");
  name((signs & percentSign) != 0, "%");
  name((signs & parentheses) != 0, "( )");
  name((signs & minusSign) != 0, minus);
  for (unsigned place = 0; place < currencyNames.size(); ++place)
    name((signs & std::uint32_t{firstCurrency} << place) != 0, currencyNames[place]);
  return list;
}

}  // namespace lathe::data
