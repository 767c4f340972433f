// SPDX-License-Identifier: GPL-3.0-or-later
#include <SQLiteCpp/SQLiteCpp.h>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "core/base/random.h"
#include "core/store/sqlite/schema.h"
#include "core/store/sqlite/sqlite_store.h"
#include "tests/store/fault_support.h"
#include "tests/store/run_store_conformance.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::store;
using namespace lathe::tests;
namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

// What a killed process leaves behind for its parent to compare.
struct Shared {
  std::atomic<std::int64_t> run{0};
  std::atomic<std::int64_t> appended{0};
};

class SharedPage {
 public:
  SharedPage()
      : m_page(new (::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))
                   Shared) {}
  ~SharedPage() { ::munmap(m_page, sizeof(Shared)); }
  SharedPage(const SharedPage&) = delete;
  SharedPage& operator=(const SharedPage&) = delete;
  Shared* operator->() const { return m_page; }

 private:
  Shared* m_page;
};

// A training as the store sees it, until somebody kills it.
bool trainForever(const fs::path& file, const SharedPage& shared) {
  const auto opened = openSqliteStore(file, OpenMode::ReadWrite);
  if (!opened) return false;
  auto& store = **opened;
  const auto run = store.createRun(plainRun(), spec::RunStatus::Running, thisProcess());
  if (!run) return false;
  std::vector<std::int64_t> curves;
  for (const char* name : {"train/loss", "optim/lr"}) {
    const auto id = store.seriesId(*run, name);
    if (!id) return false;
    curves.push_back(*id);
  }
  shared->run = *run;
  for (std::int64_t step = 1;; ++step) {
    for (std::size_t c = 0; c < curves.size(); ++c) store.append(curves[c], step, valueAt(step, static_cast<int>(c)));
    shared->appended = step;
    if (step % 500 == 0) {
      RunUpdate update;
      update.steps = step;
      update.metrics = {{"train/loss", 1.0 / static_cast<double>(step)}};
      if (!store.updateRun(*run, update) || !store.heartbeat(*run, thisProcess())) return false;
      store.addEvent(*run, "epoch", {"Epoch done.", {}});
    }
    if (step % 50 == 0) std::this_thread::sleep_for(milliseconds(1));
  }
}

void killOnce(const fs::path& file, Random& random) {
  const SharedPage shared;
  const pid_t child = startChild([&] { return trainForever(file, shared); });
  const auto lifetime = milliseconds(5 + random.below(700));
  const auto begin = steady_clock::now();
  std::vector<std::pair<steady_clock::time_point, std::int64_t>> seen;
  while (steady_clock::now() - begin < lifetime) {
    seen.emplace_back(steady_clock::now(), shared->appended);
    std::this_thread::sleep_for(milliseconds(2));
  }
  const auto killed = steady_clock::now();
  ::kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));

  const auto opened = openSqliteStore(file, OpenMode::ReadWrite);
  REQUIRE_OK(opened);
  auto& store = **opened;
  CHECK(isWhole(file));
  const RunNumber run = shared->run;
  if (run == 0) return;  // killed before it had one
  const auto record = store.run(run);
  REQUIRE_OK(record);
  CHECK(record->status == spec::RunStatus::Interrupted);
  // 250 ms of points may be lost; the other 250 are for a machine that does not let a thread run at once.
  std::int64_t atLeast = 0;
  for (const auto& [when, step] : seen)
    if (killed - when > milliseconds(500)) atLeast = step;
  const auto loss = store.points(run, "train/loss");
  REQUIRE_OK(loss);
  CHECK(isPrefix(*loss, 0));
  CHECK(static_cast<std::int64_t>(loss->size()) >= atLeast);
  CHECK(static_cast<std::int64_t>(loss->size()) <= shared->appended + 1);
  const auto rate = store.points(run, "optim/lr");
  REQUIRE_OK(rate);
  CHECK(isPrefix(*rate, 1));

  // Somebody resumes it from a checkpoint in the past.
  REQUIRE_OK(store.takeOver(run, thisProcess()));
  const auto checkpoint = static_cast<std::int64_t>(loss->size()) / 2;
  REQUIRE_OK(store.truncate(run, checkpoint));
  const auto id = store.seriesId(run, "train/loss");
  REQUIRE_OK(id);
  for (std::int64_t step = checkpoint + 1; step <= checkpoint + 300; ++step) store.append(*id, step, valueAt(step, 0));
  REQUIRE_OK(store.setStatus(run, spec::RunStatus::Completed));
  const auto resumed = store.points(run, "train/loss");
  REQUIRE_OK(resumed);
  CHECK(isPrefix(*resumed, 0));
  CHECK_EQ(static_cast<std::int64_t>(resumed->size()), checkpoint + 300);
}

// Opens, writes three runs of its own, and reads them back.
bool writeRuns(const fs::path& file, OpenMode mode) {
  const auto opened = openSqliteStore(file, mode);
  if (!opened) return false;
  auto& store = **opened;
  for (int i = 0; i < 3; ++i) {
    const auto run = store.createRun(plainRun(), spec::RunStatus::Running, thisProcess());
    if (!run) return false;
    const auto id = store.seriesId(*run, "train/loss");
    if (!id) return false;
    for (std::int64_t step = 1; step <= 6000; ++step) {
      store.append(*id, step, valueAt(step, 0));
      if (step % 100 == 0 && !store.heartbeat(*run, thisProcess())) return false;
    }
    if (!store.setStatus(*run, spec::RunStatus::Completed)) return false;
    const auto points = store.points(*run, "train/loss");
    if (!points || points->size() != 6000 || !isPrefix(*points, 0)) return false;
  }
  return true;
}

}  // namespace

LATHE_TEST("kill -9 at any moment leaves a whole store that has all but the last points") {
  const TempFolder folder;
  const auto file = folder / "store.sqlite3";
  REQUIRE_OK(openSqliteStore(file, OpenMode::Create));
  const int rounds = std::getenv("LATHE_LONG_FAULTS") != nullptr ? 50 : 10;
  Random random(static_cast<std::uint64_t>(::getpid()));
  for (int round = 0; round < rounds; ++round) killOnce(file, random);
}

LATHE_TEST("kill -9 while a store is made or brought up to date leaves none or a whole one") {
  const TempFolder folder;
  Random random(static_cast<std::uint64_t>(::getpid()));
  for (int round = 0; round < 12; ++round) {
    const auto file = folder / ("store" + std::to_string(round));
    const bool older = round % 2 == 1;
    if (older) {
      sqlite::Connection old(file, sqlite::Access::Create);
      if (round % 4 == 1) old.execute("PRAGMA journal_mode=WAL");
      REQUIRE_OK(sqlite::migrate(old, sqlite::migrations().first(1)));
    }
    const pid_t child = startChild([&] { return openSqliteStore(file, OpenMode::Create).has_value(); });
    std::this_thread::sleep_for(std::chrono::microseconds(random.below(8000)));
    ::kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const auto opened = openSqliteStore(file, OpenMode::Create);
    REQUIRE_OK(opened);
    CHECK((*opened)->createRun(plainRun(), spec::RunStatus::Running, thisProcess()).has_value());
    CHECK(isWhole(file));
  }
}

LATHE_TEST("several processes make, open and write one store at the same time") {
  const TempFolder folder;
  const auto file = folder / "store.sqlite3";
  std::vector<pid_t> children;
  children.reserve(3);
  for (int i = 0; i < 3; ++i) children.push_back(startChild([&] { return writeRuns(file, OpenMode::Create); }));
  for (const auto child : children) CHECK(childSucceeded(child));
  const auto opened = openSqliteStore(file, OpenMode::ReadWrite);
  REQUIRE_OK(opened);
  const auto runs = (*opened)->runs({});
  REQUIRE_OK(runs);
  CHECK_EQ(runs->size(), std::size_t{9});
  for (const auto& run : *runs) {
    CHECK(run.status == spec::RunStatus::Completed);
    CHECK_EQ((*opened)->points(run.number, "train/loss")->size(), std::size_t{6000});
  }
  CHECK_EQ((*opened)->totalPoints(), std::int64_t{54000});
  CHECK(isWhole(file));
}

LATHE_TEST("a writer that another process keeps busy waits its turn") {
  const TempFolder folder;
  const auto file = folder / "store.sqlite3";
  REQUIRE_OK(openSqliteStore(file, OpenMode::Create));
  const SharedPage shared;
  const pid_t child = startChild([&] {
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
    database.exec("BEGIN IMMEDIATE");
    database.exec("INSERT INTO settings VALUES('theirs', '1')");
    shared->run = 1;
    std::this_thread::sleep_for(milliseconds(700));
    database.exec("COMMIT");
    return true;
  });
  while (shared->run == 0) std::this_thread::sleep_for(milliseconds(1));
  const auto opened = openSqliteStore(file, OpenMode::ReadWrite);
  REQUIRE_OK(opened);
  CHECK_EQ((*opened)->setting("theirs").value(), std::string());  // reading does not wait
  REQUIRE_OK((*opened)->setSetting("ours", "2"));
  CHECK_EQ((*opened)->setting("theirs").value(), std::string("1"));
  CHECK(childSucceeded(child));
}

LATHE_TEST("a watching window makes another process commit more often") {
  const TempFolder folder;
  const auto file = folder / "store.sqlite3";
  REQUIRE_OK(openSqliteStore(file, OpenMode::Create));
  const SharedPage shared;
  const pid_t child = startChild([&] { return trainForever(file, shared); });
  const auto window = openSqliteStore(file, OpenMode::ReadWrite);
  REQUIRE_OK(window);
  (*window)->setWatched(true);
  std::this_thread::sleep_for(milliseconds(1300));  // writers look for watchers every second
  std::vector<double> lags;
  for (int i = 0; i < 40; ++i) {
    const auto step = shared->appended.load();
    const auto begin = steady_clock::now();
    while ((*window)->points(shared->run, "train/loss", step).value().empty() &&
           steady_clock::now() - begin < std::chrono::seconds(2))
      std::this_thread::sleep_for(milliseconds(1));
    lags.push_back(std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count());
  }
  std::sort(lags.begin(), lags.end());
  CHECK(lags[lags.size() / 2] < 100);
  ::kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

LATHE_TEST("a run written by another process shows up as it grows") {
  const TempFolder folder;
  const auto file = folder / "store.sqlite3";
  REQUIRE_OK(openSqliteStore(file, OpenMode::Create));
  const SharedPage shared;
  const pid_t child = startChild([&] { return trainForever(file, shared); });
  const auto opened = openSqliteStore(file, OpenMode::ReadOnly);
  REQUIRE_OK(opened);
  std::size_t first = 0;
  std::size_t last = 0;
  const auto begin = steady_clock::now();
  while (steady_clock::now() - begin < std::chrono::seconds(10) && last <= first + 2000) {
    std::this_thread::sleep_for(milliseconds(20));
    if (shared->run == 0) continue;
    const auto points = (*opened)->points(shared->run, "train/loss");
    REQUIRE_OK(points);
    CHECK(isPrefix(*points, 0));
    last = points->size();
    if (first == 0) first = last;
  }
  CHECK((*opened)->run(shared->run)->status == spec::RunStatus::Running);
  ::kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  CHECK(last > first + 2000);
  CHECK((*opened)->run(shared->run)->status == spec::RunStatus::Interrupted);
}
