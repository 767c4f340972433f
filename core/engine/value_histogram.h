// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lathe::engine {

/// How often values fall into bins that are the same for every layer, step and run: eight of equal width for each power
/// of two from 2^-40 to 2^24, on both sides of zero (a bin is the upper bits of a float, as in HDR histograms). Bin 0
/// holds what is smaller than 2^-40, +k and -k the same sizes of either sign; the outermost take what is larger.
struct ValueHistogram {
  static constexpr int lastBin = 512;
  static constexpr int bitsBelowBin = 20;             ///< of a float's 23: leaves eight bins a power of two
  static constexpr int base = ((127 - 40) << 3) - 1;  ///< upper bits of a float before those of bin 1
  struct Bin {
    int index = 0;  ///< -lastBin to lastBin
    std::uint32_t count = 0;
    bool operator==(const Bin&) const = default;
  };
  std::vector<Bin> bins;  ///< ascending, none is empty

  [[nodiscard]] std::uint64_t total() const;
  /// Smallest and largest value of a bin; of bin 0 the range around zero.
  [[nodiscard]] static double low(int index);
  [[nodiscard]] static double high(int index);
  bool operator==(const ValueHistogram&) const = default;
};

/// Some bytes a bin.
[[nodiscard]] std::vector<std::byte> encode(const ValueHistogram& histogram);
/// Nothing when the bytes are none that encode() wrote.
[[nodiscard]] std::optional<ValueHistogram> decodeHistogram(std::span<const std::byte> bytes);

/// One parameter at one step: the weights that the step began with, and the gradient that it went by.
struct ParameterHistogram {
  std::string name;
  ValueHistogram weights, gradients;
};
using ParameterHistograms = std::vector<ParameterHistogram>;

}  // namespace lathe::engine
