// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/table_part.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/data/label_cells.h"
#include "core/data/table_encode.h"
#include "core/spec/targets.h"

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

namespace {

void appendNumbers(const TablePart& part, const std::vector<int>& columns, Dataset& out) {
  constexpr float none = std::numeric_limits<float>::quiet_NaN();
  constexpr auto largest = static_cast<double>(std::numeric_limits<float>::max());
  const auto rows = static_cast<std::size_t>(part.table->rows());
  const std::size_t first = out.targets.size();
  out.targets.resize(first + rows * columns.size(), none);
  for (std::size_t t = 0; t < columns.size(); ++t) {
    if (columns[t] < 0) continue;
    const auto numbers = numbersOf(*part.table, columnOf(part, columns[t]), part.decimal);
    for (std::size_t row = 0; row < rows; ++row)
      if (std::abs(numbers[row]) <= largest)
        out.targets[first + row * columns.size() + t] = static_cast<float>(numbers[row]);
  }
}

void appendTruths(const TablePart& part, const std::vector<int>& columns, Dataset& out) {
  const auto rows = static_cast<std::size_t>(part.table->rows());
  const std::size_t first = out.labels.size();
  out.labels.resize(first + rows * columns.size(), -1);
  for (std::size_t l = 0; l < columns.size(); ++l) {
    if (columns[l] < 0) continue;
    const auto truths = truthOf(*part.table, columnOf(part, columns[l]));
    for (std::size_t row = 0; row < rows; ++row) out.labels[first + row * columns.size() + l] = truths[row];
  }
  // A row that does not say all of its labels says none.
  for (std::size_t row = 0; row < rows; ++row) {
    const auto begin = out.labels.begin() + static_cast<std::ptrdiff_t>(first + row * columns.size());
    const auto end = begin + static_cast<std::ptrdiff_t>(columns.size());
    if (std::find(begin, end, -1) != end) std::fill(begin, end, std::int8_t{-1});
  }
}

}  // namespace

void appendLabels(const TablePart& part, const spec::DataSchema& schema, Dataset& out) {
  const auto rows = static_cast<std::size_t>(part.table->rows());
  const auto& target = schema.target;
  std::vector<int> columns;
  for (const auto& name : spec::targetColumns(target)) columns.push_back(part.table->find(name));
  if (spec::predictsNumbers(schema.task)) return appendNumbers(part, columns, out);
  if (schema.task == Task::Anomaly && target.classes.size() != 2) return;
  if (!target.columns.empty()) return appendTruths(part, columns, out);
  const int column = columns.front();
  if (schema.task == Task::Multilabel) {
    const auto matrix =
        column < 0 ? std::vector<std::int8_t>(rows * target.classes.size(), -1)
                   : labelMatrix(*part.table, columnOf(part, column), target.classes, target.separator, part.decimal);
    out.labels.insert(out.labels.end(), matrix.begin(), matrix.end());
    return;
  }
  if (column < 0)
    out.classes.insert(out.classes.end(), rows, -1);
  else
    for (const auto index : indicesOf(*part.table, columnOf(part, column), target.classes, part.decimal))
      out.classes.push_back(std::max(index, -1));
}

Result<Dataset> labelledRows(const TablePlan& plan, const TableParts& parts) {
  Dataset out;
  out.rows = rowsOf(parts);
  out.schema.task = plan.task;
  auto& target = out.schema.target;
  std::vector<std::string> names;
  for (const int column : plan.targets) names.push_back(columnOf(parts[0], column).name);
  target.name = spec::joinNames(names);
  if (names.size() > 1) target.columns = names;
  std::vector<std::vector<int>> columns;
  for (const auto& name : names) {
    LATHE_ASSIGN(found, findEverywhere(parts, name));
    columns.push_back(found);
  }
  if (plan.task == Task::Multilabel && names.size() > 1) {
    target.classes = names;
  } else if (plan.task == Task::Multilabel) {
    target.separator = separatorIn(columnOf(parts[0], columns[0][0]));
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto& column = columnOf(parts[i], columns[0][i]);
      const auto words =
          column.storage == Storage::Codes ? labelsOf(column, target.separator) : wordsOf(parts[i], columns[0][i], {});
      target.classes.insert(target.classes.end(), words.begin(), words.end());
    }
    sortWords(target.classes);
    if (target.classes.size() < 2 || target.classes.size() > dictionaryLimit)
      return fail("data.label_count",
                  LATHE_TEXT("errors",
                             "The target column {column} holds {count} different labels, from 2 to 65536 are needed."),
                  LATHE_TEXT("errors", "Choose a column that lists the labels of each row, such as a;b."),
                  {{"column", target.name}, {"count", std::to_string(target.classes.size())}});
  } else if (plan.task == Task::Classification || (plan.task == Task::Anomaly && !names.empty())) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto words = wordsOf(parts[i], columns[0][i], {});
      target.classes.insert(target.classes.end(), words.begin(), words.end());
    }
    sortWords(target.classes);
  }
  for (const auto& part : parts) appendLabels(part, out.schema, out);
  if (plan.task == Task::Anomaly) rareLast(target.classes, out.classes);
  return out;
}

void rareLast(std::vector<std::string>& classes, std::vector<std::int32_t>& labels) {
  if (classes.size() != 2) return;
  if (std::count(labels.begin(), labels.end(), 0) >= std::count(labels.begin(), labels.end(), 1)) return;
  std::swap(classes[0], classes[1]);
  for (auto& label : labels)
    if (label >= 0) label = 1 - label;
}

std::vector<std::string> wordsOf(const TablePart& part, int column, const std::vector<bool>& wanted) {
  Spelling spelling;
  if (part.cells) spelling = [&](std::int64_t row) { return part.cells->cell(row, column); };
  return wordsOf(*part.table, columnOf(part, column), wanted, spelling);
}

}  // namespace lathe::data
