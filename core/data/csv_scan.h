// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/data/csv_dialect.h"

/// The vectorised scan of a chunk of text for the ends of its cells.
namespace lathe::data {

/// Marks the bytes equal to a, b or c: bit i of out[k] stands for text[64 k + i]. Reads and writes whole groups of 64:
/// `text` must be readable up to the next multiple of 64 of `size`. AVX2 where the processor has it, else SSE2.
void markBytes(const char* text, std::size_t size, char a, char b, char c, std::uint64_t* out);

/// How many bytes equal `wanted`.
[[nodiscard]] std::size_t countByte(const char* text, std::size_t size, char wanted);

/// Whether any byte equals `wanted`.
[[nodiscard]] bool containsByte(const char* text, std::size_t size, char wanted);

/// Where the cells of a chunk end. Cell c of row r ends before ends[r * columns + c]; it starts behind the end of the
/// cell before, or at rowStarts[r]. Keeps its memory from chunk to chunk.
struct CellIndex {
  std::vector<std::uint32_t> ends;
  std::vector<std::uint32_t> rowStarts;
  std::size_t rows = 0;
  std::vector<std::uint64_t> marks;  ///< scratch
};

struct ScanProblem {
  enum class Kind : std::uint8_t { None, Ragged, OpenQuote } kind = Kind::None;
  std::uint32_t position = 0;  ///< start of the ragged row, or of the quote
  std::uint32_t found = 0;     ///< cells in the ragged row
};

/// For text without any quote whose last byte is a line end. False when a row has another number of cells or is blank:
/// scanExactly() then says which.
[[nodiscard]] bool scanPlain(const char* text, std::size_t size, const CsvDialect& dialect, std::size_t columns,
                             CellIndex& index);

/// Quotes, blank lines and runs of spaces honoured. Stops before a row that the end of the text cuts and sets
/// `consumed` to its start; with `last` such a row is an open quote.
[[nodiscard]] ScanProblem scanExactly(const char* text, std::size_t size, const CsvDialect& dialect,
                                      std::size_t columns, bool last, CellIndex& index, std::size_t& consumed);

}  // namespace lathe::data
