// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/cells.h"

#include <algorithm>
#include <utility>

#include "core/data/written_numbers.h"

namespace lathe::data {

MissingWords::MissingWords(std::vector<std::string> words) : m_words(std::move(words)) {
  for (const auto& word : m_words) {
    if (word.empty())
      m_empty = true;
    else
      m_first[static_cast<unsigned char>(word[0])] = true;
    if (!word.empty() && std::string_view("0123456789+-.").find(word[0]) != std::string_view::npos) m_numbers = true;
  }
}

bool MissingWords::search(std::string_view text) const {
  return std::any_of(m_words.begin(), m_words.end(), [&](const std::string& word) { return word == text; });
}

std::string unescape(std::string_view content) {
  std::string out;
  out.reserve(content.size());
  for (std::size_t i = 0; i < content.size(); ++i) {
    out += content[i];
    if (content[i] == '"' && i + 1 < content.size() && content[i + 1] == '"') ++i;
  }
  return out;
}

bool isPaddedCode(const char* begin, const char* end) {
  if (begin != end && *begin == '-') ++begin;
  if (end - begin < 2 || *begin != '0') return false;
  return std::all_of(begin, end, [](char c) { return c >= '0' && c <= '9'; });
}

CellClass classifyPlain(const char* begin, const char* end, const CellRules& rules) {
  if (rules.missing.matches(begin, end) || begin == end) return CellClass::Missing;
  std::int64_t integer = 0;
  if (parseInteger(begin, end, integer)) return CellClass::Integer;
  double real = 0;
  if (parseReal(begin, end, rules.decimal, real)) return CellClass::Real;
  DayOrderSeen seen;
  if (parseDateTime(begin, end, DayOrder::DayFirst, seen, integer)) return CellClass::Date;
  return CellClass::Text;
}

CellClass classify(const char* begin, const char* end, const CellRules& rules) {
  const auto kind = classifyPlain(begin, end, rules);
  double real = 0;
  std::uint32_t signs = 0;
  return kind == CellClass::Text && parseWritten(begin, end, rules.decimal, real, signs) ? CellClass::Real : kind;
}

}  // namespace lathe::data
