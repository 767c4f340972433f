// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <filesystem>
#include <sys/mount.h>

#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;
using spec::RunStatus;
namespace fs = std::filesystem;

namespace {

/// A disk of two megabytes; needs the right to mount.
class SmallDisk {
 public:
  SmallDisk() {
    fs::create_directory(path());
    m_mounted = mount("lathe-test", path().c_str(), "tmpfs", 0, "size=2m") == 0;
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (m_mounted) umount2(path().c_str(), MNT_DETACH);
  }
  [[nodiscard]] bool mounted() const { return m_mounted; }
  [[nodiscard]] fs::path path() const { return m_folder / "disk"; }

 private:
  TempFolder m_folder;
  bool m_mounted = false;
};

}  // namespace

LATHE_TEST("a full disk fails the run with its sentence, keeps the curves, and resuming goes on") {
  const SmallDisk disk;
  if (!disk.mounted()) {
    std::puts("skipped: no right to mount a small disk here");
    return;
  }
  Workshop shop({.secondsPerStep = 0.0001});
  auto project = services::Project::open(disk.path() / "small.lathe", services::Project::Mode::Create, sqliteOpener());
  REQUIRE_OK(project);
  auto request = shop.request(100'000);
  const auto run = shop.trainings->start(*project, request);
  REQUIRE_OK(run);
  REQUIRE(eventually([&] {
    const auto live = shop.trainings->live();
    return !live.empty() && live[0].progress.step > 200;
  }));
  REQUIRE_OK((*project)->store().flush());
  writeText(disk.path() / "filler", std::string(fs::space(disk.path()).available - 100'000, 'x'));
  const auto record = shop.trainings->wait(**project, *run);
  REQUIRE_OK(record);
  REQUIRE(record->status == RunStatus::Failed);
  REQUIRE(record->error);
  CHECK(record->error->sentence().find("full") != std::string::npos);
  const auto kept = (*project)->store().points(*run, "train/loss");
  REQUIRE_OK(kept);
  CHECK(kept->size() >= 200);
  CHECK(countsFromOne(*kept));

  fs::remove(disk.path() / "filler");
  REQUIRE_OK(shop.trainings->resume(*project, *run, {}));
  const auto more = static_cast<std::int64_t>(kept->size()) + 50;
  CHECK(eventually([&] {
    const auto live = shop.trainings->live();
    return !live.empty() && live[0].progress.step > more;
  }));
  REQUIRE_OK(shop.trainings->pause(**project, *run));
  const auto paused = shop.trainings->wait(**project, *run);
  REQUIRE_OK(paused);
  CHECK_EQ(std::string(spec::name(paused->status)), std::string("paused"));
  CHECK_EQ(paused->error ? paused->error->sentence() : std::string(), std::string());
  REQUIRE_OK((*project)->store().flush());
  CHECK(countsFromOne((*project)->store().points(*run, "train/loss").value()));
}
