// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// Sequences of points that fill the unit cube evenly. Point `index` has a coordinate a dimension, each in [0, 1).
namespace lathe::search {

/// Dimensions that Sobol' sequences have here.
constexpr int sobolDimensions = 64;

/// Sobol's sequence in Gray code order with the direction numbers new-joe-kuo-6 (Joe and Kuo 2008).
/// dimension < sobolDimensions.
[[nodiscard]] double sobol(std::uint32_t index, int dimension);

/// The same with its digits scrambled: for each seed another sequence whose points are uniform, and of which any first
/// 2^k points are as evenly spread as without (Owen 1995; by hashing: Laine and Karras 2011, Burley 2020). Dimensions
/// from sobolDimensions on are taken from scrambledHalton().
[[nodiscard]] double scrambledSobol(std::uint32_t index, int dimension, std::uint64_t seed);

/// Halton's sequence in the dimension-th prime, its digits scrambled by random linear maps and shifts that depend on
/// the digits before. Beyond 500 dimensions it is only random.
[[nodiscard]] double scrambledHalton(std::uint32_t index, int dimension, std::uint64_t seed);

}  // namespace lathe::search
