// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/csv_fast.h"

#include <array>
#include <bit>
#include <cstring>
#include <fast_float/fast_float.h>

#include "core/data/dates.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace lathe::data {
namespace {

std::uint64_t load8(const char* p) {
  std::uint64_t value = 0;
  std::memcpy(&value, p, 8);
  return value;
}

// Eight characters, the first in the lowest byte (Johnny Lee's check and Mula's conversion).
bool areDigits(std::uint64_t text) {
  return (((text & 0xf0f0f0f0f0f0f0f0ULL) | (((text + 0x0606060606060606ULL) & 0xf0f0f0f0f0f0f0f0ULL) >> 4)) ==
          0x3333333333333333ULL);
}
std::uint32_t eightDigits(std::uint64_t text) {
  text -= 0x3030303030303030ULL;
  text = (text * 10) + (text >> 8);
  return static_cast<std::uint32_t>((((text & 0x000000ff000000ffULL) * 0x000f424000000064ULL) +
                                     (((text >> 16) & 0x000000ff000000ffULL) * 0x0000271000000001ULL)) >>
                                    32);
}

#if defined(__x86_64__)
// Bytes 32 to 63 are set: loading at 16 + n gives a mask of the last n of 16 bytes, for n from -16 to 32.
alignas(64) constexpr std::array<std::uint8_t, 64> lastBytes = [] {
  std::array<std::uint8_t, 64> bytes{};
  for (std::size_t i = 32; i < 64; ++i) bytes[i] = 0xff;
  return bytes;
}();

// The digits before `end`, `length` characters of which one may be a point, become one integer; `fraction` counts those
// behind the point. False for any other character.
__attribute__((target("avx2,bmi,bmi2,popcnt"), always_inline)) inline bool decimalDigits(
    const char* end, std::uint32_t length, std::uint64_t& digits, std::uint32_t& fraction, bool& point) {
  const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(end - 16));
  const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(end - 32));
  const __m128i pointSign = _mm_set1_epi8('.');
  const auto both = [](int lowMask, int highMask) {
    return static_cast<std::uint32_t>(highMask) | static_cast<std::uint32_t>(lowMask) << 16;
  };
  const std::uint32_t wanted = ~std::uint32_t{0} << (32 - length);
  const std::uint32_t points =
      both(_mm_movemask_epi8(_mm_cmpeq_epi8(low, pointSign)), _mm_movemask_epi8(_mm_cmpeq_epi8(high, pointSign))) &
      wanted;
  const __m128i zero = _mm_set1_epi8('0');
  const __m128i nine = _mm_set1_epi8(9);
  const __m128i lowDigits = _mm_sub_epi8(low, zero);
  const __m128i highDigits = _mm_sub_epi8(high, zero);
  const std::uint32_t numeric = both(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(lowDigits, nine), lowDigits)),
                                     _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(highDigits, nine), highDigits)));
  if ((~(numeric | points) & wanted) != 0 || (points & (points - 1)) != 0) return false;
  point = points != 0;
  fraction = point ? 31U - static_cast<std::uint32_t>(__builtin_ctz(points)) : 32U;
  const std::uint32_t count = length - (point ? 1 : 0);
  if (count == 0 || count > 19) return false;
  // Everything before the point moves one place to the right, over it.
  const auto mask = [](std::uint32_t offset) __attribute__((target("avx2"))) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(lastBytes.data() + offset));
  };
  const __m128i lowMoved = _mm_alignr_epi8(lowDigits, highDigits, 15);
  const __m128i highMoved = _mm_slli_si128(highDigits, 1);
  const __m128i lowPart = _mm_and_si128(_mm_blendv_epi8(lowMoved, lowDigits, mask(16 + fraction)), mask(16 + count));
  const __m128i highPart = _mm_and_si128(_mm_blendv_epi8(highMoved, highDigits, mask(fraction)), mask(count));
  const __m128i pairs = _mm_maddubs_epi16(lowPart, _mm_set1_epi16(0x010a));
  const __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(0x00010064));
  const __m128i packed = _mm_packus_epi32(fours, fours);
  const auto eights = static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_madd_epi16(packed, _mm_set1_epi32(0x00012710))));
  const auto top = static_cast<std::uint32_t>(_mm_extract_epi32(highPart, 3));
  const std::uint64_t topValue = (top >> 24) + ((top >> 16) & 0xff) * 10ULL + ((top >> 8) & 0xff) * 100ULL;
  digits = topValue * 10'000'000'000'000'000ULL + (eights & 0xffffffff) * 100'000'000ULL + (eights >> 32);
  if (!point) fraction = 0;
  return true;
}

__attribute__((target("avx2,bmi,bmi2,popcnt"))) std::size_t realsAvx2(const ColumnCells& cells, std::size_t from,
                                                                      double* out) {
  const std::size_t rows = cells.index->rows;
  for (std::size_t row = from; row < rows; ++row) {
    const char* begin = cells.begin(row);
    const char* end = cells.end(row, begin);
    if (begin == end) return row;
    const bool negative = *begin == '-';
    const auto length = static_cast<std::size_t>(end - begin) - (negative ? 1 : 0);
    if (length - 1 > 19) return row;
    std::uint64_t digits = 0;
    std::uint32_t fraction = 0;
    bool point = false;
    if (!decimalDigits(end, static_cast<std::uint32_t>(length), digits, fraction, point)) return row;
    // A code like 007 is for the careful parser to refuse.
    if (!point && length > 1 && begin[negative ? 1 : 0] == '0') return row;
    // Short numbers could be divided exactly, but choosing costs more than it saves: their lengths are random.
    const auto rounded =
        fast_float::compute_float<fast_float::binary_format<double>>(-static_cast<std::int64_t>(fraction), digits);
    if (rounded.power2 < 0) return row;
    const std::uint64_t bits = rounded.mantissa | static_cast<std::uint64_t>(rounded.power2) << 52 |
                               static_cast<std::uint64_t>(negative) << 63;
    std::memcpy(out + row, &bits, sizeof bits);
  }
  return rows;
}
#endif

bool isDigit(char c) { return static_cast<unsigned char>(c - '0') < 10; }
unsigned two(const char* p) { return static_cast<unsigned>(p[0] - '0') * 10 + static_cast<unsigned>(p[1] - '0'); }

}  // namespace

std::size_t fastIntegers(const ColumnCells& cells, std::size_t from, std::int64_t* out) {
  const std::size_t rows = cells.index->rows;
  for (std::size_t row = from; row < rows; ++row) {
    const char* begin = cells.begin(row);
    const char* end = cells.end(row, begin);
    if (begin == end) return row;
    const bool negative = *begin == '-';
    begin += negative ? 1 : 0;
    const auto length = static_cast<std::size_t>(end - begin);
    if (length - 1 > 7 || (*begin == '0' && length > 1)) return row;
    // Right-aligned in eight characters, filled up with zeros on the left.
    const std::uint64_t kept = ~std::uint64_t{0} << (64 - 8 * length);
    const std::uint64_t text = (load8(end - 8) & kept) | (0x3030303030303030ULL & ~kept);
    if (!areDigits(text)) return row;
    const auto value = static_cast<std::int64_t>(eightDigits(text));
    out[row] = negative ? -value : value;
  }
  return rows;
}

std::size_t fastReals(const ColumnCells& cells, std::size_t from, double* out) {
#if defined(__x86_64__)
  static const bool avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi2") != 0;
  if (avx2) return realsAvx2(cells, from, out);
#endif
  (void)cells;
  (void)out;
  return from;
}

std::size_t fastDates(const ColumnCells& cells, std::size_t from, std::int64_t* out) {
  constexpr std::array<unsigned, 13> lengths{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const std::size_t rows = cells.index->rows;
  for (std::size_t row = from; row < rows; ++row) {
    const char* p = cells.begin(row);
    const char* end = cells.end(row, p);
    const auto length = end - p;
    if (length != 10 && length != 19) return row;
    // 2024-01-31 as two groups of digits: "2024" "0131", with the signs between them checked.
    const std::uint64_t head = load8(p);
    const std::uint64_t date = (head & 0xffffffffULL) | ((head >> 8) & 0x0000ffff00000000ULL) |
                               (static_cast<std::uint64_t>(static_cast<unsigned char>(p[8])) << 48) |
                               (static_cast<std::uint64_t>(static_cast<unsigned char>(p[9])) << 56);
    if (p[4] != '-' || p[7] != '-' || !areDigits(date)) return row;
    const unsigned year = two(p) * 100 + two(p + 2);
    const unsigned month = two(p + 5);
    const unsigned day = two(p + 8);
    // The 29th of February goes the careful way.
    if (year == 0 || month - 1 > 11 || day == 0 || day > lengths[month]) return row;
    std::int64_t seconds = daysFromCivil(year, month, day) * 86'400;
    if (length == 19) {
      const bool marks = (p[10] == ' ' || p[10] == 'T') && p[13] == ':' && p[16] == ':';
      const bool digits =
          isDigit(p[11]) && isDigit(p[12]) && isDigit(p[14]) && isDigit(p[15]) && isDigit(p[17]) && isDigit(p[18]);
      if (!marks || !digits) return row;
      const unsigned hour = two(p + 11);
      const unsigned minute = two(p + 14);
      const unsigned second = two(p + 17);
      if (hour > 23 || minute > 59 || second > 59) return row;
      seconds += static_cast<std::int64_t>(hour * 3600 + minute * 60 + second);
    }
    out[row] = seconds * 1'000'000;
  }
  return rows;
}

}  // namespace lathe::data
