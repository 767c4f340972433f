// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/quit_signals.h"

#include <QSocketNotifier>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace lathe::ui {
namespace {

std::atomic<int> writeEnd{-1};
static_assert(std::atomic<int>::is_always_lock_free, "used in a signal handler");

/// Nothing but what a signal handler may do.
extern "C" void handleQuitSignal(int number) {
  const int saved = errno;
  const char one = 1;
  (void)!::write(writeEnd.load(), &one, 1);
  std::signal(number == SIGINT ? SIGTERM : SIGINT, SIG_DFL);
  std::signal(number, SIG_DFL);
  errno = saved;
}

}  // namespace

QuitSignals::QuitSignals(QObject* parent) : QObject(parent) {
  if (::pipe2(m_pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;
  writeEnd = m_pipe[1];
  m_notifier = new QSocketNotifier(m_pipe[0], QSocketNotifier::Read, this);
  connect(m_notifier, &QSocketNotifier::activated, this, [this] {
    char bytes[16];
    if (::read(m_pipe[0], bytes, sizeof bytes) > 0) Q_EMIT asked();
  });
  std::signal(SIGINT, handleQuitSignal);
  std::signal(SIGTERM, handleQuitSignal);
}

QuitSignals::~QuitSignals() {
  if (m_pipe[0] < 0) return;
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  writeEnd = -1;
  ::close(m_pipe[0]);
  ::close(m_pipe[1]);
}

}  // namespace lathe::ui
