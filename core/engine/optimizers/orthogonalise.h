// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "core/engine/optimizer.h"

namespace lathe::engine {

/// Five Newton-Schulz steps with the quintic of Jordan et al. 2024 (3.4445, -4.7750, 2.0315): brings every singular
/// value of a matrix near 1 (0.7 to 1.2 for those that are not tiny) and keeps its singular vectors. Works in memory of
/// its own that is taken once. Rows of products are shared between threads; the bits do not depend on their number.
class Orthogonaliser {
 public:
  /// Makes room for a matrix of this size.
  void reserve(std::size_t rows, std::size_t columns);
  /// In place, row-major.
  void run(float* matrix, std::size_t rows, std::size_t columns, const ParallelFor* parallel);

 private:
  std::vector<float> m_x, m_turned, m_gram, m_mixed, m_next;
};

/// c [m, n] = a [m, k] * b [k, n], row-major.
void multiply(float* c, const float* a, const float* b, std::size_t m, std::size_t n, std::size_t k,
              const ParallelFor* parallel);

}  // namespace lathe::engine
