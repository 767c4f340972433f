// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/data/column.h"
#include "core/spec/schema.h"

/// Cells of a table as the plain numbers that models take.
namespace lathe::data {

/// The cell as written, for reals whose spelling their value does not tell ("1.0").
using Spelling = std::function<std::string(std::int64_t row)>;

/// The distinct values of a column as words, naturally sorted, of the rows where `wanted` is true (empty: of all).
/// Empty when there are more than dictionaryLimit, or only hashes.
[[nodiscard]] std::vector<std::string> wordsOf(const Table& table, const Column& column,
                                               const std::vector<bool>& wanted, const Spelling& spelling);

/// Sorts words naturally and removes repetitions.
void sortWords(std::vector<std::string>& words);

/// For each row the index of its value in `words`: -1 where it is none of them, -2 where it is missing. Numbers match
/// by value ("1.0" and 1), whatever way the column is stored.
[[nodiscard]] std::vector<std::int32_t> indicesOf(const Table& table, const Column& column,
                                                  const std::vector<std::string>& words, char decimal);

/// For each row its number: reals and integers as they are, text read as a number, dates in days since 2000-01-01; NaN
/// where missing or not readable.
[[nodiscard]] std::vector<double> numbersOf(const Table& table, const Column& column, char decimal);

/// For each row its time in microseconds since 1970, missingInteger where missing. Integers are yyyymmdd or seconds.
[[nodiscard]] std::vector<std::int64_t> timesOf(const Table& table, const Column& column);

/// Writes one feature of all rows into a row-major table: out[row * stride + feature.offset ...].
void encodeFeature(const Table& table, const Column& column, const spec::FeatureSchema& feature, char decimal,
                   float* out, std::size_t stride);

}  // namespace lathe::data
