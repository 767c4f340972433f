// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "core/base/result.h"

namespace lathe::engine {

/// The thread of a training that hashes and writes its checkpoints while the steps go on. One piece of work at a time:
/// what it reads belongs to it from start() until busy() is false, and everything it wrote is seen from then on. Used
/// from one thread. Started with the first work; inherits the priority of whoever starts it.
class CheckpointWriter {
 public:
  /// Done on the writer's thread, once for each start(). Must not throw.
  using Work = std::function<Result<void>()>;

  explicit CheckpointWriter(Work work) : m_work(std::move(work)) {}
  CheckpointWriter(const CheckpointWriter&) = delete;
  CheckpointWriter& operator=(const CheckpointWriter&) = delete;
  /// Finishes what was started.
  ~CheckpointWriter();

  [[nodiscard]] bool busy() const { return m_busy.load(std::memory_order_acquire); }
  /// Some work failed since the last wait(). One atomic look: for every step.
  [[nodiscard]] bool failed() const { return m_failed.load(std::memory_order_acquire); }
  /// Returns at once. Waits for the work before, when that is not done.
  void start();
  /// The work on the calling thread, for who would only wait for it. Only while it is not busy.
  Result<void> perform();
  /// Blocks until nothing is being done; the first error since the last wait().
  Result<void> wait();
  /// Processor seconds that the last work took of its thread. Only while it is not busy.
  [[nodiscard]] double cost() const { return m_cost; }

 private:
  void run();

  const Work m_work;
  std::atomic<bool> m_busy{false};
  std::atomic<bool> m_failed{false};
  double m_cost = 0;
  std::mutex m_mutex;  // guards what follows
  std::condition_variable m_changed;
  bool m_closing = false;
  Result<void> m_error;
  std::thread m_thread;
};

}  // namespace lathe::engine
