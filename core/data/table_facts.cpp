// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/table_facts.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <cmath>
#include <numeric>
#include <unordered_set>

#include "core/data/page_allocator.h"
#include "core/data/parallel.h"

namespace lathe::data {
namespace {

// Distinct values are counted up to a limit, beyond it they are estimated. Real numbers hardly ever repeat, and a set
// of all of them would cost more than reading the file.
constexpr std::size_t exactLimit = 1'000'000;
constexpr std::size_t exactLimitOfReals = 100'000;
using spec::ColumnKind;

/// A set of 64-bit keys; 0 is kept aside.
class KeySet {
 public:
  explicit KeySet(std::size_t expected = 512) : m_slots(std::bit_ceil(expected * 2), 0) {}
  bool add(std::uint64_t key) {
    if (key == 0) {
      const bool fresh = !m_zero;
      m_zero = true;
      return fresh;
    }
    const std::size_t mask = m_slots.size() - 1;
    std::size_t at = static_cast<std::size_t>(mix64(key)) & mask;
    while (m_slots[at] != 0) {
      if (m_slots[at] == key) return false;
      at = (at + 1) & mask;
    }
    m_slots[at] = key;
    if (++m_count * 2 > m_slots.size()) grow();
    return true;
  }
  [[nodiscard]] std::size_t size() const { return m_count + (m_zero ? 1 : 0); }

 private:
  using Slots = std::vector<std::uint64_t, PageAllocator<std::uint64_t>>;
  void grow() {
    Slots old(m_slots.size() * 4, 0);
    old.swap(m_slots);
    const std::size_t mask = m_slots.size() - 1;
    for (const auto key : old) {
      if (key == 0) continue;
      std::size_t at = static_cast<std::size_t>(mix64(key)) & mask;
      while (m_slots[at] != 0) at = (at + 1) & mask;
      m_slots[at] = key;
    }
  }
  Slots m_slots;
  std::size_t m_count = 0;
  bool m_zero = false;
};

std::int64_t estimateDistinct(const Table& table, const Column& column) {
  constexpr unsigned bits = 14;
  std::vector<std::uint8_t> registers(std::size_t{1} << bits, 0);
  forEachKey(table, column, [&](std::int64_t, std::uint64_t key, bool missing) {
    if (missing) return;
    const std::uint64_t hash = mix64(key + 0x9e3779b97f4a7c15ULL);
    const auto rank =
        static_cast<std::uint8_t>(std::countl_zero((hash << bits) | (std::uint64_t{1} << (bits - 1))) + 1);
    auto& place = registers[hash >> (64 - bits)];
    place = std::max(place, rank);
  });
  double sum = 0;
  for (const auto rank : registers) sum += std::ldexp(1.0, -rank);
  const auto m = static_cast<double>(registers.size());
  return static_cast<std::int64_t>(0.7213 / (1 + 1.079 / m) * m * m / sum);
}

void countDistinct(const Table& table, const Column& column, ColumnFacts& facts) {
  if (column.storage == Storage::Empty) return;
  KeySet keys(std::min<std::size_t>(static_cast<std::size_t>(table.rows()), 1 << 16));
  const std::size_t limit = column.storage == Storage::Real ? exactLimitOfReals : exactLimit;
  bool overflow = false;
  forEachKey(table, column, [&](std::int64_t, std::uint64_t key, bool missing) {
    if (missing) {
      ++facts.missing;
    } else if (!overflow) {
      keys.add(key);
      overflow = keys.size() > limit;
    }
  });
  facts.distinctExact = !overflow;
  facts.distinct = overflow ? estimateDistinct(table, column) : static_cast<std::int64_t>(keys.size());
}

/// A sum whose rounding errors are summed beside it (Neumaier 1974).
class ExactSum {
 public:
  void add(double x) {
    const double next = m_sum + x;
    m_rest += std::abs(m_sum) >= std::abs(x) ? (m_sum - next) + x : (x - next) + m_sum;
    m_sum = next;
  }
  [[nodiscard]] double value() const { return m_sum + m_rest; }

 private:
  double m_sum = 0;
  double m_rest = 0;
};

// Calls take(row, number) for each present number; dates in seconds.
template <class Take>
void forEachNumber(const Table& table, const Column& column, const Take& take) {
  if (column.storage == Storage::Real) {
    forEachValue<double>(table, column, [&](std::int64_t row, double x) {
      if (!std::isnan(x)) take(row, x);
    });
  } else if (column.storage == Storage::Integer || column.storage == Storage::Date) {
    const double unit = column.storage == Storage::Date ? 1e-6 : 1.0;
    forEachValue<std::int64_t>(table, column, [&](std::int64_t row, std::int64_t x) {
      if (x != missingInteger) take(row, static_cast<double>(x) * unit);
    });
  }
}

void summarise(const Table& table, const Column& column, ColumnFacts& facts) {
  double count = 0;
  ExactSum sum;
  facts.min = facts.max = facts.mean = facts.standardDeviation = std::nan("");
  bool whole = true;
  forEachNumber(table, column, [&](std::int64_t, double x) {
    if (count == 0) facts.min = facts.max = x;
    facts.min = std::min(facts.min, x);
    facts.max = std::max(facts.max, x);
    whole = whole && std::floor(x) == x;
    count += 1;
    sum.add(x);
  });
  if (count == 0) return;
  facts.whole = whole;
  facts.mean = sum.value() / count;
  ExactSum squares;
  forEachNumber(table, column, [&](std::int64_t, double x) { squares.add((x - facts.mean) * (x - facts.mean)); });
  if (count > 1) facts.standardDeviation = std::sqrt(squares.value() / (count - 1));
}

// id, user_id, UserID, uuid, index, row ... but not "idea" or "paid".
bool namesAnIdentifier(const std::string& name) {
  std::string lower;
  for (const char c : name) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  static const std::array<const char*, 9> words{"id",  "uuid",   "guid", "index",     "idx",
                                                "key", "rownum", "row",  "unnamed: 0"};
  if (std::any_of(words.begin(), words.end(), [&](const char* word) { return lower == word; })) return true;
  if (lower.ends_with("_id") || lower.ends_with(" id") || lower.ends_with("-id") || lower.ends_with(".id")) return true;
  return name.size() > 2 && (name.ends_with("ID") || name.ends_with("Id")) &&
         std::islower(static_cast<unsigned char>(name[name.size() - 3])) != 0;
}

// 0, 1, 2 ... or 1, 2, 3 ... in the rows' order.
bool countsRows(const Table& table, const Column& column) {
  const std::int64_t rows = table.rows();
  if (rows < 20 || column.segments.empty()) return false;
  const std::int64_t first = column.segments[0].as<std::int64_t>()[0];
  if (first != 0 && first != 1) return false;
  for (std::size_t block = 0; block < table.blocks(); ++block) {
    const auto* values = column.segments[block].as<std::int64_t>();
    const std::int64_t start = table.blockStarts[block];
    for (std::int64_t i = 0; i < table.blockStarts[block + 1] - start; ++i)
      if (values[i] != first + start + i) return false;
  }
  return true;
}

bool allDistinct(const Table& table, const Column& column, std::int64_t atLeast) {
  KeySet keys;
  bool distinct = true;
  std::int64_t present = 0;
  for (std::size_t block = 0; block < table.blocks() && distinct; ++block) {
    const auto visit = [&](std::uint64_t key, bool missing) {
      if (missing) return;
      ++present;
      distinct = keys.add(key) && distinct;
    };
    const auto rows = static_cast<std::size_t>(table.blockStarts[block + 1] - table.blockStarts[block]);
    const Segment& segment = column.segments[block];
    // Row by row, to stop early: most columns repeat a value soon.
    for (std::size_t i = 0; i < rows && distinct; ++i) {
      if (column.storage == Storage::Integer)
        visit(static_cast<std::uint64_t>(segment.as<std::int64_t>()[i]),
              segment.as<std::int64_t>()[i] == missingInteger);
      else
        visit(segment.as<std::uint64_t>()[i], segment.as<std::uint64_t>()[i] == missingHash);
    }
  }
  return distinct && present >= atLeast;
}

bool isTruthPair(const std::vector<std::string>& values) {
  static const std::array<std::array<const char*, 2>, 5> pairs{
      {{"false", "true"}, {"no", "yes"}, {"f", "t"}, {"n", "y"}, {"off", "on"}}};
  if (values.empty() || values.size() > 2) return false;
  return std::any_of(pairs.begin(), pairs.end(), [&](const auto& pair) {
    return std::all_of(values.begin(), values.end(), [&](const std::string& value) {
      std::string lower;
      for (const char c : value) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      return lower == pair[0] || lower == pair[1];
    });
  });
}

ColumnKind kindOfText(const Table& table, const Column& column) {
  const bool short_ = column.textLength <= 40 && column.spaces < 0.2;
  if (column.storage == Storage::Hashes)
    return short_ && allDistinct(table, column, 20) ? ColumnKind::Id : ColumnKind::Text;
  if (isTruthPair(column.values)) return ColumnKind::Boolean;
  std::int64_t present = 0;
  forEachValue<std::uint32_t>(table, column,
                              [&](std::int64_t, std::uint32_t code) { present += code != missingCode ? 1 : 0; });
  const auto distinct = static_cast<std::int64_t>(column.values.size());
  if (distinct == present && present >= 10) return short_ ? ColumnKind::Id : ColumnKind::Text;
  if (distinct <= 50 || distinct * 5 <= present || (distinct <= 1000 && distinct * 2 <= present))
    return column.textLength > 80 && distinct > 50 ? ColumnKind::Text : ColumnKind::Category;
  return ColumnKind::Text;
}

}  // namespace

ColumnKind inferKind(const Table& table, const Column& column) {
  switch (column.storage) {
    case Storage::Empty:
    case Storage::Real:
      return ColumnKind::Real;
    case Storage::Date:
      return ColumnKind::DateTime;
    case Storage::Integer:
      if (countsRows(table, column) || (namesAnIdentifier(column.name) && allDistinct(table, column, 5)))
        return ColumnKind::Id;
      return ColumnKind::Integer;
    case Storage::Codes:
    case Storage::Hashes:
      break;
  }
  return kindOfText(table, column);
}

std::vector<ColumnFacts> factsOf(const Table& table) {
  std::vector<ColumnFacts> facts(table.columns.size());
  parallelFor(facts.size(), readingThreads(), [&](std::size_t c) {
    const auto& column = table.columns[c];
    if (column.storage == Storage::Empty) facts[c].missing = table.rows();
    countDistinct(table, column, facts[c]);
    summarise(table, column, facts[c]);
    facts[c].kind = inferKind(table, column);
  });
  return facts;
}

bool hasAtMost(const Table& table, const Column& column, std::size_t limit) {
  std::unordered_set<std::uint64_t> seen;
  forEachKey(table, column, [&](std::int64_t, std::uint64_t key, bool missing) {
    if (!missing && seen.size() <= limit) seen.insert(key);
  });
  return seen.size() <= limit;
}

spec::Histogram histogramOf(const Table& table, const Column& column, const ColumnFacts& facts, ColumnKind kind) {
  constexpr std::size_t bins = 24;
  constexpr std::size_t bars = 12;
  spec::Histogram histogram;
  const bool numeric = kind == ColumnKind::Integer || kind == ColumnKind::Real || kind == ColumnKind::DateTime;
  if (numeric && !std::isnan(facts.min)) {
    histogram.low = facts.min;
    histogram.high = facts.max;
    histogram.counts.assign(facts.max > facts.min ? bins : 1, 0);
    const double span = facts.max - facts.min;
    const auto last = histogram.counts.size() - 1;
    forEachNumber(table, column, [&](std::int64_t, double x) {
      // The span of the largest doubles overflows.
      const double share = std::isfinite(span) && span > 0 ? (x - facts.min) / span : 0;
      ++histogram.counts[std::min(last, static_cast<std::size_t>(share * static_cast<double>(bins)))];
    });
  } else if (column.storage == Storage::Codes) {
    std::vector<std::int64_t> counts(column.values.size(), 0);
    forEachValue<std::uint32_t>(table, column, [&](std::int64_t, std::uint32_t code) {
      if (code != missingCode) ++counts[code];
    });
    std::vector<std::size_t> order(counts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return counts[a] > counts[b]; });
    for (std::size_t i = 0; i < std::min(bars, order.size()); ++i) {
      histogram.counts.push_back(counts[order[i]]);
      histogram.labels.push_back(column.values[order[i]]);
    }
  }
  return histogram;
}

}  // namespace lathe::data
