// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/softmax_tile.h"

#include <bit>
#include <cstdint>

#include "core/engine/multiversion.h"

namespace lathe::engine {
namespace {

[[gnu::always_inline]] inline float exponential(float x) {
  constexpr float lowest = -87.3F;
  constexpr float highest = 88.3F;
  constexpr float roundingBias = 12582912.0F;  // 1.5 * 2^23: adding it leaves the rounded number in the low bits
  const float within = x < lowest ? lowest : (x > highest ? highest : x);
  const float biased = within * 1.44269504F + roundingBias;
  const float n = biased - roundingBias;
  const float r = (within - n * 0.693145752F) - n * 1.42860677e-6F;  // ln 2 in two parts, the first one short
  float series = 1.0F / 5040;
  series = series * r + 1.0F / 720;
  series = series * r + 1.0F / 120;
  series = series * r + 1.0F / 24;
  series = series * r + 1.0F / 6;
  series = series * r + 0.5F;
  const float power = 1.0F + (r + series * r * r);
  const float scale = std::bit_cast<float>((std::bit_cast<std::uint32_t>(biased) << 23U) + 0x3F800000U);
  return x < lowest ? 0.0F : power * scale;
}

LATHE_MULTIVERSION
void exponentialLoop(const float* __restrict x, float* __restrict out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out[i] = exponential(x[i]);
}

LATHE_MULTIVERSION
void shiftLoop(float* __restrict shifted, float* __restrict largest, std::size_t classes) {
  float most[tileRows];
  for (std::size_t r = 0; r < tileRows; ++r) most[r] = shifted[r];
  for (std::size_t c = 1; c < classes; ++c)
    for (std::size_t r = 0; r < tileRows; ++r) {
      const float value = shifted[c * tileRows + r];
      most[r] = value > most[r] ? value : most[r];
    }
  for (std::size_t c = 0; c < classes; ++c)
    for (std::size_t r = 0; r < tileRows; ++r) shifted[c * tileRows + r] -= most[r];
  for (std::size_t r = 0; r < tileRows; ++r) largest[r] = most[r];
}

LATHE_MULTIVERSION
void sumLoop(const float* __restrict shifted, float* __restrict exponentials, double* __restrict sum,
             std::size_t classes) {
  double sums[tileRows] = {};
  for (std::size_t c = 0; c < classes; ++c)
    for (std::size_t r = 0; r < tileRows; ++r) {
      const float e = exponential(shifted[c * tileRows + r]);
      exponentials[c * tileRows + r] = e;
      sums[r] += static_cast<double>(e);
    }
  for (std::size_t r = 0; r < tileRows; ++r) sum[r] = sums[r];
}

LATHE_MULTIVERSION
void shareLoop(const float* __restrict shifted, const float* __restrict shares, double* __restrict shared,
               std::size_t classes) {
  for (std::size_t c = 0; c < classes; ++c)
    for (std::size_t r = 0; r < tileRows; ++r)
      shared[r] += static_cast<double>(shares[c]) * static_cast<double>(shifted[c * tileRows + r]);
}

LATHE_MULTIVERSION
void scaleLoop(float* __restrict values, const float* __restrict perExponential, std::size_t classes) {
  for (std::size_t c = 0; c < classes; ++c)
    for (std::size_t r = 0; r < tileRows; ++r) values[c * tileRows + r] *= perExponential[r];
}

LATHE_MULTIVERSION
void lessSharesLoop(float* __restrict values, const float* __restrict shares, const float* __restrict perShare,
                    std::size_t classes) {
  for (std::size_t c = 0; c < classes; ++c)
    for (std::size_t r = 0; r < tileRows; ++r) values[c * tileRows + r] -= perShare[r] * shares[c];
}

}  // namespace

void exponentials(const float* x, float* out, std::size_t count) { exponentialLoop(x, out, count); }

void fillTile(SoftmaxTile& tile, const float* logits, std::size_t rows, std::size_t classes, const float* shares) {
  for (std::size_t c = 0; c < classes; ++c) {
    float* to = tile.shifted + c * tileRows;
    for (std::size_t r = 0; r < rows; ++r) to[r] = logits[r * classes + c];
    for (std::size_t r = rows; r < tileRows; ++r) to[r] = 0;
  }
  shiftLoop(tile.shifted, tile.largest.data(), classes);
  sumLoop(tile.shifted, tile.exponential, tile.sum.data(), classes);
  if (shares == nullptr) return;
  tile.sharedLogit.fill(0);
  shareLoop(tile.shifted, shares, tile.sharedLogit.data(), classes);
}

void writeGradient(const SoftmaxTile& tile, float* gradient, std::size_t rows, std::size_t classes,
                   const TileFloats& perExponential, const float* shares, const TileFloats& perShare) {
  scaleLoop(tile.exponential, perExponential.data(), classes);
  if (shares != nullptr) lessSharesLoop(tile.exponential, shares, perShare.data(), classes);
  for (std::size_t c = 0; c < classes; ++c)
    for (std::size_t r = 0; r < rows; ++r) gradient[r * classes + c] = tile.exponential[c * tileRows + r];
}

}  // namespace lathe::engine
