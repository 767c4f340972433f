// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_fused/team.h"

#include <algorithm>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace lathe::engine::fused {
namespace {

// Some ten microseconds: longer than the pauses between two pieces of work of a step, too short for anybody to miss.
constexpr int spins = 1000;
constexpr std::uint64_t halfWord = 32;

void pauseProcessor() {
#if defined(__x86_64__)
  _mm_pause();
#endif
}

template <class Ready>
bool spinUntil(Ready&& ready) {
  for (int i = 0; i < spins; ++i) {
    if (ready()) return true;
    pauseProcessor();
  }
  return ready();
}

}  // namespace

Team::Team(int threads) : m_size(std::max(1, threads)) {
  // No part is left in round 0.
  m_claims = static_cast<std::uint64_t>(m_size);
  for (int i = 1; i < m_size; ++i) m_workers.emplace_back([this] { serve(); });
}

Team::~Team() {
  m_ending = true;
  m_round.fetch_add(1, std::memory_order_release);
  m_round.notify_all();
}

void Team::start(Function function, void* context) {
  if (m_size == 1) {
    function(context, 0);
    return;
  }
  // All parts of the round before are done, so nobody reads these now but to find its claim refused.
  m_function.store(function, std::memory_order_relaxed);
  m_context.store(context, std::memory_order_relaxed);
  m_done.store(0, std::memory_order_relaxed);
  const auto round = m_round.load(std::memory_order_relaxed) + 1;
  m_claims.store(static_cast<std::uint64_t>(round) << halfWord, std::memory_order_release);
  m_round.store(round, std::memory_order_release);
  m_round.notify_all();
  takeParts();
  const auto all = static_cast<std::uint32_t>(m_size);
  if (spinUntil([&] { return m_done.load(std::memory_order_acquire) == all; })) return;
  for (auto done = m_done.load(std::memory_order_acquire); done != all; done = m_done.load(std::memory_order_acquire))
    m_done.wait(done, std::memory_order_acquire);
}

void Team::takeParts() {
  auto claim = m_claims.load(std::memory_order_acquire);
  for (;;) {
    const auto part = static_cast<std::uint32_t>(claim);
    if (part >= static_cast<std::uint32_t>(m_size)) return;
    const auto function = m_function.load(std::memory_order_relaxed);
    auto* const context = m_context.load(std::memory_order_relaxed);
    // Succeeds only while the round is the one whose function was read.
    if (!m_claims.compare_exchange_weak(claim, claim + 1, std::memory_order_acq_rel, std::memory_order_acquire))
      continue;
    function(context, static_cast<int>(part));
    if (m_done.fetch_add(1, std::memory_order_acq_rel) + 1 == static_cast<std::uint32_t>(m_size)) m_done.notify_one();
    claim = m_claims.load(std::memory_order_acquire);
  }
}

void Team::serve() {
  std::uint32_t seen = 0;
  for (;;) {
    const auto changed = [&] { return m_round.load(std::memory_order_acquire) != seen; };
    if (!spinUntil(changed))
      while (!changed()) m_round.wait(seen, std::memory_order_acquire);
    seen = m_round.load(std::memory_order_acquire);
    if (m_ending) return;
    takeParts();
  }
}

}  // namespace lathe::engine::fused
