// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/serving/clients/tensor_service.h"

/// Rows of somebody's file on their way into requests.
namespace lathe::serving {

/// A table as text, or rows of one shape as numbers.
struct RequestRows {
  std::vector<std::string> columns;             ///< empty: numbers
  std::vector<std::vector<std::string>> cells;  ///< a row each; "" is missing
  std::vector<std::int64_t> shape;              ///< of one row of numbers, images as C x H x W
  std::vector<float> numbers;
  [[nodiscard]] std::size_t count() const;
};

/// The rows from `first` on as inputs of a signature. Columns go to inputs of their names; into a single tensor of
/// numbers they go in the order of the file, the last one left out where there is one too many (said in `note`). Errors
/// name the column or the input: "request.column", "request.shape".
Result<std::vector<NamedValues>> inputsFor(const Signature& signature, const RequestRows& rows, std::size_t first,
                                           std::size_t count, std::string& note);
/// How many rows make up one instance: the window of a model that reads several in a row, else 1.
[[nodiscard]] std::size_t rowsPerInstance(const Signature& signature, const RequestRows& rows);

/// {"instances": [...]}: objects by column name, or nested lists.
[[nodiscard]] std::string instancesJson(const RequestRows& rows, std::size_t first, std::size_t count);

}  // namespace lathe::serving
