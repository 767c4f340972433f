// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/executor.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace lathe {
namespace {

class ThreadPool final : public Executor {
 public:
  ThreadPool(unsigned threads, bool niced) {
    for (unsigned i = 0; i < std::max(1U, threads); ++i) m_threads.emplace_back([this, niced] { work(niced); });
  }

  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool() override {
    {
      const std::lock_guard lock(m_mutex);
      m_closing = true;
    }
    m_wake.notify_all();
  }

  void post(std::function<void()> task) override {
    {
      const std::lock_guard lock(m_mutex);
      m_tasks.push_back(std::move(task));
    }
    m_wake.notify_one();
  }

 private:
  void work(bool niced) {
    if (niced) lowerThreadPriority();
    for (;;) {
      std::function<void()> task;
      {
        std::unique_lock lock(m_mutex);
        m_wake.wait(lock, [this] { return m_closing || !m_tasks.empty(); });
        if (m_tasks.empty()) return;
        task = std::move(m_tasks.front());
        m_tasks.pop_front();
      }
      task();
    }
  }

  std::mutex m_mutex;
  std::condition_variable m_wake;
  std::deque<std::function<void()>> m_tasks;
  bool m_closing = false;
  std::vector<std::jthread> m_threads;  // last: joined before the rest goes
};

class InlineExecutor final : public Executor {
 public:
  void post(std::function<void()> task) override { task(); }
};

}  // namespace

std::unique_ptr<Executor> makeThreadPool(unsigned threads, bool niced) {
  return std::make_unique<ThreadPool>(threads, niced);
}

std::unique_ptr<Executor> makeInlineExecutor() { return std::make_unique<InlineExecutor>(); }

void lowerThreadPriority() {
  // On Linux the nice value is a thread's own.
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), 5);
}

}  // namespace lathe
