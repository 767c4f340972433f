// SPDX-License-Identifier: GPL-3.0-or-later
// Studies whose process is killed again and again, and that end as one that was left alone.
#include <csignal>
#include <filesystem>
#include <fmt/format.h>

#include "core/base/random.h"
#include "tests/cli/cli_tables.h"
#include "tests/cli/faults_support.h"
#include "tests/support/testing.h"

using namespace lathe::tests;

namespace {

Args studyArgs(const std::string& project, const std::string& pruner, const std::string& epochs) {
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
          "training.epochs=" + epochs,
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

Args architectureArgs(const std::string& project, const std::string& method) {
  return {"nas",
          "--data",
          "d.csv",
          "--target",
          "kind",
          "--method",
          method,
          "--epochs",
          "20",
          "--trials",
          "24",
          "--population",
          "4",
          "--super-epochs",
          "20",
          "--max-parameters",
          "20k",
          "--deterministic",
          "--workers",
          "2",
          "--confirm-top",
          "2",
          "--confirm-seeds",
          "2",
          "--project",
          project};
}

Json contentOf(const TempFolder& folder, const std::string& project) {
  auto list = latheJson(folder.path(), {"study", "show", "1", "--project", project}).json()["list"];
  for (auto& trial : list)
    for (const char* clock : {"created", "ended", "seconds", "run"}) trial.erase(clock);
  return list;
}

/// Runs a study alone, and the same one killed with -9 again and again; both must end alike.
void expectSurvivesKills(const TempFolder& folder, const std::string& name, const Args& args, const Args& killedArgs) {
  const auto alone = name + "-alone", killed = name + "-killed";
  REQUIRE(latheJson(folder.path(), args).code == 0);
  lathe::Random random(1, name);
  CliProcess first(folder.path(), killedArgs);
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
  if (status != "completed") REQUIRE(latheJson(folder.path(), {"study", "resume", "1", "--project", killed}).code == 0);
  CHECK(contentOf(folder, alone) == contentOf(folder, killed));
  CHECK_EQ(latheJson(folder.path(), {"study", "replay", "1", "--project", killed}).json()["different"].get<int>(), 0);
}

}  // namespace

LATHE_TEST("a study that is killed again and again loses no trial, repeats none, and ends as one left alone") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 400);
  write(folder / "space.json", R"({"parameters":[
    {"name":"training.optimizer.lr","type":"float","low":1e-4,"high":0.3,"log":true},
    {"name":"training.batch_size","type":"ordinal","choices":[8,16]}]})");
  // Long stretches too: some have ended, unwritten until their turn, when the process is killed.
  for (const auto& [pruner, epochs] : {std::pair{"none", "9"}, {"asha", "9"}, {"asha", "405"}, {"median", "90"}}) {
    const auto name = std::string(pruner) + epochs;
    expectSurvivesKills(folder, name, studyArgs(name + "-alone", pruner, epochs),
                        studyArgs(name + "-killed", pruner, epochs));
  }
}

LATHE_TEST("a search for architectures that is killed again and again ends as one left alone") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 400);
  for (const std::string method : {"evolution", "spos"}) {
    expectSurvivesKills(folder, method, architectureArgs(method + "-alone", method),
                        architectureArgs(method + "-killed", method));
    // The final trainings as well: the same seeds, none twice.
    Json winners[2];
    for (const auto& [i, end] : {std::pair{0, "-alone"}, std::pair{1, "-killed"}}) {
      const auto shown = latheJson(folder.path(), {"study", "show", "1", "--project", method + end}).json();
      for (const auto& each : shown["confirmed"]["confirmed"]) {
        CHECK_EQ(each["runs"].size(), std::size_t{2});
        winners[i].push_back({each["trial"], each["values"]});
      }
    }
    CHECK(winners[0] == winners[1]);
  }
}

LATHE_TEST("a full disk stops a study with a sentence, and with space again it goes on and loses nothing") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 300);
  std::filesystem::create_directories(folder / "disk");
  const auto script = fmt::format(
      "mount -t tmpfs -o size=8m tmpfs disk || {{ echo NOMOUNT; exit 0; }}; cd disk; cp ../d.csv .;"
      "head -c 5500000 /dev/zero > filler;"
      "'{0}' search --data d.csv --target kind --set model.hidden=[64,64] --epochs 3 --sampler random --trials 60 "
      "--workers 2 --confirm-seeds 1 --json > ../out 2> ../err; echo \"CODE=$?;\";"
      "rm filler; mount -o remount,size=200m \"$PWD\";"
      "echo \"OUT=$(cat ../out)ENDOUT\"; echo \"ERR=$(cat ../err)ENDERR\";"
      "echo \"SHOW=$('{0}' study show 1 --json)ENDSHOW\";"
      "echo \"AGAIN=$('{0}' study resume 1 --json)ENDAGAIN\"; echo \"LIST=$('{0}' study show 1 --json)ENDLIST\"",
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
  const auto stopped = Json::parse(between(result.out, "SHOW=", "ENDSHOW"), nullptr, false);
  REQUIRE(stopped.is_object());
  CHECK(stopped["status"] == "failed" || stopped["status"] == "interrupted");
  const auto again = Json::parse(between(result.out, "AGAIN=", "ENDAGAIN"), nullptr, false);
  REQUIRE(again.is_object());
  CHECK_EQ(again["status"].get<std::string>(), "completed");
  CHECK_EQ(again["trials"].get<int>(), 60);
  CHECK_EQ(again["failed"].get<int>(), 0);
  const auto list = Json::parse(between(result.out, "LIST=", "ENDLIST"), nullptr, false);
  REQUIRE(list.is_object() && list["list"].size() == 60);
  for (std::size_t i = 0; i < stopped["list"].size(); ++i)
    if (stopped["list"][i]["status"] == "completed") CHECK(stopped["list"][i] == list["list"][i]);
}

LATHE_TEST("a study belongs to one process at a time; another one can watch it") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 3000);
  CliProcess first(folder.path(), {"search", "--data", "d.csv", "--target", "kind", "--trials", "100000", "--sampler",
                                   "random", "--epochs", "5", "--confirm-seeds", "1", "--json"});
  Json shown;
  for (int waits = 0; waits < 600; ++waits) {
    shown = latheJson(folder.path(), {"study", "show", "1"}).json();
    if (shown.is_object() && shown.contains("completed") && shown["completed"] > 0) break;
    sleepSeconds(0.05);
  }
  REQUIRE(shown.is_object() && shown.contains("status"));
  CHECK_EQ(shown["status"].get<std::string>(), std::string("running"));
  const auto second = latheJson(folder.path(), {"study", "resume", "1"});
  CHECK_EQ(second.code, 1);
  CHECK_EQ(second.json()["error"]["code"].get<std::string>(), std::string("study.already_running"));
  CHECK_EQ(latheJson(folder.path(), {"study", "show", "1"}).json()["status"].get<std::string>(),
           std::string("running"));
  first.send(SIGTERM);
  const auto result = first.wait(60);
  CHECK_EQ(result.code, 3);
  CHECK_EQ(result.json()["status"].get<std::string>(), std::string("paused"));
}
