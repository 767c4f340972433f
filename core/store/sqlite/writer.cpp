// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/writer.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <sqlite3.h>

#include "core/base/log.h"
#include "core/store/sqlite/errors.h"

namespace lathe::store::sqlite {
namespace {

constexpr std::chrono::milliseconds watchedInterval{40};
constexpr std::chrono::milliseconds idleInterval{250};
constexpr std::chrono::milliseconds retryInterval{250};
constexpr std::chrono::seconds closingPatience{3};

// Failures of the file, not of one write: nothing of the transaction can be kept.
bool concernsWholeBatch(const SQLite::Exception& exception) {
  switch (exception.getErrorCode() & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_BUSY:
    case SQLITE_NOMEM:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      return true;
    default:
      return false;
  }
}

tl::unexpected<Error> pointsLost(const std::filesystem::path& file, std::int64_t points) {
  return fail("store.points_lost",
              LATHE_TEXT("errors", "{points} points could not be kept: {file} could not be written for too long."),
              LATHE_TEXT("errors", "Free some space on the disk; points from now on are kept again."),
              {{"file", file.string()}, {"points", std::to_string(points)}});
}

}  // namespace

struct Writer::Waiter {
  std::condition_variable done;
  std::optional<Result<void>> result;
};

Writer::Writer(std::unique_ptr<Connection> connection, std::function<bool()> watchedElsewhere, std::size_t mostPoints)
    : m_connection(std::move(connection)),
      m_watchedElsewhere(std::move(watchedElsewhere)),
      m_mostPoints(mostPoints),
      m_thread([this] { work(); }) {}

Writer::~Writer() {
  {
    const std::lock_guard lock(m_mutex);
    m_stopping = true;
  }
  m_wake.notify_all();
  m_space.notify_all();
  m_thread.join();
}

void Writer::setWatched(bool watched) {
  const std::lock_guard lock(m_mutex);
  m_watched = watched;
  m_nextCommit = std::min(m_nextCommit, std::chrono::steady_clock::now() + interval());
  m_wake.notify_all();
}

std::chrono::milliseconds Writer::interval() const {
  return m_watched || m_seenWatched ? watchedInterval : idleInterval;
}

bool Writer::lookForWatchers() {
  const auto now = std::chrono::steady_clock::now();
  if (now >= m_nextLook) {
    m_nextLook = now + std::chrono::seconds(1);
    m_lastLook = m_watchedElsewhere && m_watchedElsewhere();
  }
  return m_lastLook;
}

void Writer::append(std::int64_t series, std::span<const Point> points) {
  std::unique_lock lock(m_mutex);
  const auto full = [&] { return m_queue.points.size() + m_inFlight >= m_mostPoints; };
  m_space.wait(lock, [&] { return !full() || m_failing || m_stopping; });
  if (full()) {  // failing for so long that memory is what is protected now
    m_lost += static_cast<std::int64_t>(points.size());
    return;
  }
  const bool wasIdle = m_queue.points.empty();
  for (const auto& point : points) m_queue.points.push_back({series, point});
  if (wasIdle) m_wake.notify_one();
}

void Writer::post(Action action) {
  const std::lock_guard lock(m_mutex);
  m_queue.commands.push_back({std::move(action), nullptr});
  m_wake.notify_one();
}

Result<void> Writer::performAction(Action action) {
  Waiter waiter;
  std::unique_lock lock(m_mutex);
  m_queue.commands.push_back({std::move(action), &waiter});
  m_urgent = true;
  m_wake.notify_one();
  waiter.done.wait(lock, [&] { return waiter.result.has_value(); });
  return std::move(*waiter.result);
}

Result<void> Writer::flush() {
  auto result = performAction({});
  const std::lock_guard lock(m_mutex);
  auto first = std::exchange(m_error, std::nullopt);
  const auto lost = std::exchange(m_lost, 0);
  if (lost > 0) return pointsLost(m_connection->file(), lost);
  if (first) return tl::unexpected<Error>(std::move(*first));
  return result;
}

bool Writer::due(Instant now) const {
  if (m_stopping || m_urgent) return true;
  return (!m_queue.points.empty() || !m_queue.commands.empty()) && now >= m_nextCommit;
}

void Writer::work() {
  std::unique_lock lock(m_mutex);
  std::optional<Instant> givingUp;
  for (;;) {
    while (!due(std::chrono::steady_clock::now())) {
      if (m_queue.points.empty() && m_queue.commands.empty())
        m_wake.wait(lock);
      else
        m_wake.wait_until(lock, Instant(m_nextCommit));
    }
    if (m_stopping && m_queue.points.empty() && m_queue.commands.empty()) return;
    Batch batch = std::exchange(m_queue, {});
    m_inFlight = batch.points.size();
    m_urgent = false;
    lock.unlock();
    const auto committed = commit(batch);
    const bool watchers = lookForWatchers();
    lock.lock();
    m_seenWatched = watchers;
    settle(batch, committed);
    const auto now = std::chrono::steady_clock::now();
    m_nextCommit = now + (committed ? interval() : retryInterval);
    if (!m_stopping || committed) continue;
    if (!givingUp) givingUp = now + closingPatience;
    if (now >= *givingUp) {
      log(LogLevel::Failure, fmt::format("{} points of {} could not be kept at the end: {}", m_queue.points.size(),
                                         m_connection->file().string(), committed.error().sentence()));
      return;
    }
    m_wake.wait_for(lock, retryInterval);
  }
}

Result<void> Writer::commit(Batch& batch) {
  const bool writes = !batch.points.empty() || std::any_of(batch.commands.begin(), batch.commands.end(),
                                                           [](const Command& c) { return c.action != nullptr; });
  if (!writes) return {};
  auto committed = guarded(m_connection->file(), [&]() -> Result<void> {
    m_connection->execute("BEGIN IMMEDIATE");
    m_curves.append(*m_connection, batch.points);
    for (auto& command : batch.commands) run(command);
    m_connection->execute("COMMIT");
    return {};
  });
  if (!committed) {
    m_connection->rollBack();
    m_curves.forget();
    return committed;
  }
  if (const auto damage = m_curves.takeDamage(); !damage.empty()) {
    const std::lock_guard lock(m_mutex);
    if (!m_error) m_error = damaged(m_connection->file(), damage).value();
  }
  return committed;
}

// In a savepoint: a write that is refused takes nothing of the others with it.
void Writer::run(Command& command) {
  if (!command.action) return;
  WriteContext context{*m_connection, m_curves};
  m_connection->execute("SAVEPOINT command");
  try {
    command.result = command.action(context);
  } catch (const SQLite::Exception& exception) {
    if (concernsWholeBatch(exception) || !m_connection->inTransaction()) throw;
    command.result = storeError(exception, m_connection->file());
  } catch (const DamagedContent& exception) {
    command.result = damaged(m_connection->file(), exception.what());
  }
  if (!command.result) {
    m_connection->execute("ROLLBACK TO command");
    m_curves.forget();
  }
  m_connection->execute("RELEASE command");
}

// With m_mutex held.
void Writer::settle(Batch& batch, const Result<void>& committed) {
  m_inFlight = 0;
  m_failing = !committed;
  if (!committed && !m_error) m_error = committed.error();
  std::vector<Command> again;
  for (auto& command : batch.commands) {
    if (command.waiter == nullptr) {
      if (!committed) again.push_back(std::move(command));
      continue;
    }
    if (committed)
      command.waiter->result = std::move(command.result);
    else
      command.waiter->result = committed;
    command.waiter->done.notify_one();
  }
  if (!committed) {
    const auto points = batch.points.size();
    try {
      batch.points.insert(batch.points.end(), m_queue.points.begin(), m_queue.points.end());
      m_queue.points = std::move(batch.points);
      std::move(m_queue.commands.begin(), m_queue.commands.end(), std::back_inserter(again));
      m_queue.commands = std::move(again);
    } catch (const std::bad_alloc&) {
      m_lost += static_cast<std::int64_t>(points);
    }
  }
  m_space.notify_all();
}

}  // namespace lathe::store::sqlite
