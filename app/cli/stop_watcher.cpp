// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/stop_watcher.h"

#include <csignal>
#include <ctime>
#include <unistd.h>

namespace lathe::cli {
namespace {

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

StopWatcher::StopWatcher() {
  const auto set = watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  m_thread = std::jthread([this](const std::stop_token& closing) { watch(closing); });
}

StopWatcher::~StopWatcher() = default;

void StopWatcher::watch(const std::stop_token& closing) {
  const auto set = watched();
  const timespec wait{0, 50'000'000};
  while (!closing.stop_requested()) {
    const int number = sigtimedwait(&set, nullptr, &wait);
    if (number > 0) signalled(number);
  }
}

void StopWatcher::signalled(int number) {
  std::function<void()> second;
  {
    const std::lock_guard lock(m_mutex);
    ++m_signals;
    m_stop.request_stop();
    if (!m_graceful) {
      // As if nobody had caught it, so that the shell sees the usual status.
      std::signal(number, SIG_DFL);
      const auto set = watched();
      pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
      kill(getpid(), number);
      return;
    }
    if (m_signals == 1) {
      if (m_first) m_firstRunner = std::jthread(m_first);
      return;
    }
    second = m_second;
  }
  if (second) second();
  _exit(3);
}

void StopWatcher::graceful(std::function<void()> first, std::function<void()> second) {
  const std::lock_guard lock(m_mutex);
  m_graceful = true;
  m_first = std::move(first);
  m_second = std::move(second);
  if (m_signals > 0 && m_first) m_firstRunner = std::jthread(m_first);
}

void StopWatcher::forget() {
  std::jthread running;
  {
    const std::lock_guard lock(m_mutex);
    m_first = {};
    m_second = {};
    running = std::move(m_firstRunner);
  }
}

}  // namespace lathe::cli
