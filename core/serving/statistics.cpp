// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/statistics.h"

#include <algorithm>

namespace lathe::serving {
namespace {

std::uint64_t microsBetween(SteadyTime from, SteadyTime to) {
  return static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::microseconds>(to - from).count()));
}

}  // namespace

void Statistics::answered(SteadyTime arrived, SteadyTime begun, SteadyTime now) {
  const auto micros = microsBetween(arrived, now);
  add(m_requests, 1);
  add(m_microseconds, micros);
  add(m_queued, microsBetween(arrived, begun));
  const auto bucket = std::lower_bound(bucketEnds.begin(), bucketEnds.end(), static_cast<std::int64_t>(micros));
  add(m_buckets[static_cast<std::size_t>(bucket - bucketEnds.begin())], 1);
}

Statistics::Values Statistics::values() const {
  Values values;
  const auto read = [](const Counter& counter) { return counter.load(std::memory_order_relaxed); };
  values.requests = read(m_requests);
  values.failures = read(m_failures);
  values.refused = read(m_refused);
  values.rows = read(m_rows);
  values.batches = read(m_batches);
  values.microseconds = read(m_microseconds);
  values.queueMicroseconds = read(m_queued);
  std::transform(m_buckets.begin(), m_buckets.end(), values.buckets.begin(), read);
  return values;
}

double Statistics::Values::quantile(double share) const {
  std::uint64_t all = 0;
  for (const auto count : buckets) all += count;
  if (all == 0) return 0;
  const double wanted = share * static_cast<double>(all);
  double before = 0;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    const auto count = static_cast<double>(buckets[i]);
    const double low = i == 0 ? 0 : static_cast<double>(bucketEnds[i - 1]);
    const double high = i < bucketEnds.size() ? static_cast<double>(bucketEnds[i]) : low;
    if (before + count >= wanted && count > 0) return low + (high - low) * (wanted - before) / count;
    before += count;
  }
  return static_cast<double>(bucketEnds.back());
}

}  // namespace lathe::serving
