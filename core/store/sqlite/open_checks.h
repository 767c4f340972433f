// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>

#include "core/base/result.h"
#include "core/store/sqlite/connection.h"

/// What is looked at before a file is trusted to be a store.
namespace lathe::store::sqlite {

/// "store.network_file_system" where WAL is not safe.
Result<void> checkFileSystem(const std::filesystem::path& file,
                             const std::function<bool(const std::filesystem::path&)>& isNetwork);

/// Whether the file and its folder may be written, also judged by their permissions when the process is root's.
[[nodiscard]] bool mayWrite(const std::filesystem::path& file);

/// That the file is a whole store of a known version. All through SQLite: opening and closing the file beside it would
/// let go of the locks that other connections of this process hold on it.
Result<void> checkContent(Connection& connection);

}  // namespace lathe::store::sqlite
