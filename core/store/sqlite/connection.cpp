// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/connection.h"

#include <fmt/format.h>
#include <limits>
#include <sqlite3.h>

namespace lathe::store::sqlite {
namespace {

// Another process may hold the write lock for one checkpoint on a slow disk.
constexpr int busyMilliseconds = 10'000;

std::string uriOf(const std::filesystem::path& file, Access access) {
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(file).string()) {
    if (c == '%' || c == '?' || c == '#')
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      uri += c;
  }
  if (access == Access::Immutable) uri += "?immutable=1";
  return uri;
}

int flagsOf(Access access) {
  const int common = SQLite::OPEN_URI | SQLite::OPEN_NOMUTEX;
  switch (access) {
    case Access::ReadWrite:
      return common | SQLite::OPEN_READWRITE;
    case Access::Create:
      return common | SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE;
    case Access::ReadOnly:
    case Access::Immutable:
      break;
  }
  return common | SQLite::OPEN_READONLY;
}

}  // namespace

Connection::Connection(const std::filesystem::path& file, Access access)
    : m_file(file), m_database(uriOf(file, access), flagsOf(access), busyMilliseconds) {
  // A stranger's file runs nothing: no functions with side effects in its schema, no writable schema.
  sqlite3_db_config(m_database.getHandle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(m_database.getHandle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(m_database.getHandle(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(m_database.getHandle(), SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  m_database.exec("PRAGMA cell_size_check=ON");
  m_database.exec("PRAGMA cache_size=-8192");
  if (access == Access::ReadWrite || access == Access::Create) {
    m_database.exec("PRAGMA synchronous=NORMAL");
    m_database.exec("PRAGMA journal_size_limit=16777216");
  }
}

Connection::~Connection() = default;

SQLite::Statement& Connection::prepared(std::string_view sql) {
  const auto found = m_statements.find(sql);
  if (found != m_statements.end()) return *found->second;
  auto statement = std::make_unique<SQLite::Statement>(m_database, std::string(sql));
  return *m_statements.emplace(std::string(sql), std::move(statement)).first->second;
}

bool Connection::inTransaction() const { return sqlite3_get_autocommit(m_database.getHandle()) == 0; }

void Connection::rollBack() noexcept {
  if (inTransaction()) m_database.tryExec("ROLLBACK");
}

std::int64_t Connection::lastRowId() const { return sqlite3_last_insert_rowid(m_database.getHandle()); }

Query::~Query() {
  (void)m_statement.tryReset();
  try {
    m_statement.clearBindings();
  } catch (const std::exception&) {
    // Cannot fail for a statement that is reset; a destructor must not throw whatever happens.
  }
}

double Query::real(int column) const {
  const auto value = m_statement.getColumn(column);
  return value.isNull() ? std::numeric_limits<double>::quiet_NaN() : value.getDouble();
}

std::string Query::text(int column) const { return m_statement.getColumn(column).getString(); }

std::span<const std::byte> Query::blob(int column) const {
  const auto value = m_statement.getColumn(column);
  const void* bytes = value.getBlob();
  return {static_cast<const std::byte*>(bytes), bytes == nullptr ? 0 : static_cast<std::size_t>(value.getBytes())};
}

void Query::bind(int index, std::span<const std::byte> bytes) {
  static constexpr std::byte none{};  // an address, or an empty blob would be NULL
  if (bytes.empty()) bytes = {&none, 0};
  m_statement.bindNoCopy(index, bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace lathe::store::sqlite
