// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/column.h"

namespace lathe::data {

/// One array of NumPy's .npy format (version 1 to 3), with its bytes checked against its header.
struct NpyArray {
  char kind = 'f';        ///< f, i, u, b, or U (text in UTF-32)
  std::size_t width = 8;  ///< bytes of an element
  bool swapped = false;   ///< big endian
  bool fortran = false;
  std::vector<std::size_t> shape;
  std::string content;
  std::size_t start = 0;

  [[nodiscard]] std::size_t elements() const;
  /// Offset of an element, counted in C order, in the file's order.
  [[nodiscard]] std::size_t place(std::size_t index) const;
  /// The element at a place, as a number (f, i, u, b).
  [[nodiscard]] double number(std::size_t place) const;
  /// Exact for i, u and b; false for what int64 does not hold.
  [[nodiscard]] bool integer(std::size_t place, std::int64_t& value) const;
  [[nodiscard]] std::string text(std::size_t place) const;
};

/// Parses a whole file. `name` is for the errors data.damaged_npy and data.npy_kind.
Result<NpyArray> parseNpy(std::string content, const std::string& name);

/// The elements first, first + step ... (places in C order) as one column; whole floats become integers.
[[nodiscard]] Column npyColumn(const NpyArray& array, std::string name, std::size_t first, std::size_t step,
                               std::size_t rows);

}  // namespace lathe::data
