// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/checkpoint_writer.h"

#include <ctime>

namespace lathe::engine {
namespace {

double threadSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace

CheckpointWriter::~CheckpointWriter() {
  {
    const std::lock_guard lock(m_mutex);
    m_closing = true;
  }
  m_changed.notify_all();
  if (m_thread.joinable()) m_thread.join();
}

void CheckpointWriter::start() {
  {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return !busy(); });
    m_busy.store(true, std::memory_order_release);
    if (!m_thread.joinable()) m_thread = std::thread([this] { run(); });
  }
  m_changed.notify_all();
}

Result<void> CheckpointWriter::perform() {
  const double before = threadSeconds();
  auto done = m_work();
  m_cost = threadSeconds() - before;
  return done;
}

Result<void> CheckpointWriter::wait() {
  std::unique_lock lock(m_mutex);
  m_changed.wait(lock, [this] { return !busy(); });
  m_failed.store(false, std::memory_order_release);
  return std::exchange(m_error, Result<void>());
}

void CheckpointWriter::run() {
  std::unique_lock lock(m_mutex);
  for (;;) {
    m_changed.wait(lock, [this] { return busy() || m_closing; });
    if (!busy()) return;
    lock.unlock();
    const double before = threadSeconds();
    auto done = m_work();
    m_cost = threadSeconds() - before;
    lock.lock();
    if (!done && m_error) {
      m_error = std::move(done);
      m_failed.store(true, std::memory_order_release);
    }
    m_busy.store(false, std::memory_order_release);
    m_changed.notify_all();
  }
}

}  // namespace lathe::engine
