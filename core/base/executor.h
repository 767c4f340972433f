// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

namespace lathe {

/// Runs tasks somewhere else: on worker threads, on the GUI thread (ui/bridge), or at once (tests).
class Executor {
 public:
  virtual ~Executor() = default;
  /// Never blocks. A task must not throw.
  virtual void post(std::function<void()> task) = 0;
};

/// A fixed number of worker threads; the destructor waits for queued tasks. With `niced` they run below the window.
[[nodiscard]] std::unique_ptr<Executor> makeThreadPool(unsigned threads, bool niced);

/// Runs every task in post(), for tests and the command line.
[[nodiscard]] std::unique_ptr<Executor> makeInlineExecutor();

/// Lowers the calling thread's priority so that training never disturbs the window.
void lowerThreadPriority();

}  // namespace lathe
