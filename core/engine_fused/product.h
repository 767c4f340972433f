// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

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

/// A sum of such products: c (+)= a[0] * b[0] + a[1] * b[1] + ..., the tiles of c held in registers all the while. Any
/// thread.
class ProductSum {
 public:
  ProductSum() = default;
  explicit ProductSum(const Product::Sizes& sizes);
  /// At least one. The pointers in a and b may be others afterwards.
  void operator()(const float** a, const float** b, float* c, std::size_t count) const;

 private:
  using Function = void (*)(const float**, const float**, float*, const unsigned long long*, ...);
  Function m_function = nullptr;
  Product m_first, m_more;  ///< one by one, where there is no such function
};

/// "libxsmm 1.17", or why products do without it.
[[nodiscard]] const char* productLibrary();

}  // namespace lathe::engine::fused
