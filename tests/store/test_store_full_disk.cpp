// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/store/sqlite/sqlite_store.h"
#include "core/store/sqlite/writer.h"
#include "tests/store/fault_support.h"
#include "tests/store/run_store_conformance.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::store;
using namespace lathe::tests;
namespace fs = std::filesystem;

namespace {

std::int64_t fill(const fs::path& ballast) {
  const int file = ::open(ballast.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  const std::vector<char> block(4096, 'b');
  std::int64_t written = 0;
  for (ssize_t got = 0; (got = ::write(file, block.data(), block.size())) > 0;) written += got;
  ::close(file);
  return written;
}

// Writes until the disk refuses, makes room by `makeRoom`, and wants everything there in the end.
bool survivesFullDisk(const fs::path& file, const std::function<void()>& takeRoom,
                      const std::function<void()>& makeRoom, const std::vector<std::string>& codes) {
  constexpr std::int64_t count = 600'000;
  const auto opened = openSqliteStore(file, OpenMode::Create);
  if (!opened) return false;
  auto& store = **opened;
  const auto run = store.createRun(plainRun(), spec::RunStatus::Running, thisProcess());
  const auto id = run ? store.seriesId(*run, "train/loss") : Result<std::int64_t>(std::int64_t{0});
  if (!run || !id) return false;
  takeRoom();
  for (std::int64_t step = 1; step <= count; ++step) store.append(*id, step, valueAt(step, 0));
  store.addEvent(*run, "kept", {"Kept as well.", {}});
  const auto full = store.flush();
  if (full || std::find(codes.begin(), codes.end(), full.error().code) == codes.end()) {
    std::fprintf(stderr, "flush gave %s\n", full ? "no error" : full.error().sentence().c_str());
    return false;
  }
  const auto during = store.points(*run, "train/loss");
  if (!during || !isPrefix(*during, 0) || !store.run(*run)) return false;
  makeRoom();
  (void)store.flush();  // may still tell of a failure before there was room
  const auto after = store.flush();
  const auto points = store.points(*run, "train/loss");
  const auto events = store.events(*run);
  if (!after || !points || !events) return false;
  return points->size() == count && isPrefix(*points, 0) && events->size() == 1 &&
         store.setStatus(*run, spec::RunStatus::Completed).has_value() && isWhole(file);
}

// With room for few points in memory: what is beyond is told of, what is within is kept.
bool tellsOfLostPoints(const fs::path& file, const std::function<void()>& takeRoom,
                       const std::function<void()>& makeRoom) {
  std::int64_t id = 0;
  {
    const auto opened = openSqliteStore(file, OpenMode::Create);
    if (!opened) return false;
    const auto run = (*opened)->createRun(plainRun(), spec::RunStatus::Running, thisProcess());
    id = run ? (*opened)->seriesId(*run, "train/loss").value_or(0) : 0;
  }
  {
    sqlite::Writer writer(std::make_unique<sqlite::Connection>(file, sqlite::Access::ReadWrite), nullptr, 300'000);
    takeRoom();
    std::vector<Point> points;
    for (std::int64_t step = 1; step <= 1'000'000; ++step) points.push_back({step, valueAt(step, 0)});
    for (std::size_t i = 0; i < points.size(); i += 1000) writer.append(id, std::span(points).subspan(i, 1000));
    const auto full = writer.flush();
    if (full || full.error().code != "store.points_lost") return false;
    makeRoom();
    (void)writer.flush();
    if (!writer.flush()) return false;
  }
  const auto opened = openSqliteStore(file, OpenMode::ReadWrite);
  if (!opened) return false;
  const auto points = (*opened)->points(1, "train/loss");
  return points && points->size() >= 300'000 && isPrefix(*points, 0);
}

enum class DiskTest { Passed = 0, Failed = 1, NoMount = 2 };

DiskTest onSmallDisk(const fs::path& folder) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=6m") != 0)
      _exit(static_cast<int>(DiskTest::NoMount));
    const auto ballast = folder / "ballast";
    const bool passed = survivesFullDisk(
        folder / "store.sqlite3", [&] { fill(ballast); }, [&] { fs::remove(ballast); }, {"file.disk_full"});
    fs::remove(folder / "store.sqlite3");
    const bool told = tellsOfLostPoints(
        folder / "small.sqlite3", [&] { fill(ballast); }, [&] { fs::remove(ballast); });
    if (!told) std::fprintf(stderr, "lost points are not told of\n");
    fs::remove(folder / "small.sqlite3");
    fill(ballast);
    const auto made = openSqliteStore(folder / "new.sqlite3", OpenMode::Create);
    const bool refused = !made && made.error().code == "file.disk_full" && !fs::exists(folder / "new.sqlite3");
    if (!refused) std::fprintf(stderr, "making a store: %s\n", made ? "worked" : made.error().sentence().c_str());
    std::fflush(nullptr);
    _exit(static_cast<int>(passed && told && refused ? DiskTest::Passed : DiskTest::Failed));
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? static_cast<DiskTest>(WEXITSTATUS(status)) : DiskTest::Failed;
}

}  // namespace

LATHE_TEST("a full disk is told of, and nothing is lost once there is room") {
  const TempFolder folder;
  const auto result = onSmallDisk(folder.path());
  if (result != DiskTest::NoMount) {
    CHECK(result == DiskTest::Passed);
    return;
  }
  std::printf("       (no small file system can be mounted here: a limit on the file's size stands in for it)\n");
  const pid_t child = startChild([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const auto limit = [](rlim_t bytes) {
      rlimit value{};
      ::getrlimit(RLIMIT_FSIZE, &value);
      value.rlim_cur = bytes;
      ::setrlimit(RLIMIT_FSIZE, &value);
    };
    return survivesFullDisk(
        folder / "store.sqlite3", [&] { limit(100'000); }, [&] { limit(RLIM_INFINITY); },
        {"file.disk_full", "store.failed"});
  });
  CHECK(childSucceeded(child));
}
