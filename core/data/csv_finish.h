// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/data/csv_columns.h"
#include "core/data/csv_reader.h"

namespace lathe::data {

struct ParsedBlock {
  BlockPlace place;
  std::size_t rows = 0;
  std::vector<Segment> segments;
};

/// What the threads left: blocks in the order of the text (null where a chunk held no row), and their gatherings.
struct ParsedBlocks {
  std::vector<std::unique_ptr<ParsedBlock>> blocks;
  std::vector<std::vector<ColumnGathering>> workers;  ///< [worker][column]
  std::vector<Storage> storages;                      ///< what each column became
  std::vector<ColumnNotes> notes;                     ///< of each column, but for its written numbers
};

/// Makes one table of the blocks: segments brought to their column's storage, dictionaries of the threads merged in
/// natural order. Gives some text that is not UTF-8, "" when all of it is.
[[nodiscard]] std::string finishTable(ParsedBlocks& parsed, CsvTable& csv);

}  // namespace lathe::data
