// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <thread>

namespace lathe::engine {

/// Threads of OpenMP wait for one another by spinning for some milliseconds, the fastest way on an idle machine. On a
/// busy one they spin away the processor time that the awaited thread needs, and a step takes ten to fifty times as
/// long. GNU's OpenMP spins for a microsecond only while a process has more OpenMP threads than processors. So, while
/// the training thread is kept waiting for a processor, this keeps idle OpenMP threads around. No result depends on it.
/// Does nothing under another OpenMP or where /proc does not tell the waiting time.
class SpinThrottle {
 public:
  /// On the training's thread, whose work is shared by so many threads.
  explicit SpinThrottle(int threads);
  ~SpinThrottle();
  SpinThrottle(const SpinThrottle&) = delete;
  SpinThrottle& operator=(const SpinThrottle&) = delete;

  /// After each step, on the same thread. Costs a look at the clock, and five times a second a look at /proc.
  void look();
  [[nodiscard]] bool throttled() const { return m_idle.has_value(); }
  /// What look() does when the thread waited for this share of the time since the last look, for tests.
  void heed(double waitedShare, std::chrono::steady_clock::time_point now);

 private:
  [[nodiscard]] std::optional<std::uint64_t> waitedNanoseconds() const;
  void engage();

  int m_threads;
  int m_statistics = -1;  // file descriptor
  std::uint64_t m_waited = 0;
  std::chrono::steady_clock::time_point m_last;
  std::chrono::steady_clock::time_point m_calmSince;
  std::chrono::steady_clock::time_point m_released{};
  std::chrono::steady_clock::duration m_hold;
  std::optional<std::jthread> m_idle;  ///< holds the idle OpenMP threads
};

}  // namespace lathe::engine
