// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/csv_dialect.h"

#include <algorithm>
#include <array>
#include <map>

#include "core/data/csv_sample.h"
#include "core/data/written_numbers.h"

namespace lathe::data {
namespace {

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

// The decimal sign that most numbers need; where only numbers like 1,234 have a comma, what the delimiter suggests.
char findDecimal(const Rows& rows, const CsvDialect& dialect, const spec::ReadingSpec& reading, std::string& unclear) {
  if (!reading.decimal.empty()) return reading.decimal[0];
  if (dialect.delimiter == ',') {
    // Only quoted cells can hold a comma here: "1,5".
    bool quoted = false;
    for (const auto& row : rows)
      for (const auto cell : row) quoted = quoted || cell.find('"') != std::string_view::npos;
    if (!quoted) return '.';
  }
  std::size_t points = 0;
  std::size_t commas = 0;
  std::string example;
  for (const auto& row : rows)
    for (const auto cell : row) {
      if (cell.find_first_of(",.") == std::string_view::npos) continue;
      const auto content = contentOf(cell);
      const auto hint = decimalHint(content);
      points += hint == DecimalHint::Point ? 1 : 0;
      commas += hint == DecimalHint::Comma ? 1 : 0;
      if (hint == DecimalHint::CommaUnclear && example.empty()) example = content;
    }
  if (points != commas) return commas > points ? ',' : '.';
  // Spreadsheets write semicolons where the comma is the decimal sign.
  if (points > 0 || example.empty() || dialect.delimiter != ';') return '.';
  unclear = example;
  return ',';
}

// Line ends outside of quotes tell: \n, alone or behind \r, or \r alone.
char findNewline(std::string_view head) {
  bool quoted = false;
  bool returns = false;
  for (const char c : head) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n') return '\n';
    returns = returns || c == '\r';
  }
  return returns ? '\r' : '\n';
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
      column.numbers += isNumber(kind) ? 1 : 0;
      column.textLength += static_cast<double>(contentOf(row[c]).size());
      column.spaces += contentOf(row[c]).find(' ') != std::string::npos ? 1 : 0;
    }
  for (std::size_t c = 0; c < present.size(); ++c) {
    if (present[c] == 0) continue;
    outline.columns[c].textLength /= present[c];
    outline.columns[c].spaces /= present[c];
    outline.columns[c].numbers /= present[c];
  }
  if (!rows.empty()) {
    const auto* last = rows.back().empty() ? head.data() : rows.back().back().data() + rows.back().back().size();
    outline.bytesPerRow =
        static_cast<double>(last - head.data() - static_cast<std::ptrdiff_t>(outline.headerBytes) + 1) /
        static_cast<double>(rows.size());
  }
}

}  // namespace

CsvOutline outlineOf(std::string_view head, const spec::ReadingSpec& reading, const std::string& path) {
  CsvOutline outline;
  auto& dialect = outline.dialect;
  dialect.newline = findNewline(head);
  const std::size_t separator = reading.delimiter.empty() ? separatorLine(head, dialect) : 0;
  if (separator == 0) dialect.delimiter = findDelimiter(head, dialect, reading, path);
  outline.headerBytes = preambleBytes(head, dialect, separator);
  const auto rows = rowsOf(head, dialect, delimiterRows, outline.headerBytes);
  dialect.decimal = findDecimal(rows, dialect, reading, outline.unclearComma);
  const CellRules rules{MissingWords(reading.missing), dialect.decimal};
  dialect.header = findHeader(rows, rules, reading);
  outline.names = namesOf(rows, dialect.header);
  if (dialect.header) {
    std::vector<std::string_view> cells;
    if (!nextRow(head, dialect, outline.headerBytes, cells)) outline.headerBytes = head.size();
    outline.units = unitsOf(rows, rules);
    if (!outline.units.empty()) (void)nextRow(head, dialect, outline.headerBytes, cells);
  }
  guessColumns(outline, head, rules);
  return outline;
}

}  // namespace lathe::data
