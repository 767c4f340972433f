// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <fmt/format.h>

#include "core/serving/input_rows.h"

namespace lathe::serving {
namespace {

/// Lines and cells of RFC 4180.
class CsvLines {
 public:
  explicit CsvLines(std::string_view text) : m_rest(text) {
    if (m_rest.starts_with("\xef\xbb\xbf")) m_rest.remove_prefix(3);
    const auto line = m_rest.substr(0, m_rest.find('\n'));
    if (line.find(',') == std::string_view::npos)
      for (const char other : {';', '\t'})
        if (line.find(other) != std::string_view::npos) m_delimiter = other;
  }

  /// The cells of the next line that is not empty; false at the end.
  bool next(std::vector<std::string>& cells) {
    cells.clear();
    while (!m_rest.empty() && (m_rest.front() == '\n' || m_rest.front() == '\r')) m_rest.remove_prefix(1);
    if (m_rest.empty()) return false;
    for (;;) {
      cells.push_back(cell());
      if (m_rest.empty()) return true;
      const char end = m_rest.front();
      m_rest.remove_prefix(1);
      if (end == '\n') return true;
    }
  }

 private:
  /// Up to the delimiter or the line's end, which stays.
  std::string cell() {
    std::string text;
    if (!m_rest.empty() && m_rest.front() == '"') {
      m_rest.remove_prefix(1);
      while (!m_rest.empty()) {
        if (m_rest.front() == '"' && !(m_rest.size() > 1 && m_rest[1] == '"')) {
          m_rest.remove_prefix(1);
          break;
        }
        if (m_rest.front() == '"') m_rest.remove_prefix(1);
        text += m_rest.front();
        m_rest.remove_prefix(1);
      }
    }
    const auto end = std::min(m_rest.find_first_of(std::string_view(ends())), m_rest.size());
    text.append(m_rest.substr(0, end));
    m_rest.remove_prefix(end);
    if (!text.empty() && text.back() == '\r') text.pop_back();
    return text;
  }
  [[nodiscard]] std::string ends() const { return {m_delimiter, '\n'}; }

  std::string_view m_rest;
  char m_delimiter = ',';
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// For each column the place of its cell; empty when the cells name no column.
Answer<std::vector<std::size_t>> placesIn(const InputLayout& layout, const std::vector<std::string>& header) {
  std::vector<std::size_t> places(layout.columns().size(), header.size());
  std::size_t known = 0;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const auto column = layout.columnIndex(trimmed(header[i]));
    if (column == places.size()) continue;
    places[column] = i;
    ++known;
  }
  if (known == 0) return std::vector<std::size_t>();
  for (std::size_t c = 0; c < places.size(); ++c)
    if (places[c] == header.size())
      return refuse(FaultKind::BadInput, fmt::format("The column \"{}\" is missing", layout.columns()[c].name()));
  return places;
}

Answer<void> appendCells(const InputLayout& layout, const std::vector<std::string>& cells,
                         const std::vector<std::size_t>& places, InputRows& result) {
  const auto& columns = layout.columns();
  std::size_t needed = places.empty() ? columns.size() : 0;
  for (const auto place : places) needed = std::max(needed, place + 1);
  if (cells.size() < needed || (places.empty() && cells.size() != needed))
    return refuse(FaultKind::BadInput,
                  fmt::format("A line has {} cells, the model has the columns {}", cells.size(), layout.columnNames()));
  const auto first = result.numbers.size();
  result.numbers.resize(first + layout.rowSize());
  for (std::size_t c = 0; c < columns.size(); ++c)
    SERVING_TRY(columns[c].writeText(cells[places.empty() ? c : places[c]], result.numbers.data() + first));
  return {};
}

}  // namespace

Answer<InputRows> rowsOfCsv(const InputLayout& layout, std::string_view text) {
  if (!layout.table()) return refuse(FaultKind::BadInput, "This model takes no table: send an image or numbers");
  CsvLines lines(text);
  std::vector<std::string> cells;
  if (!lines.next(cells)) return refuse(FaultKind::BadInput, "The request holds no rows");
  InputRows result;
  SERVING_ASSIGN(places, placesIn(layout, cells));
  if (places.empty()) SERVING_TRY(appendCells(layout, cells, places, result));
  while (lines.next(cells)) SERVING_TRY(appendCells(layout, cells, places, result));
  if (result.numbers.empty()) return refuse(FaultKind::BadInput, "The request holds no rows");
  const auto count = result.numbers.size() / layout.rowSize();
  if (layout.window() == 1) {
    result.rows = count;
    return result;
  }
  if (count < layout.window())
    return refuse(FaultKind::BadInput,
                  fmt::format("The model looks at {} rows in a row, the request holds {}", layout.window(), count));
  result.numbers.erase(result.numbers.begin(), result.numbers.end() - static_cast<std::ptrdiff_t>(layout.inputSize()));
  result.single = true;
  result.rows = 1;
  return result;
}

}  // namespace lathe::serving
