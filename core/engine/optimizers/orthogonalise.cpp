// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/optimizers/orthogonalise.h"

#include <algorithm>
#include <cmath>

#include "core/engine/optimizers/lanes.h"
#include "core/engine/optimizers/multiversion.h"

namespace lathe::engine {
namespace {

constexpr std::size_t tileRows = 8;
constexpr std::size_t tileColumns = laneCount;
constexpr std::size_t panelDepth = 256;  // a panel stays in the first cache
constexpr std::size_t rowsOfPart = 64;
constexpr int steps = 5;
constexpr float a = 3.4445F;
constexpr float b = -4.7750F;
constexpr float c = 2.0315F;

// out [8, columns] (+)= left [8, depth] * panel [depth, 16].
LATHE_MULTIVERSION
void tile(float* out, const float* left, const float* panel, std::size_t depth, std::size_t n, std::size_t k,
          std::size_t columns, bool add) {
  Lanes sums[tileRows] = {};
  for (std::size_t i = 0; i < depth; ++i) {
    const Lanes right = lanesAt(panel + i * tileColumns);
    for (std::size_t row = 0; row < tileRows; ++row) sums[row] += left[row * k + i] * right;
  }
  for (std::size_t row = 0; row < tileRows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      out[row * n + column] = add ? out[row * n + column] + sums[row][column] : sums[row][column];
}

// The same for one row.
LATHE_MULTIVERSION
void strip(float* out, const float* left, const float* panel, std::size_t depth, std::size_t columns, bool add) {
  Lanes sums = {};
  for (std::size_t i = 0; i < depth; ++i) sums += left[i] * lanesAt(panel + i * tileColumns);
  for (std::size_t column = 0; column < columns; ++column)
    out[column] = add ? out[column] + sums[column] : sums[column];
}

void multiplyRows(float* out, const float* left, const float* right, std::size_t first, std::size_t last, std::size_t n,
                  std::size_t k) {
  float panel[panelDepth * tileColumns] = {};
  for (std::size_t start = 0; start < k; start += panelDepth) {
    const std::size_t depth = std::min(panelDepth, k - start);
    for (std::size_t column = 0; column < n; column += tileColumns) {
      const std::size_t columns = std::min(tileColumns, n - column);
      for (std::size_t i = 0; i < depth; ++i)
        std::copy_n(right + (start + i) * n + column, columns, panel + i * tileColumns);
      std::size_t row = first;
      for (; row + tileRows <= last; row += tileRows)
        tile(out + row * n + column, left + row * k + start, panel, depth, n, k, columns, start > 0);
      for (; row < last; ++row) strip(out + row * n + column, left + row * k + start, panel, depth, columns, start > 0);
    }
  }
}

void transpose(float* out, const float* in, std::size_t rows, std::size_t columns) {
  constexpr std::size_t block = 32;
  for (std::size_t r = 0; r < rows; r += block)
    for (std::size_t s = 0; s < columns; s += block)
      for (std::size_t i = r; i < std::min(rows, r + block); ++i)
        for (std::size_t j = s; j < std::min(columns, s + block); ++j) out[j * rows + i] = in[i * columns + j];
}

LATHE_MULTIVERSION
void mix(float* __restrict out, float ofOut, const float* __restrict other, float ofOther, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out[i] = ofOut * out[i] + ofOther * other[i];
}

}  // namespace

void multiply(float* out, const float* left, const float* right, std::size_t m, std::size_t n, std::size_t k,
              const ParallelFor* parallel) {
  const std::size_t parts = (m + rowsOfPart - 1) / rowsOfPart;
  const auto part = [&](std::size_t p) {
    multiplyRows(out, left, right, p * rowsOfPart, std::min(m, (p + 1) * rowsOfPart), n, k);
  };
  if (parallel == nullptr || !*parallel || parts < 2) {
    for (std::size_t p = 0; p < parts; ++p) part(p);
    return;
  }
  (*parallel)(static_cast<int>(parts), [&](int p) { part(static_cast<std::size_t>(p)); });
}

void Orthogonaliser::reserve(std::size_t rows, std::size_t columns) {
  const std::size_t small = std::min(rows, columns);
  const auto grow = [](std::vector<float>& memory, std::size_t count) {
    if (memory.size() < count) memory.resize(count);
  };
  for (auto* memory : {&m_x, &m_turned, &m_next}) grow(*memory, rows * columns);
  for (auto* memory : {&m_gram, &m_mixed}) grow(*memory, small * small);
}

void Orthogonaliser::run(float* matrix, std::size_t rows, std::size_t columns, const ParallelFor* parallel) {
  const std::size_t small = std::min(rows, columns);
  const std::size_t large = std::max(rows, columns);
  const std::size_t count = rows * columns;
  double squares = 0;
  for (std::size_t i = 0; i < count; ++i) squares += static_cast<double>(matrix[i]) * matrix[i];
  const auto scale = static_cast<float>(1 / (std::sqrt(squares) + 1e-7));
  // The product with the transpose is the smaller one this way round.
  if (rows > columns)
    transpose(m_x.data(), matrix, rows, columns);
  else
    std::copy_n(matrix, count, m_x.data());
  for (std::size_t i = 0; i < count; ++i) m_x[i] *= scale;
  for (int step = 0; step < steps; ++step) {
    transpose(m_turned.data(), m_x.data(), small, large);
    multiply(m_gram.data(), m_x.data(), m_turned.data(), small, small, large, parallel);
    multiply(m_mixed.data(), m_gram.data(), m_gram.data(), small, small, small, parallel);
    mix(m_mixed.data(), c, m_gram.data(), b, small * small);
    multiply(m_next.data(), m_mixed.data(), m_x.data(), small, large, small, parallel);
    mix(m_x.data(), a, m_next.data(), 1, count);
  }
  if (rows > columns)
    transpose(matrix, m_x.data(), small, large);
  else
    std::copy_n(m_x.data(), count, matrix);
}

}  // namespace lathe::engine
