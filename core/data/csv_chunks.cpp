// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/csv_chunks.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

#include "core/data/parallel.h"

namespace lathe::data {
namespace {

constexpr std::size_t chunkBytes = std::size_t{256} << 10;
constexpr std::size_t largestChunk = std::size_t{8} << 20;
constexpr std::size_t longestRow = std::size_t{64} << 20;

void reserve(Chunk& chunk, std::size_t bytes) {
  // The scan looks at whole groups of 64 bytes; a line end may be added.
  constexpr std::size_t margin = 64;
  const std::size_t needed = (bytes + 1 + 63) / 64 * 64 + margin;
  if (chunk.capacity >= needed) return;
  chunk.memory = std::make_unique<char[]>(margin + needed);
  chunk.text = chunk.memory.get() + margin;
  chunk.capacity = needed;
}

// Rows of many columns need larger chunks: each costs a segment a column.
std::size_t chunkBytesFor(const CsvOutline& outline) {
  constexpr double rows = 128;
  return static_cast<std::size_t>(
      std::clamp(outline.bytesPerRow * rows, static_cast<double>(chunkBytes), static_cast<double>(largestChunk)));
}

// Behind the last line end; 0 where there is none.
std::size_t lastEnd(const char* text, std::size_t size, char newline) {
  const void* end = memrchr(text, newline, size);
  return end == nullptr ? 0 : static_cast<std::size_t>(static_cast<const char*>(end) - text) + 1;
}

// Behind the last line end with an even number of quotes before it; 0 where there is none.
std::size_t evenEnd(const char* text, std::size_t size, char newline) {
  bool even = countByte(text, size, '"') % 2 == 0;
  for (std::size_t at = size; at-- > 0;) {
    if (text[at] == '"') even = !even;
    if (text[at] == newline && even) return at + 1;
  }
  return 0;
}

// The line that holds a position, counted from 1.
std::uint64_t lineAt(const TextFile& text, std::uint64_t offset, char newline) {
  std::string piece(std::size_t{1} << 20, '\0');
  std::uint64_t line = 1;
  for (std::uint64_t done = 0; done < offset;) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), offset - done));
    if (!text.read(done, piece.data(), count)) break;
    line += static_cast<std::uint64_t>(
        std::count(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(count), newline));
    done += count;
  }
  return line;
}

}  // namespace

Result<void> loadBlock(const TextFile& text, const BlockPlace& place, const CsvDialect& dialect, std::size_t columns,
                       Chunk& chunk) {
  reserve(chunk, place.bytes);
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(place.bytes, text.size() - place.offset));
  LATHE_TRY(text.read(place.offset, chunk.text, count));
  chunk.size = count;
  if (count < place.bytes) chunk.text[chunk.size++] = dialect.newline;
  chunk.place = place;
  const char* data = chunk.text;
  if (!containsByte(data, chunk.size, '"') && scanPlain(data, chunk.size, dialect, columns, chunk.index)) return {};
  std::size_t consumed = 0;
  const auto problem = scanExactly(data, chunk.size, dialect, columns, true, chunk.index, consumed);
  if (problem.kind == ScanProblem::Kind::None) return {};
  return fail("data.changed", LATHE_TEXT("errors", "{file} was changed while it was read."),
              LATHE_TEXT("errors", "Open it again."), {{"file", text.path().string()}});
}

ChunkCutter::ChunkCutter(const TextFile& text, const CsvOutline& outline, Cutting cutting, const JobContext& job)
    : m_text(text), m_outline(outline), m_cutting(cutting), m_job(job), m_offset(outline.headerBytes) {}

bool ChunkCutter::next(Chunk& chunk) {
  if (!cut(chunk)) return false;
  if (chunk.indexed) return true;
  const auto& dialect = m_outline.dialect;
  const std::size_t columns = m_outline.names.size();
  if (!chunk.quotes && scanPlain(chunk.text, chunk.size, dialect, columns, chunk.index)) return true;
  std::size_t consumed = 0;
  const auto problem = scanExactly(chunk.text, chunk.size, dialect, columns, true, chunk.index, consumed);
  if (problem.kind == ScanProblem::Kind::None && consumed == chunk.size) return true;
  if (m_cutting == Cutting::Exactly) {
    stop(problem, chunk);
  } else {
    // Also where a row is at fault: only an exact reading knows which is the first.
    const std::lock_guard lock(m_mutex);
    m_doubtful = true;
  }
  return false;
}

bool ChunkCutter::cut(Chunk& chunk) {
  const auto& dialect = m_outline.dialect;
  const std::lock_guard lock(m_mutex);
  for (std::size_t want = chunkBytesFor(m_outline);; want *= 4) {
    if (m_error || m_doubtful || m_offset >= m_text.size()) return false;
    if (m_job.cancelled()) {
      m_errorOffset = 0;
      m_error = cancelledError().value();
      return false;
    }
    chunk.place.offset = m_offset;
    chunk.number = m_number;
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(want, m_text.size() - m_offset));
    reserve(chunk, count);
    char* data = chunk.text;
    if (const auto read = m_text.read(m_offset, data, count); !read) {
      m_errorOffset = m_offset;
      m_error = read.error();
      return false;
    }
    const bool last = m_offset + count == m_text.size();
    chunk.size = count;
    chunk.indexed = false;
    if (last && data[count - 1] != dialect.newline) data[chunk.size++] = dialect.newline;
    chunk.quotes = containsByte(data, chunk.size, '"');
    if (!chunk.quotes)
      chunk.size = lastEnd(data, chunk.size, dialect.newline);
    else if (m_cutting == Cutting::ByParity)
      chunk.size = last ? chunk.size : evenEnd(data, chunk.size, dialect.newline);
    else if (!cutExactly(chunk, last))
      return false;
    if (chunk.size > 0) {
      chunk.place.bytes = static_cast<std::uint32_t>(chunk.size);
      m_offset += chunk.size;
      ++m_number;
      report();
      return true;
    }
    if (count >= longestRow && m_cutting == Cutting::ByParity) {
      m_doubtful = true;
      return false;
    }
    if (count >= longestRow) {
      m_errorOffset = m_offset;
      m_error = Error{};
      m_error->code = chunk.indexed ? "data.unbalanced_quote" : "data.row_too_long";
      return false;
    }
  }
}

bool ChunkCutter::cutExactly(Chunk& chunk, bool last) {
  const auto& dialect = m_outline.dialect;
  chunk.indexed = true;
  std::size_t consumed = 0;
  const auto problem =
      scanExactly(chunk.text, chunk.size, dialect, m_outline.names.size(), last, chunk.index, consumed);
  if (problem.kind != ScanProblem::Kind::None) {
    m_errorOffset = m_offset + problem.position;
    m_error = Error{};
    m_error->code = problem.kind == ScanProblem::Kind::Ragged ? "data.ragged" : "data.unbalanced_quote";
    m_error->message.args = {{"found", std::to_string(problem.found)}};
    return false;
  }
  chunk.size = consumed;
  return true;
}

bool ChunkCutter::doubtful() const {
  const std::lock_guard lock(m_mutex);
  return m_doubtful;
}

void ChunkCutter::stop(const ScanProblem& problem, const Chunk& chunk) {
  const std::lock_guard lock(m_mutex);
  const std::uint64_t offset = chunk.place.offset + problem.position;
  // A chunk further on may have failed first; the person wants the first line at fault.
  if (m_error && m_errorOffset <= offset) return;
  m_errorOffset = offset;
  m_error = Error{};
  m_error->code = problem.kind == ScanProblem::Kind::Ragged ? "data.ragged" : "data.unbalanced_quote";
  m_error->message.args = {{"found", std::to_string(problem.found)}};
}

std::optional<Error> ChunkCutter::error() const {
  const std::lock_guard lock(m_mutex);
  if (!m_error || !m_error->message.text.empty()) return m_error;
  TextArgs args = m_error->message.args;
  args.insert(args.end(), {{"file", m_text.path().string()},
                           {"line", std::to_string(lineAt(m_text, m_errorOffset, m_outline.dialect.newline))},
                           {"expected", std::to_string(m_outline.names.size())}});
  if (m_error->code == "data.ragged")
    return fail(m_error->code,
                LATHE_TEXT("errors", "Line {line} of {file} has {found} values where {expected} are expected."),
                LATHE_TEXT("errors", "Correct that line, or choose another delimiter."), args)
        .value();
  if (m_error->code == "data.unbalanced_quote")
    return fail(m_error->code, LATHE_TEXT("errors", "The quote opened in line {line} of {file} is never closed."),
                LATHE_TEXT("errors", "Close or remove that quotation mark."), args)
        .value();
  return fail(m_error->code, LATHE_TEXT("errors", "Line {line} of {file} is longer than 64 MB."),
              LATHE_TEXT("errors", "Check whether this is a table as text."), args)
      .value();
}

void ChunkCutter::report() {
  const auto now = std::chrono::steady_clock::now();
  if (now - m_reported < std::chrono::milliseconds(50)) return;
  m_reported = now;
  m_job.report({"read", static_cast<double>(m_offset), static_cast<double>(m_text.size()), "bytes"});
}

}  // namespace lathe::data
