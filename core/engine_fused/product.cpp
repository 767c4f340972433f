// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_fused/product.h"

#include "core/engine_fused/kernels.h"
#ifdef LATHE_HAVE_XSMM
#include <libxsmm.h>
#endif

namespace lathe::engine::fused {

namespace {

Product::Sizes added(Product::Sizes sizes) {
  sizes.add = true;
  return sizes;
}

}  // namespace

#ifdef LATHE_HAVE_XSMM
const char* productLibrary() { return "libxsmm " LIBXSMM_VERSION; }

Product::Product(const Sizes& sizes) : m_sizes(sizes) {
  const float alpha = 1;
  const float beta = sizes.add ? 1.0F : 0.0F;
  const int flags = LIBXSMM_GEMM_FLAG_NONE;
  const int prefetch = LIBXSMM_GEMM_PREFETCH_NONE;
  m_function = libxsmm_smmdispatch(sizes.m, sizes.n, sizes.k, &sizes.lda, &sizes.ldb, &sizes.ldc, &alpha, &beta, &flags,
                                   &prefetch);
}

ProductSum::ProductSum(const Product::Sizes& sizes) : m_first(sizes), m_more(added(sizes)) {
  const float alpha = 1;
  const float beta = sizes.add ? 1.0F : 0.0F;
  const int flags = LIBXSMM_GEMM_FLAG_NONE;
  const int prefetch = LIBXSMM_GEMM_PREFETCH_NONE;
  m_function = libxsmm_smmdispatch_reducebatch_addr(sizes.m, sizes.n, sizes.k, &sizes.lda, &sizes.ldb, &sizes.ldc,
                                                    &alpha, &beta, &flags, &prefetch);
}
#else
const char* productLibrary() { return "no libxsmm"; }

ProductSum::ProductSum(const Product::Sizes& sizes) : m_first(sizes), m_more(added(sizes)) {}

Product::Product(const Sizes& sizes) : m_sizes(sizes) {}
#endif

void Product::operator()(const float* a, const float* b, float* c) const {
  if (m_function != nullptr) {
    m_function(a, b, c);
    return;
  }
  kernels().product(m_sizes.m, m_sizes.n, m_sizes.k, a, m_sizes.lda, b, m_sizes.ldb, c, m_sizes.ldc, m_sizes.add);
}

void ProductSum::operator()(const float** a, const float** b, float* c, std::size_t count) const {
  if (m_function != nullptr) {
    const unsigned long long products = count;
    m_function(a, b, c, &products);
    return;
  }
  m_first(a[0], b[0], c);
  for (std::size_t i = 1; i < count; ++i) m_more(a[i], b[i], c);
}

}  // namespace lathe::engine::fused
