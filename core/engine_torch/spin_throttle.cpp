// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/spin_throttle.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <condition_variable>
#include <dlfcn.h>
#include <fcntl.h>
#include <mutex>
#include <system_error>
#include <unistd.h>

namespace lathe::engine {
namespace {

using namespace std::chrono_literals;

constexpr auto interval = 200ms;
constexpr double busyShare = 0.1;
constexpr std::chrono::steady_clock::duration shortestHold = 2s;
constexpr std::chrono::steady_clock::duration longestHold = 60s;

// GNU's OpenMP by its interface for compilers: another OpenMP has no such function, and knows no such throttle.
using Parallel = void (*)(void (*work)(void*), void* data, unsigned threads, unsigned flags);
using CountProcessors = int (*)();

Parallel gnuParallel() {
  static const auto function = reinterpret_cast<Parallel>(dlsym(RTLD_DEFAULT, "GOMP_parallel"));
  return function;
}

int processors() {
  static const auto function = reinterpret_cast<CountProcessors>(dlsym(RTLD_DEFAULT, "omp_get_num_procs"));
  return function != nullptr ? function() : 1;
}

void holdThreads(const std::stop_token& stop, Parallel parallel, unsigned threads) {
  // The team stays with the thread that made it, asleep, and goes with it.
  parallel([](void*) {}, nullptr, threads, 0);
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait(lock, stop, [] { return false; });
}

}  // namespace

SpinThrottle::SpinThrottle(int threads)
    : m_threads(threads), m_last(std::chrono::steady_clock::now()), m_calmSince(m_last), m_hold(shortestHold) {
  if (threads < 2 || gnuParallel() == nullptr) return;
  m_statistics = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  m_waited = waitedNanoseconds().value_or(0);
}

SpinThrottle::~SpinThrottle() {
  if (m_statistics >= 0) close(m_statistics);
}

// The second number: time spent ready to run, without a processor.
std::optional<std::uint64_t> SpinThrottle::waitedNanoseconds() const {
  std::array<char, 96> text{};
  if (m_statistics < 0) return std::nullopt;
  const auto size = pread(m_statistics, text.data(), text.size(), 0);
  if (size <= 0) return std::nullopt;
  const char* const end = text.data() + size;
  const char* second = std::find(static_cast<const char*>(text.data()), end, ' ');
  std::uint64_t waited = 0;
  if (second == end || std::from_chars(second + 1, end, waited).ec != std::errc()) return std::nullopt;
  return waited;
}

void SpinThrottle::look() {
  if (m_statistics < 0) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - m_last < interval) return;
  const auto waited = waitedNanoseconds();
  if (!waited) return;
  const double share =
      static_cast<double>(*waited - m_waited) / static_cast<double>(std::chrono::nanoseconds(now - m_last).count());
  m_waited = *waited;
  m_last = now;
  heed(share, now);
}

void SpinThrottle::heed(double waitedShare, std::chrono::steady_clock::time_point now) {
  if (waitedShare > busyShare) {
    m_calmSince = now;
    if (throttled()) return;
    // Busy again right after a release: the throttle itself had made it look calm.
    m_hold = now - m_released < m_hold ? std::min(2 * m_hold, longestHold) : shortestHold;
    engage();
  } else if (throttled() && now - m_calmSince >= m_hold) {
    m_idle.reset();
    m_released = now;
  }
}

void SpinThrottle::engage() {
  const auto parallel = gnuParallel();
  if (parallel == nullptr) return;
  const auto threads = static_cast<unsigned>(std::max(2, processors() - m_threads + 3));
  try {
    m_idle.emplace(holdThreads, parallel, threads);
  } catch (const std::system_error&) {
    // No thread to be had: slow, but right.
  }
}

}  // namespace lathe::engine
