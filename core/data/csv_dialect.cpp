// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/csv_dialect.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/data/encoding.h"

namespace lathe::data {
namespace {

constexpr std::size_t sampleRows = 1000;
constexpr std::size_t delimiterRows = 200;

using Rows = std::vector<std::vector<std::string_view>>;

bool isBlank(std::string_view text) { return text.find_first_not_of(" \t\r") == std::string_view::npos; }

// Whole rows only: the sample's last row may be cut, unless it is the only one.
Rows rowsOf(std::string_view head, const CsvDialect& dialect, std::size_t limit, std::size_t from = 0) {
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

struct DelimiterScore {
  char delimiter = ',';
  std::size_t columns = 1;
  double consistent = 0;  ///< share of rows with the commonest number of cells
  double typed = 0;       ///< share of cells that are numbers, dates or missing
  double numbers = 0;
};

DelimiterScore scoreOf(std::string_view head, char delimiter, CsvDialect dialect,
                       const std::vector<std::string>& missing) {
  dialect.delimiter = delimiter;
  const auto rows = rowsOf(head, dialect, delimiterRows);
  std::map<std::size_t, std::size_t> counts;
  for (const auto& row : rows) ++counts[row.size()];
  DelimiterScore score;
  score.delimiter = delimiter;
  std::size_t most = 0;
  for (const auto& [columns, count] : counts)
    if (count >= most) {
      most = count;
      score.columns = columns;
    }
  if (rows.empty()) return score;
  score.consistent = static_cast<double>(most) / static_cast<double>(rows.size());
  const CellRules points{MissingWords(missing), '.'};
  const CellRules commas{MissingWords(missing), ','};
  double cells = 0;
  double typed = 0;
  double numbers = 0;
  for (std::size_t i = rows.size() > 1 ? 1 : 0; i < rows.size(); ++i)
    for (const auto cell : rows[i]) {
      auto kind = classOf(cell, points);
      if (kind == CellClass::Text && delimiter != ',') kind = classOf(cell, commas);
      cells += 1;
      typed += kind == CellClass::Text ? 0 : 1;
      numbers += isNumber(kind) ? 1 : 0;
    }
  score.typed = cells > 0 ? typed / cells : 0;
  score.numbers = cells > 0 ? numbers / cells : 0;
  return score;
}

bool better(const DelimiterScore& a, const DelimiterScore& b) {
  if ((a.columns > 1) != (b.columns > 1)) return a.columns > 1;
  if (std::abs(a.consistent - b.consistent) > 0.1) return a.consistent > b.consistent;
  if (std::abs(a.typed - b.typed) > 0.02) return a.typed > b.typed;
  if (std::abs(a.consistent - b.consistent) > 1e-9) return a.consistent > b.consistent;
  return a.columns > b.columns;
}

char findDelimiter(std::string_view head, const CsvDialect& dialect, const spec::ReadingSpec& reading,
                   const std::string& path) {
  if (reading.delimiter == "\\t" || reading.delimiter == "tab") return '\t';
  if (!reading.delimiter.empty()) return reading.delimiter[0];
  const std::string name = path.ends_with(".gz") ? path.substr(0, path.size() - 3) : path;
  const bool tabs = name.ends_with(".tsv") || name.ends_with(".tab");
  std::array<char, 4> candidates{',', ';', '\t', '|'};
  if (tabs) std::swap(candidates[0], candidates[2]);
  DelimiterScore best = scoreOf(head, candidates[0], dialect, reading.missing);
  if (tabs && best.columns > 1 && best.consistent > 0.5) return best.delimiter;
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    const auto score = scoreOf(head, candidates[i], dialect, reading.missing);
    if (better(score, best)) best = score;
  }
  if (best.columns == 1) {
    // Words are separated by spaces as well: only columns of numbers count.
    const auto spaces = scoreOf(head, ' ', dialect, reading.missing);
    if (spaces.columns > 1 && spaces.consistent > 0.9 && spaces.numbers > 0.8) return ' ';
    return candidates[0];
  }
  return best.delimiter;
}

char findDecimal(const Rows& rows, const CsvDialect& dialect, const spec::ReadingSpec& reading) {
  if (!reading.decimal.empty()) return reading.decimal[0];
  if (dialect.delimiter == ',') {
    // Only quoted cells can hold a comma here: "1,5".
    bool quoted = false;
    for (const auto& row : rows)
      for (const auto cell : row) quoted = quoted || cell.find('"') != std::string_view::npos;
    if (!quoted) return '.';
  }
  const CellRules points{MissingWords({""}), '.'};
  const CellRules commas{MissingWords({""}), ','};
  std::size_t withPoint = 0;
  std::size_t withComma = 0;
  for (const auto& row : rows)
    for (const auto cell : row) {
      if (cell.find(',') != std::string_view::npos && classOf(cell, commas) == CellClass::Real)
        ++withComma;
      else if (cell.find('.') != std::string_view::npos && classOf(cell, points) == CellClass::Real)
        ++withPoint;
    }
  return withComma > withPoint ? ',' : '.';
}

CellClass join(CellClass a, CellClass b) {
  if (a == CellClass::Missing) return b;
  if (b == CellClass::Missing || a == b) return a;
  if (isNumber(a) && isNumber(b)) return CellClass::Real;
  return CellClass::Text;
}

bool countsUp(const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] != std::to_string(i)) return false;
  return names.size() > 1;
}

bool findHeader(const Rows& rows, const CellRules& rules, const spec::ReadingSpec& reading) {
  if (reading.header) return *reading.header;
  if (rows.empty()) return false;
  std::vector<std::string> first;
  first.reserve(rows[0].size());
  for (const auto cell : rows[0]) first.push_back(contentOf(cell));
  std::size_t words = 0;
  std::size_t values = 0;
  std::size_t empty = 0;
  for (const auto& text : first) {
    const auto kind = classify(text.data(), text.data() + text.size(), rules);
    if (kind == CellClass::Text)
      ++words;
    else if (kind == CellClass::Missing)
      ++empty;
    else
      ++values;
  }
  if (rows.size() == 1) return words > 0 && values == 0;
  if (values == first.size() && countsUp(first)) return true;
  if (words == 0) return false;
  // A header is unlike the cells below it: words above numbers, or words that never come again.
  std::size_t unlike = 0;
  std::size_t like = 0;
  for (std::size_t c = 0; c < first.size(); ++c) {
    CellClass below = CellClass::Missing;
    bool repeated = false;
    for (std::size_t r = 1; r < rows.size(); ++r) {
      if (c >= rows[r].size()) continue;
      below = join(below, classOf(rows[r][c], rules));
      repeated = repeated || contentOf(rows[r][c]) == first[c];
    }
    const auto kind = classify(first[c].data(), first[c].data() + first[c].size(), rules);
    const bool word = kind == CellClass::Text;
    const bool valueAboveValues = !word && kind != CellClass::Missing && kind == below;
    if (word && (isNumber(below) || below == CellClass::Date))
      ++unlike;
    else if (valueAboveValues || (word && repeated))
      ++like;
  }
  if (unlike != like) return unlike > like;
  // All words: names are distinct, and none of them is a value.
  const std::set<std::string> distinct(first.begin(), first.end());
  return values == 0 && empty <= 1 && distinct.size() == first.size() && like == 0;
}

// Where the table starts behind lines that are none of it: comments, titles, a count of rows and columns.
std::size_t preambleBytes(std::string_view head, const CsvDialect& dialect, std::size_t from) {
  struct Line {
    std::size_t start = 0;
    std::size_t cells = 0;
    bool comment = false;
  };
  std::vector<Line> lines;
  std::vector<std::string_view> cells;
  for (std::size_t position = from; lines.size() < delimiterRows;) {
    const std::size_t start = position;
    if (!nextRow(head, dialect, position, cells)) break;
    lines.push_back({start, cells.size(), !cells.empty() && cells[0].starts_with('#')});
  }
  if (lines.size() < 4) return from;
  std::map<std::size_t, std::size_t> counts;
  for (const auto& line : lines) ++counts[line.cells];
  const auto usual = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
                       return a.second < b.second;
                     })->first;
  std::size_t skipped = 0;
  for (; skipped + 2 < lines.size(); ++skipped) {
    const auto& line = lines[skipped];
    // The last of several comments, or one of as many words as there are columns, may name the columns.
    const bool comment = line.comment && (line.cells != usual || lines[skipped + 1].comment);
    const bool stray = usual > 2 && (line.cells == 1 || line.cells * 2 < usual);
    if (!comment && !stray) break;
  }
  const auto rest =
      static_cast<std::size_t>(std::count_if(lines.begin() + static_cast<std::ptrdiff_t>(skipped), lines.end(),
                                             [&](const Line& line) { return line.cells == usual; }));
  return skipped > 0 && rest * 10 >= (lines.size() - skipped) * 9 ? lines[skipped].start : from;
}

// The line sep=; with which spreadsheets are told the delimiter: its bytes, 0 where there is none.
std::size_t separatorLine(std::string_view head, CsvDialect& dialect) {
  if (!head.starts_with("sep=") || head.size() < 6) return 0;
  const std::size_t end = head.find(dialect.newline, 5);
  if (end == std::string_view::npos || !isBlank(head.substr(5, end - 5))) return 0;
  dialect.delimiter = head[4];
  return end + 1;
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

void guessColumns(CsvOutline& outline, std::string_view head, const CellRules& rules) {
  const auto rows = rowsOf(head, outline.dialect, sampleRows, outline.headerBytes);
  outline.columns.resize(outline.names.size());
  std::vector<double> present(outline.names.size(), 0);
  for (const auto& row : rows)
    for (std::size_t c = 0; c < std::min(row.size(), outline.names.size()); ++c) {
      auto& column = outline.columns[c];
      const auto kind = classOf(row[c], rules);
      column.kind = join(column.kind, kind);
      if (kind == CellClass::Missing) continue;
      present[c] += 1;
      column.textLength += static_cast<double>(contentOf(row[c]).size());
      column.spaces += contentOf(row[c]).find(' ') != std::string::npos ? 1 : 0;
    }
  for (std::size_t c = 0; c < present.size(); ++c) {
    if (present[c] == 0) continue;
    outline.columns[c].textLength /= present[c];
    outline.columns[c].spaces /= present[c];
  }
  if (!rows.empty()) {
    const auto* last = rows.back().empty() ? head.data() : rows.back().back().data() + rows.back().back().size();
    outline.bytesPerRow =
        static_cast<double>(last - head.data() - static_cast<std::ptrdiff_t>(outline.headerBytes) + 1) /
        static_cast<double>(rows.size());
  }
}

}  // namespace

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

CsvOutline outlineOf(std::string_view head, const spec::ReadingSpec& reading, const std::string& path) {
  CsvOutline outline;
  auto& dialect = outline.dialect;
  if (head.find('\n') == std::string_view::npos && head.find('\r') != std::string_view::npos) dialect.newline = '\r';
  const std::size_t separator = reading.delimiter.empty() ? separatorLine(head, dialect) : 0;
  if (separator == 0) dialect.delimiter = findDelimiter(head, dialect, reading, path);
  outline.headerBytes = preambleBytes(head, dialect, separator);
  const auto rows = rowsOf(head, dialect, delimiterRows, outline.headerBytes);
  dialect.decimal = findDecimal(rows, dialect, reading);
  const CellRules rules{MissingWords(reading.missing), dialect.decimal};
  dialect.header = findHeader(rows, rules, reading);
  outline.names = namesOf(rows, dialect.header);
  if (dialect.header) {
    std::vector<std::string_view> cells;
    if (!nextRow(head, dialect, outline.headerBytes, cells)) outline.headerBytes = head.size();
  }
  guessColumns(outline, head, rules);
  return outline;
}

}  // namespace lathe::data
