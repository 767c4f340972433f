// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/column.h"
#include "core/data/csv_dialect.h"
#include "core/data/text_file.h"

namespace lathe::data {

/// Where a block's rows stand in the text.
struct BlockPlace {
  std::uint64_t offset = 0;
  std::uint32_t bytes = 0;
};

/// A text table as columns, with the way back to its cells.
struct CsvTable {
  std::shared_ptr<const TextFile> text;
  CsvOutline outline;
  std::vector<std::string> missing;  ///< the words that were taken for missing
  Table table;
  std::vector<BlockPlace> places;  ///< one a block of `table`
};

/// Reads a whole CSV or TSV file, gzipped or not, on as many threads as the process may use. Errors name the file, the
/// line and what was found: data.empty_file, data.header_only, data.ragged, data.unbalanced_quote, data.binary_file ...
Result<std::shared_ptr<const CsvTable>> readCsv(const std::filesystem::path& path, const spec::ReadingSpec& reading,
                                                const JobContext& job);

/// Cells as they stand in the file, read back block by block; keeps the last few blocks. Thread-safe.
class CsvCells {
 public:
  explicit CsvCells(std::shared_ptr<const CsvTable> table);
  ~CsvCells();
  CsvCells(const CsvCells&) = delete;
  CsvCells& operator=(const CsvCells&) = delete;
  /// "" where missing, and where the file has changed so that the row is not there any more.
  [[nodiscard]] std::string cell(std::int64_t row, int column) const;

  /// Calls visit(which of the columns, text) for each row of a block, "" where missing, columns within rows; the text
  /// is valid during the call. Keeps nothing. Error: data.changed.
  Result<void> visitBlock(std::size_t block, std::span<const int> columns,
                          const std::function<void(std::size_t, std::string_view)>& visit) const;

 private:
  struct Block;
  struct Cache;
  [[nodiscard]] std::string text(const Block& block, std::size_t local, std::size_t column) const;
  [[nodiscard]] std::shared_ptr<const Block> block(std::size_t index) const;
  std::shared_ptr<const CsvTable> m_table;
  MissingWords m_missing;
  std::unique_ptr<Cache> m_cache;
};

}  // namespace lathe::data
