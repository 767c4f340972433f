// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "core/data/segment_memory.h"
#include "core/data/written_numbers.h"

/// A table in memory: columns cut into blocks of rows. All columns share the cuts.
namespace lathe::data {

/// How a column's values lie in memory. Codes index Column::values; Hashes stand for text with more distinct values
/// than a dictionary keeps (65536): equality is all that is left of it.
enum class Storage : std::uint8_t { Empty, Integer, Real, Date, Codes, Hashes };

inline constexpr std::int64_t missingInteger = std::numeric_limits<std::int64_t>::min();  ///< integers and dates
inline constexpr std::uint32_t missingCode = 0xffffffff;
inline constexpr std::uint64_t missingHash = 0;
inline constexpr std::size_t dictionaryLimit = 65536;

[[nodiscard]] constexpr std::size_t widthOf(Storage storage) {
  return storage == Storage::Empty ? 0 : storage == Storage::Codes ? 4 : 8;
}

/// One block of one column: int64 (Integer; Date: microseconds since 1970), double, uint32 or uint64. Not initialised.
struct Segment {
  Storage storage = Storage::Empty;
  std::uint8_t worker = 0;  ///< while reading: whose dictionary the codes belong to
  SegmentBytes bytes;
  std::size_t capacity = 0;              ///< of bytes
  std::unique_ptr<WrittenSeen> written;  ///< Real, while reading: null where all cells were plain numbers

  /// Room for so many values, from `arena` where one is given. Memory that is large enough is kept.
  void allocate(Storage kind, std::size_t rows, SegmentArena* arena = nullptr) {
    storage = kind;
    const std::size_t needed = rows * widthOf(kind);
    if (needed <= capacity) return;
    bytes = arena != nullptr ? arena->take(needed) : SegmentBytes(new std::byte[needed]);
    capacity = needed;
  }
  template <class T>
  [[nodiscard]] T* as() {
    return reinterpret_cast<T*>(bytes.get());
  }
  template <class T>
  [[nodiscard]] const T* as() const {
    return reinterpret_cast<const T*>(bytes.get());
  }
};

/// What was noticed while a column was read, for its warnings.
struct ColumnNotes {
  WrittenSeen written;            ///< Real: numbers that had something to take off
  std::int64_t writtenRow = -1;   ///< the first of them
  double numbers = 0;             ///< share of numbers among the first rows' values
  bool mixedSigns = false;        ///< text, since percentages or currencies stand beside other numbers
  bool ambiguousDates = false;    ///< text, since nothing tells day/month from month/day
  bool dateOrderAssumed = false;  ///< Date: the order is that of the file's other dates
  bool monthFirst = false;
  bool compactDates = false;  ///< Date: written as integers yyyymmdd
};

struct Column {
  std::string name;
  Storage storage = Storage::Empty;
  std::vector<Segment> segments;    ///< one a block, all of `storage`
  std::vector<std::string> values;  ///< Codes: in natural order, valid UTF-8
  std::int64_t infinities = 0;      ///< taken as missing
  double textLength = 0;            ///< Codes and Hashes: mean bytes of a value, from the first rows
  double spaces = 0;                ///< share of the first rows' values with a space inside
  ColumnNotes notes;
};

struct Table {
  std::vector<std::int64_t> blockStarts;  ///< first row of each block, and the number of rows
  std::vector<Column> columns;

  [[nodiscard]] std::int64_t rows() const { return blockStarts.empty() ? 0 : blockStarts.back(); }
  [[nodiscard]] std::size_t blocks() const { return blockStarts.empty() ? 0 : blockStarts.size() - 1; }
  [[nodiscard]] int find(const std::string& name) const;
};

/// Calls visit(row, value) for each row of a column whose storage holds T.
template <class T, class Visit>
void forEachValue(const Table& table, const Column& column, Visit&& visit) {
  for (std::size_t block = 0; block + 1 < table.blockStarts.size(); ++block) {
    const T* values = column.segments[block].as<T>();
    const std::int64_t first = table.blockStarts[block];
    const std::int64_t count = table.blockStarts[block + 1] - first;
    for (std::int64_t i = 0; i < count; ++i) visit(first + i, values[i]);
  }
}

/// Calls visit(row, key) for each row, with a 64-bit key that is equal exactly when two values of the column are
/// (Hashes: with a chance of 2^-64 of a mistake), and missing == true where there is none.
template <class Visit>
void forEachKey(const Table& table, const Column& column, Visit&& visit) {
  switch (column.storage) {
    case Storage::Empty:
      for (std::int64_t row = 0; row < table.rows(); ++row) visit(row, std::uint64_t{0}, true);
      return;
    case Storage::Integer:
    case Storage::Date:
      forEachValue<std::int64_t>(table, column, [&](std::int64_t row, std::int64_t value) {
        visit(row, static_cast<std::uint64_t>(value), value == missingInteger);
      });
      return;
    case Storage::Real:
      forEachValue<double>(table, column, [&](std::int64_t row, double value) {
        // One key for both zeros.
        const double whole = value == 0 ? 0.0 : value;
        std::uint64_t bits = 0;
        static_assert(sizeof bits == sizeof whole);
        __builtin_memcpy(&bits, &whole, sizeof bits);
        visit(row, bits, std::isnan(value));
      });
      return;
    case Storage::Codes:
      forEachValue<std::uint32_t>(table, column, [&](std::int64_t row, std::uint32_t value) {
        visit(row, std::uint64_t{value}, value == missingCode);
      });
      return;
    case Storage::Hashes:
      forEachValue<std::uint64_t>(
          table, column, [&](std::int64_t row, std::uint64_t value) { visit(row, value, value == missingHash); });
      return;
  }
}

/// Digit runs by their number, everything else by bytes: "2" < "10", "a2" < "a10", "-3" < "1".
[[nodiscard]] bool naturalLess(const std::string& a, const std::string& b);

/// The shortest text that reads back as the same number.
[[nodiscard]] std::string numberText(double value);

/// Mixes a 64-bit value so that every bit depends on all (Stafford's variant 13 of MurmurHash3's finaliser).
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace lathe::data
