// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/csv_scan.h"

#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace lathe::data {
namespace {

#if defined(__x86_64__)
__attribute__((target("avx2"))) void markAvx2(const char* text, std::size_t groups, char a, char b, char c,
                                              std::uint64_t* out) {
  const __m256i wantA = _mm256_set1_epi8(a);
  const __m256i wantB = _mm256_set1_epi8(b);
  const __m256i wantC = _mm256_set1_epi8(c);
  for (std::size_t i = 0; i < groups; ++i) {
    std::uint64_t bits = 0;
    for (int half = 0; half < 2; ++half) {
      const auto* source = reinterpret_cast<const __m256i*>(text + i * 64 + static_cast<std::size_t>(half) * 32);
      const __m256i bytes = _mm256_loadu_si256(source);
      const __m256i hit =
          _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(bytes, wantA), _mm256_cmpeq_epi8(bytes, wantB)),
                          _mm256_cmpeq_epi8(bytes, wantC));
      bits |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(hit))) << (32 * half);
    }
    out[i] = bits;
  }
}

void markBaseline(const char* text, std::size_t groups, char a, char b, char c, std::uint64_t* out) {
  const __m128i wantA = _mm_set1_epi8(a);
  const __m128i wantB = _mm_set1_epi8(b);
  const __m128i wantC = _mm_set1_epi8(c);
  for (std::size_t i = 0; i < groups; ++i) {
    std::uint64_t bits = 0;
    for (int quarter = 0; quarter < 4; ++quarter) {
      const auto* source = reinterpret_cast<const __m128i*>(text + i * 64 + static_cast<std::size_t>(quarter) * 16);
      const __m128i bytes = _mm_loadu_si128(source);
      const __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, wantA), _mm_cmpeq_epi8(bytes, wantB)),
                                       _mm_cmpeq_epi8(bytes, wantC));
      bits |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(hit))) << (16 * quarter);
    }
    out[i] = bits;
  }
}
#else
void markBaseline(const char* text, std::size_t groups, char a, char b, char c, std::uint64_t* out) {
  for (std::size_t i = 0; i < groups; ++i) {
    std::uint64_t bits = 0;
    for (unsigned k = 0; k < 64; ++k) {
      const char byte = text[i * 64 + k];
      bits |= static_cast<std::uint64_t>(byte == a || byte == b || byte == c) << k;
    }
    out[i] = bits;
  }
}
#endif

void listBaseline(const std::uint64_t* marks, std::size_t groups, std::vector<std::uint32_t>& ends,
                  std::size_t& count) {
  for (std::size_t i = 0; i < groups; ++i) {
    if (ends.size() < count + 72) ends.resize((count + 72) * 2);
    std::uint32_t* out = ends.data();
    for (std::uint64_t bits = marks[i]; bits != 0; bits &= bits - 1)
      out[count++] = static_cast<std::uint32_t>(i * 64) + static_cast<std::uint32_t>(std::countr_zero(bits));
  }
}

std::size_t countBaseline(const char* text, std::size_t size, char wanted) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < size; ++i) count += text[i] == wanted ? 1 : 0;
  return count;
}

#if defined(__x86_64__)
// Eight positions are written at a time and the surplus is overwritten: a loop over the bits would guess its end wrong
// nearly every time.
__attribute__((target("bmi,popcnt"))) void listPopcnt(const std::uint64_t* marks, std::size_t groups,
                                                      std::vector<std::uint32_t>& ends, std::size_t& count) {
  for (std::size_t i = 0; i < groups; ++i) {
    if (ends.size() < count + 72) ends.resize((count + 72) * 2);
    std::uint64_t bits = marks[i];
    const auto found = static_cast<unsigned>(__builtin_popcountll(bits));
    const auto base = static_cast<std::uint32_t>(i * 64);
    std::uint32_t* out = ends.data() + count;
    for (unsigned done = 0; done < found; done += 8)
      for (unsigned k = 0; k < 8; ++k) {
        out[done + k] = base + static_cast<std::uint32_t>(_tzcnt_u64(bits));
        bits = _blsr_u64(bits);
      }
    count += found;
  }
}

__attribute__((target("avx2,popcnt"))) std::size_t countAvx2(const char* text, std::size_t size, char wanted) {
  const __m256i want = _mm256_set1_epi8(wanted);
  std::size_t count = 0;
  std::size_t i = 0;
  for (; i + 32 <= size; i += 32) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + i));
    count += static_cast<std::size_t>(
        __builtin_popcount(static_cast<unsigned>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, want)))));
  }
  return count + countBaseline(text + i, size - i, wanted);
}
#endif

bool hasAvx2() {
#if defined(__x86_64__)
  static const bool has = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0 &&
                          __builtin_cpu_supports("popcnt") != 0;
  return has;
#else
  return false;
#endif
}

std::size_t listMarks(const std::uint64_t* marks, std::size_t groups, std::vector<std::uint32_t>& ends) {
  std::size_t count = 0;
#if defined(__x86_64__)
  if (hasAvx2()) {
    listPopcnt(marks, groups, ends, count);
    return count;
  }
#endif
  listBaseline(marks, groups, ends, count);
  return count;
}

bool isBlank(const char* begin, const char* end) {
  for (; begin != end; ++begin)
    if (*begin != ' ' && *begin != '\t' && *begin != '\r') return false;
  return true;
}

void prepare(std::size_t size, CellIndex& index) {
  const std::size_t groups = (size + 63) / 64;
  if (index.marks.size() < groups) index.marks.resize(groups);
  index.rows = 0;
}

/// The state of scanExactly() between two marks.
struct ExactScan {
  const char* text;
  std::size_t size;
  const CsvDialect& dialect;
  std::size_t columns;
  CellIndex& index;
  std::uint32_t rowStart = 0;
  std::uint32_t cellStart = 0;
  std::size_t count = 0;
  bool quoted = false;
  bool lineInQuote = false;
  std::uint32_t quoteStart = 0;
  std::uint32_t skip = 0xffffffff;

  ScanProblem quote(std::uint32_t at) {
    if (!quoted) {
      if (!isBlank(text + cellStart, text + at)) return {};
      quoted = true;
      lineInQuote = false;
      quoteStart = at;
      return {};
    }
    if (at + 1 < size && text[at + 1] == '"') {
      skip = at + 1;
      return {};
    }
    quoted = false;
    if (!lineInQuote || at + 1 >= size) return {};
    // Text right behind a quote that spans lines: the quote was opened by mistake.
    const char next = text[at + 1];
    if (next == dialect.delimiter || next == dialect.newline || next == '\r' || next == ' ') return {};
    return {ScanProblem::Kind::OpenQuote, quoteStart, 0};
  }

  void cell(std::uint32_t at) {
    if (count < columns) index.ends.push_back(at);
    ++count;
    cellStart = at + 1;
  }

  ScanProblem line(std::uint32_t at) {
    const bool blank = isBlank(text + cellStart, text + at);
    if (count == 0 && blank) {
      rowStart = cellStart = at + 1;
      return {};
    }
    if (!(dialect.delimiter == ' ' && blank)) cell(at);
    if (count != columns) return {ScanProblem::Kind::Ragged, rowStart, static_cast<std::uint32_t>(count)};
    index.rowStarts.push_back(rowStart);
    ++index.rows;
    count = 0;
    rowStart = cellStart = at + 1;
    return {};
  }

  ScanProblem mark(std::uint32_t at) {
    if (at == skip) return {};
    const char c = text[at];
    if (c == '"') return quote(at);
    if (quoted) {
      lineInQuote = lineInQuote || c == dialect.newline;
      return {};
    }
    if (c == dialect.newline) return line(at);
    if (c == ' ' && at == cellStart)
      ++cellStart;
    else
      cell(at);
    return {};
  }
};

}  // namespace

void markBytes(const char* text, std::size_t size, char a, char b, char c, std::uint64_t* out) {
  const std::size_t groups = (size + 63) / 64;
#if defined(__x86_64__)
  if (hasAvx2()) {
    markAvx2(text, groups, a, b, c, out);
    return;
  }
#endif
  markBaseline(text, groups, a, b, c, out);
}

std::size_t countByte(const char* text, std::size_t size, char wanted) {
#if defined(__x86_64__)
  if (hasAvx2()) return countAvx2(text, size, wanted);
#endif
  return countBaseline(text, size, wanted);
}

bool containsByte(const char* text, std::size_t size, char wanted) {
  return std::memchr(text, wanted, size) != nullptr;
}

bool scanPlain(const char* text, std::size_t size, const CsvDialect& dialect, std::size_t columns, CellIndex& index) {
  if (dialect.delimiter == ' ') return false;
  prepare(size, index);
  markBytes(text, size, dialect.delimiter, dialect.newline, dialect.newline, index.marks.data());
  const std::size_t groups = (size + 63) / 64;
  if (size % 64 != 0) index.marks[groups - 1] &= ~std::uint64_t{0} >> (64 - size % 64);
  const std::size_t count = listMarks(index.marks.data(), groups, index.ends);
  if (count == 0 || count % columns != 0) return false;
  index.rows = count / columns;
  // Every row ends in a line end, and there are no more of them than rows: so none is among the cells.
  if (countByte(text, size, dialect.newline) != index.rows) return false;
  index.rowStarts.resize(index.rows);
  std::uint32_t start = 0;
  for (std::size_t row = 0; row < index.rows; ++row) {
    index.rowStarts[row] = start;
    const std::uint32_t end = index.ends[row * columns + columns - 1];
    if (text[end] != dialect.newline) return false;
    // A line that is blank must not count as a row of one empty cell.
    if (columns == 1 && isBlank(text + start, text + end)) return false;
    start = end + 1;
  }
  return true;
}

ScanProblem scanExactly(const char* text, std::size_t size, const CsvDialect& dialect, std::size_t columns, bool last,
                        CellIndex& index, std::size_t& consumed) {
  prepare(size, index);
  index.ends.clear();
  index.rowStarts.clear();
  markBytes(text, size, dialect.delimiter, dialect.newline, '"', index.marks.data());
  ExactScan scan{text, size, dialect, columns, index};
  const std::size_t groups = (size + 63) / 64;
  for (std::size_t i = 0; i < groups; ++i) {
    for (std::uint64_t bits = index.marks[i]; bits != 0; bits &= bits - 1) {
      const std::size_t at = i * 64 + static_cast<std::size_t>(std::countr_zero(bits));
      if (at >= size) break;
      const auto problem = scan.mark(static_cast<std::uint32_t>(at));
      consumed = scan.rowStart;
      if (problem.kind != ScanProblem::Kind::None) return problem;
    }
  }
  consumed = scan.rowStart;
  index.ends.resize(index.rows * columns);
  if (last && scan.quoted) return {ScanProblem::Kind::OpenQuote, scan.quoteStart, 0};
  return {};
}

}  // namespace lathe::data
