// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/store/sqlite/errors.h"
#include "core/store/sqlite/open_checks.h"
#include "core/store/sqlite/schema.h"
#include "core/store/sqlite/store.h"

namespace lathe::store {
namespace fs = std::filesystem;
using sqlite::Access;
using sqlite::Connection;

namespace sqlite {

Result<void> checkFileSystem(const fs::path& file, const std::function<bool(const fs::path&)>& isNetwork) {
  const auto folder = fs::absolute(file).parent_path();
  if (!isNetwork(folder)) return {};
  return fail("store.network_file_system",
              LATHE_TEXT("errors", "The project's store {file} is on a network file system, where it is not safe."),
              LATHE_TEXT("errors", "Keep the project on a disk of this machine and copy it when it is closed."),
              {{"file", file.string()}});
}

bool mayWrite(const fs::path& file) {
  // For root access() allows everything: a file that nobody may write is meant to be read only all the same.
  const auto writable = [](const fs::path& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 && (info.st_mode & 0222U) != 0 && ::access(path.c_str(), W_OK) == 0;
  };
  return writable(file) && writable(fs::absolute(file).parent_path());
}

Result<void> checkContent(Connection& connection) {
  const auto& file = connection.file();
  const auto number = [&](const char* pragma) {
    Query query(connection, pragma);
    return query.next() ? query.integer(0) : std::int64_t{0};
  };
  const auto id = number("PRAGMA application_id");
  if (id != applicationId)
    return fail("store.not_sqlite", LATHE_TEXT("errors", "{file} is not a project store of Lathe."),
                LATHE_TEXT("errors", "Choose another project folder, or put back a copy of the store."),
                {{"file", file.string()}});
  const int known = migrations().back().version;
  if (const int found = schemaVersion(connection); found > known) return newerVersion(file, found, known);
  std::error_code error;
  const auto size = fs::file_size(file, error);
  const auto wal = fs::file_size(file.string() + "-wal", error);
  const bool complete = !error && wal > 0;  // pages may still be in the log
  const auto expected = number("PRAGMA page_count") * number("PRAGMA page_size");
  if (!complete && static_cast<std::int64_t>(size) < expected)
    return damaged(file, fmt::format("{} of {} bytes are left", size, expected));
  return {};
}

}  // namespace sqlite

namespace {

// A file nobody can write and without a log is read without locks, which need a file beside it.
Result<Access> readAccess(const fs::path& file, bool writable) {
  const auto tried = [&](Access access) {
    return sqlite::guarded(file, [&]() -> Result<void> {
      Connection connection(file, access);
      sqlite::Query query(connection, "SELECT count(*) FROM sqlite_schema");
      query.next();
      return {};
    });
  };
  std::error_code error;
  const auto wal = fs::file_size(file.string() + "-wal", error);
  const bool hasLog = !error && wal > 0;
  if (!writable && !hasLog) {
    LATHE_TRY(tried(Access::Immutable));
    return Access::Immutable;
  }
  LATHE_TRY(tried(Access::ReadOnly));
  return Access::ReadOnly;
}

// What processes that were killed in createFile() left behind.
void removeUnfinished(const fs::path& file) {
  const auto begin = file.filename().string() + ".";
  std::error_code error;
  for (auto it = fs::directory_iterator(fs::absolute(file).parent_path(), error);
       !error && it != fs::directory_iterator(); it.increment(error)) {
    const auto name = it->path().filename().string();
    if (name.rfind(begin, 0) != 0 || name.find(".new", begin.size()) == std::string::npos) continue;
    std::error_code ignored;
    const auto age = fs::file_time_type::clock::now() - it->last_write_time(ignored);
    if (!ignored && age > std::chrono::minutes(10)) fs::remove(it->path(), ignored);
  }
}

// Made whole under another name and put in place in one step: no other process sees half a store, and of two that make
// it at the same time the second opens the first one's.
Result<void> createFile(const fs::path& file) {
  removeUnfinished(file);
  static std::atomic<int> count{0};
  const auto temporary = fs::path(fmt::format("{}.{}-{}.new", file.string(), ::getpid(), ++count));
  std::error_code ignored;
  fs::remove(temporary, ignored);
  auto made = sqlite::guarded(temporary, [&]() -> Result<void> {
    Connection connection(temporary, Access::Create);
    connection.execute("PRAGMA page_size=4096");
    connection.execute("PRAGMA journal_mode=WAL");
    return sqlite::migrate(connection, sqlite::migrations());
  });
  if (made && ::link(temporary.c_str(), file.c_str()) != 0 && errno != EEXIST) {
    // No hard links here (FAT): the two steps of the other way are as good as it gets.
    if (!fs::exists(file, ignored) && ::rename(temporary.c_str(), file.c_str()) != 0) made = fileError(errno, file);
  }
  for (const char* ending : {"", "-wal", "-shm", "-journal"}) fs::remove(temporary.string() + ending, ignored);
  return made;
}

Result<void> checkPresent(const fs::path& file, OpenMode mode) {
  std::error_code error;
  const auto status = fs::status(file, error);
  if (status.type() == fs::file_type::not_found) {
    if (mode != OpenMode::Create)
      return fail("store.missing", LATHE_TEXT("errors", "There is no project store {file}."),
                  LATHE_TEXT("errors", "Check the project folder's path, or make a new project there."),
                  {{"file", file.string()}});
    const auto folder = fs::absolute(file).parent_path();
    if (!fs::is_directory(folder, error)) return fileError(ENOENT, folder);
    return createFile(file);
  }
  if (error) return fileError(error.value(), file);
  if (status.type() == fs::file_type::directory) return fileError(EISDIR, file);
  if (status.type() != fs::file_type::regular) return fileError(EINVAL, file);
  if (fs::file_size(file, error) == 0) return sqlite::damaged(file, "it is empty");
  if (::access(file.c_str(), R_OK) != 0) return fileError(errno, file);
  return {};
}

Result<std::unique_ptr<RunStore>> openChecked(const fs::path& file, OpenMode mode, const Clock& clock) {
  const bool writable = sqlite::mayWrite(file);
  const int known = sqlite::migrations().back().version;
  if (mode == OpenMode::ReadOnly || !writable) {
    LATHE_ASSIGN(reading, readAccess(file, writable));
    Connection connection(file, reading);
    LATHE_TRY(sqlite::checkContent(connection));
    if (sqlite::schemaVersion(connection) < known)
      return fail(
          "store.read_only",
          LATHE_TEXT("errors", "{file} is of an older format, and it cannot be written to bring it up to date."),
          LATHE_TEXT("errors", "Open a copy of the project that can be written."), {{"file", file.string()}});
    return std::make_unique<sqlite::SqliteStore>(file, reading, nullptr, clock);
  }
  auto writing = std::make_unique<Connection>(file, Access::ReadWrite);
  LATHE_TRY(sqlite::checkContent(*writing));
  writing->execute("PRAGMA journal_mode=WAL");
  LATHE_TRY(sqlite::migrate(*writing, sqlite::migrations()));
  return std::make_unique<sqlite::SqliteStore>(file, Access::ReadOnly, std::move(writing), clock);
}

}  // namespace

Result<std::unique_ptr<RunStore>> openSqliteStore(const fs::path& file, OpenMode mode, const Clock& clock) {
  return sqlite::guarded(file, [&]() -> Result<std::unique_ptr<RunStore>> {
    LATHE_TRY(sqlite::checkFileSystem(file, isNetworkFileSystem));
    LATHE_TRY(checkPresent(file, mode));
    return openChecked(file, mode, clock);
  });
}

}  // namespace lathe::store
