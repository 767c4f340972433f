// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <filesystem>
#include <thread>
#include <unistd.h>

#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;
using services::Project;
namespace fs = std::filesystem;

namespace {

store::RunNumber addRun(store::RunStore& store, const std::string& hash, double loss, bool complete = true) {
  store::NewRun fresh;
  fresh.name = "run";
  fresh.specJson = "{}";
  fresh.dataHash = hash;
  fresh.task = "classification";
  const auto number = store.createRun(fresh, spec::RunStatus::Running, thisProcess());
  REQUIRE_OK(number);
  store::RunUpdate update;
  update.monitor = "val/loss";
  update.monitorLarger = false;
  update.metrics = std::map<std::string, double>{{"val/loss", loss}};
  REQUIRE_OK(store.updateRun(*number, update));
  REQUIRE_OK(store.setStatus(*number, complete ? spec::RunStatus::Completed : spec::RunStatus::Cancelled));
  return *number;
}

}  // namespace

LATHE_TEST("a project that is not there is said to be missing, and reading makes none") {
  const TempFolder folder;
  for (const auto mode : {Project::Mode::Read, Project::Mode::Write}) {
    const auto opened = Project::open(folder / "none.lathe", mode, sqliteOpener());
    REQUIRE(!opened);
    CHECK_EQ(opened.error().code, std::string("project.missing"));
    CHECK(opened.error().sentence().find("none.lathe") != std::string::npos);
  }
  CHECK(!fs::exists(folder / "none.lathe"));
}

LATHE_TEST("a folder of other files is never turned into a project") {
  const TempFolder folder;
  writeText(folder / "letter.txt", "dear");
  for (const auto mode : {Project::Mode::Create, Project::Mode::Write, Project::Mode::Read})
    CHECK_EQ(Project::open(folder.path(), mode, sqliteOpener()).error().code, std::string("project.not_a_project"));
  CHECK_EQ(Project::open(folder / "letter.txt", Project::Mode::Create, sqliteOpener()).error().code,
           std::string("project.not_a_folder"));
}

LATHE_TEST("of several that make one project at the same moment each gets it") {
  const TempFolder folder;
  for (int round = 0; round < 20; ++round) {
    const auto place = folder / (std::to_string(round) + ".lathe");
    std::atomic<int> ready{0};
    std::vector<Result<std::shared_ptr<Project>>> opened(4, Result<std::shared_ptr<Project>>(nullptr));
    std::vector<std::thread> threads;
    for (auto& result : opened)
      threads.emplace_back([&] {
        ++ready;
        while (ready < 4) std::this_thread::yield();
        result = Project::open(place, Project::Mode::Create, sqliteOpener());
      });
    for (auto& thread : threads) thread.join();
    for (const auto& result : opened) REQUIRE_OK(result);
    addRun((*opened.front())->store(), "h", 0.5);
    for (const auto& result : opened) CHECK_EQ((*result)->store().runs()->size(), 1U);
    for (const auto& entry : fs::directory_iterator(place)) CHECK(entry.path().extension() != ".new");
  }
}

LATHE_TEST("a created project opens again under its name") {
  const TempFolder folder;
  REQUIRE_OK(Project::open(folder / "deep" / "iris.lathe", Project::Mode::Create, sqliteOpener()));
  const auto again = Project::open(folder / "deep" / "iris.lathe/", Project::Mode::Write, sqliteOpener());
  REQUIRE_OK(again);
  CHECK_EQ((*again)->name(), std::string("iris"));
  CHECK(!(*again)->readOnly());
  const auto reader = Project::open(folder / "deep" / "iris.lathe", Project::Mode::Read, sqliteOpener());
  REQUIRE_OK(reader);
  CHECK((*reader)->readOnly());
}

LATHE_TEST("a store that is no store is refused with its name") {
  const TempFolder folder;
  fs::create_directory(folder / "bad.lathe");
  writeText(folder / "bad.lathe" / "store.sqlite3", std::string(5000, 'x'));
  const auto opened = Project::open(folder / "bad.lathe", Project::Mode::Write, sqliteOpener());
  REQUIRE(!opened);
  CHECK_EQ(opened.error().code, std::string("store.not_sqlite"));
}

LATHE_TEST("paths inside the project are kept relative, and no stored path leaves it") {
  const Workshop shop;
  const auto& project = *shop.project;
  const auto inside = project.runFolder(3) / "best.ckpt";
  CHECK_EQ(project.relative(inside), std::string("artifacts/runs/3/best.ckpt"));
  CHECK(project.absolute("artifacts/runs/3/best.ckpt") == inside);
  CHECK_EQ(project.relative(shop.dataFile()), shop.dataFile().string());
  CHECK(project.absolute("../clouds.csv").empty());
  CHECK(project.absolute("artifacts/../../clouds.csv").empty());
  fs::create_directory_symlink("/", project.folder() / "link");
  CHECK(project.absolute("link/etc/passwd").empty());
}

LATHE_TEST("runs are found by number, latest and best, ties going to the lowest number") {
  const Workshop shop;
  auto& store = shop.project->store();
  CHECK_EQ(shop.project->findRun("latest").error().code, std::string("run.none"));
  addRun(store, "data-a", 0.5);
  addRun(store, "data-a", 0.3);
  addRun(store, "data-b", 0.1);
  addRun(store, "data-a", 0.3);
  addRun(store, "data-a", 0.2, false);  // cancelled: never the best
  CHECK_EQ(shop.project->findRun("latest").value().number, store::RunNumber{5});
  CHECK_EQ(shop.project->findRun("Best").value().number, store::RunNumber{2});
  CHECK_EQ(shop.project->findRun("3").value().number, store::RunNumber{3});
  CHECK_EQ(shop.project->findRun("./3").error().code, std::string("run.bad_name"));
  CHECK_EQ(shop.project->findRun("0").error().code, std::string("run.bad_name"));
  CHECK(!shop.project->findRun("77"));
  REQUIRE_OK(store.removeRun(2));
  CHECK_EQ(shop.project->findRun("best").value().number, store::RunNumber{4});
  CHECK_EQ(shop.project->findRun("2").error().code, std::string("run.removed"));
}

LATHE_TEST("a read-only project refuses a training and says why") {
  Workshop shop;
  const auto reader = shop.open(Project::Mode::Read);
  const auto started = shop.trainings->start(reader, shop.request());
  REQUIRE(!started);
  CHECK_EQ(started.error().code, std::string("project.read_only"));
}
