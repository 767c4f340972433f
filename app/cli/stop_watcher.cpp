// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/stop_watcher.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace lathe::cli {
namespace {

std::atomic<int> writeEnd{-1};
static_assert(std::atomic<int>::is_always_lock_free, "used in a signal handler");

/// Nothing but what a signal handler may do.
extern "C" void noteStopSignal(int number) {
  const int saved = errno;
  const auto byte = static_cast<char>(number);
  (void)!::write(writeEnd.load(), &byte, 1);
  errno = saved;
}

void handle(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int number : {SIGINT, SIGTERM}) sigaction(number, &action, nullptr);
}

}  // namespace

StopWatcher::StopWatcher() {
  if (::pipe2(m_pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;  // then signals end the program as usual
  writeEnd = m_pipe[1];
  m_thread = std::jthread([this](const std::stop_token& closing) { watch(closing); });
  handle(noteStopSignal);
}

StopWatcher::~StopWatcher() {
  if (m_pipe[0] < 0) return;
  handle(SIG_DFL);
  m_thread.request_stop();
  const char wake = 0;
  (void)!::write(m_pipe[1], &wake, 1);
  m_thread.join();
  writeEnd = -1;
  ::close(m_pipe[0]);
  ::close(m_pipe[1]);
}

void StopWatcher::watch(const std::stop_token& closing) {
  while (!closing.stop_requested()) {
    pollfd come{m_pipe[0], POLLIN, 0};
    if (::poll(&come, 1, -1) <= 0) continue;
    char number = 0;
    while (::read(m_pipe[0], &number, 1) == 1)
      if (number != 0) signalled(number);
  }
}

void StopWatcher::signalled(int number) {
  std::function<void()> second;
  {
    const std::lock_guard lock(m_mutex);
    if (m_over) return;
    ++m_signals;
    m_stop.request_stop();
    if (!m_graceful) {
      // As if nobody had caught it, so that the shell sees the usual status.
      handle(SIG_DFL);
      kill(getpid(), number);
      return;
    }
    if (m_signals == 1) {
      if (m_first) m_firstRunner = std::jthread(m_first);
      return;
    }
    m_ending = true;
    second = m_second;
  }
  if (second) second();
  _exit(3);
}

void StopWatcher::graceful(std::function<void()> first, std::function<void()> second) {
  const std::lock_guard lock(m_mutex);
  m_graceful = true;
  m_over = false;
  m_first = std::move(first);
  m_second = std::move(second);
  if (m_signals > 0 && m_first) m_firstRunner = std::jthread(m_first);
}

void StopWatcher::forget() {
  std::jthread running;
  {
    std::unique_lock lock(m_mutex);
    if (m_ending) {
      lock.unlock();
      for (;;) ::pause();  // the other thread ends the program
    }
    m_over = true;
    m_first = {};
    m_second = {};
    running = std::move(m_firstRunner);
  }
}

}  // namespace lathe::cli
