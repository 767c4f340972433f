// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/csv_reader.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <mutex>
#include <utility>

#include "core/base/machine.h"
#include "core/data/csv_chunks.h"
#include "core/data/csv_columns.h"
#include "core/data/csv_finish.h"
#include "core/data/encoding.h"
#include "core/data/parallel.h"

namespace lathe::data {
namespace {

constexpr std::size_t headBytes = std::size_t{1} << 20;
constexpr std::size_t largeText = std::size_t{8} << 20;
constexpr std::size_t mostColumns = 100'000;

/// Parses chunks on all threads; columns widen as cells demand it.
class Parser {
 public:
  Parser(const CsvTable& csv, Cutting cutting, const JobContext& job)
      : m_csv(csv),
        m_rules{MissingWords(csv.missing), csv.outline.dialect.decimal},
        m_columns(csv.outline.names.size()),
        m_storages(m_columns),
        m_orders(m_columns, DayOrder::DayFirst),
        m_notes(m_columns),
        m_cutter(*csv.text, csv.outline, cutting, job) {
    for (std::size_t c = 0; c < m_columns; ++c) m_storages[c] = storageFor(csv.outline.columns[c].kind);
    m_workers.resize(workersFor(csv));
    if (csv.text->size() >= largeText) m_arenas.resize(m_workers.size());
    for (auto& worker : m_workers) worker.resize(m_columns);
  }

  /// Nothing when the chunks have to be cut exactly.
  Result<std::optional<ParsedBlocks>> run() {
    runOnThreads(static_cast<unsigned>(m_workers.size()), [&](unsigned worker) {
      Chunk chunk;
      while (m_cutter.next(chunk)) parse(chunk, worker);
    });
    if (m_cutter.doubtful()) return std::nullopt;
    if (const auto error = m_cutter.error()) return tl::unexpected<Error>(*error);
    for (int round = 0; round < 8; ++round) {
      decideDayOrders();
      refuseMixedSigns();
      if (!againRound()) break;
      if (m_failure) return tl::unexpected<Error>(*m_failure);
    }
    ParsedBlocks parsed;
    parsed.blocks = std::move(m_blocks);
    parsed.workers = std::move(m_workers);
    parsed.notes = std::move(m_notes);
    for (const auto& storage : m_storages) parsed.storages.push_back(storage);
    return std::optional<ParsedBlocks>(std::move(parsed));
  }

 private:
  static std::size_t workersFor(const CsvTable& csv) {
    const auto chunks = csv.text->size() / (std::uint64_t{256} << 10) + 1;
    return static_cast<std::size_t>(std::min<std::uint64_t>(readingThreads(), chunks));
  }

  // In the memory that the column's segment already has, if any.
  Segment segmentOf(const Chunk& chunk, std::size_t column, unsigned worker, Segment segment = {}) {
    segment.worker = static_cast<std::uint8_t>(worker);
    auto* arena = m_arenas.empty() ? nullptr : &m_arenas[worker];
    const ColumnCells cells{chunk.text, &chunk.index, m_columns, column};
    for (Storage storage = m_storages[column];;) {
      const Storage wanted =
          parseColumn(cells, storage, m_orders[column], m_rules, m_workers[worker][column], segment, arena);
      if (wanted == storage) return segment;
      storage = widen(column, wanted);
    }
  }

  // Several threads may widen at once: the join of all wishes holds.
  Storage widen(std::size_t column, Storage wanted) {
    Storage known = m_storages[column];
    Storage wider = joined(known, wanted);
    while (!m_storages[column].compare_exchange_weak(known, wider)) wider = joined(known, wanted);
    return wider;
  }

  void parse(const Chunk& chunk, unsigned worker) {
    if (chunk.index.rows == 0) return;
    auto block = std::make_unique<ParsedBlock>();
    block->place = chunk.place;
    block->rows = chunk.index.rows;
    block->segments.reserve(m_columns);
    for (std::size_t c = 0; c < m_columns; ++c) block->segments.push_back(segmentOf(chunk, c, worker));
    const std::lock_guard lock(m_mutex);
    if (m_blocks.size() <= chunk.number) m_blocks.resize(chunk.number + 1);
    m_blocks[chunk.number] = std::move(block);
  }

  [[nodiscard]] DayOrderSeen seenIn(std::size_t column) const {
    DayOrderSeen seen;
    for (const auto& worker : m_workers) seen.add(worker[column].dayOrder);
    return seen;
  }

  // The order that all the file's dates with slashes have that tell theirs.
  [[nodiscard]] std::optional<DayOrder> orderOfOthers() const {
    DayOrderSeen all;
    for (std::size_t c = 0; c < m_columns; ++c)
      if (m_storages[c] == Storage::Date) all.add(seenIn(c));
    if (all.dayFirst == all.monthFirst) return std::nullopt;
    return all.dayFirst ? DayOrder::DayFirst : DayOrder::MonthFirst;
  }

  void decideDayOrders() {
    const auto others = orderOfOthers();
    for (std::size_t c = 0; c < m_columns; ++c) {
      if (m_storages[c] != Storage::Date) continue;
      const auto seen = seenIn(c);
      const bool ambiguous = seen.undecided && !seen.dayFirst && !seen.monthFirst;
      if ((ambiguous && !others) || (seen.dayFirst && seen.monthFirst)) {
        m_storages[c] = Storage::Codes;
        m_notes[c].ambiguousDates = true;
        continue;
      }
      const bool monthFirst = ambiguous ? *others == DayOrder::MonthFirst : seen.monthFirst;
      m_notes[c].dateOrderAssumed = ambiguous;
      m_notes[c].monthFirst = monthFirst;
      if (!monthFirst || !seen.undecided || m_orders[c] == DayOrder::MonthFirst) continue;
      m_orders[c] = DayOrder::MonthFirst;
      for (auto& block : m_blocks)
        if (block) block->segments[c].storage = Storage::Hashes;  // marks it for another reading
    }
  }

  // Percentages beside other numbers, several currencies, or nothing but numbers in parentheses are no one quantity.
  void refuseMixedSigns() {
    for (std::size_t c = 0; c < m_columns; ++c) {
      if (m_storages[c] != Storage::Real) continue;
      WrittenSeen all;
      for (const auto& block : m_blocks)
        if (const auto* seen = block ? block->segments[c].written.get() : nullptr; seen != nullptr) {
          all.signs |= seen->signs;
          all.percents += seen->percents;
          all.negatives += seen->negatives;
        }
      if (all.signs == 0) continue;
      const auto currencies = all.signs & currencySigns;
      const bool refused = (all.percents > 0 && all.percents != presentReals(c)) ||
                           (currencies & (currencies - 1)) != 0 || (all.percents > 0 && currencies != 0) ||
                           (all.negatives > 0 && all.negatives == presentReals(c));
      if (!refused) continue;
      m_storages[c] = Storage::Codes;
      m_notes[c].mixedSigns = all.negatives == 0 || all.negatives != presentReals(c);
    }
  }

  [[nodiscard]] std::uint64_t presentReals(std::size_t column) const {
    std::uint64_t present = 0;
    for (const auto& block : m_blocks) {
      if (!block) continue;
      const auto& segment = block->segments[column];
      if (segment.storage == Storage::Integer)
        present += static_cast<std::uint64_t>(
            std::count_if(segment.as<std::int64_t>(), segment.as<std::int64_t>() + block->rows,
                          [](std::int64_t value) { return value != missingInteger; }));
      if (segment.storage == Storage::Real)
        present += static_cast<std::uint64_t>(std::count_if(segment.as<double>(), segment.as<double>() + block->rows,
                                                            [](double value) { return !std::isnan(value); }));
    }
    return present;
  }

  [[nodiscard]] bool fits(const Segment& segment, std::size_t column) const {
    const Storage wanted = m_storages[column];
    if (segment.storage == wanted || segment.storage == Storage::Empty) return true;
    if (wanted == Storage::Real) return segment.storage == Storage::Integer;
    return wanted == Storage::Hashes && segment.storage == Storage::Codes;
  }

  // Reads those blocks again whose segments do not fit what their column became. False when there were none.
  bool againRound() {
    std::vector<ParsedBlock*> wrong;
    for (const auto& block : m_blocks) {
      if (!block) continue;
      bool all = true;
      for (std::size_t c = 0; c < m_columns && all; ++c) all = fits(block->segments[c], c);
      if (!all) wrong.push_back(block.get());
    }
    std::atomic<std::size_t> nextBlock{0};
    runOnThreads(static_cast<unsigned>(std::min(m_workers.size(), wrong.size())), [&](unsigned worker) {
      Chunk chunk;
      for (std::size_t i = nextBlock++; i < wrong.size(); i = nextBlock++) {
        const auto loaded = loadBlock(*m_csv.text, wrong[i]->place, m_csv.outline.dialect, m_columns, chunk);
        if (!loaded || chunk.index.rows != wrong[i]->rows) {
          const std::lock_guard lock(m_mutex);
          m_failure = loaded ? Error{"data.changed", {}, {}} : loaded.error();
          return;
        }
        for (std::size_t c = 0; c < m_columns; ++c)
          if (!fits(wrong[i]->segments[c], c))
            wrong[i]->segments[c] = segmentOf(chunk, c, worker, std::move(wrong[i]->segments[c]));
      }
    });
    return !wrong.empty();
  }

  const CsvTable& m_csv;
  CellRules m_rules;
  std::size_t m_columns;
  std::vector<std::atomic<Storage>> m_storages;
  std::vector<DayOrder> m_orders;
  std::vector<ColumnNotes> m_notes;
  ChunkCutter m_cutter;
  std::vector<std::vector<ColumnGathering>> m_workers;
  std::vector<SegmentArena> m_arenas;  ///< one a worker; none for a small text
  std::mutex m_mutex;
  std::vector<std::unique_ptr<ParsedBlock>> m_blocks;
  std::optional<Error> m_failure;
};

Result<void> checkOutline(const CsvTable& csv) {
  const TextArgs args{{"file", csv.text->path().string()}};
  const std::size_t columns = csv.outline.names.size();
  if (columns == 0)
    return fail("data.empty_file", LATHE_TEXT("errors", "{file} is empty."),
                LATHE_TEXT("errors", "Choose a file with rows of values."), args);
  if (columns > mostColumns)
    return fail("data.too_many_columns", LATHE_TEXT("errors", "{file} has more than 100000 columns."),
                LATHE_TEXT("errors", "Remove columns, or turn rows and columns around."), args);
  if (csv.outline.bytesPerRow <= 0) return {};
  double needed = 0;
  for (const auto& column : csv.outline.columns) needed += static_cast<double>(widthOf(storageFor(column.kind)));
  needed *= static_cast<double>(csv.text->size()) / csv.outline.bytesPerRow;
  const auto available = static_cast<double>(availableMemory());
  if (available > 0 && needed > 0.9 * available) return outOfMemory();
  return {};
}

Result<std::shared_ptr<const CsvTable>> readOnce(const std::filesystem::path& path, const spec::ReadingSpec& reading,
                                                 const std::string& encoding, const JobContext& job,
                                                 std::string& malformed) {
  auto csv = std::make_shared<CsvTable>();
  LATHE_ASSIGN(text, TextFile::open(path, encoding, job));
  csv->text = text;
  csv->missing = reading.missing;
  LATHE_ASSIGN(head, text->head(headBytes));
  // A header of many thousand names may be longer than that.
  if (head.find_first_of("\r\n") == std::string::npos && text->size() > head.size()) {
    LATHE_ASSIGN(longer, text->head(64 * headBytes));
    head = longer;
  }
  csv->outline = outlineOf(head, reading, path.string());
  LATHE_TRY(checkOutline(*csv));
  LATHE_ASSIGN(parsed, Parser(*csv, Cutting::ByParity, job).run());
  if (!parsed) {
    LATHE_ASSIGN(exactly, Parser(*csv, Cutting::Exactly, job).run());
    parsed = std::move(exactly);
  }
  malformed = finishTable(*parsed, *csv);
  if (csv->table.rows() == 0)
    return fail("data.header_only", LATHE_TEXT("errors", "{file} has a header but no rows."),
                LATHE_TEXT("errors", "Choose a file with rows of values."), {{"file", path.string()}});
  return std::shared_ptr<const CsvTable>(csv);
}

}  // namespace

Result<std::shared_ptr<const CsvTable>> readCsv(const std::filesystem::path& path, const spec::ReadingSpec& reading,
                                                const JobContext& job) {
  return guarded([&]() -> Result<std::shared_ptr<const CsvTable>> {
    std::string malformed;
    auto table = readOnce(path, reading, reading.encoding, job, malformed);
    if (!table || malformed.empty() || !reading.encoding.empty() || (*table)->text->encoding() != "utf-8") return table;
    // The start was UTF-8, or plain ASCII; further on something else came.
    const auto encoding = guessLegacyEncoding(malformed);
    return readOnce(path, reading, encoding, job, malformed);
  });
}

struct CsvCells::Block {
  Chunk chunk;
};

struct CsvCells::Cache {
  std::mutex mutex;
  std::array<std::pair<std::size_t, std::shared_ptr<const Block>>, 8> blocks;
  std::size_t next = 0;
};

CsvCells::CsvCells(std::shared_ptr<const CsvTable> table)
    : m_table(std::move(table)), m_missing(m_table->missing), m_cache(std::make_unique<Cache>()) {}
CsvCells::~CsvCells() = default;

std::shared_ptr<const CsvCells::Block> CsvCells::block(std::size_t index) const {
  {
    const std::lock_guard lock(m_cache->mutex);
    for (const auto& [known, kept] : m_cache->blocks)
      if (kept && known == index) return kept;
  }
  auto fresh = std::make_shared<Block>();
  const auto& outline = m_table->outline;
  const auto loaded =
      loadBlock(*m_table->text, m_table->places[index], outline.dialect, outline.names.size(), fresh->chunk);
  if (!loaded) fresh->chunk.index.rows = 0;
  const std::lock_guard lock(m_cache->mutex);
  m_cache->blocks[m_cache->next++ % m_cache->blocks.size()] = {index, fresh};
  return fresh;
}

std::string CsvCells::cell(std::int64_t row, int column) const {
  const auto& starts = m_table->table.blockStarts;
  const auto columns = m_table->outline.names.size();
  if (row < 0 || row >= m_table->table.rows() || column < 0 || static_cast<std::size_t>(column) >= columns) return {};
  const auto index = static_cast<std::size_t>(std::upper_bound(starts.begin(), starts.end(), row) - starts.begin()) - 1;
  const auto kept = block(index);
  const auto local = static_cast<std::size_t>(row - starts[index]);
  return local < kept->chunk.index.rows ? text(*kept, local, static_cast<std::size_t>(column)) : std::string();
}

std::string CsvCells::text(const Block& block, std::size_t local, std::size_t column) const {
  const auto& cells = block.chunk.index;
  const std::size_t at = local * m_table->outline.names.size() + column;
  const char* text = block.chunk.text;
  const char* begin = text + (column == 0 ? cells.rowStarts[local] : cells.ends[at - 1] + 1);
  const char* end = text + cells.ends[at];
  const bool doubled = narrow(begin, end);
  if (m_missing.matches(begin, end)) return {};
  const std::string_view content(begin, static_cast<std::size_t>(end - begin));
  return repairUtf8(doubled ? unescape(content) : std::string(content));
}

Result<void> CsvCells::visitBlock(std::size_t block, std::span<const int> columns,
                                  const std::function<void(std::size_t, std::string_view)>& visit) const {
  Block fresh;
  const auto& outline = m_table->outline;
  LATHE_TRY(loadBlock(*m_table->text, m_table->places[block], outline.dialect, outline.names.size(), fresh.chunk));
  const auto& starts = m_table->table.blockStarts;
  const auto rows = static_cast<std::size_t>(starts[block + 1] - starts[block]);
  if (fresh.chunk.index.rows != rows)
    return fail("data.changed", LATHE_TEXT("errors", "{file} was changed while it was read."),
                LATHE_TEXT("errors", "Open it again."), {{"file", m_table->text->path().string()}});
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t which = 0; which < columns.size(); ++which)
      visit(which, text(fresh, row, static_cast<std::size_t>(columns[which])));
  return {};
}

}  // namespace lathe::data
