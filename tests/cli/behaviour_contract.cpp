// SPDX-License-Identifier: GPL-3.0-or-later
// Names, problems told all at once, and what lists show: the sentences of the contract that no other file covers.
#include <algorithm>
#include <csignal>
#include <filesystem>

#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/testing.h"

using namespace lathe::tests;

namespace {

/// The code of each of errors[], in order; empty when the result has none.
std::vector<std::string> codes(const Json& json) {
  std::vector<std::string> out;
  if (!json.is_object() || !json.contains("errors")) return out;
  for (const auto& error : json["errors"]) {
    CHECK(error.contains("message") && error.contains("hint"));
    out.push_back(error["code"].get<std::string>());
  }
  return out;
}

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

const char* const faultySpec = R"({"modle": {}, "training": {"epochs": -1, "batch_size": "x", "optimizer": {"lrr": 3}},
  "data": {"path": "d.csv", "roles": {"a": "nothing", "b": "feature", "colour": "none"}}})";

}  // namespace

LATHE_TEST("every command that reads a SPEC tells all its problems at once") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  write(folder / "s.json", faultySpec);
  const Args commands[] = {{"spec", "validate", "s.json"},
                           {"spec", "show", "s.json"},
                           {"spec", "new", "s.json"},
                           {"train", "s.json", "--dry-run"},
                           {"train", "s.json"}};
  for (const auto& args : commands) {
    const auto result = latheJson(folder.path(), args);
    CHECK_EQ(result.code, 1);
    const auto json = result.json();
    REQUIRE(json.is_object() && json.contains("error") && json.contains("spec"));
    CHECK_EQ(codes(json).size(), std::size_t{6});
    for (const char* field : {"modle", "training.epochs", "training.batch_size", "training.optimizer.lr",
                              "data.roles.a", "data.roles.colour"})
      CHECK(has(result.err, field));
  }
  CHECK(!std::filesystem::exists(folder / "lathe-project.lathe"));
}

LATHE_TEST("mistakes in flags and contradictions are told together, and exit 2") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  const auto flags = latheJson(folder.path(), {"spec", "validate", "--data", "d.csv", "--epochs", "0", "--lr", "-3",
                                               "--set", "training.loss.nam=mse"});
  CHECK_EQ(flags.code, 2);
  CHECK_EQ(codes(flags.json()).size(), std::size_t{3});
  const auto contradictions = latheJson(
      folder.path(), {"train", "--data", "d.csv", "--dry-run", "--task", "classification", "--set",
                      "training.loss.name=mse", "--set", "training.monitor=val/rmse", "--set", "data.split.train=0.9"});
  CHECK_EQ(contradictions.code, 1);
  const auto found = codes(contradictions.json());
  for (const char* code : {"spec.split_sum", "spec.loss_task", "spec.monitor_task"}) CHECK(contains(found, code));
}

LATHE_TEST("what does not fit the data is told all at once as well") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  const auto result = latheJson(folder.path(), {"spec", "validate", "--data", "d.csv", "--set",
                                                "training.loss.name=mse", "--set", "training.monitor=val/rmse"});
  CHECK_EQ(result.code, 1);
  const auto found = codes(result.json());
  CHECK(contains(found, "spec.loss_task") && contains(found, "spec.monitor_task"));
}

LATHE_TEST("a column that the data do not have is named with the nearest one, whatever it was meant for") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  const auto all =
      latheJson(folder.path(), {"spec", "validate", "--data", "d.csv", "--target", "knd", "--weight", "colr", "--set",
                                "data.kinds.nowhere=real", "--set", "data.roles.\"a.b\"=ignore"});
  CHECK_EQ(all.code, 1);
  CHECK_EQ(codes(all.json()).size(), std::size_t{4});
  for (const char* says : {"knd", "kind", "colr", "colour", "nowhere", "a.b"}) CHECK(has(all.err, says));
  for (const Args& flag : {Args{"--weight", "colr"}, Args{"--group", "colr"}, Args{"--time", "colr"},
                           Args{"--set", "data.roles.colr=ignore"}, Args{"--set", "data.kinds.colr=category"}}) {
    Args args{"train", "--data", "d.csv", "--epochs", "1"};
    args.insert(args.end(), flag.begin(), flag.end());
    const auto result = latheJson(folder.path(), args);
    CHECK_EQ(result.code, 1);
    CHECK(has(result.err, "colour"));
  }
}

LATHE_TEST("a quoted column may hold dots, equal signs and quotes, and a misspelt section names the right one") {
  const TempFolder folder;
  const auto json = latheJson(folder.path(), {"spec", "new", "--set", R"(data.roles."a.b"=ignore)", "--set",
                                              R"(data.roles."x=y"=Ignore)", "--set", R"(data.kinds."q\"r=s"=Real)"})
                        .json();
  REQUIRE(json.is_object() && json.contains("spec") && !json.contains("error"));
  CHECK_EQ(json["spec"]["data"]["roles"]["a.b"].get<std::string>(), "ignore");
  CHECK_EQ(json["spec"]["data"]["roles"]["x=y"].get<std::string>(), "ignore");
  CHECK_EQ(json["spec"]["data"]["kinds"]["q\"r=s"].get<std::string>(), "real");
  write(folder / "s.json", R"({"modle": {"hidden": [4]}})");
  CHECK(has(latheJson(folder.path(), {"spec", "validate", "s.json"}).err, "model"));
}

LATHE_TEST("the help of a command names the global options") {
  const TempFolder folder;
  for (const Args& args : {Args{"help", "train"}, Args{"runs", "list", "--help"}, Args{"help", "metrics"}})
    for (const char* option : {"--json", "--project", "--set", "--seed", "--threads", "--device"})
      CHECK(has(latheCli(folder.path(), args).out, option));
}

LATHE_TEST("a data file given as SPEC is recognised") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  const auto result = latheJson(folder.path(), {"train", "d.csv"});
  CHECK_EQ(result.code, 1);
  CHECK(has(result.err, "--data d.csv"));
}

LATHE_TEST("metrics, runs and monitors are named in any spelling") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 120);
  const auto trained =
      latheJson(folder.path(), {"train", "--data", "d.csv", "--epochs", "2", "--set", "training.monitor=VAL/F1-Macro"});
  CHECK_EQ(trained.code, 0);
  CHECK_EQ(trained.json()["monitor"].get<std::string>(), "val/f1_macro");
  const auto shown = latheJson(folder.path(), {"runs", "show", "1"}).json();
  CHECK_EQ(shown["spec"]["training"]["monitor_direction"].get<std::string>(), "maximize");
  for (const char* run : {"latest", "Latest", "BEST", "1"})
    CHECK_EQ(latheJson(folder.path(), {"runs", "show", run}).code, 0);
  for (const char* name : {"val/f1_macro", "Val/F1-Macro", "VAL/F1MACRO"}) {
    const auto curve = latheJson(folder.path(), {"metrics", "1", "--name", name}).json();
    REQUIRE(curve.is_object() && curve.contains("name"));
    CHECK_EQ(curve["name"].get<std::string>(), "val/f1_macro");
  }
  // Neither a number nor one of the two words: never a run, so a wrong use.
  for (const char* run : {"lates", "./1", "0", "1.5"}) {
    CHECK_EQ(latheJson(folder.path(), {"runs", "show", run}).code, 2);
    CHECK_EQ(latheJson(folder.path(), {"metrics", run}).code, 2);
  }
  CHECK_EQ(latheJson(folder.path(), {"runs", "show", "7"}).code, 1);
}

LATHE_TEST("runs list --all lists every run there is") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  CHECK_EQ(latheJson(folder.path(), {"train", "--data", "d.csv", "--epochs", "1"}).code, 0);
  const auto all = latheJson(folder.path(), {"runs", "list", "--all"});
  CHECK_EQ(all.code, 0);
  CHECK_EQ(all.out, latheJson(folder.path(), {"runs", "list"}).out);
}

LATHE_TEST("--folds is refused with a reason instead of being ignored") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  const auto result = latheJson(folder.path(), {"train", "--data", "d.csv", "--folds", "5"});
  CHECK_EQ(result.code, 2);
  CHECK(has(result.err, "cross-validate"));
  CHECK(!has(latheCli(folder.path(), {"help", "train"}).out, "--folds"));
}

LATHE_TEST("a list setting takes JSON or a comma-separated text") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  for (const char* value : {"model.hidden=[16,8]", "model.hidden=16,8"}) {
    const auto json =
        latheJson(folder.path(), {"spec", "new", "--data", "d.csv", "--model", "mlp", "--set", value}).json();
    REQUIRE(json.contains("spec"));
    CHECK(json["spec"]["model"]["hidden"] == Json::array({16, 8}));
  }
  CHECK_EQ(latheJson(folder.path(), {"spec", "new", "--model", "mlp", "--set", "model.hidden=16,x"}).code, 2);
  CHECK_EQ(latheJson(folder.path(), {"train", "--data", "d.csv", "--device", "cuda:N"}).code, 2);
}

LATHE_TEST("a failed run tells the steps and epochs that were really done, and metrics as the curves have them") {
  const TempFolder folder;
  writeNumbers(folder / "d.csv", 200);
  const auto failed = latheJson(folder.path(), {"train", "--data", "d.csv", "--epochs", "400", "--lr", "1e6",
                                                "--optimizer", "sgd", "--set", "training.schedule.name=constant"});
  CHECK_EQ(failed.code, 1);
  const auto json = failed.json();
  REQUIRE(json.is_object() && json.contains("steps"));
  CHECK_EQ(json["status"].get<std::string>(), "failed");
  CHECK(json["total_steps"].get<int>() > 0);
  const auto curve = latheJson(folder.path(), {"metrics", "1", "--name", "train/loss"}).json();
  const auto points = curve.contains("points") ? curve["points"].size() : 0;
  CHECK_EQ(json["steps"].get<std::size_t>(), points);
}

LATHE_TEST("on a narrow terminal the bar leaves room for rate and remaining time") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 600);
  const std::string cli = LATHE_CLI;
  for (const int columns : {100, 44}) {
    const auto log = folder / ("tty" + std::to_string(columns));
    CliProcess process(
        folder.path(),
        {"script", "-qfc",
         "stty cols " + std::to_string(columns) + "; exec '" + cli +
             "' train --data d.csv --epochs 1000000 --optimizer adam --lr 0.001 --set training.checkpoint_seconds=600",
         log.string()},
        true);
    const auto drawn = within(120, [&] { return has(read(log), " left"); });
    CHECK(drawn);
    const auto text = read(log);
    const auto at = text.rfind("\033[K", text.rfind(" left"));
    REQUIRE(at != std::string::npos);
    const auto line = text.substr(at + 3, text.find_first_of("\r\n", at) - at - 3);
    CHECK(line.size() < static_cast<std::size_t>(columns));
    CHECK(has(line, "run ") && has(line, "[") && has(line, "%"));
    if (columns == 100) CHECK(has(line, "samples/s") && has(line, "epoch "));
  }
}

LATHE_TEST("a killed run tells the steps, epochs and metrics that its curves have") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 300);
  CliProcess process(folder.path(), {"train", "--data", "d.csv", "--epochs", "1000000", "--json"});
  // The store hears of a checkpoint a moment after it lies on the disk.
  const auto bestIsKnown = [&] {
    const auto shown = latheJson(folder.path(), {"runs", "show", "1"}).json();
    return shown.is_object() && shown.contains("runs") && shown["runs"][0]["checkpoint"].is_string();
  };
  REQUIRE(within(240, [&] { return bestIsKnown() && lastStep(folder.path()) > 100; }));
  process.send(SIGKILL);
  process.wait();
  const auto shown = latheJson(folder.path(), {"runs", "show", "1"}).json();
  REQUIRE(shown.is_object() && shown.contains("runs"));
  const auto& run = shown["runs"][0];
  CHECK_EQ(run["status"].get<std::string>(), "interrupted");
  CHECK_EQ(run["steps"].get<std::int64_t>(), lastStep(folder.path()));
  CHECK(run["epochs"].get<int>() > 0);
  CHECK(run["seconds"].get<double>() > 0);
  const auto loss = latheJson(folder.path(), {"metrics", "1", "--name", "val/loss"}).json();
  const auto accuracy = latheJson(folder.path(), {"metrics", "1", "--name", "val/accuracy"}).json();
  REQUIRE(loss.contains("points") && !loss["points"].empty());
  std::size_t best = 0;
  for (std::size_t i = 0; i < loss["points"].size(); ++i)
    if (loss["points"][i][1].get<double>() < loss["points"][best][1].get<double>()) best = i;
  CHECK(run["metrics"]["val/loss"] == loss["points"][best][1]);
  CHECK(run["metrics"]["val/accuracy"] == accuracy["points"][best][1]);
  CHECK(run["metrics"].contains("train/loss"));
  CHECK(latheJson(folder.path(), {"runs", "list"}).json()["runs"][0]["metrics"] == run["metrics"]);
}
