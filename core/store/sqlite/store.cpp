// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/store.h"

#include "core/base/log.h"
#include "core/store/sqlite/json_text.h"

namespace lathe::store::sqlite {
namespace {

constexpr std::size_t curveCacheBytes = std::size_t{128} << 20;
constexpr std::size_t pooledConnections = 4;

}  // namespace

SqliteStore::SqliteStore(std::filesystem::path file, Access readAccess, std::unique_ptr<Connection> writing,
                         const Clock& clock)
    : m_file(std::move(file)), m_readAccess(readAccess), m_clock(clock), m_curves(curveCacheBytes) {
  if (!writing) return;
  m_watch = std::make_unique<WatchMark>(std::filesystem::path(m_file.string() + "-watch"));
  m_writer = std::make_unique<Writer>(std::move(writing), [mark = m_watch.get()] { return mark->someoneWatches(); });
}

// The writer's connection goes last: only the last connection that may write empties the log and takes it away.
SqliteStore::~SqliteStore() {
  m_counterConnection.reset();
  m_pool.clear();
}

SqliteStore::Reading::Reading(const SqliteStore& owner) : store(owner) {
  {
    const std::lock_guard lock(store.m_poolMutex);
    if (!store.m_pool.empty()) {
      connection = std::move(store.m_pool.back());
      store.m_pool.pop_back();
    }
  }
  if (!connection) connection = std::make_unique<Connection>(store.m_file, store.m_readAccess);
}

SqliteStore::Reading::~Reading() {
  const std::lock_guard lock(store.m_poolMutex);
  if (store.m_pool.size() < pooledConnections) store.m_pool.push_back(std::move(connection));
}

Result<void> SqliteStore::setSetting(const std::string& key, const std::string& value) {
  return write<void>([&](Connection& connection) -> Result<void> {
    Query(connection, "INSERT OR REPLACE INTO settings VALUES(?, ?)", key, value).run();
    return {};
  });
}

Result<std::string> SqliteStore::setting(const std::string& key) const {
  return read([&](Connection& connection) -> Result<std::string> {
    Query query(connection, "SELECT value FROM settings WHERE name = ?", key);
    return query.next() ? query.text(0) : std::string();
  });
}

Result<void> SqliteStore::flush() {
  if (!m_writer) return {};
  return m_writer->flush();
}

std::int64_t SqliteStore::changeCounter() const {
  const std::lock_guard lock(m_counterMutex);
  const auto counted = guarded(m_file, [&]() -> Result<void> {
    if (!m_counterConnection) m_counterConnection = std::make_unique<Connection>(m_file, m_readAccess);
    Query query(*m_counterConnection, "PRAGMA data_version");
    if (!query.next()) return {};
    const auto version = query.integer(0);
    if (version != m_dataVersion) ++m_counter;
    m_dataVersion = version;
    return {};
  });
  if (!counted) {
    m_counterConnection.reset();
    m_dataVersion = -1;
    log(LogLevel::Warn, counted.error().sentence());
  }
  return m_counter;
}

void SqliteStore::setWatched(bool watched) {
  if (!m_writer) return;
  m_watch->setWatching(watched);
  m_writer->setWatched(watched);
}

std::int64_t SqliteStore::totalPoints() const {
  const auto total = read([&](Connection& connection) -> Result<std::int64_t> {
    Query query(connection, "SELECT points FROM totals");
    return query.next() ? query.integer(0) : std::int64_t{0};
  });
  return total.value_or(0);
}

void SqliteStore::addEvent(RunNumber run, const std::string& kind, const Message& message) {
  postEvent(run, kind, toText(message));
}

void SqliteStore::addWarning(RunNumber run, const Warning& warning) {
  postEvent(run, "warning", warningToText(warning));
}

void SqliteStore::postEvent(RunNumber run, const std::string& kind, const std::string& text) {
  if (!m_writer) return;
  m_writer->post([=, now = m_clock.nowMicros()](WriteContext& context) -> Result<void> {
    Query(context.connection, "INSERT INTO events(run, micros, kind, message) VALUES(?, ?, ?, ?)", run, now, kind, text)
        .run();
    return {};
  });
}

Result<std::vector<Event>> SqliteStore::events(RunNumber run, std::int64_t afterId) const {
  return read([&](Connection& connection) -> Result<std::vector<Event>> {
    Query query(connection, "SELECT id, run, micros, kind, message FROM events WHERE run = ? AND id > ? ORDER BY id",
                run, afterId);
    std::vector<Event> events;
    while (query.next()) {
      auto said = warningFromText(query.text(4));
      events.push_back({query.integer(0), query.integer(1), query.integer(2), query.text(3), std::move(said.message),
                        std::move(said.code), std::move(said.hint)});
    }
    return events;
  });
}

Result<std::int64_t> SqliteStore::addArtefact(const Artefact& artefact) {
  const auto created = artefact.createdMicros != 0 ? artefact.createdMicros : m_clock.nowMicros();
  return write<std::int64_t>([&, created](Connection& connection) -> Result<std::int64_t> {
    Query(connection,
          "INSERT INTO artefacts(run, kind, path, sha256, bytes, created, details) VALUES(?, ?, ?, ?, ?, ?, ?)",
          artefact.run, artefact.kind, artefact.path, artefact.sha256, artefact.bytes, created, artefact.detailsJson)
        .run();
    return connection.lastRowId();
  });
}

Result<std::vector<Artefact>> SqliteStore::artefacts(RunNumber run) const {
  return read([&](Connection& connection) -> Result<std::vector<Artefact>> {
    Query query(connection,
                run == 0 ? "SELECT id, run, kind, path, sha256, bytes, created, details FROM artefacts WHERE ? = 0 "
                           "ORDER BY id"
                         : "SELECT id, run, kind, path, sha256, bytes, created, details FROM artefacts WHERE run = ? "
                           "ORDER BY id",
                run);
    std::vector<Artefact> found;
    while (query.next())
      found.push_back({query.integer(0), query.integer(1), query.text(2), query.text(3), query.text(4),
                       query.integer(5), query.integer(6), query.text(7)});
    return found;
  });
}

}  // namespace lathe::store::sqlite
