// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/data/table_part.h"

/// What the columns of a table say about time and series.
namespace lathe::data {

/// Dates whose order nothing tells are not guessed at: a model would see other days than those it learnt from. Error:
/// data.ambiguous_dates.
Result<void> refuseAmbiguousDates(const Column& column);

/// Keys of the groups of a part's rows; a row without a group is a group of its own.
[[nodiscard]] std::vector<std::uint64_t> groupKeys(const TablePart& part, int column);
/// The time of each row of a part, in microseconds or as the number in the column; NaN where there is none. Error:
/// data.ambiguous_dates.
Result<std::vector<double>> rowTimes(const TablePart& part, int column);

/// What a plan and a spec say about windows.
[[nodiscard]] spec::SequenceSchema sequenceOf(const spec::DataSpec& spec, const TablePlan& plan, const Table& table);

/// Puts the rows in order, makes the targets those of the rows ahead where out.schema has a horizon, and takes the
/// labels of rows without a complete window. `out` has its labels, one row's at a time. Errors: data.missing_column,
/// data.unsortable_time.
Result<void> addWindows(const TableParts& parts, Dataset& out);

}  // namespace lathe::data
