// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition/composition.h"
#include "core/store/sqlite/sqlite_store.h"

namespace lathe::app {

services::StoreOpener storeOpener() {
  return [](const std::filesystem::path& file, bool create, bool readOnly) {
    const auto mode = readOnly ? store::OpenMode::ReadOnly
                      : create ? store::OpenMode::Create
                               : store::OpenMode::ReadWrite;
    return store::openSqliteStore(file, mode);
  };
}

}  // namespace lathe::app
