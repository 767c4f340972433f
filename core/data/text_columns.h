// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/base/progress.h"
#include "core/data/table_part.h"

/// Columns of text as the codes of core/spec/text_codes.h.
namespace lathe::data {

/// Places that the codes of the columns need: what `usualShare` of the training rows need in the column that needs
/// most, by a sample of at most 4096 of them; 1 to 512.
Result<int> placesFor(const TablePart& part, const std::vector<int>& columns, const std::vector<std::uint32_t>& train,
                      const spec::TextRule& rule);
inline constexpr double usualShare = 0.95;

/// Buckets of a column where nobody set them.
[[nodiscard]] int bucketsFor(std::size_t trainRows);

/// Fills out.texts for the text features of its schema: all rows of all parts, on all threads. A column that is read
/// as a dictionary is hashed once a word, others are read again from the file, block by block. Errors:
/// data.missing_column, data.changed, memory.
Result<void> addTexts(const TableParts& parts, const JobContext& job, Dataset& out);

}  // namespace lathe::data
