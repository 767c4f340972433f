// SPDX-License-Identifier: GPL-3.0-or-later
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/random.h"
#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;
using services::Project;
using spec::RunStatus;
namespace fs = std::filesystem;

namespace {

services::StartRequest longRequest(const fs::path& data) {
  services::StartRequest request;
  request.spec.data.path = data.string();
  request.spec.training.epochs = 60;
  request.spec.training.checkpointSeconds = 1;
  return request;
}

// What a process does that is going to be killed: starts the run, or goes on with it.
bool trainUntilKilled(const fs::path& folder, const fs::path& data) {
  auto project = Project::open(folder, Project::Mode::Create, sqliteOpener());
  if (!project) return false;
  const std::shared_ptr<engine::Engine> engine = engine::makeFakeEngine({.secondsPerStep = 0.002});
  const auto service = services::makeTrainingService(engine);
  store::RunNumber run = 1;
  if ((*project)->store().runs().value().empty()) {
    const auto started = service->start(*project, longRequest(data));
    if (!started) return false;
    run = *started;
  } else if (!service->resume(*project, run, {})) {
    return false;
  }
  return service->wait(**project, run).has_value();
}

// The moments of the kills: the same in each run of the test, unless LATHE_KILL_SEED says otherwise.
std::uint64_t seedOfMoments() {
  const char* given = std::getenv("LATHE_KILL_SEED");
  return given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
}

// Gives true when the process was killed, false when it had ended by itself.
bool trainAndKill(const fs::path& folder, const fs::path& data, unsigned milliseconds) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    bool done = false;
    try {
      done = trainUntilKilled(folder, data);
    } catch (...) {
      done = false;
    }
    _exit(done ? 0 : 1);
  }
  usleep(milliseconds * 1000);
  kill(child, SIGKILL);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  if (WIFEXITED(status)) CHECK_EQ(WEXITSTATUS(status), 0);
  return WIFSIGNALED(status);
}

}  // namespace

LATHE_TEST("killed again and again, a run is interrupted each time and ends as if nothing had happened") {
  const TempFolder folder;
  const auto data = folder / "clouds.csv";
  writeText(data, cloudsCsv(400));
  const auto killed = folder / "killed.lathe";
  const auto seed = seedOfMoments();
  std::fprintf(stderr, "LATHE_KILL_SEED=%llu\n", static_cast<unsigned long long>(seed));
  Random random(seed);
  int kills = 0;
  for (int i = 0; i < 6; ++i) {
    if (!trainAndKill(killed, data, 80 + static_cast<unsigned>(random.below(250)))) break;
    ++kills;
    const auto seen = Project::open(killed, Project::Mode::Read, sqliteOpener());
    if (!seen) continue;  // before there was a project
    const auto runs = (*seen)->store().runs();
    REQUIRE_OK(runs);
    if (runs->empty()) continue;
    CHECK(runs->front().status == RunStatus::Interrupted);
    CHECK_EQ(runs->size(), std::size_t{1});
  }
  CHECK(kills >= 1);

  const std::shared_ptr<engine::Engine> engine = engine::makeFakeEngine();
  const auto service = services::makeTrainingService(engine);
  const auto project = Project::open(killed, Project::Mode::Create, sqliteOpener());
  REQUIRE_OK(project);
  if ((*project)->store().runs().value().empty())
    REQUIRE_OK(service->start(*project, longRequest(data)));
  else if ((*project)->store().run(1).value().status != RunStatus::Completed)
    REQUIRE_OK(service->resume(*project, 1, {}));
  const auto record = service->wait(**project, 1);
  REQUIRE_OK(record);
  REQUIRE(record->status == RunStatus::Completed);

  const auto reference = service->start(*project, longRequest(data));
  REQUIRE_OK(reference);
  const auto whole = service->wait(**project, *reference);
  REQUIRE_OK(whole);
  CHECK(record->metrics == whole->metrics);
  REQUIRE_OK((*project)->store().flush());
  for (const char* name : {"train/loss", "val/loss"})
    CHECK(
        samePoints((*project)->store().points(1, name).value(), (*project)->store().points(*reference, name).value()));
  CHECK(countsFromOne((*project)->store().points(1, "train/loss").value()));
}
