// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/data/column.h"
#include "core/data/csv_fast.h"
#include "core/data/dictionary.h"

/// One column of one chunk of text into one segment.
namespace lathe::data {

/// What one thread gathers over all the chunks it parses, for one column.
struct ColumnGathering {
  Dictionary dictionary;
  DayOrderSeen dayOrder;
  std::int64_t infinities = 0;
};

/// The least storage that holds values of both: Empty < Integer < Real < Codes, Empty < Date < Codes < Hashes.
[[nodiscard]] Storage joined(Storage a, Storage b);
[[nodiscard]] Storage storageFor(CellClass kind);

/// Parses every cell as `storage` into `segment`, with memory from `arena` where one is given. Gives `storage`, or, at
/// the first cell that does not fit, the wider storage to try; the segment is then worthless.
[[nodiscard]] Storage parseColumn(const ColumnCells& cells, Storage storage, DayOrder order, const CellRules& rules,
                                  ColumnGathering& gathering, Segment& segment, SegmentArena* arena = nullptr);

}  // namespace lathe::data
