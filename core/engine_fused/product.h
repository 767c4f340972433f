// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace lathe::engine::fused {

/// One small matrix product with fixed sizes, column-major as BLAS has it: c (m x n) = a (m x k) * b (k x n), or added
/// to c. Compiled by libxsmm for the processor at hand, some 20 microseconds once a size and process; loops of our own
/// where libxsmm is missing or declines. Any thread.
class Product {
 public:
  struct Sizes {
    int m = 0, n = 0, k = 0;
    int lda = 0, ldb = 0, ldc = 0;
    bool add = false;
  };
  Product() = default;
  explicit Product(const Sizes& sizes);
  void operator()(const float* a, const float* b, float* c) const;

 private:
  using Function = void (*)(const float*, const float*, float*, ...);
  Sizes m_sizes;
  Function m_function = nullptr;
};

/// "libxsmm 1.17", or why products do without it.
[[nodiscard]] const char* productLibrary();

}  // namespace lathe::engine::fused
