// SPDX-License-Identifier: GPL-3.0-or-later
// libxsmm's library names BLAS for calls that nothing here makes. The names are answered inside this library alone: its
// own stand-ins (libxsmmnoblas) would be exported, and LibTorch would find them instead of the system's BLAS.
#ifdef LATHE_HAVE_XSMM
#include <cstdlib>

#define LATHE_UNUSED_BLAS(name)                                 \
  extern "C" __attribute__((visibility("hidden"))) void name(); \
  void name() { std::abort(); }

LATHE_UNUSED_BLAS(sgemm_)
LATHE_UNUSED_BLAS(dgemm_)
LATHE_UNUSED_BLAS(sgemv_)
LATHE_UNUSED_BLAS(dgemv_)
#endif
