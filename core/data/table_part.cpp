// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/table_part.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/data/table_encode.h"

namespace lathe::data {

using spec::Task;

std::string TablePart::cell(std::int64_t row, int column) const {
  if (cells) return cells->cell(row, column);
  if (row < 0 || row >= table->rows() || column < 0 || static_cast<std::size_t>(column) >= table->columns.size())
    return {};
  const auto& values = columnOf(*this, column);
  std::size_t block = 0;
  while (table->blockStarts[block + 1] <= row) ++block;
  const auto at = static_cast<std::size_t>(row - table->blockStarts[block]);
  const auto& segment = values.segments[block];
  switch (values.storage) {
    case Storage::Integer: {
      const auto value = segment.as<std::int64_t>()[at];
      return value == missingInteger ? std::string() : std::to_string(value);
    }
    case Storage::Real:
      return std::isnan(segment.as<double>()[at]) ? std::string() : numberText(segment.as<double>()[at]);
    case Storage::Codes: {
      const auto code = segment.as<std::uint32_t>()[at];
      return code == missingCode ? std::string() : values.values[code];
    }
    default:
      return {};
  }
}

std::size_t rowsOf(const TableParts& parts) {
  std::size_t rows = 0;
  for (const auto& part : parts) rows += static_cast<std::size_t>(part.table->rows());
  return rows;
}

const Column& columnOf(const TablePart& part, int index) {
  return part.table->columns[static_cast<std::size_t>(index)];
}

Result<std::vector<int>> findEverywhere(const TableParts& parts, const std::string& name) {
  std::vector<int> columns;
  for (const auto& part : parts) {
    columns.push_back(part.table->find(name));
    if (columns.back() < 0)
      return fail("data.missing_column", LATHE_TEXT("errors", "The data has no column {column}, which is needed."),
                  LATHE_TEXT("errors", "Add that column, or use a file with the same columns as in training."),
                  {{"column", name}});
  }
  return columns;
}

void appendLabels(const TablePart& part, int column, const spec::DataSchema& schema, Dataset& out) {
  const auto rows = static_cast<std::size_t>(part.table->rows());
  constexpr float none = std::numeric_limits<float>::quiet_NaN();
  constexpr auto largest = static_cast<double>(std::numeric_limits<float>::max());
  if (schema.task == Task::Classification) {
    if (column < 0)
      out.classes.insert(out.classes.end(), rows, -1);
    else
      for (const auto index : indicesOf(*part.table, columnOf(part, column), schema.target.classes, part.decimal))
        out.classes.push_back(std::max(index, -1));
    return;
  }
  if (column < 0)
    out.targets.insert(out.targets.end(), rows, none);
  else
    for (const double x : numbersOf(*part.table, columnOf(part, column), part.decimal))
      out.targets.push_back(std::abs(x) <= largest ? static_cast<float>(x) : none);
}

Result<Dataset> labelledRows(const TablePlan& plan, const TableParts& parts) {
  Dataset out;
  out.rows = rowsOf(parts);
  out.schema.task = plan.task;
  auto& target = out.schema.target;
  target.name = columnOf(parts[0], plan.target).name;
  LATHE_ASSIGN(columns, findEverywhere(parts, target.name));
  if (plan.task == Task::Classification)
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto words = wordsOf(parts[i], columns[i], {});
      target.classes.insert(target.classes.end(), words.begin(), words.end());
    }
  sortWords(target.classes);
  for (std::size_t i = 0; i < parts.size(); ++i) appendLabels(parts[i], columns[i], out.schema, out);
  return out;
}

std::vector<std::string> wordsOf(const TablePart& part, int column, const std::vector<bool>& wanted) {
  Spelling spelling;
  if (part.cells) spelling = [&](std::int64_t row) { return part.cells->cell(row, column); };
  return wordsOf(*part.table, columnOf(part, column), wanted, spelling);
}

}  // namespace lathe::data
