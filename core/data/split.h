// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/data/buffers.h"

namespace lathe::data {

/// What a split needs to know of the rows.
struct SplitInput {
  std::size_t rows = 0;               ///< to be split
  std::size_t testRows = 0;           ///< brought by the data, numbered from `rows` on
  std::vector<bool> labelled;         ///< all rows, the brought ones too
  std::vector<std::int32_t> classes;  ///< classification: all rows, -1 where unlabelled
  std::vector<std::uint64_t> groups;  ///< by group: `rows` keys; empty without a group column
  std::vector<double> times;          ///< by time: `rows` values, NaN first; empty without a time column
};

struct Shares {
  double validation = 0;
  double test = 0;
};
/// Of all rows; the rest is for training. Error: data.bad_split.
Result<Shares> sharesOf(const spec::SplitSpec& spec, bool testIsBrought);

/// The parts, ascending row numbers each, the same for the same seed on every machine. Methods: random, stratified
/// (the same shares in each class; classes with one row go to train), group (no group in two parts), time (train
/// earliest, test latest); auto takes group or time where such a column exists, else stratified for classes. Errors:
/// data.too_few_rows, data.no_group, data.no_time, data.too_few_groups, data.bad_split.
Result<Split> makeSplit(const spec::SplitSpec& spec, const SplitInput& input);

/// The shares as makeSplit uses them where the data bring a test split: none of the rows for test, and a tenth for
/// validation unless a person set other shares. Applying it twice changes nothing.
[[nodiscard]] spec::SplitSpec besideBroughtTest(spec::SplitSpec spec);

}  // namespace lathe::data
