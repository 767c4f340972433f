// SPDX-License-Identifier: GPL-3.0-or-later
// Projects that cannot be written, or are no projects.
#include <SQLiteCpp/SQLiteCpp.h>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <sstream>

#include "tests/cli/cli_tables.h"
#include "tests/cli/faults_support.h"
#include "tests/support/testing.h"

using namespace lathe::tests;
namespace fs = std::filesystem;

namespace {

void trainOnce(const TempFolder& folder) {
  writeClasses(folder / "d.csv", 120);
  const auto result = latheJson(folder.path(), {"train", "--data", "d.csv", "--epochs", "2"});
  if (result.code != 0) lathe::testing::reportFailure(__FILE__, __LINE__, result.err);
}

fs::path storeOf(const TempFolder& folder) { return folder / "lathe-project.lathe" / "store.sqlite3"; }

/// Reading and training refuse the store, and it is left as it was.
void checkStoreRefused(const TempFolder& folder, const std::string& code) {
  const auto before = read(storeOf(folder));
  CHECK_REFUSED(latheJson(folder.path(), {"runs", "list"}), code, "store.sqlite3");
  CHECK_REFUSED(latheJson(folder.path(), {"train", "--data", "d.csv", "--epochs", "1"}), code, "store.sqlite3");
  CHECK(read(storeOf(folder)) == before);
}

}  // namespace

LATHE_TEST("a store that is not SQLite") {
  const TempFolder folder;
  trainOnce(folder);
  fs::remove(folder / "lathe-project.lathe" / "store.sqlite3-wal");
  write(storeOf(folder), std::string(5000, 'x'));
  checkStoreRefused(folder, "store.not_sqlite");
}

LATHE_TEST("a truncated store") {
  const TempFolder folder;
  trainOnce(folder);
  {
    SQLite::Database store(storeOf(folder).string(), SQLite::OPEN_READWRITE, 5000);
    store.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  fs::resize_file(storeOf(folder), fs::file_size(storeOf(folder)) / 2);
  checkStoreRefused(folder, "store.");
}

LATHE_TEST("a store from a newer version") {
  const TempFolder folder;
  trainOnce(folder);
  {
    SQLite::Database store(storeOf(folder).string(), SQLite::OPEN_READWRITE, 5000);
    store.exec("PRAGMA user_version = 999");
    store.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  checkStoreRefused(folder, "store.newer_version");
}

LATHE_TEST("a folder full of other things is no project") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  fs::create_directories(folder / "photos");
  write(folder / "photos" / "cat.txt", "meow");
  CHECK_REFUSED(latheJson(folder.path(), {"train", "--data", "d.csv", "--project", "photos"}), "project.", "photos");
  CHECK_REFUSED(latheJson(folder.path(), {"runs", "list", "--project", "d.csv"}), "project.", "d.csv");
  CHECK_EQ(std::distance(fs::directory_iterator(folder / "photos"), fs::directory_iterator()), 1);
}

LATHE_TEST("a read-only project can be read, and says so when it should be written") {
  const TempFolder folder;
  trainOnce(folder);
  const auto project = folder / "lathe-project.lathe";
  constexpr auto readOnlyFolder = fs::perms(0555);
  for (const auto& entry : fs::recursive_directory_iterator(project))
    fs::permissions(entry.path(), entry.is_directory() ? readOnlyFolder : fs::perms(0444));
  fs::permissions(project, readOnlyFolder);
  fs::permissions(folder.path(), fs::perms(0755));
  const auto as = [&](const Args& args) {
    Args all{LATHE_CLI};
    all.insert(all.end(), args.begin(), args.end());
    all.emplace_back("--json");
    return withoutRights(all);
  };
  if (as({}).empty()) {
    std::printf("(skipped: this machine cannot drop rights)\n");
    return;
  }
  const auto list = program(folder.path(), as({"runs", "list"}));
  CHECK_EQ(list.code, 0);
  CHECK_EQ(list.json()["runs"].size(), 1U);
  CHECK_EQ(program(folder.path(), as({"metrics", "1", "--name", "val/loss"})).code, 0);
  const auto refused = program(folder.path(), as({"train", "--data", "d.csv", "--epochs", "1"}));
  CHECK_EQ(refused.code, 1);
  CHECK(refused.err.find("lathe-project.lathe") != std::string::npos);
  CHECK_EQ(program(folder.path(), as({"runs", "rm", "1"})).code, 1);
  for (const auto& entry : fs::recursive_directory_iterator(project)) fs::permissions(entry.path(), fs::perms(0755));
  fs::permissions(project, fs::perms(0755));
  CHECK_EQ(latheJson(folder.path(), {"runs", "list"}).json()["runs"].size(), 1U);
}

LATHE_TEST("a full disk ends a training with a sentence, and nothing that was stored is lost") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 300);
  fs::create_directories(folder / "disk");
  // A file system of its own in a mount namespace of its own: gone when the shell ends.
  const auto script = fmt::format(
      "mount -t tmpfs -o size=6m tmpfs disk || {{ echo NOMOUNT; exit 0; }}; cd disk; cp ../d.csv .;"
      "head -c 3000000 /dev/zero > filler;"
      "'{0}' train --data d.csv --epochs 100000 --batch-size 8 --json > ../out 2> ../err; echo \"CODE=$?;\";"
      "rm filler; echo \"OUT=$(cat ../out)ENDOUT\"; echo \"ERR=$(cat ../err)ENDERR\";"
      "echo \"LIST=$('{0}' runs list --json)ENDLIST\"; echo \"STEPS=$('{0}' metrics 1 --name train/loss | wc -l);\";"
      "echo \"DOCTOR=$('{0}' doctor --json > /dev/null; echo $?);\"",
      LATHE_CLI);
  const auto result = program(folder.path(), {"unshare", "-rm", "sh", "-c", script});
  if (result.code != 0 || result.out.find("NOMOUNT") != std::string::npos) {
    std::printf("(skipped: this machine cannot mount a small disk: %s)\n", result.err.c_str());
    return;
  }
  CHECK_EQ(between(result.out, "CODE=", ";"), std::string("1"));
  const auto out = Json::parse(between(result.out, "OUT=", "ENDOUT"), nullptr, false);
  REQUIRE(out.is_object() && out.contains("error"));
  CHECK_EQ(out["error"]["code"].get<std::string>(), "file.disk_full");
  CHECK(between(result.out, "ERR=", "ENDERR").find("full") != std::string::npos);
  const auto list = Json::parse(between(result.out, "LIST=", "ENDLIST"), nullptr, false);
  REQUIRE(list.is_object() && list.contains("runs") && list["runs"].size() == 1);
  const auto status = list["runs"][0]["status"].get<std::string>();
  CHECK(status == "failed" || status == "interrupted");
  CHECK(std::stoi(between(result.out, "STEPS=", ";")) > 10);
  CHECK_EQ(between(result.out, "DOCTOR=", ";"), std::string("0"));
}
