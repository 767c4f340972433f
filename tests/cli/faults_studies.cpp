// SPDX-License-Identifier: GPL-3.0-or-later
// Studies whose process is killed again and again, and that end as one that was left alone.
#include <csignal>

#include "core/base/random.h"
#include "tests/cli/cli_tables.h"
#include "tests/cli/faults_support.h"
#include "tests/support/testing.h"

using namespace lathe::tests;

namespace {

Args studyArgs(const std::string& project, const std::string& pruner) {
  return {"search",
          "--data",
          "d.csv",
          "--target",
          "kind",
          "--space",
          "space.json",
          "--set",
          "training.optimizer.name=adamw",
          "--set",
          "training.epochs=9",
          "--set",
          "model.hidden=[16]",
          "--trials",
          "24",
          "--sampler",
          "random",
          "--pruner",
          pruner,
          "--deterministic",
          "--workers",
          "2",
          "--confirm-seeds",
          "1",
          "--project",
          project};
}

Json contentOf(const TempFolder& folder, const std::string& project) {
  auto list = latheJson(folder.path(), {"study", "show", "1", "--project", project}).json()["list"];
  for (auto& trial : list)
    for (const char* clock : {"created", "ended", "seconds", "run"}) trial.erase(clock);
  return list;
}

}  // namespace

LATHE_TEST("a study that is killed again and again loses no trial, repeats none, and ends as one left alone") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 400);
  write(folder / "space.json", R"({"parameters":[
    {"name":"training.optimizer.lr","type":"float","low":1e-4,"high":0.3,"log":true},
    {"name":"training.batch_size","type":"ordinal","choices":[8,16]}]})");
  for (const std::string pruner : {"none", "asha"}) {
    const auto alone = pruner + "-alone", killed = pruner + "-killed";
    REQUIRE(latheJson(folder.path(), studyArgs(alone, pruner)).code == 0);
    lathe::Random random(1, pruner);
    CliProcess first(folder.path(), studyArgs(killed, pruner));
    for (int waits = 0; waits < 200; ++waits) {
      if (!latheJson(folder.path(), {"study", "list", "--project", killed}).json()["studies"].empty()) break;
      sleepSeconds(0.02);
    }
    sleepSeconds(0.3 * random.uniform());
    first.send(SIGKILL);
    first.wait();
    int kills = 1;
    for (; kills < 12; ++kills) {
      const auto status =
          latheJson(folder.path(), {"study", "show", "1", "--project", killed}).json()["status"].get<std::string>();
      CHECK(status == "interrupted" || status == "completed");
      if (status == "completed") break;
      CliProcess again(folder.path(), {"study", "resume", "1", "--project", killed});
      sleepSeconds(0.8 + 0.6 * random.uniform());
      again.send(SIGKILL);
      again.wait();
    }
    CHECK(kills >= 1);
    const auto status = latheJson(folder.path(), {"study", "show", "1", "--project", killed}).json()["status"];
    if (status != "completed")
      REQUIRE(latheJson(folder.path(), {"study", "resume", "1", "--project", killed}).code == 0);
    CHECK(contentOf(folder, alone) == contentOf(folder, killed));
    CHECK_EQ(latheJson(folder.path(), {"study", "replay", "1", "--project", killed}).json()["different"].get<int>(), 0);
  }
}
