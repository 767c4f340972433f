// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Numbers as people write them for people: 1,234.5 and 1 234,5, 12.5 %, $5, 5 €, (1,234) for a negative one.
namespace lathe::data {

/// What was taken off a written number, as bits.
enum WrittenSign : std::uint32_t {
  groupedByComma = 1,
  groupedByPoint = 2,
  groupedBySpace = 4,  ///< spaces and apostrophes
  percentSign = 8,
  parentheses = 16,
  minusSign = 32,       ///< the mathematical one, U+2212
  firstCurrency = 256,  ///< this bit and those above it: one a currency
};
inline constexpr std::uint32_t currencySigns = ~std::uint32_t{255};

/// The written numbers among some cells of a column.
struct WrittenSeen {
  std::uint32_t signs = 0;
  std::uint32_t cells = 0;
  std::uint32_t percents = 0;
  std::uint32_t negatives = 0;  ///< in parentheses
  std::uint32_t firstRow = 0;

  void add(std::uint32_t row, std::uint32_t written) {
    if (cells++ == 0) firstRow = row;
    signs |= written;
    percents += (written & percentSign) != 0 ? 1 : 0;
    negatives += (written & parentheses) != 0 ? 1 : 0;
  }
};

/// Reads a whole cell as such a number. Groups have three digits and the sign that is not `decimal`; percentages stay
/// as written (12.5 % is 12.5). False for plain numbers, which have nothing to take off, and for anything else.
[[nodiscard]] bool parseWritten(const char* begin, const char* end, char decimal, double& value, std::uint32_t& signs);

/// What a number's commas and points say about the decimal sign.
enum class DecimalHint : std::uint8_t { None, Point, Comma, CommaUnclear };
[[nodiscard]] DecimalHint decimalHint(std::string_view cell);

/// The signs as a person would list them: ", $ %".
[[nodiscard]] std::string signsText(std::uint32_t signs);

}  // namespace lathe::data
