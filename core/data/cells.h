// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <fast_float/fast_float.h>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/dates.h"

/// Cells of a text table: trimming, quotes, missing values and numbers. No allocation but for quotes inside quotes.
namespace lathe::data {

/// The spellings that stand for no value.
class MissingWords {
 public:
  explicit MissingWords(std::vector<std::string> words);
  /// Whether the trimmed, unquoted cell is missing.
  [[nodiscard]] bool matches(const char* begin, const char* end) const {
    if (begin == end) return m_empty;
    return m_first[static_cast<unsigned char>(*begin)] && search({begin, static_cast<std::size_t>(end - begin)});
  }
  /// Whether some word starts like a number, -999 for example.
  [[nodiscard]] bool mayBeNumbers() const { return m_numbers; }

 private:
  [[nodiscard]] bool search(std::string_view text) const;
  std::vector<std::string> m_words;
  std::array<bool, 256> m_first{};
  bool m_empty = false;
  bool m_numbers = false;
};

struct CellRules {
  MissingWords missing;
  char decimal = '.';
};

/// Narrows [begin, end) to the content: spaces around and one pair of quotes removed. True when the content holds
/// doubled quotes, so that unescape() has to look at it.
inline bool narrow(const char*& begin, const char*& end) {
  while (begin != end && (*begin == ' ' || *begin == '\t')) ++begin;
  while (begin != end && (end[-1] == ' ' || end[-1] == '\r' || end[-1] == '\t')) --end;
  if (end - begin < 2 || *begin != '"' || end[-1] != '"') return false;
  ++begin;
  --end;
  for (const char* p = begin; p != end; ++p)
    if (*p == '"') return true;
  return false;
}
/// Doubled quotes made single.
[[nodiscard]] std::string unescape(std::string_view content);

/// Whole cell as a 64-bit integer: sign and digits, no leading zeros (007 is a code, not a number).
inline bool parseInteger(const char* begin, const char* end, std::int64_t& value) {
  const bool negative = begin != end && *begin == '-';
  if (negative || (begin != end && *begin == '+')) ++begin;
  const auto length = end - begin;
  if (length <= 0 || length > 19 || (*begin == '0' && length > 1)) return false;
  std::uint64_t magnitude = 0;
  for (const char* p = begin; p != end; ++p) {
    const auto digit = static_cast<unsigned>(*p - '0');
    if (digit > 9) return false;
    magnitude = magnitude * 10 + digit;
  }
  if (magnitude > 0x7fffffffffffffffULL) return false;
  value = negative ? -static_cast<std::int64_t>(magnitude) : static_cast<std::int64_t>(magnitude);
  return true;
}

/// True for digits alone with a leading zero: 007.
[[nodiscard]] bool isPaddedCode(const char* begin, const char* end);

/// Whole cell as a real number; infinities and overflow give an infinity. Padded codes are refused.
inline bool parseReal(const char* begin, const char* end, char decimal, double& value) {
  if (begin != end && *begin == '+' && end - begin > 1 && begin[1] != '-') ++begin;
  const char* first = begin != end && *begin == '-' ? begin + 1 : begin;
  if (end - first > 1 && first[0] == '0' && first[1] != '.' && isPaddedCode(begin, end)) return false;
  const auto result = fast_float::from_chars_advanced(
      begin, end, value, fast_float::parse_options(fast_float::chars_format::general, decimal));
  // Newer versions call an overflow out of range, older ones an infinity.
  return result.ptr == end && result.ec != std::errc::invalid_argument && begin != end;
}

/// What a narrowed cell could be, from the most to the least particular.
enum class CellClass : std::uint8_t { Missing, Integer, Real, Date, Text };
[[nodiscard]] CellClass classify(const char* begin, const char* end, const CellRules& rules);
/// The same without written numbers (1,234.5 or 5 %), which are text here.
[[nodiscard]] CellClass classifyPlain(const char* begin, const char* end, const CellRules& rules);

}  // namespace lathe::data
