// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/data/csv_sample.h"
#include "core/data/encoding.h"

namespace lathe::data {
namespace {

struct Line {
  std::size_t start = 0;
  std::vector<std::string> cells;  ///< up to sixteen
  std::size_t count = 0;
  bool comment = false;
};

bool isCount(const std::string& text) {
  std::int64_t value = 0;
  return parseInteger(text.data(), text.data() + text.size(), value) && value > 0;
}

// The line 150,4,setosa,versicolor,virginica above 150 rows of 4 features and a class: rows, features, then words.
bool countsTheTable(const Line& line, std::size_t columns) {
  if (line.count < 2 || columns < 2 || !isCount(line.cells[0]) || line.cells[1] != std::to_string(columns - 1))
    return false;
  return std::none_of(line.cells.begin() + 2, line.cells.end(), [](const std::string& cell) {
    double value = 0;
    return parseReal(cell.data(), cell.data() + cell.size(), '.', value);
  });
}

/// A cell of the first row and the column below it.
struct FirstCell {
  std::string text;
  CellClass kind = CellClass::Missing;
  CellClass below = CellClass::Missing;
  bool repeated = false;
};

FirstCell firstCell(const Rows& rows, std::size_t column, const CellRules& rules) {
  FirstCell cell;
  cell.text = contentOf(rows[0][column]);
  bool writtenBelow = false;
  for (std::size_t r = 1; r < rows.size(); ++r) {
    if (column >= rows[r].size()) continue;
    const auto text = contentOf(rows[r][column]);
    const auto kind = classify(text.data(), text.data() + text.size(), rules);
    writtenBelow = writtenBelow || kind != classifyPlain(text.data(), text.data() + text.size(), rules);
    cell.below = join(cell.below, kind);
    cell.repeated = cell.repeated || text == cell.text;
  }
  // 25% above plain numbers is the name of a quantile.
  const char* end = cell.text.data() + cell.text.size();
  cell.kind = writtenBelow ? classify(cell.text.data(), end, rules) : classifyPlain(cell.text.data(), end, rules);
  return cell;
}

bool countsUp(const std::vector<FirstCell>& names) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i].text != std::to_string(i)) return false;
  return names.size() > 1;
}

/// Names that are one fewer than the cells below them.
struct ShortHeader {
  std::size_t added = 0;  ///< columns without a name
  std::size_t first = 0;  ///< column of the first name
};

// R leaves out the name above the rows' names; other programs end each row, but not the header, with a delimiter.
ShortHeader shortHeaderOf(const Rows& rows, bool header) {
  if (!header || rows.size() < 4) return {};
  const std::size_t columns = rows[0].size() + 1;
  const bool longer = std::all_of(rows.begin() + 1, rows.end(), [&](const auto& row) { return row.size() == columns; });
  if (!longer) return {};
  const bool emptyLast = std::all_of(rows.begin() + 1, rows.end(), [](const auto& row) { return isBlank(row.back()); });
  return {1, emptyLast ? 0U : 1U};
}

}  // namespace

std::size_t preambleBytes(std::string_view head, const CsvDialect& dialect, std::size_t from) {
  std::vector<Line> lines;
  std::vector<std::string_view> cells;
  for (std::size_t position = from; lines.size() < delimiterRows;) {
    const std::size_t start = position;
    if (!nextRow(head, dialect, position, cells)) break;
    Line line{start, {}, cells.size(), !cells.empty() && cells[0].starts_with('#')};
    for (std::size_t i = 0; i < std::min<std::size_t>(cells.size(), 16); ++i) line.cells.push_back(contentOf(cells[i]));
    lines.push_back(std::move(line));
  }
  if (lines.size() < 4) return from;
  std::map<std::size_t, std::size_t> counts;
  for (const auto& line : lines) ++counts[line.count];
  const auto usual = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
                       return a.second < b.second;
                     })->first;
  std::size_t skipped = 0;
  for (; skipped + 2 < lines.size(); ++skipped) {
    const auto& line = lines[skipped];
    // The last of several comments, or one of as many words as there are columns, may name the columns.
    const bool comment = line.comment && (line.count != usual || lines[skipped + 1].comment);
    const bool stray = usual > 2 && (line.count == 1 || line.count * 2 < usual);
    if (!comment && !stray && !countsTheTable(line, usual)) break;
  }
  const auto rest =
      static_cast<std::size_t>(std::count_if(lines.begin() + static_cast<std::ptrdiff_t>(skipped), lines.end(),
                                             [&](const Line& line) { return line.count == usual; }));
  return skipped > 0 && rest * 10 >= (lines.size() - skipped) * 9 ? lines[skipped].start : from;
}

std::size_t separatorLine(std::string_view head, CsvDialect& dialect) {
  if (!head.starts_with("sep=") || head.size() < 6) return 0;
  const std::size_t end = head.find(dialect.newline, 5);
  if (end == std::string_view::npos || !isBlank(head.substr(5, end - 5))) return 0;
  dialect.delimiter = head[4];
  return end + 1;
}

bool findHeader(const Rows& rows, const CellRules& rules, const spec::ReadingSpec& reading) {
  if (reading.header) return *reading.header;
  if (rows.empty()) return false;
  std::vector<FirstCell> first;
  for (std::size_t c = 0; c < rows[0].size(); ++c) first.push_back(firstCell(rows, c, rules));
  const auto count = [&](const auto& wanted) {
    return static_cast<std::size_t>(std::count_if(first.begin(), first.end(), wanted));
  };
  const std::size_t words = count([](const FirstCell& cell) { return cell.kind == CellClass::Text; });
  const std::size_t empty = count([](const FirstCell& cell) { return cell.kind == CellClass::Missing; });
  const std::size_t values = first.size() - words - empty;
  if (rows.size() == 1) return words > 0 && values == 0;
  if (values == first.size() && countsUp(first)) return true;
  if (words == 0) return false;
  // A header is unlike the cells below it: words above numbers, or words that never come again.
  std::size_t unlike = 0;
  std::size_t like = 0;
  for (const auto& cell : first) {
    const bool word = cell.kind == CellClass::Text;
    const bool valueAboveValues = !word && cell.kind != CellClass::Missing && cell.kind == cell.below;
    if (word && (isNumber(cell.below) || cell.below == CellClass::Date))
      ++unlike;
    else if (valueAboveValues || (word && cell.repeated))
      ++like;
  }
  if (unlike != like) return unlike > like;
  // All words: names are distinct, and none of them is a value.
  std::set<std::string> distinct;
  for (const auto& cell : first) distinct.insert(cell.text);
  return values == 0 && empty <= 1 && distinct.size() == first.size() && like == 0;
}

std::vector<std::string> namesOf(const Rows& rows, bool header) {
  const auto shorter = shortHeaderOf(rows, header);
  const std::size_t columns = rows.empty() ? 0 : rows[0].size() + shorter.added;
  std::vector<std::string> names(columns);
  std::set<std::string> taken;
  for (std::size_t c = 0; c < columns; ++c) {
    const std::size_t place = c - shorter.first;
    const bool named = header && c >= shorter.first && place < rows[0].size();
    std::string name = named ? repairUtf8(contentOf(rows[0][place])) : std::string();
    if (name.empty()) name = "c" + std::to_string(c);
    std::string unique = name;
    for (int i = 2; !taken.insert(unique).second; ++i) unique = name + "_" + std::to_string(i);
    names[c] = unique;
  }
  return names;
}

std::string unitsOf(const Rows& rows, const CellRules& rules) {
  if (rows.size() < 5) return {};
  std::size_t units = 0;
  std::string text;
  for (std::size_t c = 0; c < rows[1].size(); ++c) {
    const auto content = contentOf(rows[1][c]);
    const auto kind = classOf(rows[1][c], rules);
    text += (c == 0 ? "" : " | ") + content;
    CellClass below = CellClass::Missing;
    for (std::size_t r = 2; r < rows.size(); ++r)
      if (c < rows[r].size()) below = join(below, classOf(rows[r][c], rules));
    const bool values = isNumber(below) || below == CellClass::Date;
    if (values && kind != CellClass::Text && kind != CellClass::Missing) return {};
    units += values && kind == CellClass::Text ? 1 : 0;
  }
  return units >= 2 ? repairUtf8(text.substr(0, 200)) : std::string();
}

}  // namespace lathe::data
