// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace lathe::serving {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Counters of one served model. Thread-safe, without locks.
class Statistics {
 public:
  /// Upper ends of the buckets of latencies, in microseconds; the last bucket has none.
  static constexpr std::array<std::int64_t, 16> bucketEnds{50,      100,       200,       500,      1'000,   2'000,
                                                           5'000,   10'000,    20'000,    50'000,   100'000, 200'000,
                                                           500'000, 1'000'000, 2'000'000, 5'000'000};

  struct Values {
    std::uint64_t requests = 0;  ///< answered with predictions
    std::uint64_t failures = 0;  ///< answered with a fault
    std::uint64_t refused = 0;   ///< of them: the queue was full
    std::uint64_t rows = 0, batches = 0;
    std::uint64_t microseconds = 0;       ///< from arrival to answer, summed over requests
    std::uint64_t queueMicroseconds = 0;  ///< of them before the computation began
    std::array<std::uint64_t, bucketEnds.size() + 1> buckets{};
    /// The latency that a share of the requests stayed below, in microseconds, by the buckets; 0 without requests.
    [[nodiscard]] double quantile(double share) const;
  };

  void answered(SteadyTime arrived, SteadyTime begun, SteadyTime now);
  void failed() { add(m_failures, 1); }
  void turnedAway() { add(m_failures, 1), add(m_refused, 1); }
  void computed(std::uint64_t rows) { add(m_rows, rows), add(m_batches, 1); }
  [[nodiscard]] Values values() const;

 private:
  using Counter = std::atomic<std::uint64_t>;
  static void add(Counter& counter, std::uint64_t more) { counter.fetch_add(more, std::memory_order_relaxed); }
  Counter m_requests{0}, m_failures{0}, m_refused{0}, m_rows{0}, m_batches{0}, m_microseconds{0}, m_queued{0};
  std::array<Counter, bucketEnds.size() + 1> m_buckets{};
};

}  // namespace lathe::serving
