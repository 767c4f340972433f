// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <sstream>

#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/testing.h"

using namespace lathe::tests;

namespace {

const char* const space = R"({"parameters":[
  {"name":"lr","type":"float","low":1e-5,"high":1,"log":true},
  {"name":"layers","type":"int","low":1,"high":4,"step":1},
  {"name":"opt","type":"categorical","choices":["sgd","adam"]},
  {"name":"momentum","type":"float","low":0,"high":0.99,"condition":{"parameter":"opt","in":["sgd"]}}]})";

const char* const trainingSpace = R"({"parameters":[
  {"name":"training.optimizer.lr","type":"float","low":1e-3,"high":0.3,"log":true},
  {"name":"training.batch_size","type":"ordinal","choices":[16,32]}]})";

/// The answers to some lines.
std::vector<Json> talk(const TempFolder& folder, const std::vector<std::string>& lines, const std::string& flags) {
  std::string input;
  for (const auto& line : lines) input += line + "\n";
  write(folder / "lines", input);
  write(folder / "space.json", space);
  const auto result =
      program(folder.path(),
              {"sh", "-c", fmt::format("\"{}\" study ask-tell --space space.json {} < lines", LATHE_CLI, flags)});
  CHECK_EQ(result.code, 0);
  std::vector<Json> answers;
  std::istringstream stream(result.out);
  for (std::string line; std::getline(stream, line);) answers.push_back(Json::parse(line, nullptr, false));
  return answers;
}

Args searchArgs(const Args& more) {
  Args args{"search",
            "--data",
            "d.csv",
            "--target",
            "kind",
            "--space",
            "space.json",
            "--sampler",
            "random",
            "--workers",
            "2",
            "--set",
            "training.epochs=4",
            "--set",
            "training.optimizer.name=adamw",
            "--set",
            "model.hidden=[8]"};
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

}  // namespace

LATHE_TEST("ask-tell answers each line with one, as the contract has it") {
  const TempFolder folder;
  const auto answers =
      talk(folder,
           {R"({"ask":2})", R"({"tell":{"trial":0,"values":[1.5],"state":"complete"}})",
            R"({"tell":{"trial":1,"state":"fail"}})", R"({"tell":{"trial":1,"values":[1]}})",
            R"({"tell":{"trial":9,"values":[1]}})", "no json", R"({"ask":1})", R"({"tell":{"trial":2,"values":[NaN]}})",
            R"({"ask":1})", R"({"tell":{"trial":3,"values":[null]}})",
            R"({"tell":{"params":{"lr":0.1,"layers":2,"opt":"adam"},"values":[0.5]}})",
            R"({"tell":{"params":{"lr":7,"layers":2,"opt":"adam"},"values":[0.5]}})", R"({"ask":0})", R"({"ask":1})"},
           "--sampler random --seed 3");
  REQUIRE(answers.size() == 14);
  REQUIRE(answers[0].contains("trials"));
  REQUIRE(answers[0]["trials"].size() == 2);
  for (int i = 0; i < 2; ++i) {
    const auto& trial = answers[0]["trials"][static_cast<std::size_t>(i)];
    CHECK_EQ(trial["trial"].get<int>(), i);
    CHECK(trial["params"]["layers"].is_number_integer());
    CHECK_EQ(trial["params"].contains("momentum"), trial["params"]["opt"] == "sgd");
  }
  const auto ok = [&](std::size_t i) { return answers[i] == Json{{"ok", true}}; };
  const auto error = [&](std::size_t i) { return answers[i].contains("error") && answers[i]["error"].is_string(); };
  CHECK(ok(1) && ok(2));
  CHECK(error(3) && error(4) && error(5));
  CHECK_EQ(answers[6]["trials"][0]["trial"].get<int>(), 2);
  CHECK(ok(7) && ok(9) && ok(10));
  CHECK(error(11) && error(12));
  CHECK_EQ(answers[13]["trials"][0]["trial"].get<int>(), 4);
}

LATHE_TEST("ask-tell refuses blank lines, and results told for other values than were asked") {
  const TempFolder folder;
  const std::string flags = "--sampler random --seed 3";
  const auto asked = talk(folder, {R"({"ask":2})"}, flags);
  REQUIRE(asked.size() == 1);
  auto params = asked[0]["trials"][0]["params"];
  const auto tell = [](const Json& values) {
    return Json{{"tell", {{"trial", 0}, {"params", values}, {"values", {1}}}}}.dump();
  };
  auto other = params, unknown = params, rounded = params;
  other["layers"] = params["layers"].get<int>() % 4 + 1;
  unknown["width"] = 3;
  // Six digits are what many programs print.
  rounded["lr"] = std::stod(fmt::format("{:.6g}", params["lr"].get<double>()));
  const auto answers = talk(folder,
                            {R"({"ask":2})", "", "  ", tell(other), tell(unknown), tell(rounded),
                             R"({"tell":{"trial":1,"params":{},"values":[1]}})"},
                            flags);
  REQUIRE(answers.size() == 7);
  for (const std::size_t i : {1, 2, 3, 4}) CHECK(answers[i].contains("error"));
  CHECK(answers[3]["error"].get<std::string>().find("asked with other values") != std::string::npos);
  CHECK(answers[5] == (Json{{"ok", true}}));
  CHECK(answers[6] == (Json{{"ok", true}}));
}

LATHE_TEST("ask-tell repeats itself for a seed, and takes several goals") {
  const TempFolder folder;
  const std::vector<std::string> lines{R"({"ask":3})", R"({"tell":{"trial":0,"values":[1,2]}})",
                                       R"({"tell":{"trial":1,"values":[1]}})"};
  const auto first = talk(folder, lines, "--sampler random --direction minimize --direction maximize --seed 5");
  const auto again = talk(folder, lines, "--sampler RANDOM --direction minimize,maximize --seed 5");
  const auto other = talk(folder, lines, "--sampler random --direction minimize,maximize --seed 6");
  REQUIRE(first.size() == 3);
  CHECK(first == again);
  CHECK(first != other);
  CHECK(first[1] == (Json{{"ok", true}}));
  CHECK(first[2].contains("error"));
}

LATHE_TEST("a search gives its best trial, and only its winner is among the runs") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 200);
  write(folder / "space.json", trainingSpace);
  const auto result = latheJson(folder.path(), searchArgs({"--trials", "6", "--metric", "val/accuracy"}));
  REQUIRE(result.code == 0);
  const auto json = result.json();
  CHECK_EQ(json["study"].get<int>(), 1);
  CHECK_EQ(json["trials"].get<int>(), 6);
  CHECK_EQ(json["pruned"].get<int>() + json["failed"].get<int>(), 0);
  CHECK_EQ(json["best"]["metric"].get<std::string>(), std::string("val/accuracy"));
  CHECK(json["best"]["value"].get<double>() > 0.5);
  CHECK(json["best"]["params"].contains("training.optimizer.lr"));
  CHECK(json["best"]["run"].get<int>() > 0);
  CHECK(json["seconds"].get<double>() > 0);
  const auto runs = latheJson(folder.path(), {"runs", "list"}).json()["runs"];
  REQUIRE(runs.size() == 1);
  CHECK_EQ(runs[0]["run"].get<int>(), json["best"]["run"].get<int>());
  CHECK(runs[0]["metrics"].contains("test/accuracy"));
  // Six trials, and three more trainings of each of the best three.
  CHECK_EQ(latheJson(folder.path(), {"runs", "list", "--study", "1"}).json()["runs"].size(), std::size_t{15});
  CHECK_EQ(latheJson(folder.path(), {"runs", "list", "--all"}).json()["runs"].size(), std::size_t{15});
  CHECK_EQ(latheJson(folder.path(), {"runs", "show", "latest"}).json()["runs"][0]["run"], runs[0]["run"]);

  const auto shown = latheJson(folder.path(), {"study", "show", "1"}).json();
  CHECK_EQ(shown["list"].size(), std::size_t{6});
  CHECK_EQ(latheJson(folder.path(), {"study", "list"}).json()["studies"].size(), std::size_t{1});
  const auto replayed = latheJson(folder.path(), {"study", "replay", "latest"});
  CHECK_EQ(replayed.code, 0);
  CHECK_EQ(replayed.json()["different"].get<int>(), 0);
  CHECK_EQ(latheCli(folder.path(), {"study", "rm", "1"}).code, 0);
  CHECK(latheJson(folder.path(), {"study", "list"}).json()["studies"].empty());
  CHECK_EQ(latheCli(folder.path(), {"study", "restore", "1"}).code, 0);
  CHECK_EQ(latheJson(folder.path(), {"study", "list"}).json()["studies"].size(), std::size_t{1});
}

LATHE_TEST("a deterministic search is the same for one and for four workers") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 150);
  write(folder / "space.json", trainingSpace);
  std::vector<Json> lists;
  for (const char* workers : {"1", "4"}) {
    const auto project = std::string("w") + workers;
    const auto result =
        latheJson(folder.path(), searchArgs({"--trials", "10", "--deterministic", "--workers", workers, "--pruner",
                                             "asha", "--confirm-seeds", "1", "--project", project}));
    REQUIRE(result.code == 0);
    auto list = latheJson(folder.path(), {"study", "show", "1", "--project", project}).json()["list"];
    for (auto& trial : list)
      for (const char* clock : {"created", "ended", "seconds", "run"}) trial.erase(clock);
    lists.push_back(std::move(list));
  }
  CHECK(lists[0] == lists[1]);
}

LATHE_TEST("mistakes in a search are told before anything is trained") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  write(folder / "space.json", trainingSpace);
  struct Row {
    Args more;
    int code;
  };
  for (const auto& row : std::vector<Row>{{{"--sampler", "magic"}, 2},
                                          {{"--pruner", "magic"}, 2},
                                          {{"--trials", "none"}, 2},
                                          {{"--metric", "val/loss", "--direction", "up"}, 2},
                                          {{"--metric", "test/accuracy"}, 2},
                                          {{"--space", "missing.json"}, 1}}) {
    const auto result = latheJson(folder.path(), searchArgs(row.more));
    CHECK_EQ(result.code, row.code);
    CHECK(result.json().contains("error"));
  }
  write(folder / "bad.json", R"({"parameters":[{"name":"training.optimizer.lr","type":"float","low":1,"high":0}]})");
  const auto bad = latheJson(folder.path(), searchArgs({"--space", "bad.json"}));
  CHECK_EQ(bad.code, 1);
  CHECK_EQ(bad.json()["error"]["code"].get<std::string>(), std::string("space.range"));
  write(folder / "path.json", R"({"parameters":[{"name":"training.optimizer.rate","type":"float","low":0,"high":1}]})");
  CHECK(latheCli(folder.path(), searchArgs({"--space", "path.json"})).err.find("training.optimizer") !=
        std::string::npos);
  CHECK_EQ(latheCli(folder.path(), {"study", "show", "7"}).code, 1);
  CHECK_EQ(latheCli(folder.path(), {"study", "show", "seven"}).code, 2);
}
