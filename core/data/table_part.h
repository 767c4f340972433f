// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/data/buffers.h"
#include "core/data/csv_reader.h"
#include "core/data/table_plan.h"

namespace lathe::data {

/// A table with the way to its cells' spelling.
struct TablePart {
  std::shared_ptr<const Table> table;
  std::shared_ptr<const CsvCells> cells;  ///< null for binary files
  char decimal = '.';

  [[nodiscard]] std::string cell(std::int64_t row, int column) const;
};

/// The table to split and, perhaps, one of test rows, which follow in the row numbers.
using TableParts = std::vector<TablePart>;

[[nodiscard]] std::size_t rowsOf(const TableParts& parts);
[[nodiscard]] const Column& columnOf(const TablePart& part, int index);

/// The number of column `name` in each part. Error: data.missing_column.
Result<std::vector<int>> findEverywhere(const TableParts& parts, const std::string& name);

/// Appends a part's labels as the schema's task wants them; where a column is missing, rows without labels.
void appendLabels(const TablePart& part, const spec::DataSchema& schema, Dataset& out);

/// Task, target with its classes, and the labels of all rows; nothing else yet.
Result<Dataset> labelledRows(const TablePlan& plan, const TableParts& parts);

/// Of two classes the rarer one becomes the second: what a label of anomalies calls one.
void rareLast(std::vector<std::string>& classes, std::vector<std::int32_t>& labels);

/// The distinct words of a column of a part, spelled as in its file; of the wanted rows (empty: all).
[[nodiscard]] std::vector<std::string> wordsOf(const TablePart& part, int column, const std::vector<bool>& wanted);

}  // namespace lathe::data
