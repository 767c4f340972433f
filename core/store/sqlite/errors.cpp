// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/errors.h"

#include <cerrno>
#include <sqlite3.h>

#include "core/base/files.h"

namespace lathe::store::sqlite {

tl::unexpected<Error> damaged(const std::filesystem::path& file, const std::string& reason) {
  return fail("store.damaged", LATHE_TEXT("errors", "The project's store {file} is damaged: {reason}."),
              LATHE_TEXT("errors",
                         "Put back a copy of the file, for example one of the backups beside it; nothing was changed."),
              {{"file", file.string()}, {"reason", reason}});
}

tl::unexpected<Error> readOnlyError(const std::filesystem::path& file) {
  return fail("store.read_only", LATHE_TEXT("errors", "The project's store {file} can only be read."),
              LATHE_TEXT("errors", "Give yourself permission to write to the project folder, or work on a copy of it."),
              {{"file", file.string()}});
}

tl::unexpected<Error> unexpectedFailure(const std::filesystem::path& file, const std::string& reason) {
  return fail("store.failed", LATHE_TEXT("errors", "The project's store {file} could not be used: {reason}."),
              LATHE_TEXT("errors", "Try again; if it stays so, check the disk."),
              {{"file", file.string()}, {"reason", reason}});
}

tl::unexpected<Error> noSuchRun(std::int64_t number) {
  return fail("run.missing", LATHE_TEXT("errors", "There is no run {run} in this project."),
              LATHE_TEXT("errors", "Look at the list of runs for the numbers there are."),
              {{"run", std::to_string(number)}});
}

tl::unexpected<Error> storeError(int code, const std::string& reason, const std::filesystem::path& file) {
  // A write that fails for want of space shows as an I/O error where it grows a mapped or sparse file.
  constexpr std::uintmax_t hardlyAnything = std::uintmax_t{256} * 1024;
  switch (code & 0xff) {
    case SQLITE_FULL:
      return fileError(ENOSPC, file);
    case SQLITE_IOERR:
      if (code != SQLITE_IOERR_READ && code != SQLITE_IOERR_SHORT_READ &&
          freeBytes(file.parent_path()) < hardlyAnything)
        return fileError(ENOSPC, file);
      return unexpectedFailure(file, reason);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fail("store.busy", LATHE_TEXT("errors", "Another program has kept the project's store {file} busy."),
                  LATHE_TEXT("errors", "Close other programs that use this project, then try again."),
                  {{"file", file.string()}});
    case SQLITE_NOTADB:
      return fail("store.not_sqlite", LATHE_TEXT("errors", "{file} is not a project store of Lathe."),
                  LATHE_TEXT("errors", "Choose another project folder, or put back a copy of the store."),
                  {{"file", file.string()}});
    case SQLITE_CORRUPT:
    case SQLITE_ERROR:  // our statements are right, so a table or column of the file is not
      return damaged(file, reason);
    case SQLITE_READONLY:
      return readOnlyError(file);
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return fileError(EACCES, file);
    default:
      return unexpectedFailure(file, reason);
  }
}

tl::unexpected<Error> storeError(const SQLite::Exception& exception, const std::filesystem::path& file) {
  // The extended code is -1 where SQLiteCpp found the mistake itself.
  const int extended = exception.getExtendedErrorCode();
  return storeError(extended > 0 ? extended : exception.getErrorCode(), exception.what(), file);
}

}  // namespace lathe::store::sqlite
