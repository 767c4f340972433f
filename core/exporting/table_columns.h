// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/spec/schema.h"

/// A table's columns as inputs of their own, for formats that can carry text: categories and booleans are words as the
/// vocabulary spells them, "" missing, others are unseen; numbers are numbers, NaN missing; dates are days since
/// 2000-01-01 and seconds of the day; free text is its codes.
namespace lathe::exporting {

/// Whether the columns are the whole row of a table.
[[nodiscard]] bool hasNamedColumns(const spec::DataSchema& schema);
/// Whether a row of plain numbers says all that there is to say.
[[nodiscard]] bool isNumeric(const spec::DataSchema& schema);
/// Whether cells of the column are words.
[[nodiscard]] bool isWord(const spec::FeatureSchema& feature);

/// For each column an identifier of its own: its name where that is one, else what is left of it.
[[nodiscard]] std::vector<std::string> columnInputs(const spec::DataSchema& schema);
/// The same for people and programs: [{"input", "column", "kind", "type", "shape", "missing"}] as JSON.
[[nodiscard]] std::string columnInputsJson(const spec::DataSchema& schema);

/// What a column's input gets for some raw rows: one of the two.
struct ColumnCells {
  std::vector<std::string> words;  ///< one a row
  std::vector<float> numbers;      ///< as many a row as the column is wide
};
/// `rows`: one behind the other, those of windows too.
[[nodiscard]] ColumnCells cellsOf(const spec::FeatureSchema& feature, std::span<const float> rows,
                                  std::size_t rowWidth);

/// Whether a file holds a graph with one input a column beside the one of its export: NAME.columns.onnx.
[[nodiscard]] bool isColumnsFile(const std::string& fileName);
inline constexpr const char* columnsEnding = ".columns";

}  // namespace lathe::exporting
