// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace lathe::cli {

/// Takes SIGINT and SIGTERM and answers them on a thread of its own. While nobody has asked for grace, a signal ends
/// the program as usual. With grace, the first one requests stop() and runs `first`; the second one runs `second` and
/// ends the program at once with code 3, nothing saved. One at a time. It catches the signals instead of blocking them:
/// some libraries (OpenBLAS on pthreads) start threads before main(), which would not block them.
class StopWatcher {
 public:
  StopWatcher();
  ~StopWatcher();
  StopWatcher(const StopWatcher&) = delete;
  StopWatcher& operator=(const StopWatcher&) = delete;

  /// From now on stop softly. Both functions run on other threads and may be empty; `first` may block. Called at once
  /// when the first signal has come already.
  void graceful(std::function<void()> first, std::function<void()> second);
  /// Forgets both functions and waits for `first` if it runs: call before what they use goes, and before the result is
  /// told. Does not return when `second` has begun, which tells it in place of the command; later signals do nothing.
  void forget();
  [[nodiscard]] std::stop_token stop() const { return m_stop.get_token(); }
  [[nodiscard]] bool stopped() const { return m_stop.stop_requested(); }

 private:
  void watch(const std::stop_token& closing);
  void signalled(int number);

  std::mutex m_mutex;
  std::function<void()> m_first, m_second;
  bool m_graceful = false;
  bool m_ending = false;  ///< the second signal has come
  bool m_over = false;    ///< forget() has been called
  int m_signals = 0;
  std::stop_source m_stop;
  std::array<int, 2> m_pipe{-1, -1};  // from the handler to the thread
  std::jthread m_firstRunner;
  std::jthread m_thread;  // last: joined before the rest goes
};

}  // namespace lathe::cli
