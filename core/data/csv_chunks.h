// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

#include "core/data/csv_reader.h"
#include "core/data/csv_scan.h"

namespace lathe::data {

/// A piece of text that holds whole rows, with the ends of its cells. Reused from piece to piece. 64 bytes before and
/// behind the text may be read.
struct Chunk {
  std::unique_ptr<char[]> memory;
  char* text = nullptr;
  std::size_t capacity = 0;
  std::size_t size = 0;  ///< of whole rows
  std::size_t number = 0;
  BlockPlace place;
  CellIndex index;
  bool quotes = false;   ///< any in it
  bool indexed = false;  ///< while it was cut
};

/// Reads and indexes the block at `place` again. Error: data.changed.
Result<void> loadBlock(const TextFile& text, const BlockPlace& place, const CsvDialect& dialect, std::size_t columns,
                       Chunk& chunk);

/// How the cutter finds the ends of rows among quotes.
enum class Cutting : std::uint8_t {
  ByParity,  ///< a line end behind an even number of quotes; each thread then checks its chunk
  Exactly    ///< by following every quote, one thread at a time: what quotes inside plain cells need
};

/// Cuts a text into chunks at row ends, one after the other, for many threads. After the first error in the order of
/// the text it gives nothing any more.
class ChunkCutter {
 public:
  ChunkCutter(const TextFile& text, const CsvOutline& outline, Cutting cutting, const JobContext& job);

  /// The next chunk, indexed; false at the end or after an error. Any thread.
  bool next(Chunk& chunk);
  /// The error with the lowest position, once all threads have stopped.
  [[nodiscard]] std::optional<Error> error() const;
  /// ByParity: a chunk was not what its quotes promised. Nothing that was given is worth anything: cut exactly.
  [[nodiscard]] bool doubtful() const;

 private:
  bool cut(Chunk& chunk);
  bool cutExactly(Chunk& chunk, bool last);
  void stop(const ScanProblem& problem, const Chunk& chunk);
  void report();

  const TextFile& m_text;
  const CsvOutline& m_outline;
  const Cutting m_cutting;
  const JobContext& m_job;
  mutable std::mutex m_mutex;
  std::uint64_t m_offset;
  std::size_t m_number = 0;
  std::uint64_t m_errorOffset = 0;
  std::optional<Error> m_error;
  bool m_doubtful = false;
  std::chrono::steady_clock::time_point m_reported;
};

}  // namespace lathe::data
