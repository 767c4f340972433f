// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/store/sqlite/connection.h"
#include "core/store/sqlite/curve_writer.h"

namespace lathe::store::sqlite {

/// What a queued write may use, on the writer's thread, inside its transaction.
struct WriteContext {
  Connection& connection;
  CurveWriter& curves;
};

/// The one thread that writes, with its own connection. Everything queued since the last commit goes into one
/// transaction: first the points, then the other writes in their order. What could not be committed (full disk, busy
/// file) stays queued and is tried again; only answers waited for are given up, with the error. Thread-safe.
class Writer {
 public:
  using Action = std::function<Result<void>(WriteContext&)>;

  static constexpr std::size_t mostQueuedPoints = 4'000'000;

  /// `watchedElsewhere` is asked about once a second, on the writer's thread. With `mostPoints` queued append() waits;
  /// while nothing can be written it leaves further points out instead, and flush() tells of them.
  Writer(std::unique_ptr<Connection> connection, std::function<bool()> watchedElsewhere,
         std::size_t mostPoints = mostQueuedPoints);
  /// Commits what is queued; gives up after some seconds when that cannot be done.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void append(std::int64_t series, std::span<const Point> points);
  /// Queues a write nobody waits for.
  void post(Action action);
  /// Queues a write, waits for its commit and gives its value.
  template <class T>
  Result<T> perform(std::function<Result<T>(WriteContext&)> action) {
    std::optional<Result<T>> value;
    const auto done = performAction([&](WriteContext& context) -> Result<void> {
      value = action(context);
      if (!*value) return tl::unexpected<Error>(value->error());
      return {};
    });
    if (!done) return tl::unexpected<Error>(done.error());
    return std::move(*value);
  }
  Result<void> flush();
  void setWatched(bool watched);

 private:
  struct Waiter;
  struct Command {
    Action action;             ///< empty: only waits
    Waiter* waiter = nullptr;  ///< on the stack of the thread that waits
    Result<void> result{};
  };
  struct Batch {
    std::vector<QueuedPoint> points;
    std::vector<Command> commands;
  };
  using Instant = std::chrono::steady_clock::time_point;

  Result<void> performAction(Action action);
  void work();
  Result<void> commit(Batch& batch);
  void run(Command& command);
  void settle(Batch& batch, const Result<void>& committed);
  [[nodiscard]] bool due(Instant now) const;
  [[nodiscard]] std::chrono::milliseconds interval() const;
  bool lookForWatchers();

  std::unique_ptr<Connection> m_connection;
  CurveWriter m_curves;
  std::function<bool()> m_watchedElsewhere;
  const std::size_t m_mostPoints;
  bool m_lastLook = false;  ///< writer's thread only, as m_nextLook
  Instant m_nextLook{};

  std::mutex m_mutex;
  std::condition_variable m_wake;   ///< the writer waits for work
  std::condition_variable m_space;  ///< append() waits for room
  Batch m_queue;
  std::size_t m_inFlight = 0;  ///< points taken from the queue and not committed yet
  bool m_watched = false;
  bool m_seenWatched = false;
  Instant m_nextCommit{};
  bool m_urgent = false;  ///< someone waits for an answer
  bool m_failing = false;
  bool m_stopping = false;
  std::int64_t m_lost = 0;
  std::optional<Error> m_error;  ///< the first since the last flush()
  std::jthread m_thread;         ///< last: starts when everything else is there
};

}  // namespace lathe::store::sqlite
