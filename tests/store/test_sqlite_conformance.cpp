// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/sqlite_store.h"
#include "tests/store/run_store_conformance.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

namespace lathe::tests {
namespace {

class SqliteUnderTest final : public StoreUnderTest {
 public:
  explicit SqliteUnderTest(const Clock& clock) : m_clock(clock) {}
  std::unique_ptr<store::RunStore> open() override {
    auto opened = store::openSqliteStore(m_folder / "store.sqlite3", store::OpenMode::Create, m_clock);
    REQUIRE_OK(opened);
    return std::move(*opened);
  }

 private:
  const Clock& m_clock;
  TempFolder m_folder;
};

std::unique_ptr<StoreUnderTest> make(const Clock& clock) { return std::make_unique<SqliteUnderTest>(clock); }

const bool added = addRunStoreConformance("SQLite", make) && addCurveConformance("SQLite", make);

}  // namespace
}  // namespace lathe::tests
