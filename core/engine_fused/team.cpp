// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_fused/team.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace lathe::engine::fused {
namespace {

// About twenty microseconds: longer than the parts of a step differ, shorter than anybody else would miss.
constexpr int spins = 500;

void pauseProcessor() {
#if defined(__x86_64__)
  _mm_pause();
#endif
}

void awaitChange(const std::atomic<std::uint32_t>& value, std::uint32_t old) {
  for (int i = 0; i < spins; ++i) {
    if (value.load(std::memory_order_acquire) != old) return;
    pauseProcessor();
  }
  while (value.load(std::memory_order_acquire) == old) value.wait(old, std::memory_order_acquire);
}

}  // namespace

Team::Team(int threads) {
  for (int part = 1; part < threads; ++part) m_workers.emplace_back([this, part] { serve(part); });
}

Team::~Team() {
  m_ending = true;
  m_round.fetch_add(1, std::memory_order_release);
  m_round.notify_all();
}

void Team::start(Function function, void* context) {
  if (m_workers.empty()) {
    function(context, 0);
    return;
  }
  m_function = function;
  m_context = context;
  m_round.fetch_add(1, std::memory_order_release);
  m_round.notify_all();
  function(context, 0);
  barrier();
}

void Team::barrier() {
  if (m_workers.empty()) return;
  const auto gate = m_gate.load(std::memory_order_acquire);
  if (m_arrived.fetch_add(1, std::memory_order_acq_rel) + 1 == size()) {
    m_arrived.store(0, std::memory_order_relaxed);
    m_gate.fetch_add(1, std::memory_order_release);
    m_gate.notify_all();
    return;
  }
  awaitChange(m_gate, gate);
}

void Team::serve(int part) {
  std::uint32_t seen = 0;
  for (;;) {
    awaitChange(m_round, seen);
    seen = m_round.load(std::memory_order_acquire);
    if (m_ending) return;
    m_function(m_context, part);
    barrier();
  }
}

}  // namespace lathe::engine::fused
