// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/data/cells.h"
#include "core/spec/experiment.h"

namespace lathe::data {

/// How a text table is written.
struct CsvDialect {
  char delimiter = ',';
  char decimal = '.';
  char newline = '\n';  ///< '\r' in files without any '\n'
  bool header = true;
};

/// What the first rows of a file say.
struct CsvOutline {
  CsvDialect dialect;
  std::vector<std::string> names;  ///< unique; c0, c1 ... without a header or where a name is empty
  std::size_t headerBytes = 0;     ///< where the first row of values starts, behind preamble and header
  struct ColumnGuess {
    CellClass kind = CellClass::Missing;  ///< Missing: all empty so far
    double textLength = 0;
    double spaces = 0;
    double numbers = 0;  ///< share of the values
  };
  std::vector<ColumnGuess> columns;
  double bytesPerRow = 0;
  std::string unclearComma;  ///< a number like 1,234 whose comma was taken for the decimal sign without better reason
  std::string units;         ///< the row below the header that was passed over: its cells
};

/// Looks at the start of a text table: delimiter by consistency or from a first line sep=;, decimal sign, header and
/// kinds. Comments (#), titles and other lines before the table that have far fewer cells are passed over; a header of
/// one name too few gets a column c0 before it (R's row names) or behind it (rows that end in a delimiter, all empty).
/// A row of units right below the header is passed over. `reading` overrides.
/// `path` decides between equals (.tsv).
[[nodiscard]] CsvOutline outlineOf(std::string_view head, const spec::ReadingSpec& reading, const std::string& path);

/// One row of cells as they stand, from `position`, which moves behind the row's end. Quoted cells may hold delimiters
/// and line ends. Blank lines are passed over. False at the end of the text.
[[nodiscard]] bool nextRow(std::string_view text, const CsvDialect& dialect, std::size_t& position,
                           std::vector<std::string_view>& cells);

}  // namespace lathe::data
