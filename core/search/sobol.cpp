// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/sobol.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

namespace lathe::search {
namespace {

constexpr int bits = 32;
constexpr double unit = 0x1.0p-32;

// A primitive polynomial over GF(2), its bits from the highest power on, and the first direction numbers.
struct Direction {
  std::uint32_t polynomial;
  std::array<std::uint32_t, 9> initial;
};

// Dimensions 1 to 63; dimension 0 is van der Corput's sequence.
constexpr Direction directions[sobolDimensions - 1] = {{3, {1}},
                                                       {7, {1, 3}},
                                                       {11, {1, 3, 1}},
                                                       {13, {1, 1, 1}},
                                                       {19, {1, 1, 3, 3}},
                                                       {25, {1, 3, 5, 13}},
                                                       {37, {1, 1, 5, 5, 17}},
                                                       {41, {1, 1, 5, 5, 5}},
                                                       {47, {1, 1, 7, 11, 19}},
                                                       {55, {1, 1, 5, 1, 1}},
                                                       {59, {1, 1, 1, 3, 11}},
                                                       {61, {1, 3, 5, 5, 31}},
                                                       {67, {1, 3, 3, 9, 7, 49}},
                                                       {91, {1, 1, 1, 15, 21, 21}},
                                                       {97, {1, 3, 1, 13, 27, 49}},
                                                       {103, {1, 1, 1, 15, 7, 5}},
                                                       {109, {1, 3, 1, 15, 13, 25}},
                                                       {115, {1, 1, 5, 5, 19, 61}},
                                                       {131, {1, 3, 7, 11, 23, 15, 103}},
                                                       {137, {1, 3, 7, 13, 13, 15, 69}},
                                                       {143, {1, 1, 3, 13, 7, 35, 63}},
                                                       {145, {1, 3, 5, 9, 1, 25, 53}},
                                                       {157, {1, 3, 1, 13, 9, 35, 107}},
                                                       {167, {1, 3, 1, 5, 27, 61, 31}},
                                                       {171, {1, 1, 5, 11, 19, 41, 61}},
                                                       {185, {1, 3, 5, 3, 3, 13, 69}},
                                                       {191, {1, 1, 7, 13, 1, 19, 1}},
                                                       {193, {1, 3, 7, 5, 13, 19, 59}},
                                                       {203, {1, 1, 3, 9, 25, 29, 41}},
                                                       {211, {1, 3, 5, 13, 23, 1, 55}},
                                                       {213, {1, 3, 7, 3, 13, 59, 17}},
                                                       {229, {1, 3, 1, 3, 5, 53, 69}},
                                                       {239, {1, 1, 5, 5, 23, 33, 13}},
                                                       {241, {1, 1, 7, 7, 1, 61, 123}},
                                                       {247, {1, 1, 7, 9, 13, 61, 49}},
                                                       {253, {1, 3, 3, 5, 3, 55, 33}},
                                                       {285, {1, 3, 1, 15, 31, 13, 49, 245}},
                                                       {299, {1, 3, 5, 15, 31, 59, 63, 97}},
                                                       {301, {1, 3, 1, 11, 11, 11, 77, 249}},
                                                       {333, {1, 3, 1, 11, 27, 43, 71, 9}},
                                                       {351, {1, 1, 7, 15, 21, 11, 81, 45}},
                                                       {355, {1, 3, 7, 3, 25, 31, 65, 79}},
                                                       {357, {1, 3, 1, 1, 19, 11, 3, 205}},
                                                       {361, {1, 1, 5, 9, 19, 21, 29, 157}},
                                                       {369, {1, 3, 7, 11, 1, 33, 89, 185}},
                                                       {391, {1, 3, 3, 3, 15, 9, 79, 71}},
                                                       {397, {1, 3, 7, 11, 15, 39, 119, 27}},
                                                       {425, {1, 1, 3, 1, 11, 31, 97, 225}},
                                                       {451, {1, 1, 1, 3, 23, 43, 57, 177}},
                                                       {463, {1, 3, 7, 7, 17, 17, 37, 71}},
                                                       {487, {1, 3, 1, 5, 27, 63, 123, 213}},
                                                       {501, {1, 1, 3, 5, 11, 43, 53, 133}},
                                                       {529, {1, 3, 5, 5, 29, 17, 47, 173, 479}},
                                                       {539, {1, 3, 3, 11, 3, 1, 109, 9, 69}},
                                                       {545, {1, 1, 1, 5, 17, 39, 23, 5, 343}},
                                                       {557, {1, 3, 1, 5, 25, 15, 31, 103, 499}},
                                                       {563, {1, 1, 1, 11, 11, 17, 63, 105, 183}},
                                                       {601, {1, 1, 5, 11, 9, 29, 97, 231, 363}},
                                                       {607, {1, 1, 5, 15, 19, 45, 41, 7, 383}},
                                                       {617, {1, 3, 7, 7, 31, 19, 83, 137, 221}},
                                                       {623, {1, 1, 1, 3, 23, 15, 111, 223, 83}},
                                                       {631, {1, 1, 5, 13, 31, 15, 55, 25, 161}},
                                                       {637, {1, 1, 3, 13, 25, 47, 39, 87, 257}}};

using Matrix = std::array<std::uint32_t, bits>;

constexpr Matrix vanDerCorput() {
  Matrix column{};
  for (std::size_t i = 0; i < bits; ++i) column[i] = std::uint32_t{1} << (bits - 1 - i);
  return column;
}

constexpr Matrix matrixOf(const Direction& direction) {
  Matrix column{};
  const auto degree = static_cast<std::size_t>(std::bit_width(direction.polynomial) - 1);
  for (std::size_t i = 0; i < bits; ++i) {
    if (i < degree) {
      column[i] = direction.initial[i] << (bits - 1 - i);
      continue;
    }
    column[i] = column[i - degree] ^ (column[i - degree] >> degree);
    for (std::size_t k = 1; k < degree; ++k)
      if (((direction.polynomial >> (degree - k)) & 1U) != 0) column[i] ^= column[i - k];
  }
  return column;
}

constexpr std::array<Matrix, sobolDimensions> allMatrices() {
  std::array<Matrix, sobolDimensions> all{};
  all[0] = vanDerCorput();
  for (std::size_t i = 1; i < all.size(); ++i) all[i] = matrixOf(directions[i - 1]);
  return all;
}

constexpr auto matrices = allMatrices();

constexpr std::size_t primeCount = 500;

constexpr std::array<std::uint16_t, primeCount> firstPrimes() {
  std::array<std::uint16_t, primeCount> primes{};
  std::size_t count = 0;
  for (std::uint32_t n = 2; count < primeCount; ++n) {
    bool prime = true;
    for (std::size_t i = 0; prime && i < count && primes[i] * primes[i] <= n; ++i) prime = n % primes[i] != 0;
    if (prime) primes[count++] = static_cast<std::uint16_t>(n);
  }
  return primes;
}

constexpr auto primes = firstPrimes();

std::uint32_t sobolBits(std::uint32_t index, int dimension) {
  const auto& matrix = matrices[static_cast<std::size_t>(dimension)];
  std::uint32_t value = 0;
  for (auto gray = index ^ (index >> 1U); gray != 0; gray &= gray - 1)
    value ^= matrix[static_cast<std::size_t>(std::countr_zero(gray))];
  return value;
}

std::uint64_t mixed(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

std::uint32_t reversed(std::uint32_t x) {
  x = (x >> 16U) | (x << 16U);
  x = ((x & 0xff00ff00U) >> 8U) | ((x & 0x00ff00ffU) << 8U);
  x = ((x & 0xf0f0f0f0U) >> 4U) | ((x & 0x0f0f0f0fU) << 4U);
  x = ((x & 0xccccccccU) >> 2U) | ((x & 0x33333333U) << 2U);
  return ((x & 0xaaaaaaaaU) >> 1U) | ((x & 0x55555555U) << 1U);
}

// Flips each bit depending on the higher ones alone: on reversed bits, products with even numbers carry upwards only.
std::uint32_t scrambled(std::uint32_t value, std::uint64_t seed) {
  std::uint32_t x = reversed(value) + static_cast<std::uint32_t>(seed);
  x ^= x * 0x6c50b47cU;
  x ^= x * 0xb82f1e52U;
  x += static_cast<std::uint32_t>(seed >> 32U);
  x ^= x * 0xc7afe638U;
  x ^= x * 0x8d22f6e6U;
  return reversed(x);
}

}  // namespace

double sobol(std::uint32_t index, int dimension) { return sobolBits(index, dimension) * unit; }

double scrambledSobol(std::uint32_t index, int dimension, std::uint64_t seed) {
  // The Halton dimensions begin with the second prime: Sobol's own are all of the first one.
  if (dimension >= sobolDimensions) return scrambledHalton(index, dimension - sobolDimensions + 1, seed);
  const auto own = mixed(seed ^ mixed(static_cast<std::uint64_t>(dimension)));
  return (scrambled(sobolBits(index, dimension), own) + 0.5) * unit;
}

double scrambledHalton(std::uint32_t index, int dimension, std::uint64_t seed) {
  const auto own = mixed(seed ^ mixed(0x48616c746f6eU + static_cast<std::uint64_t>(dimension)));
  if (static_cast<std::size_t>(dimension) >= primeCount)
    return static_cast<double>(mixed(own + index) >> 11U) * 0x1p-53;
  const std::uint32_t base = primes[static_cast<std::size_t>(dimension)];
  double value = 0, weight = 1;
  std::uint64_t before = own;
  // Zeros behind the last digit are scrambled as well.
  for (std::uint64_t place = 0; weight > unit; ++place) {
    const std::uint32_t digit = index % base;
    index /= base;
    const auto factor = 1 + mixed(own + place) % (base - 1);
    const auto shift = mixed(before) % base;
    weight /= base;
    value += static_cast<double>((factor * digit + shift) % base) * weight;
    before = mixed(before ^ (digit + 1));
  }
  return std::min(value + 0.5 * weight, 1 - 0x1p-53);
}

}  // namespace lathe::search
