// SPDX-License-Identifier: GPL-3.0-or-later
#include <SQLiteCpp/SQLiteCpp.h>
#include <algorithm>
#include <fstream>
#include <sys/stat.h>

#include "core/base/files.h"
#include "core/base/random.h"
#include "core/store/sqlite/errors.h"
#include "core/store/sqlite/open_checks.h"
#include "core/store/sqlite/schema.h"
#include "core/store/sqlite/sqlite_store.h"
#include "core/store/sqlite/watch_mark.h"
#include "tests/store/run_store_conformance.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::store;
namespace fs = std::filesystem;

namespace {

std::string codeOfOpen(const fs::path& file, OpenMode mode = OpenMode::ReadWrite) {
  const auto opened = openSqliteStore(file, mode);
  return opened ? "" : opened.error().code;
}

// A closed store with one completed run of 30 000 points.
void makeStore(const fs::path& file) {
  auto opened = openSqliteStore(file, OpenMode::Create);
  REQUIRE_OK(opened);
  auto& store = **opened;
  REQUIRE_OK(store.createRun(tests::plainRun(), spec::RunStatus::Running, thisProcess()));
  const auto id = store.seriesId(1, "train/loss");
  REQUIRE_OK(id);
  for (int step = 1; step <= 30000; ++step) store.append(*id, step, 1.0 / step);
  store.addEvent(1, "best", {"Epoch {n}.", {{"n", "1"}}});
  REQUIRE_OK(store.setStatus(1, spec::RunStatus::Completed));
}

std::string contentOf(const fs::path& file) {
  auto content = readFile(file);
  REQUIRE_OK(content);
  return *content;
}

void write(const fs::path& file, std::string_view content) {
  std::ofstream(file, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
}

std::vector<std::string> namesIn(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

LATHE_TEST("a store is made only when asked for, and closing leaves one file") {
  const tests::TempFolder folder;
  const auto file = folder / "store.sqlite3";
  CHECK_EQ(codeOfOpen(file), std::string("store.missing"));
  CHECK_EQ(codeOfOpen(file, OpenMode::ReadOnly), std::string("store.missing"));
  CHECK(namesIn(folder.path()).empty());
  CHECK_EQ(codeOfOpen(folder / "none" / "store.sqlite3", OpenMode::Create), std::string("file.missing"));
  makeStore(file);
  CHECK((namesIn(folder.path()) == std::vector<std::string>{"store.sqlite3", "store.sqlite3-watch"}));
  CHECK_EQ(codeOfOpen(file), std::string());
  CHECK_EQ(codeOfOpen(folder.path()), std::string("file.is_folder"));
}

LATHE_TEST("what is not a store is refused with its name and left as it is") {
  const tests::TempFolder folder;
  const auto file = folder / "store.sqlite3";
  {
    SQLite::Database other((folder / "other.db").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    other.exec("CREATE TABLE bookmarks(url TEXT)");
  }
  for (const auto& content : {std::string("just a few words"), std::string(100000, 'x'), std::string("\x89PNG\r\n"),
                              contentOf(folder / "other.db")}) {
    write(file, content);
    for (const auto mode : {OpenMode::ReadOnly, OpenMode::ReadWrite, OpenMode::Create}) {
      const auto opened = openSqliteStore(file, mode);
      REQUIRE(!opened);
      CHECK_EQ(opened.error().code, std::string("store.not_sqlite"));
      CHECK(opened.error().sentence().find("store.sqlite3") != std::string::npos);
      CHECK(contentOf(file) == content);
    }
  }
}

LATHE_TEST("a truncated store is refused as damaged and left as it is") {
  const tests::TempFolder folder;
  const auto file = folder / "store.sqlite3";
  makeStore(file);
  const auto whole = contentOf(file);
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{20}, std::size_t{99}, std::size_t{512}, std::size_t{4095}, std::size_t{4096},
        whole.size() / 2, whole.size() - 4096, whole.size() - 1}) {
    write(file, whole.substr(0, length));
    for (const auto mode : {OpenMode::ReadOnly, OpenMode::ReadWrite, OpenMode::Create}) {
      const auto code = codeOfOpen(file, mode);
      CHECK(code == "store.damaged" || (length < 512 && code == "store.not_sqlite"));
      CHECK_EQ(contentOf(file).size(), length);
    }
  }
}

LATHE_TEST("a store with damage inside is read as far as it goes, and never crashes") {
  const tests::TempFolder folder;
  const auto file = folder / "store.sqlite3";
  makeStore(file);
  const auto whole = contentOf(file);
  Random random(5);
  int refused = 0;
  for (int round = 0; round < 120; ++round) {
    auto content = whole;
    const auto pageStart = random.below(whole.size() / 4096) * 4096;
    for (int i = 0; i < 40; ++i) content[pageStart + random.below(4096)] = static_cast<char>(random.below(256));
    write(file, content);
    fs::remove(file.string() + "-wal");
    fs::remove(file.string() + "-shm");
    const auto opened = openSqliteStore(file, round % 2 == 0 ? OpenMode::ReadWrite : OpenMode::ReadOnly);
    if (!opened) {
      ++refused;
      continue;
    }
    auto& store = **opened;
    const auto points = store.points(1, "train/loss");
    const auto columns = store.reduced(1, "train/loss", 0, 30000, 500);
    const auto runs = store.runs({});
    const auto events = store.events(1);
    if (!points || !columns || !runs || !events) ++refused;
    for (const auto* error : {points ? nullptr : &points.error(), columns ? nullptr : &columns.error()})
      if (error != nullptr) CHECK(error->code == "store.damaged" || error->code == "store.failed");
    const auto id = store.seriesId(1, "train/loss");
    if (id) store.append(*id, 40000, 1.0);
    (void)store.flush();
  }
  CHECK(refused > 0);
}

LATHE_TEST("a store of a newer Lathe is refused politely and left as it is") {
  const tests::TempFolder folder;
  const auto file = folder / "store.sqlite3";
  makeStore(file);
  SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version=99");
  const auto before = contentOf(file);
  for (const auto mode : {OpenMode::ReadOnly, OpenMode::ReadWrite, OpenMode::Create}) {
    const auto opened = openSqliteStore(file, mode);
    REQUIRE(!opened);
    CHECK_EQ(opened.error().code, std::string("store.newer_version"));
    CHECK(opened.error().sentence().find("99") != std::string::npos);
  }
  CHECK(contentOf(file) == before);
}

LATHE_TEST("an older store is brought up to date, after a backup of it") {
  const tests::TempFolder folder;
  const auto file = folder / "store.sqlite3";
  const auto all = sqlite::migrations();
  {
    sqlite::Connection old(file, sqlite::Access::Create);
    REQUIRE_OK(sqlite::migrate(old, all.first(1)));
    old.execute(
        "INSERT INTO runs(name, model, status, created, data_hash, task) VALUES('old', 'mlp', 'completed', 5, 'h', "
        "'regression')");
    CHECK_EQ(sqlite::schemaVersion(old), 1);
  }
  CHECK_EQ(codeOfOpen(file, OpenMode::ReadOnly), std::string("store.read_only"));
  CHECK(!fs::exists(sqlite::backupPath(file, 1)));
  const auto opened = openSqliteStore(file, OpenMode::ReadWrite);
  REQUIRE_OK(opened);
  const auto run = (*opened)->run(1);
  REQUIRE_OK(run);
  CHECK_EQ(run->name, std::string("old"));
  CHECK((*opened)->seriesId(1, "train/loss").has_value());
  REQUIRE(fs::exists(sqlite::backupPath(file, 1)));
  sqlite::Connection backup(sqlite::backupPath(file, 1), sqlite::Access::ReadOnly);
  CHECK_EQ(sqlite::schemaVersion(backup), 1);
  sqlite::Query count(backup, "SELECT count(*) FROM runs");
  REQUIRE(count.next());
  CHECK_EQ(count.integer(0), std::int64_t{1});
}

LATHE_TEST("a migration that fails changes nothing") {
  const tests::TempFolder folder;
  const auto file = folder / "store.sqlite3";
  const std::vector<sqlite::Migration> good{{1, "CREATE TABLE a(x)"}};
  const std::vector<sqlite::Migration> bad{{1, "CREATE TABLE a(x)"}, {2, "CREATE TABLE b(x); CREATE TABLE a(x)"}};
  const std::vector<sqlite::Migration> mended{{1, "CREATE TABLE a(x)"}, {2, "CREATE TABLE b(x)"}};
  sqlite::Connection connection(file, sqlite::Access::Create);
  REQUIRE_OK(sqlite::migrate(connection, good));
  CHECK(!sqlite::migrate(connection, bad));
  CHECK_EQ(sqlite::schemaVersion(connection), 1);
  sqlite::Query tables(connection, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'");
  REQUIRE(tables.next());
  CHECK_EQ(tables.integer(0), std::int64_t{1});
  REQUIRE_OK(sqlite::migrate(connection, mended));
  CHECK_EQ(sqlite::schemaVersion(connection), 2);
  REQUIRE_OK(sqlite::migrate(connection, mended));
  CHECK_EQ(sqlite::migrate(connection, good).error().code, std::string("store.newer_version"));
}

LATHE_TEST("migrations are numbered without a gap") {
  int expected = 1;
  for (const auto& step : sqlite::migrations()) CHECK_EQ(step.version, expected++);
}

LATHE_TEST("a store without write permission opens for reading") {
  const tests::TempFolder folder;
  const auto project = folder / "project";
  fs::create_directory(project);
  const auto file = project / "store.sqlite3";
  makeStore(file);
  for (const bool wholeFolder : {false, true}) {
    ::chmod(file.c_str(), 0444);
    if (wholeFolder) ::chmod(project.c_str(), 0555);
    const auto before = namesIn(project);
    {
      const auto opened = openSqliteStore(file, OpenMode::ReadWrite);
      REQUIRE_OK(opened);
      auto& store = **opened;
      CHECK(store.readOnly());
      CHECK_EQ(store.runs({})->size(), std::size_t{1});
      CHECK_EQ(store.points(1, "train/loss")->size(), std::size_t{30000});
      CHECK_EQ(store.setSetting("a", "b").error().code, std::string("store.read_only"));
      CHECK_EQ(store.truncate(1, 5).error().code, std::string("store.read_only"));
      CHECK_EQ(store.createRun(tests::plainRun(), spec::RunStatus::Running, thisProcess()).error().code,
               std::string("store.read_only"));
      store.append(1, 40000, 1.0);
      store.addEvent(1, "x", {"y", {}});
      REQUIRE_OK(store.flush());
      CHECK_EQ(store.points(1, "train/loss")->size(), std::size_t{30000});
    }
    CHECK(namesIn(project) == before);
    ::chmod(project.c_str(), 0755);
    ::chmod(file.c_str(), 0644);
  }
}

LATHE_TEST("reading only leaves writing to others and sees what they write") {
  const tests::TempFolder folder;
  const auto file = folder / "store.sqlite3";
  makeStore(file);
  const auto reader = openSqliteStore(file, OpenMode::ReadOnly);
  REQUIRE_OK(reader);
  CHECK((*reader)->readOnly());
  const auto before = (*reader)->changeCounter();
  const auto writer = openSqliteStore(file, OpenMode::ReadWrite);
  REQUIRE_OK(writer);
  REQUIRE_OK((*writer)->setSetting("a", "b"));
  CHECK((*reader)->changeCounter() > before);
  CHECK_EQ((*reader)->setting("a").value(), std::string("b"));
}

LATHE_TEST("a network file system is refused with a reason") {
  const auto refused = sqlite::checkFileSystem("/project/store.sqlite3",
                                               [](const fs::path& folder) { return folder == fs::path("/project"); });
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, std::string("store.network_file_system"));
  CHECK(sqlite::checkFileSystem("/project/store.sqlite3", [](const fs::path&) { return false; }).has_value());
}

LATHE_TEST("names that mean something to SQLite are plain names") {
  const tests::TempFolder folder;
  const auto odd = folder / "50% of a?b#c 网";
  fs::create_directory(odd);
  makeStore(odd / "store.sqlite3");
  CHECK(fs::exists(odd / "store.sqlite3"));
  CHECK_EQ(codeOfOpen(odd / "store.sqlite3"), std::string());
}

LATHE_TEST("a watcher is seen by others until it stops") {
  const tests::TempFolder folder;
  sqlite::WatchMark window(folder / "mark");
  sqlite::WatchMark training(folder / "mark");
  CHECK(!training.someoneWatches());
  window.setWatching(true);
  CHECK(training.someoneWatches());
  CHECK(window.someoneWatches());
  window.setWatching(false);
  CHECK(!training.someoneWatches());
  sqlite::WatchMark nowhere(folder / "none" / "mark");
  nowhere.setWatching(true);
  CHECK(!nowhere.someoneWatches());
}
