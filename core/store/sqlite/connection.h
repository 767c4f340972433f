// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace lathe::store::sqlite {

/// How a connection sees the file. Immutable: a file that nobody can change, read without locks or a -shm file.
enum class Access { ReadWrite, Create, ReadOnly, Immutable };

/// One SQLite connection with its prepared statements. Used by one thread at a time. Throws SQLite::Exception; the
/// store's edge turns that into an Error.
class Connection {
 public:
  Connection(const std::filesystem::path& file, Access access);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void execute(const char* sql) { m_database.exec(sql); }
  /// Prepared once, kept for the connection's life.
  SQLite::Statement& prepared(std::string_view sql);
  [[nodiscard]] bool inTransaction() const;
  /// Ends an open transaction without keeping anything; never throws.
  void rollBack() noexcept;
  [[nodiscard]] std::int64_t lastRowId() const;
  [[nodiscard]] SQLite::Database& database() { return m_database; }
  [[nodiscard]] const std::filesystem::path& file() const { return m_file; }

 private:
  std::filesystem::path m_file;
  SQLite::Database m_database;
  std::map<std::string, std::unique_ptr<SQLite::Statement>, std::less<>> m_statements;
};

/// One use of a prepared statement: binds the values in order, and frees the statement at the end.
class Query {
 public:
  template <class... Values>
  Query(Connection& connection, std::string_view sql, const Values&... values) : m_statement(connection.prepared(sql)) {
    int index = 0;
    (bind(++index, values), ...);
  }
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  /// Steps to the next row; false at the end.
  bool next() { return m_statement.executeStep(); }
  /// Runs a statement that gives no rows; the number of rows changed.
  int run() { return m_statement.exec(); }

  [[nodiscard]] bool isNull(int column) const { return m_statement.getColumn(column).isNull(); }
  [[nodiscard]] std::int64_t integer(int column) const { return m_statement.getColumn(column).getInt64(); }
  [[nodiscard]] double real(int column) const;  ///< NULL reads as NaN, which is what SQLite stores NaN as
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::span<const std::byte> blob(int column) const;  ///< valid until the next step

 private:
  void bind(int index, std::int64_t value) { m_statement.bind(index, value); }
  void bind(int index, int value) { m_statement.bind(index, value); }
  void bind(int index, bool value) { m_statement.bind(index, value ? 1 : 0); }
  void bind(int index, double value) { m_statement.bind(index, value); }
  void bind(int index, const std::string& value) { m_statement.bind(index, value); }
  void bind(int index, const char* value) { m_statement.bind(index, value); }
  void bind(int index, std::nullptr_t) { m_statement.bind(index); }
  void bind(int index, std::span<const std::byte> bytes);

  SQLite::Statement& m_statement;
};

/// A read transaction: every query within sees the same state of the file.
class Snapshot {
 public:
  explicit Snapshot(Connection& connection) : m_connection(connection) { m_connection.execute("BEGIN"); }
  ~Snapshot() { m_connection.rollBack(); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Connection& m_connection;
};

}  // namespace lathe::store::sqlite
