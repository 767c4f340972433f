// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/csv_columns.h"

#include <limits>

namespace lathe::data {
namespace {

// Calls take(row, begin, end) for each cell until it gives false; the row where it did, else the number of rows.
template <class Take>
std::size_t eachCell(const ColumnCells& cells, const Take& take) {
  const std::size_t rows = cells.index->rows;
  for (std::size_t row = 0; row < rows; ++row) {
    const char* begin = cells.begin(row);
    if (!take(row, begin, cells.end(row, begin))) return row;
  }
  return rows;
}

// A cell that is no plain value of the column's kind: spaces, quotes, missing, or of another kind.
template <class T, class Parse>
bool parseSlowly(const char* begin, const char* end, const CellRules& rules, T missing, T& out, const Parse& parse) {
  narrow(begin, end);
  if (begin == end || rules.missing.matches(begin, end)) {
    out = missing;
    return true;
  }
  return parse(begin, end, out);
}

// Runs of common cells by the fast loop, each cell between them by the careful parser.
template <class T, class Fast, class Parse>
std::size_t parseValues(const ColumnCells& cells, const CellRules& rules, T missing, T* out, const Fast& fast,
                        const Parse& parse) {
  const std::size_t rows = cells.index->rows;
  for (std::size_t row = 0; row < rows; ++row) {
    if (!rules.missing.mayBeNumbers()) row = fast(cells, row, out);
    if (row == rows) break;
    const char* begin = cells.begin(row);
    if (!parseSlowly(begin, cells.end(row, begin), rules, missing, out[row], parse)) return row;
  }
  return rows;
}

std::size_t parseIntegers(const ColumnCells& cells, const CellRules& rules, std::int64_t* out) {
  return parseValues<std::int64_t>(
      cells, rules, missingInteger, out, fastIntegers,
      [](const char* begin, const char* end, std::int64_t& value) { return parseInteger(begin, end, value); });
}

std::size_t parseReals(const ColumnCells& cells, const CellRules& rules, ColumnGathering& gathering, Segment& segment) {
  auto* out = segment.as<double>();
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  const char decimal = rules.decimal;
  std::int64_t infinities = 0;
  const auto fast = [&](const ColumnCells& all, std::size_t from, double* to) {
    return decimal == '.' ? fastReals(all, from, to) : from;
  };
  const std::size_t rows =
      parseValues<double>(cells, rules, missing, out, fast, [&](const char* begin, const char* end, double& value) {
        if (!parseReal(begin, end, decimal, value)) {
          std::uint32_t signs = 0;
          if (!parseWritten(begin, end, decimal, value, signs)) return false;
          if (!segment.written) segment.written = std::make_unique<WrittenSeen>();
          segment.written->add(static_cast<std::uint32_t>(&value - out), signs);
        }
        if (std::isinf(value)) {
          ++infinities;
          value = missing;
        }
        return true;
      });
  if (rows == cells.index->rows) gathering.infinities += infinities;
  return rows;
}

std::size_t parseDates(const ColumnCells& cells, DayOrder order, const CellRules& rules, ColumnGathering& gathering,
                       std::int64_t* out) {
  return parseValues<std::int64_t>(cells, rules, missingInteger, out, fastDates,
                                   [&](const char* begin, const char* end, std::int64_t& value) {
                                     return parseDateTime(begin, end, order, gathering.dayOrder, value);
                                   });
}

template <class T, class Store>
std::size_t parseTexts(const ColumnCells& cells, const CellRules& rules, T missing, T* out, const Store& store) {
  return eachCell(cells, [&](std::size_t row, const char* begin, const char* end) {
    // Letters at both ends: nothing to take away.
    const bool plain = begin != end && *begin > '"' && end[-1] > ' ';
    const bool doubled = !plain && narrow(begin, end);
    if (rules.missing.matches(begin, end)) {
      out[row] = missing;
      return true;
    }
    if (!doubled) return store(begin, static_cast<std::size_t>(end - begin), out[row]);
    const auto text = unescape({begin, static_cast<std::size_t>(end - begin)});
    return store(text.data(), text.size(), out[row]);
  });
}

std::size_t parseCodes(const ColumnCells& cells, const CellRules& rules, Dictionary& dictionary, std::uint32_t* out) {
  return parseTexts(cells, rules, missingCode, out, [&](const char* text, std::size_t length, std::uint32_t& code) {
    code = dictionary.codeOf(text, length);
    return code != Dictionary::full;
  });
}

std::size_t parseHashes(const ColumnCells& cells, const CellRules& rules, std::uint64_t* out) {
  return parseTexts(cells, rules, missingHash, out, [](const char* text, std::size_t length, std::uint64_t& hash) {
    hash = textHash(text, length);
    return true;
  });
}

std::size_t parseEmpty(const ColumnCells& cells, const CellRules& rules) {
  return eachCell(cells, [&](std::size_t, const char* begin, const char* end) {
    narrow(begin, end);
    return begin == end || rules.missing.matches(begin, end);
  });
}

CellClass classAt(const ColumnCells& cells, std::size_t row, const CellRules& rules) {
  CellClass kind = CellClass::Text;
  eachCell(cells, [&](std::size_t at, const char* begin, const char* end) {
    if (at < row) return true;
    narrow(begin, end);
    kind = classify(begin, end, rules);
    return false;
  });
  return kind;
}

}  // namespace

Storage joined(Storage a, Storage b) {
  if (a == b || b == Storage::Empty) return a;
  if (a == Storage::Empty) return b;
  if (a == Storage::Hashes || b == Storage::Hashes) return Storage::Hashes;
  const auto numeric = [](Storage s) { return s == Storage::Integer || s == Storage::Real; };
  return numeric(a) && numeric(b) ? Storage::Real : Storage::Codes;
}

Storage storageFor(CellClass kind) {
  switch (kind) {
    case CellClass::Missing:
      return Storage::Empty;
    case CellClass::Integer:
      return Storage::Integer;
    case CellClass::Real:
      return Storage::Real;
    case CellClass::Date:
      return Storage::Date;
    case CellClass::Text:
      break;
  }
  return Storage::Codes;
}

Storage parseColumn(const ColumnCells& cells, Storage storage, DayOrder order, const CellRules& rules,
                    ColumnGathering& gathering, Segment& segment, SegmentArena* arena) {
  const std::size_t rows = cells.index->rows;
  segment.allocate(storage, rows, arena);
  segment.written.reset();
  std::size_t done = rows;
  switch (storage) {
    case Storage::Empty:
      done = parseEmpty(cells, rules);
      break;
    case Storage::Integer:
      done = parseIntegers(cells, rules, segment.as<std::int64_t>());
      break;
    case Storage::Real:
      done = parseReals(cells, rules, gathering, segment);
      break;
    case Storage::Date:
      done = parseDates(cells, order, rules, gathering, segment.as<std::int64_t>());
      break;
    case Storage::Codes:
      done = parseCodes(cells, rules, gathering.dictionary, segment.as<std::uint32_t>());
      if (done < rows) return Storage::Hashes;
      break;
    case Storage::Hashes:
      done = parseHashes(cells, rules, segment.as<std::uint64_t>());
      break;
  }
  if (done == rows) return storage;
  const Storage wider = joined(storage, storageFor(classAt(cells, done, rules)));
  // A cell that its own parser refuses though its class fits: only text holds everything.
  return wider == storage ? Storage::Codes : wider;
}

}  // namespace lathe::data
