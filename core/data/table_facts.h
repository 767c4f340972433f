// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/data/column.h"
#include "core/spec/data_profile.h"

namespace lathe::data {

/// What the values of one column say by themselves.
struct ColumnFacts {
  std::int64_t missing = 0;
  std::int64_t distinct = 0;  ///< exact up to a million, then estimated (HyperLogLog, Flajolet and others 2007)
  bool distinctExact = true;
  double min = 0, max = 0, mean = 0, standardDeviation = 0;  ///< NaN for text; dates in seconds since 1970
  bool whole = false;                                        ///< numbers without fractions
  spec::ColumnKind kind = spec::ColumnKind::Text;            ///< inferred
  std::int64_t oddRow = -1;                                  ///< text that is mostly numbers: the first that is none
  std::string oddText;
};

/// Kinds alone, without a pass over columns that cannot be identifiers: what opening a file needs.
[[nodiscard]] spec::ColumnKind inferKind(const Table& table, const Column& column);

/// Everything, on all threads.
[[nodiscard]] std::vector<ColumnFacts> factsOf(const Table& table);

/// True when the column has at most `limit` distinct values.
[[nodiscard]] bool hasAtMost(const Table& table, const Column& column, std::size_t limit);

/// Equal bins for numbers and dates, counts of the commonest values for text; empty where there is nothing to count.
[[nodiscard]] spec::Histogram histogramOf(const Table& table, const Column& column, const ColumnFacts& facts,
                                          spec::ColumnKind kind);

}  // namespace lathe::data
