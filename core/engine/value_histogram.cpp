// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/value_histogram.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>

namespace lathe::engine {
namespace {

double edge(int bin) {
  return static_cast<double>(
      std::bit_cast<float>(static_cast<std::uint32_t>(ValueHistogram::base + bin) << ValueHistogram::bitsBelowBin));
}

void put(std::vector<std::byte>& bytes, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<std::byte>((value & 0x7F) | 0x80));
  bytes.push_back(static_cast<std::byte>(value));
}

bool take(std::span<const std::byte>& bytes, std::uint64_t& value) {
  value = 0;
  for (int shift = 0; shift <= 35 && !bytes.empty(); shift += 7) {
    const auto part = std::to_integer<std::uint64_t>(bytes.front());
    bytes = bytes.subspan(1);
    value |= (part & 0x7F) << shift;
    if ((part & 0x80) == 0) return true;
  }
  return false;
}

}  // namespace

std::uint64_t ValueHistogram::total() const {
  return std::accumulate(bins.begin(), bins.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Bin& bin) { return sum + bin.count; });
}

double ValueHistogram::low(int index) {
  if (index > 0) return edge(index);
  return index < 0 ? -edge(1 - index) : -edge(1);
}

double ValueHistogram::high(int index) { return -low(-index); }

std::vector<std::byte> encode(const ValueHistogram& histogram) {
  std::vector<std::byte> bytes;
  int before = -ValueHistogram::lastBin - 1;
  for (const auto& bin : histogram.bins) {
    put(bytes, static_cast<std::uint64_t>(bin.index - before));
    put(bytes, bin.count);
    before = bin.index;
  }
  return bytes;
}

std::optional<ValueHistogram> decodeHistogram(std::span<const std::byte> bytes) {
  ValueHistogram histogram;
  std::int64_t at = -ValueHistogram::lastBin - 1;
  while (!bytes.empty()) {
    std::uint64_t gap = 0;
    std::uint64_t count = 0;
    if (!take(bytes, gap) || !take(bytes, count)) return std::nullopt;
    at += static_cast<std::int64_t>(std::min<std::uint64_t>(gap, 4 * ValueHistogram::lastBin));
    if (gap == 0 || at > ValueHistogram::lastBin || count == 0 || count > std::numeric_limits<std::uint32_t>::max())
      return std::nullopt;
    histogram.bins.push_back({static_cast<int>(at), static_cast<std::uint32_t>(count)});
  }
  return histogram;
}

}  // namespace lathe::engine
