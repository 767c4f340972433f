// SPDX-License-Identifier: GPL-3.0-or-later
// What is done with a study after its search has begun: looked at, paused, ended, given more.
#include <filesystem>
#include <fmt/format.h>
#include <sstream>

#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/testing.h"

using namespace lathe::tests;

namespace {

const char* const space = R"({"parameters":[
  {"name":"training.optimizer.lr","type":"float","low":1e-3,"high":0.3,"log":true},
  {"name":"training.batch_size","type":"ordinal","choices":[8,16]}]})";

Args searchArgs(const Args& more) {
  Args args{"search",
            "--data",
            "d.csv",
            "--target",
            "kind",
            "--space",
            "space.json",
            "--epochs",
            "2",
            "--workers",
            "1",
            "--threads",
            "1",
            "--sampler",
            "random",
            "--metric",
            "val/loss",
            "--confirm-seeds",
            "1",
            "--set",
            "training.optimizer.name=adamw",
            "--set",
            "model.hidden=[8]"};
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

Json shown(const TempFolder& folder) { return latheJson(folder.path(), {"study", "show", "1"}).json(); }

/// Waits until study 1 has begun so many trials.
bool hasBegun(const TempFolder& folder, int trials) {
  return within(120, [&] {
    const auto json = shown(folder);
    return json.contains("trials") && json["trials"].get<int>() >= trials;
  });
}

std::vector<std::string> linesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

LATHE_TEST("study alone names its commands, as spec does") {
  const TempFolder folder;
  const auto bare = latheCli(folder.path(), {"study"});
  CHECK_EQ(bare.code, 2);
  CHECK(has(bare.err, "study needs one of its commands."));
  for (const char* command : {"list", "show", "resume", "pause", "cancel", "extend", "enqueue", "replay", "ask-tell"})
    CHECK(has(bare.err, command));
}

LATHE_TEST("a study that runs elsewhere is extended, given a configuration, paused and cancelled") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 300);
  write(folder / "space.json", space);
  CliProcess search(folder.path(), searchArgs({"--trials", "100000", "--workers", "2", "--epochs", "200"}));
  REQUIRE(hasBegun(folder, 2));
  CHECK_EQ(latheCli(folder.path(), {"study", "extend", "1"}).code, 2);
  CHECK_EQ(latheCli(folder.path(), {"study", "extend", "1", "--trials", "1"}).code, 2);
  const auto more = latheJson(folder.path(), {"study", "extend", "latest", "--trials", "200000", "--workers", "1"});
  CHECK_EQ(more.code, 0);
  CHECK_EQ(more.json()["trials"].get<int>(), 200000);
  CHECK_EQ(more.json()["workers"].get<int>(), 1);

  const auto params = R"({"training.optimizer.lr":0.0123,"training.batch_size":16})";
  const auto queued = latheJson(folder.path(), {"study", "enqueue", "1", "--params", params});
  CHECK_EQ(queued.code, 0);
  CHECK_EQ(queued.json()["params"]["training.batch_size"].get<int>(), 16);
  for (const char* wrong : {R"({"training.optimizer.lr":7,"training.batch_size":16})",
                            R"({"training.optimizer.lr":0.01})", R"({"rate":1})", "lr=0.1"}) {
    const auto refused = latheJson(folder.path(), {"study", "enqueue", "1", "--params", wrong});
    CHECK_EQ(refused.code, 2);
    CHECK(refused.json().contains("error"));
  }
  CHECK(within(120, [&] {
    const auto list = shown(folder)["list"];
    for (const auto& trial : list)
      if (trial["origin"] == "person") return trial["params"]["training.optimizer.lr"].get<double>() == 0.0123;
    return false;
  }));

  const auto paused = latheJson(folder.path(), {"study", "pause", "1"});
  CHECK_EQ(paused.code, 0);
  CHECK_EQ(paused.json()["status"].get<std::string>(), std::string("paused"));
  CHECK_EQ(search.wait().code, 3);
  const auto again = latheJson(folder.path(), {"study", "pause", "1"});
  CHECK_EQ(again.code, 1);
  CHECK(has(again.err, "is paused and cannot be paused"));
  const auto late = latheJson(folder.path(), {"study", "extend", "1", "--workers", "2"});
  CHECK_EQ(late.code, 1);
  CHECK(has(late.err, "study resume 1"));
  const auto waiting = latheCli(folder.path(), {"study", "enqueue", "1", "--params", params});
  CHECK_EQ(waiting.code, 0);
  CHECK(has(waiting.out, "study resume 1"));

  const auto ended = latheJson(folder.path(), {"study", "cancel", "1"});
  CHECK_EQ(ended.code, 0);
  CHECK_EQ(ended.json()["status"].get<std::string>(), std::string("cancelled"));
  CHECK_EQ(latheJson(folder.path(), {"study", "cancel", "1"}).code, 1);
  CHECK_EQ(latheJson(folder.path(), {"study", "pause", "7"}).code, 1);
  CHECK_EQ(latheJson(folder.path(), {"study", "pause", "seven"}).code, 2);
}

LATHE_TEST("more of a study means more than it has, and restore is for what was removed") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  write(folder / "space.json", space);
  const auto first = latheJson(folder.path(), searchArgs({"--trials", "3"}));
  REQUIRE(first.code == 0);
  // The winner is a run as any other, and its trial is told.
  const auto runs = latheJson(folder.path(), {"runs", "list"}).json()["runs"];
  REQUIRE(runs.size() == 1);
  CHECK(runs[0]["trial"] == first.json()["best"]["trial"]);
  CHECK(runs[0]["winner"].get<bool>());
  for (const char* trials : {"1", "3"}) {
    const auto same = latheJson(folder.path(), {"study", "resume", "1", "--trials", trials});
    CHECK_EQ(same.code, 2);
    CHECK(has(same.err, "is not above what study 1 has: 3 trials."));
  }
  CHECK_EQ(latheJson(folder.path(), {"study", "resume", "1", "--timeout", "0.001s"}).code, 2);
  CHECK_EQ(latheJson(folder.path(), {"study", "resume", "1", "--timeout", "0"}).code, 2);
  const auto queued = latheCli(folder.path(), {"study", "enqueue", "1", "--params",
                                               R"({"training.optimizer.lr":0.05,"training.batch_size":8})"});
  CHECK(has(queued.out, "study resume 1 --trials 4"));
  const auto on = latheJson(folder.path(), {"study", "resume", "1", "--trials", "4"});
  CHECK_EQ(on.code, 0);
  CHECK_EQ(shown(folder)["list"][3]["origin"].get<std::string>(), std::string("person"));

  const auto there = latheJson(folder.path(), {"study", "restore", "1"});
  CHECK_EQ(there.code, 1);
  CHECK(has(there.err, "Study 1 was not removed."));
  CHECK_EQ(latheCli(folder.path(), {"study", "rm", "1"}).code, 0);
  CHECK(has(latheCli(folder.path(), {"study", "extend", "1", "--trials", "9"}).err, "study restore 1"));
  CHECK_EQ(latheCli(folder.path(), {"study", "restore", "1"}).code, 0);
}

LATHE_TEST("study show tells what did not complete, and why") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  // A width that the heads do not divide fails at the first look.
  write(folder / "space.json", R"({"parameters":[
    {"name":"model.width","type":"int","low":33,"high":63,"step":2},
    {"name":"training.optimizer.lr","type":"float","low":1e-3,"high":0.1}]})");
  const auto failed = latheJson(
      folder.path(), {"search", "--data", "d.csv", "--target", "kind", "--model", "ft-transformer", "--space",
                      "space.json", "--trials", "4", "--epochs", "1", "--workers", "1", "--sampler", "random"});
  CHECK_EQ(failed.code, 1);
  const auto json = shown(folder);
  REQUIRE(json["warnings"].size() == 1);
  CHECK_EQ(json["warnings"][0]["code"].get<std::string>(), std::string("study.all_failed"));
  const auto text = latheCli(folder.path(), {"study", "show", "1"}).out;
  CHECK(has(text, "All 4 trials failed for the same reason, trial 0 so: "));
  CHECK(has(text, "Not completed:"));
  int rows = 0;
  for (const auto& line : linesOf(text)) rows += has(line, "  failed  ") ? 1 : 0;
  CHECK_EQ(rows, 4);

  // Many of one kind are counted.
  write(folder / "space.json", space);
  const auto pruned = latheJson(
      folder.path(), searchArgs({"--trials", "30", "--pruner", "threshold", "--upper", "-1", "--min-epochs", "1"}));
  CHECK_EQ(pruned.code, 0);
  REQUIRE(pruned.json()["warnings"].size() == 1);
  CHECK_EQ(pruned.json()["warnings"][0]["code"].get<std::string>(), std::string("study.none_complete"));
  const auto many = latheCli(folder.path(), {"study", "show", "2"}).out;
  CHECK(has(many, "No trial was complete"));
  CHECK(has(many, "and 6 more: 6 pruned"));
}

LATHE_TEST("a search that ends by its time with nothing complete says so") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 3000);
  write(folder / "space.json", space);
  const auto result = latheJson(folder.path(), searchArgs({"--timeout", "1s", "--epochs", "100000"}));
  CHECK_EQ(result.code, 0);
  REQUIRE(result.json()["warnings"].size() == 1);
  CHECK(has(result.json()["warnings"][0]["message"].get<std::string>(), "The time was over"));
  CHECK(has(result.json()["warnings"][0]["hint"].get<std::string>(), "study resume 1 --timeout"));
  CHECK(has(latheCli(folder.path(), {"study", "show", "1"}).out, "The time was over before any trial was complete"));
}

LATHE_TEST("progress tells that the best are trained again, never that nothing runs") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 3000);
  write(folder / "space.json", space);
  const auto result = latheCli(
      folder.path(), searchArgs({"--trials", "2", "--epochs", "60", "--confirm-seeds", "4", "--confirm-top", "2"}));
  REQUIRE(result.code == 0);
  for (const auto& line : linesOf(result.err)) CHECK(!has(line, "0 running"));
  // On a machine that is quick enough there is nothing to be told.
  if (has(result.err, "done")) CHECK(has(result.err, "training the best again"));
}
