// SPDX-License-Identifier: GPL-3.0-or-later
#include <csignal>
#include <filesystem>

#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/testing.h"

using namespace lathe::tests;

namespace {

Args autopilotArgs(const Args& more) {
  return joined({"autopilot", "--data", "d.csv", "--target", "kind", "--threads", "1", "--out", "out"}, more);
}

}  // namespace

LATHE_TEST("autopilot goes from a data file to a verified model that predict takes, with a report") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 240);
  const auto done = latheJson(folder.path(), autopilotArgs({"--budget", "6s", "--export", "torchscript"}));
  REQUIRE(done.code == 0);
  const auto json = done.json();
  CHECK(json["run"].get<int>() > 0);
  CHECK(json["parity"]["ok"].get<bool>());
  CHECK(json["seconds"].get<double>() < 6.6);
  CHECK(json["metrics"]["test/accuracy"].get<double>() > 0.9);
  CHECK(json["intervals"]["test/accuracy"][0].get<double>() <= json["metrics"]["test/accuracy"].get<double>());
  CHECK(json["metrics"].contains("val/log_loss"));
  const auto report = read(json["report"].get<std::string>());
  CHECK(has(report, "<svg"));
  CHECK(has(report, "What was tried"));
  const auto exported = json["export"].get<std::string>();
  CHECK(std::filesystem::exists(std::filesystem::path(exported) / "lathe-export.json"));
  const auto predicted = latheJson(folder.path(), {"predict", exported, "--data", "d.csv", "--out", "p.csv"});
  CHECK_EQ(predicted.code, 0);
  CHECK_EQ(predicted.json()["rows"].get<int>(), 240);
  // The ensemble is a run as any other.
  const auto run = json["final_run"].dump();
  const auto shown = latheJson(folder.path(), {"runs", "show", run}).json();
  CHECK_EQ(shown["runs"][0]["status"].get<std::string>(), std::string("completed"));
  const auto again = latheJson(folder.path(), {"predict", run, "--data", "d.csv", "--out", "q.csv"});
  CHECK_EQ(again.code, 0);
  const auto scored = latheJson(folder.path(), {"evaluate", exported, "--data", "d.csv"});
  CHECK_EQ(scored.code, 0);
  CHECK(scored.json()["metrics"]["data/accuracy"].get<double>() > 0.9);
  const auto second = latheJson(folder.path(), {"export", run, "--format", "torchscript", "--out", "other"});
  CHECK_EQ(second.code, 0);
}

LATHE_TEST("an autopilot that is killed goes on with --resume and keeps what it has trained") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 240);
  CliProcess process(folder.path(), autopilotArgs({"--budget", "40s", "--json"}));
  const auto state = folder / "out" / "autopilot.json";
  const auto trained = [&] { return std::filesystem::exists(state) && has(read(state), "\"completed\""); };
  REQUIRE(within(30, trained));
  process.send(SIGKILL);
  process.wait();
  const auto refused = latheJson(folder.path(), autopilotArgs({"--budget", "5s"}));
  CHECK_EQ(refused.code, 1);
  CHECK_EQ(errorCode(refused), std::string("autopilot.other"));
  const auto used = Json::parse(read(state))["used"].get<double>();
  const auto resumed = latheJson(
      folder.path(), {"autopilot", "--out", "out", "--resume", "--threads", "1", "--budget", std::to_string(used + 5)});
  REQUIRE(resumed.code == 0);
  const auto json = resumed.json();
  CHECK(json["parity"]["ok"].get<bool>());
  bool first = false;
  for (const auto& tried : json["tried"]) first = first || tried["run"].get<int>() == 1;
  CHECK(first);
}

LATHE_TEST("the first Ctrl+C makes an autopilot end with the best it has") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 240);
  CliProcess process(folder.path(), autopilotArgs({"--budget", "60s", "--json", "--export", "torchscript"}));
  const auto state = folder / "out" / "autopilot.json";
  REQUIRE(within(30, [&] { return std::filesystem::exists(state) && has(read(state), "\"completed\""); }));
  process.send(SIGINT);
  const auto ended = process.wait(60);
  CHECK_EQ(ended.code, 3);
  const auto json = ended.json();
  CHECK(json["stopped"].get<bool>());
  CHECK(std::filesystem::exists(std::filesystem::path(json["export"].get<std::string>()) / "lathe-export.json"));
}

LATHE_TEST("autopilot says what is wrong with its flags") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  CHECK_EQ(latheJson(folder.path(), autopilotArgs({"--budget", "soon"})).code, 2);
  CHECK_EQ(latheJson(folder.path(), autopilotArgs({"--budget", "0"})).code, 2);
  CHECK_EQ(latheJson(folder.path(), autopilotArgs({"--max-bytes", "-4"})).code, 2);
  CHECK_EQ(latheJson(folder.path(), autopilotArgs({"--export", "wax"})).code, 2);
  CHECK_EQ(latheJson(folder.path(), {"autopilot", "--data", "d.csv"}).code, 2);
  const auto goal = latheJson(folder.path(), autopilotArgs({"--goal", "rmse", "--budget", "3s"}));
  CHECK_EQ(errorCode(goal), std::string("autopilot.goal"));
  const auto nothing = latheJson(folder.path(), {"autopilot", "--out", "none", "--resume"});
  CHECK_EQ(errorCode(nothing), std::string("autopilot.no_state"));
}
