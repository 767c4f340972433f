// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/csv_sample.h"

#include <algorithm>

namespace lathe::data {

bool isBlank(std::string_view text) { return text.find_first_not_of(" \t\r") == std::string_view::npos; }

Rows rowsOf(std::string_view head, const CsvDialect& dialect, std::size_t limit, std::size_t from) {
  Rows rows;
  std::vector<std::string_view> cells;
  std::size_t position = from;
  while (rows.size() < limit && nextRow(head, dialect, position, cells)) {
    if (position >= head.size() && !rows.empty() && !head.ends_with(dialect.newline)) break;
    rows.push_back(cells);
  }
  return rows;
}

std::string contentOf(std::string_view cell) {
  const char* begin = cell.data();
  const char* end = begin + cell.size();
  const bool doubled = narrow(begin, end);
  const std::string_view content(begin, static_cast<std::size_t>(end - begin));
  return doubled ? unescape(content) : std::string(content);
}

CellClass classOf(std::string_view cell, const CellRules& rules) {
  const char* begin = cell.data();
  const char* end = begin + cell.size();
  narrow(begin, end);
  return classify(begin, end, rules);
}

bool isNumber(CellClass kind) { return kind == CellClass::Integer || kind == CellClass::Real; }

CellClass join(CellClass a, CellClass b) {
  if (a == CellClass::Missing) return b;
  if (b == CellClass::Missing || a == b) return a;
  if (isNumber(a) && isNumber(b)) return CellClass::Real;
  return CellClass::Text;
}

bool nextRow(std::string_view text, const CsvDialect& dialect, std::size_t& position,
             std::vector<std::string_view>& cells) {
  cells.clear();
  std::size_t start = position;
  bool quoted = false;
  std::size_t i = position;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') continue;
      if (i + 1 < text.size() && text[i + 1] == '"')
        ++i;
      else
        quoted = false;
    } else if (c == '"') {
      quoted = isBlank(text.substr(start, i - start));
    } else if (c == dialect.delimiter) {
      if (c == ' ' && i == start)
        ++start;
      else {
        cells.push_back(text.substr(start, i - start));
        start = i + 1;
      }
    } else if (c == dialect.newline) {
      const auto rest = text.substr(start, i - start);
      if (cells.empty() && isBlank(rest)) {
        start = i + 1;
        continue;
      }
      if (dialect.delimiter != ' ' || !isBlank(rest)) cells.push_back(rest);
      position = i + 1;
      return true;
    }
  }
  position = text.size();
  const auto rest = text.substr(std::min(start, text.size()));
  if (cells.empty() && isBlank(rest)) return false;
  if (dialect.delimiter != ' ' || !isBlank(rest)) cells.push_back(rest);
  return true;
}

}  // namespace lathe::data
