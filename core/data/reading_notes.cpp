// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/reading_notes.h"

#include <algorithm>
#include <utility>

#include "core/data/cells.h"

namespace lathe::data {
namespace {

void warn(Warnings& out, std::string code, std::string text, std::string hint, TextArgs args) {
  out.push_back(fail(std::move(code), std::move(text), std::move(hint), std::move(args)).value());
}

enum class Oddness : std::uint8_t { Number, Padded, Odd };

Oddness oddnessOf(const std::string& text, const CellRules& rules) {
  const char* begin = text.data();
  const char* end = begin + text.size();
  const auto kind = classify(begin, end, rules);
  if (kind == CellClass::Integer || kind == CellClass::Real) return Oddness::Number;
  return isPaddedCode(begin, end) ? Oddness::Padded : Oddness::Odd;
}

// By the dictionary: exact.
std::int64_t oddAmongCodes(const Table& table, const Column& column, const CellRules& rules) {
  std::vector<bool> odd(column.values.size(), false);
  for (std::size_t code = 0; code < odd.size(); ++code) {
    const auto kind = oddnessOf(column.values[code], rules);
    if (kind == Oddness::Padded) return -1;
    odd[code] = kind == Oddness::Odd;
  }
  std::int64_t first = -1;
  std::int64_t numbers = 0;
  std::int64_t present = 0;
  forEachValue<std::uint32_t>(table, column, [&](std::int64_t row, std::uint32_t code) {
    if (code == missingCode) return;
    ++present;
    numbers += odd[code] ? 0 : 1;
    if (odd[code] && first < 0) first = row;
  });
  return numbers * 5 >= present * 4 ? first : -1;
}

// Too many values for a dictionary: the first rows tell how common numbers are, and the file which cell is none.
std::int64_t oddInFile(const TablePart& part, int column, const CellRules& rules) {
  if (!part.cells || columnOf(part, column).notes.numbers < 0.8) return -1;
  for (std::int64_t row = 0; row < part.table->rows(); ++row) {
    const auto text = part.cells->cell(row, column);
    if (text.empty()) continue;
    const auto kind = oddnessOf(text, rules);
    if (kind == Oddness::Padded) return -1;
    if (kind == Oddness::Odd) return row;
  }
  return -1;
}

// The number that a cell was read as.
std::string writtenValue(const TablePart& part, int column, std::int64_t row) {
  const auto& starts = part.table->blockStarts;
  const auto block = static_cast<std::size_t>(std::upper_bound(starts.begin(), starts.end(), row) - starts.begin()) - 1;
  const auto& segment = columnOf(part, column).segments[block];
  return numberText(segment.as<double>()[row - starts[block]]);
}

void warnOfNumbers(const TablePart& part, int index, const ColumnFacts& facts, Warnings& out) {
  const auto& column = columnOf(part, index);
  const auto& notes = column.notes;
  if (notes.writtenRow >= 0)
    warn(out, "data.written_numbers",
         LATHE_TEXT("data", "Column {column} is read as plain numbers: {example} in row {row} is {value}."),
         LATHE_TEXT("data", "Set the decimal sign (data.reading.decimal) if that is wrong."),
         {{"column", column.name},
          {"example", part.cell(notes.writtenRow, index)},
          {"row", std::to_string(notes.writtenRow + 1)},
          {"value", writtenValue(part, index, notes.writtenRow)}});
  if (notes.mixedSigns)
    warn(
        out, "data.mixed_units",
        LATHE_TEXT("data", "Column {column} is taken as words: it mixes percentages or currencies with other numbers."),
        LATHE_TEXT("data", "Write all its numbers in one unit."), {{"column", column.name}});
  if (facts.oddRow >= 0)
    warn(out, "data.mostly_numbers",
         LATHE_TEXT("data", "Column {column} is taken as words though it is mostly numbers: row {row} holds {value}."),
         LATHE_TEXT("data", "Correct that cell, or add it to the words for missing values (data.reading.missing)."),
         {{"column", column.name}, {"row", std::to_string(facts.oddRow + 1)}, {"value", facts.oddText}});
}

void warnOfDates(const Column& column, Warnings& out) {
  const auto& notes = column.notes;
  if (notes.dateOrderAssumed && notes.monthFirst)
    warn(out, "data.date_order",
         LATHE_TEXT("data", "The dates of column {column} are read as month/day, like the others of the file."),
         LATHE_TEXT("data", "Write the dates as yyyy-mm-dd if that is wrong."), {{"column", column.name}});
  else if (notes.dateOrderAssumed)
    warn(out, "data.date_order",
         LATHE_TEXT("data", "The dates of column {column} are read as day/month, like the others of the file."),
         LATHE_TEXT("data", "Write the dates as yyyy-mm-dd if that is wrong."), {{"column", column.name}});
  if (notes.compactDates)
    warn(out, "data.compact_dates", LATHE_TEXT("data", "The numbers of column {column} are read as dates (yyyymmdd)."),
         LATHE_TEXT("data", "Give it the kind category or the role ignore if they are none."),
         {{"column", column.name}});
}

}  // namespace

void findOddCell(const TablePart& part, int column, ColumnFacts& facts) {
  const auto& values = columnOf(part, column);
  if (!part.cells || values.notes.mixedSigns || facts.kind == spec::ColumnKind::Boolean) return;
  const CellRules rules{MissingWords({""}), part.decimal};
  if (values.storage == Storage::Codes) facts.oddRow = oddAmongCodes(*part.table, values, rules);
  if (values.storage == Storage::Hashes) facts.oddRow = oddInFile(part, column, rules);
  if (facts.oddRow >= 0) facts.oddText = part.cell(facts.oddRow, column).substr(0, 80);
}

void warnOfReading(const TablePart& part, const std::vector<ColumnFacts>& facts, const std::string& units,
                   const std::string& unclearComma, Warnings& out) {
  if (!units.empty())
    warn(out, "data.units_row",
         LATHE_TEXT("data", "The row below the header is left out, since it holds words above numbers: {units}."),
         LATHE_TEXT("data", "Remove that row from the file."), {{"units", units}});
  if (!unclearComma.empty())
    warn(out, "data.unclear_comma",
         LATHE_TEXT("data", "The comma in {example} is taken for the decimal sign; it might separate thousands."),
         LATHE_TEXT("data", "Set the decimal sign (data.reading.decimal) if that is wrong."),
         {{"example", unclearComma}});
  for (std::size_t c = 0; c < facts.size(); ++c) {
    warnOfNumbers(part, static_cast<int>(c), facts[c], out);
    warnOfDates(part.table->columns[c], out);
  }
}

}  // namespace lathe::data
