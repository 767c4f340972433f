// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/csv_finish.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "core/data/encoding.h"
#include "core/data/parallel.h"

namespace lathe::data {
namespace {

constexpr std::size_t mergedTextLimit = std::size_t{16} << 20;

void fillMissing(Segment& segment, Storage storage, std::size_t rows) {
  segment.allocate(storage, rows);
  switch (storage) {
    case Storage::Empty:
      break;
    case Storage::Integer:
    case Storage::Date:
      std::fill_n(segment.as<std::int64_t>(), rows, missingInteger);
      break;
    case Storage::Real:
      std::fill_n(segment.as<double>(), rows, std::numeric_limits<double>::quiet_NaN());
      break;
    case Storage::Codes:
      std::fill_n(segment.as<std::uint32_t>(), rows, missingCode);
      break;
    case Storage::Hashes:
      std::fill_n(segment.as<std::uint64_t>(), rows, missingHash);
      break;
  }
}

void integersToReals(Segment& segment, std::size_t rows) {
  const auto* from = segment.as<std::int64_t>();
  auto* to = segment.as<double>();
  for (std::size_t i = 0; i < rows; ++i)
    to[i] = from[i] == missingInteger ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(from[i]);
  segment.storage = Storage::Real;
}

/// The values of all threads' dictionaries in natural order, and where each thread's codes went.
struct Merged {
  std::vector<std::string> values;
  std::vector<std::vector<std::uint32_t>> codes;  ///< [worker][old code]
  bool tooLarge = false;
  std::string malformed;
};

Merged mergeDictionaries(const ParsedBlocks& parsed, std::size_t column) {
  Merged merged;
  std::unordered_map<std::string, std::uint32_t> known;
  std::vector<std::string> arrival;
  std::size_t bytes = 0;
  for (const auto& worker : parsed.workers) {
    const auto& dictionary = worker[column].dictionary;
    auto& codes = merged.codes.emplace_back(dictionary.size());
    for (std::uint32_t code = 0; code < dictionary.size(); ++code) {
      const auto raw = dictionary.value(code);
      std::string text(raw);
      if (!isUtf8(raw)) {
        if (merged.malformed.size() < 65536) merged.malformed.append(raw.substr(0, 4096));
        text = repairUtf8(raw);
      }
      const auto [entry, fresh] = known.emplace(std::move(text), static_cast<std::uint32_t>(arrival.size()));
      if (fresh) {
        arrival.push_back(entry->first);
        bytes += entry->first.size();
      }
      codes[code] = entry->second;
    }
  }
  merged.tooLarge = arrival.size() > dictionaryLimit || bytes > mergedTextLimit;
  if (merged.tooLarge) return merged;
  std::vector<std::uint32_t> order(arrival.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return naturalLess(arrival[a], arrival[b]); });
  std::vector<std::uint32_t> place(arrival.size());
  merged.values.resize(arrival.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    place[order[i]] = i;
    merged.values[i] = std::move(arrival[order[i]]);
  }
  for (auto& codes : merged.codes)
    for (auto& code : codes) code = place[code];
  return merged;
}

void codesToHashes(Segment& segment, std::size_t rows, const Dictionary& dictionary) {
  Segment hashes;
  hashes.allocate(Storage::Hashes, rows);
  const auto* from = segment.as<std::uint32_t>();
  auto* to = hashes.as<std::uint64_t>();
  for (std::size_t i = 0; i < rows; ++i) to[i] = from[i] == missingCode ? missingHash : dictionary.hash(from[i]);
  segment = std::move(hashes);
}

void unify(ParsedBlocks& parsed, std::size_t column, Storage storage, const Merged& merged) {
  for (auto& block : parsed.blocks) {
    if (!block) continue;
    auto& segment = block->segments[column];
    if (segment.storage == Storage::Empty) {
      fillMissing(segment, storage, block->rows);
    } else if (storage == Storage::Real && segment.storage == Storage::Integer) {
      integersToReals(segment, block->rows);
    } else if (storage == Storage::Hashes && segment.storage == Storage::Codes) {
      codesToHashes(segment, block->rows, parsed.workers[segment.worker][column].dictionary);
    } else if (storage == Storage::Codes) {
      const auto& codes = merged.codes[segment.worker];
      auto* values = segment.as<std::uint32_t>();
      for (std::size_t i = 0; i < block->rows; ++i)
        if (values[i] != missingCode) values[i] = codes[values[i]];
    }
  }
}

void addWritten(const ParsedBlocks& parsed, std::size_t column, ColumnNotes& notes) {
  std::int64_t first = 0;
  for (const auto& block : parsed.blocks) {
    if (const auto* seen = block->segments[column].written.get(); seen != nullptr) {
      if (notes.writtenRow < 0) notes.writtenRow = first + seen->firstRow;
      notes.written.signs |= seen->signs;
      notes.written.cells += seen->cells;
    }
    first += static_cast<std::int64_t>(block->rows);
  }
}

// Integers that are all dates as 20240131 become dates, from 1900 to 2099: by chance that hardly happens.
bool compactDates(ParsedBlocks& parsed, std::size_t column) {
  constexpr std::int64_t least = 3;
  const auto isDay = [](std::int64_t value, std::int64_t& micros) {
    if (value < 19'000'101 || value > 20'991'231) return false;
    const auto text = std::to_string(value);
    DayOrderSeen seen;
    return parseDateTime(text.data(), text.data() + text.size(), DayOrder::DayFirst, seen, micros);
  };
  std::int64_t present = 0;
  std::int64_t micros = 0;
  for (const auto& block : parsed.blocks) {
    const auto* values = block->segments[column].as<std::int64_t>();
    for (std::size_t i = 0; i < block->rows; ++i) {
      if (values[i] == missingInteger) continue;
      if (!isDay(values[i], micros)) return false;
      ++present;
    }
  }
  if (present < least) return false;
  for (auto& block : parsed.blocks) {
    auto& segment = block->segments[column];
    segment.storage = Storage::Date;
    auto* values = segment.as<std::int64_t>();
    for (std::size_t i = 0; i < block->rows; ++i)
      if (values[i] != missingInteger && isDay(values[i], micros)) values[i] = micros;
  }
  return true;
}

}  // namespace

std::string finishTable(ParsedBlocks& parsed, CsvTable& csv) {
  const std::size_t columns = csv.outline.names.size();
  auto& table = csv.table;
  std::erase_if(parsed.blocks, [](const auto& block) { return !block; });
  table.blockStarts = {0};
  for (const auto& block : parsed.blocks) {
    csv.places.push_back(block->place);
    table.blockStarts.push_back(table.blockStarts.back() + static_cast<std::int64_t>(block->rows));
  }
  table.columns.resize(columns);
  std::vector<std::string> malformed(columns);
  parallelFor(columns, static_cast<unsigned>(parsed.workers.size()), [&](std::size_t c) {
    auto& column = table.columns[c];
    column.name = csv.outline.names[c];
    column.storage = parsed.storages[c];
    column.textLength = csv.outline.columns[c].textLength;
    column.spaces = csv.outline.columns[c].spaces;
    Merged merged;
    if (column.storage == Storage::Codes || column.storage == Storage::Hashes) {
      merged = mergeDictionaries(parsed, c);
      malformed[c] = merged.malformed;
      if (merged.tooLarge) column.storage = Storage::Hashes;
    }
    unify(parsed, c, column.storage, merged);
    column.notes = parsed.notes[c];
    column.notes.numbers = csv.outline.columns[c].numbers;
    if (column.storage == Storage::Real) addWritten(parsed, c, column.notes);
    if (column.storage == Storage::Integer && compactDates(parsed, c)) {
      column.storage = Storage::Date;
      column.notes.compactDates = true;
    }
    column.values = column.storage == Storage::Codes ? std::move(merged.values) : std::vector<std::string>();
    for (const auto& worker : parsed.workers) column.infinities += worker[c].infinities;
    if (column.storage != Storage::Real) column.infinities = 0;
    column.segments.reserve(parsed.blocks.size());
    for (auto& block : parsed.blocks) {
      block->segments[c].written.reset();
      column.segments.push_back(std::move(block->segments[c]));
    }
  });
  std::string all;
  for (const auto& text : malformed) all += text;
  return all;
}

}  // namespace lathe::data
