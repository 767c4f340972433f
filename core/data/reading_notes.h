// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/data/data_checks.h"
#include "core/data/table_part.h"

/// What a person should know about how a text table was read.
namespace lathe::data {

/// Fills in facts.oddRow and oddText: the first cell that keeps a text column from being one of numbers, where at least
/// four fifths of its values are numbers. Codes with leading zeros (007) are no such cell.
void findOddCell(const TablePart& part, int column, ColumnFacts& facts);

/// A row of units that was passed over, commas that may be either sign, written numbers and what was taken off them,
/// mixed quantities, odd cells, dates whose order was assumed.
void warnOfReading(const TablePart& part, const std::vector<ColumnFacts>& facts, const std::string& units,
                   const std::string& unclearComma, Warnings& out);

}  // namespace lathe::data
