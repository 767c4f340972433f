// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/serving/input_rows.h"
#include "core/serving/json.h"

namespace lathe::serving {

/// One row or several: {column: value}, a list of these, a list of numbers in the order of the raw input, a list of
/// such lists, {"instances": [...]} (also "inputs", "rows"), images as arrays or {"b64": file}. In lists of numbers
/// categories are codes; a list with texts has a cell a column. null and NaN are missing; further columns are ignored.
struct JsonRows {
  InputRows rows;
  bool instances = false;  ///< they came under "instances"
};
Answer<JsonRows> rowsOfJson(const InputLayout& layout, const Json& body);

/// One input, as an element of such a list is.
Answer<void> appendJsonInput(const InputLayout& layout, const Json& value, InputRows& rows);

/// A cell into a raw row.
Answer<void> writeJsonCell(const InputColumn& column, const Json& value, float* row);

/// Numbers of nested arrays, flattened, with their shape; texts where the first leaf is one ({"b64"} is decoded).
Answer<void> readTensor(const Json& value, Tensor& tensor);

}  // namespace lathe::serving
