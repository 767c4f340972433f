// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/data/buffers.h"
#include "core/data/table_plan.h"

/// What a person should know before training: warnings of a profile.
namespace lathe::data {

using Warnings = std::vector<Warning>;

/// Ignored text, identifiers, constant columns, infinities, integers that reals or floats cannot hold, assumed target.
void warnOfColumns(const Table& table, const std::vector<ColumnFacts>& facts, const TablePlan& plan, Warnings& out);

/// Features that equal or determine the target. `classes` (-1: none) for a classification, `targets` (NaN: none) else.
void warnOfLeakage(const Table& table, const std::vector<ColumnFacts>& facts, const TablePlan& plan,
                   const std::vector<std::int32_t>& classes, const std::vector<double>& targets, Warnings& out);

/// Classes with one row, and counts that differ tenfold.
void warnOfClasses(const std::vector<std::string>& classes, const std::vector<std::int64_t>& counts, Warnings& out);

/// How the labels of a column were told apart.
void warnOfLabels(const spec::DataSchema& schema, Warnings& out);

/// Rows of one series at the same time, as from several series that nothing tells apart.
void warnOfTimes(std::int64_t repeated, const spec::DataSchema& schema, Warnings& out);

/// Rows of validation or test whose key is also among the training rows. One key a row.
void warnOfDuplicates(const std::vector<std::uint64_t>& rowKeys, const Split& split, Warnings& out);

/// A key of each row's values in these columns, equal for equal rows, also of another table.
[[nodiscard]] std::vector<std::uint64_t> rowKeysOf(const Table& table, const std::vector<std::string>& columns);

}  // namespace lathe::data
