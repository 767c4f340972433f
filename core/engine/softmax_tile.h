// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>

/// The arithmetic of losses on classes, some rows at once, side by side in vector registers. For this folder only.
namespace lathe::engine {

/// Rows that go through together.
inline constexpr std::size_t tileRows = 16;
using TileFloats = std::array<float, tileRows>;
using TileDoubles = std::array<double, tileRows>;

/// e^x for each of `count` values, to 2 units in the last place: x = n ln 2 + r, |r| <= ln 2 / 2, the series of e^r to
/// the seventh power (its rest is below 1e-8), times 2^n. Zero below -87.3, NaN for NaN, largest value above 88.3.
void exponentials(const float* x, float* out, std::size_t count);

/// A tile of logits, turned round: class c of row r at [c * tileRows + r].
struct SoftmaxTile {
  float* shifted = nullptr;      ///< classes x tileRows, logit - largest; filled by the caller's memory
  float* exponential = nullptr;  ///< classes x tileRows, e^shifted
  TileFloats largest{};          ///< of each row's logits
  TileDoubles sum{};             ///< of each row's exponentials
  TileDoubles sharedLogit{};     ///< sum over classes of share[c] * shifted; only when shares were given
};

/// Fills a tile from `rows` (at most tileRows) rows of logits; `shares` is one a class or null.
void fillTile(SoftmaxTile& tile, const float* logits, std::size_t rows, std::size_t classes, const float* shares);
/// gradient[r, c] = exponential * perExponential[r] - perShare[r] * shares[c], rows x classes; `shares` as above.
/// Spoils the tile's exponentials.
void writeGradient(const SoftmaxTile& tile, float* gradient, std::size_t rows, std::size_t classes,
                   const TileFloats& perExponential, const float* shares, const TileFloats& perShare);

}  // namespace lathe::engine
