// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// One binary for every x86-64: a loop so marked exists in three versions, the processor picks. Sanitizers cannot run
// the resolvers that early.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__) && \
    !defined(__SANITIZE_ADDRESS__)
#define LATHE_MULTIVERSION __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define LATHE_MULTIVERSION
#endif
