// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/data/csv_scan.h"

/// The common shapes of cells, many at a time and mostly without branches. Each loop starts at row `from` and stops at
/// the first cell that is not of the common shape: the careful parser takes that one. The text must be readable for 64
/// bytes on both sides.
namespace lathe::data {

/// The cells of one column of an indexed chunk.
struct ColumnCells {
  const char* text;
  const CellIndex* index;
  std::size_t columns;
  std::size_t column;

  [[nodiscard]] const char* begin(std::size_t row) const {
    return text + (column == 0 ? index->rowStarts[row] : index->ends[row * columns + column - 1] + 1);
  }
  /// Without a carriage return.
  [[nodiscard]] const char* end(std::size_t row, const char* begin) const {
    const char* at = text + index->ends[row * columns + column];
    return column + 1 == columns && at != begin && at[-1] == '\r' ? at - 1 : at;
  }
};

/// Up to 8 digits with a sign, no leading zeros.
[[nodiscard]] std::size_t fastIntegers(const ColumnCells& cells, std::size_t from, std::int64_t* out);

/// Up to 19 digits with a sign and a point, correctly rounded (Lemire 2021 by fast_float). Needs AVX2, else it stops at
/// once.
[[nodiscard]] std::size_t fastReals(const ColumnCells& cells, std::size_t from, double* out);

/// yyyy-mm-dd, alone or with T or a space and hh:mm:ss, as microseconds since 1970.
[[nodiscard]] std::size_t fastDates(const ColumnCells& cells, std::size_t from, std::int64_t* out);

}  // namespace lathe::data
