// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/data/buffers.h"

/// Rows of a table as windows in time. Nothing is copied: a window is the numbers of its rows, found by the order of
/// the rows in their series. Pure, any thread.
namespace lathe::data {

/// What tells series apart and orders their rows.
struct SeriesKeys {
  std::vector<std::size_t> parts;     ///< rows of each table, which no series crosses
  std::vector<double> times;          ///< of all rows, none of them NaN; empty: in the order of the file
  std::vector<std::uint64_t> groups;  ///< of all rows; empty: one series a table
};

/// Rows of equal time stay in the order of the file. Without times a row's time is its place in its series as a share
/// of the series, so that every series is cut at the same share.
[[nodiscard]] Windows windowsOf(const SeriesKeys& keys);

/// Of rows x `count` values those of the `horizon` rows behind each row: rows x horizon x count, NaN where the series
/// ends before.
[[nodiscard]] std::vector<float> valuesBehind(const Windows& windows, const std::vector<float>& values,
                                              std::size_t count, std::size_t horizon);

/// Takes the labels of the rows whose window is not complete: they are in no split, and no score.
void forgetIncomplete(Dataset& dataset);

/// Rows of the table that the inputs of these rows consist of, ascending: of windows all their rows, else themselves.
[[nodiscard]] std::vector<std::uint32_t> coveredRows(const Dataset& dataset, const std::vector<std::uint32_t>& rows);

/// All rows whose input is there.
[[nodiscard]] std::vector<std::uint32_t> rowsWithInput(const Dataset& dataset);

/// Rows that have the same time as the row of their series before them.
[[nodiscard]] std::int64_t repeatedTimes(const Windows& windows);

/// A split that never looks ahead. Time is cut twice, at the same times for all series, and a window belongs to a part
/// when all its rows and all rows that it predicts lie within it; windows across a cut are in no part. So neither
/// inputs nor targets of one part are those of another, and whatever training sees is earlier than whatever validation
/// and test see. The shares are those of the windows that remain. Training then takes every `stride`-th window of a
/// series, from its first one on. `dataset` has its labels and windows; its rows from `mainRows` on are test rows that
/// the data bring, which are all test windows. Does not depend on the seed. Errors: data.window_too_long,
/// data.too_few_rows, data.series_too_short, data.bad_split.
Result<Split> splitWindows(const spec::SplitSpec& spec, const Dataset& dataset, std::size_t mainRows,
                           std::size_t stride);

}  // namespace lathe::data
