// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/column.h"

/// Cells that say which labels a row has: a column of yes and no for each label, or one column that lists them.
namespace lathe::data {

/// Whether all values of a column are 0 and 1, or words for no and yes (false true, no yes, f t, n y, off on).
[[nodiscard]] bool holdsTruth(const Table& table, const Column& column);
/// For each row 1, 0, or -1 where missing or none of these.
[[nodiscard]] std::vector<std::int8_t> truthOf(const Table& table, const Column& column);

/// What stands between labels: whichever of ; | , is in the most values of a column of text, the earlier one of equals;
/// "" where none is.
[[nodiscard]] std::string separatorIn(const Column& column);
/// The labels of a cell, without the spaces around them and without empty ones.
[[nodiscard]] std::vector<std::string> labelsIn(std::string_view cell, const std::string& separator);

/// Every label of a column of text, naturally sorted.
[[nodiscard]] std::vector<std::string> labelsOf(const Column& column, const std::string& separator);
/// rows x labels, 1 or 0, a row of -1 where the cell is missing. Labels that are not among `labels` are passed over.
[[nodiscard]] std::vector<std::int8_t> labelMatrix(const Table& table, const Column& column,
                                                   const std::vector<std::string>& labels, const std::string& separator,
                                                   char decimal);

}  // namespace lathe::data
