// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/text_columns.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <optional>

#include "core/base/machine.h"
#include "core/data/parallel.h"

namespace lathe::data {
namespace {

constexpr std::size_t sampledRows = 4096;
constexpr std::size_t mostUsualPlaces = 512;
constexpr std::size_t fewRows = 50000;

/// A column of a part that is to be hashed.
struct Job {
  int column = 0;
  const spec::FeatureSchema* feature = nullptr;
  TextColumn* out = nullptr;
};

void append(TextColumn& out, std::string_view text, const spec::FeatureSchema& feature) {
  const auto before = out.codes.size();
  spec::appendTextCodes(text, feature.text, static_cast<std::size_t>(feature.width), out.codes);
  // The text without codes is the first one.
  if (out.codes.size() == before) {
    out.place.push_back(0);
    return;
  }
  out.place.push_back(static_cast<std::uint32_t>(out.starts.size() - 1));
  out.starts.push_back(out.codes.size());
}

void appendRows(TextColumn& out, const TextColumn& more) {
  const auto texts = static_cast<std::uint32_t>(out.starts.size() - 2);
  for (const auto place : more.place) out.place.push_back(place == 0 ? 0 : place + texts);
  for (std::size_t t = 2; t < more.starts.size(); ++t) out.starts.push_back(more.starts[t] + out.codes.size());
  out.codes.insert(out.codes.end(), more.codes.begin(), more.codes.end());
}

// Each word of the dictionary once.
void addDictionary(const Table& table, const Job& job) {
  const auto& column = table.columns[static_cast<std::size_t>(job.column)];
  const std::size_t words = column.values.size();
  constexpr std::size_t atOnce = 2048;
  std::vector<TextColumn> parts((words + atOnce - 1) / atOnce);
  parallelFor(parts.size(), readingThreads(), [&](std::size_t p) {
    for (std::size_t word = p * atOnce; word < std::min(words, (p + 1) * atOnce); ++word)
      append(parts[p], column.values[word], *job.feature);
  });
  TextColumn dictionary;
  for (const auto& part : parts) appendRows(dictionary, part);
  TextColumn rows;
  rows.starts = std::move(dictionary.starts);
  rows.codes = std::move(dictionary.codes);
  rows.place.reserve(static_cast<std::size_t>(table.rows()));
  forEachValue<std::uint32_t>(table, column, [&](std::int64_t, std::uint32_t code) {
    rows.place.push_back(code == missingCode ? 0 : dictionary.place[code]);
  });
  appendRows(*job.out, rows);
}

// Blocks on all threads, each for all columns at once, joined in the order of the rows.
Result<void> addFromFile(const TablePart& part, const std::vector<Job>& jobs, const JobContext& context) {
  std::vector<int> columns;
  columns.reserve(jobs.size());
  for (const auto& job : jobs) columns.push_back(job.column);
  const std::size_t blocks = part.table->blocks();
  std::vector<std::vector<TextColumn>> made(blocks, std::vector<TextColumn>(jobs.size()));
  std::vector<std::optional<Error>> problems(blocks);
  const auto& starts = part.table->blockStarts;
  std::atomic<std::size_t> next{0};
  auto reported = std::chrono::steady_clock::now();
  const auto work = [&](unsigned worker) {
    for (std::size_t block = next++; block < blocks && !context.cancelled(); block = next++) {
      const auto read = part.cells->visitBlock(block, columns, [&](std::size_t which, std::string_view text) {
        append(made[block][which], text, *jobs[which].feature);
      });
      if (!read) problems[block] = read.error();
      // The first worker is the job's own thread.
      const auto now = std::chrono::steady_clock::now();
      if (worker != 0 || now - reported < std::chrono::milliseconds(40)) continue;
      reported = now;
      context.report({"text", static_cast<double>(starts[block + 1]), static_cast<double>(part.table->rows()), "rows"});
    }
  };
  runOnThreads(static_cast<unsigned>(std::min<std::size_t>(readingThreads(), blocks)), work);
  if (context.cancelled()) return cancelledError();
  for (std::size_t block = 0; block < blocks; ++block) {
    if (problems[block]) return tl::unexpected<Error>(*problems[block]);
    for (std::size_t which = 0; which < jobs.size(); ++which) {
      appendRows(*jobs[which].out, made[block][which]);
      made[block][which] = {};
    }
  }
  return {};
}

void addCellByCell(const TablePart& part, const Job& job) {
  for (std::int64_t row = 0; row < part.table->rows(); ++row)
    append(*job.out, part.cell(row, job.column), *job.feature);
}

Result<void> addPart(const TablePart& part, const std::vector<Job>& jobs, const JobContext& context) {
  std::vector<Job> fromFile;
  for (const auto& job : jobs) {
    if (columnOf(part, job.column).storage == Storage::Codes)
      addDictionary(*part.table, job);
    else if (part.cells)
      fromFile.push_back(job);
    else
      addCellByCell(part, job);
  }
  return fromFile.empty() ? Result<void>() : addFromFile(part, fromFile, context);
}

// Codes of 16 bits, twice while blocks are joined, and the place of each row.
Result<void> checkMemory(const TableParts& parts, const std::vector<std::vector<int>>& columns, const Dataset& out) {
  double bytes = 0;
  std::size_t f = 0;
  for (const auto& feature : out.schema.features) {
    if (feature.text.buckets == 0) continue;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto& column = columnOf(parts[i], columns[f][i]);
      const auto rows = static_cast<double>(parts[i].table->rows());
      const double texts = column.storage == Storage::Codes ? static_cast<double>(column.values.size()) : rows;
      // A text has at most some 15 pieces for each five characters, and seldom more than its places.
      const double codes = std::min<double>(feature.width, 3 * column.textLength + 1);
      bytes += 2 * (texts * (codes * 2 + 8) + rows * 4);
    }
    ++f;
  }
  const auto available = static_cast<double>(availableMemory());
  if (available > 0 && bytes > 0.9 * available) return outOfMemory();
  return {};
}

}  // namespace

int bucketsFor(std::size_t trainRows) { return trainRows < fewRows ? 16384 : 32768; }

Result<int> placesFor(const TablePart& part, const std::vector<int>& columns, const std::vector<std::uint32_t>& train,
                      const spec::TextRule& rule) {
  std::size_t places = 1;
  std::vector<std::uint16_t> codes;
  std::vector<std::uint32_t> rows;
  const std::size_t step = std::max<std::size_t>(1, train.size() / sampledRows);
  for (std::size_t i = 0; i < train.size(); i += step) rows.push_back(train[i]);
  // In the file's order, so that each block is read once.
  std::sort(rows.begin(), rows.end());
  for (const int column : columns) {
    std::vector<std::size_t> counts;
    for (const auto row : rows) {
      codes.clear();
      spec::appendTextCodes(part.cell(row, column), rule, mostUsualPlaces, codes);
      counts.push_back(codes.size());
    }
    if (counts.empty()) continue;
    std::sort(counts.begin(), counts.end());
    const auto at = static_cast<std::size_t>(std::lround(usualShare * static_cast<double>(counts.size() - 1)));
    places = std::max(places, counts[at]);
  }
  return static_cast<int>(places);
}

Result<void> addTexts(const TableParts& parts, const JobContext& job, Dataset& out) {
  std::vector<std::vector<int>> columns;
  for (const auto& feature : out.schema.features) {
    if (feature.text.buckets == 0) continue;
    LATHE_ASSIGN(found, findEverywhere(parts, feature.name));
    columns.push_back(found);
  }
  out.texts.clear();
  if (columns.empty()) return {};
  LATHE_TRY(checkMemory(parts, columns, out));
  out.texts.resize(columns.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::vector<Job> jobs;
    std::size_t f = 0;
    for (const auto& feature : out.schema.features) {
      if (feature.text.buckets == 0) continue;
      jobs.push_back({columns[f][i], &feature, &out.texts[f]});
      ++f;
    }
    LATHE_TRY(addPart(parts[i], jobs, job));
  }
  return {};
}

}  // namespace lathe::data
