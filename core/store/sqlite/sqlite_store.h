// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include "core/store/run_store.h"

namespace lathe::store {

enum class OpenMode { ReadWrite, ReadOnly, Create };  ///< Create: makes the file when it is missing

/// Opens store.sqlite3. Errors: "store.missing", "store.not_sqlite", "store.damaged", "store.newer_version",
/// "store.network_file_system", "store.read_only", "file.*". A file without write permission opens read-only under
/// ReadWrite. Older schemas are migrated, with a backup beside the file first.
Result<std::unique_ptr<RunStore>> openSqliteStore(const std::filesystem::path& file, OpenMode mode,
                                                  const Clock& clock = systemClock());

}  // namespace lathe::store
