// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/store/sqlite/connection.h"

namespace lathe::store::sqlite {

/// In the header of every store of Lathe: "LATH".
inline constexpr int applicationId = 0x4C415448;

/// One step from version - 1 to version (SQLite's user_version). Never changed once released.
struct Migration {
  int version = 0;
  const char* sql = nullptr;
};

/// All migrations, versions 1, 2, 3 ...
[[nodiscard]] std::span<const Migration> migrations();

[[nodiscard]] int schemaVersion(Connection& connection);

/// The error for a file of a version this program does not know.
[[nodiscard]] tl::unexpected<Error> newerVersion(const std::filesystem::path& file, int found, int known);

/// Name of the copy that is made before a migration from `version`.
[[nodiscard]] std::filesystem::path backupPath(const std::filesystem::path& file, int version);

/// Brings the file to the newest of `steps`, all or nothing, in one transaction; of several processes one does it and
/// the others wait. A file that holds anything is copied to backupPath() first. Errors: "store.newer_version", and
/// those of storeError(): nothing was changed then.
Result<void> migrate(Connection& connection, std::span<const Migration> steps);

}  // namespace lathe::store::sqlite
