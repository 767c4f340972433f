// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/data/csv_dialect.h"

/// The first rows of a text table, as the guesses about it look at them.
namespace lathe::data {

inline constexpr std::size_t sampleRows = 1000;
inline constexpr std::size_t delimiterRows = 200;

using Rows = std::vector<std::vector<std::string_view>>;

[[nodiscard]] bool isBlank(std::string_view text);
/// Whole rows only: the sample's last row may be cut, unless it is the only one.
[[nodiscard]] Rows rowsOf(std::string_view head, const CsvDialect& dialect, std::size_t limit, std::size_t from = 0);
/// Without spaces and quotes around it, doubled quotes made single.
[[nodiscard]] std::string contentOf(std::string_view cell);
[[nodiscard]] CellClass classOf(std::string_view cell, const CellRules& rules);
[[nodiscard]] bool isNumber(CellClass kind);
/// The class that holds values of both.
[[nodiscard]] CellClass join(CellClass a, CellClass b);

/// Where the table starts behind lines that are none of it: comments, titles, a count of rows and columns.
[[nodiscard]] std::size_t preambleBytes(std::string_view head, const CsvDialect& dialect, std::size_t from);
/// The line sep=; with which spreadsheets are told the delimiter: its bytes, 0 where there is none.
[[nodiscard]] std::size_t separatorLine(std::string_view head, CsvDialect& dialect);
[[nodiscard]] bool findHeader(const Rows& rows, const CellRules& rules, const spec::ReadingSpec& reading);
/// Unique names of the columns; `rows` start with the header, if there is one.
[[nodiscard]] std::vector<std::string> namesOf(const Rows& rows, bool header);
/// The row below the header when it holds units: words above columns that are numbers from there on; "" otherwise.
[[nodiscard]] std::string unitsOf(const Rows& rows, const CellRules& rules);

}  // namespace lathe::data
