// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <set>

#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/testing.h"

using namespace lathe::tests;

namespace {

bool hasKeys(const Json& json, std::initializer_list<const char*> keys) {
  for (const char* key : keys)
    if (!json.is_object() || !json.contains(key)) return false;
  return true;
}

}  // namespace

LATHE_TEST("lathe-cli itself needs no Qt") {
  const TempFolder folder;
  const auto result = program(folder.path(), {"readelf", "-d", LATHE_CLI});
  REQUIRE(result.code == 0);
  CHECK(has(result.out, "NEEDED"));
  CHECK(!has(result.out, "Qt"));
}

LATHE_TEST("--version and help answer on standard output with code 0") {
  const TempFolder folder;
  const auto version = latheCli(folder.path(), {"--version"});
  CHECK_EQ(version.code, 0);
  CHECK(version.out.rfind("lathe-cli ", 0) == 0);
  CHECK(hasKeys(latheJson(folder.path(), {"--version"}).json(), {"version"}));
  const auto help = latheCli(folder.path(), {"help"});
  CHECK_EQ(help.code, 0);
  for (const char* command : {"data", "spec", "train", "resume", "runs", "metrics", "predict", "evaluate", "export",
                              "verify", "search", "study", "serve", "deploy", "request", "autopilot", "doctor", "help"})
    CHECK(has(help.out, std::string("\n  ") + command + " "));
  CHECK(has(latheCli(folder.path(), {"help", "prediction-service"}).out, "PredictionServiceStub"));
  CHECK(has(latheCli(folder.path(), {"help", "train"}).out, "--batch-size"));
  CHECK(has(latheCli(folder.path(), {"train", "--help"}).out, "--batch-size"));
  CHECK(has(latheCli(folder.path(), {"help", "runs", "show"}).out, "--spec"));
}

LATHE_TEST("help spec prints every field with type, unit and default") {
  const TempFolder folder;
  const auto text = latheCli(folder.path(), {"help", "spec"});
  CHECK_EQ(text.code, 0);
  const auto json = latheJson(folder.path(), {"help", "spec"}).json();
  REQUIRE(hasKeys(json, {"fields"}));
  bool lr = false;
  bool hidden = false;
  for (const auto& field : json["fields"]) {
    CHECK(hasKeys(field, {"path", "type", "unit", "default", "help"}));
    CHECK(has(text.out, field["path"].get<std::string>()));
    lr = lr || field["path"] == "training.optimizer.lr";
    hidden = hidden || field["path"] == "model.hidden";
  }
  CHECK(lr);
  CHECK(hidden);
}

LATHE_TEST("wrong usage exits 2, says what is near, and is JSON with --json") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 30);
  struct Row {
    Args args;
    const char* says;
  };
  const Row rows[] = {
      {{}, "train"},
      {{"trian"}, "train"},
      {{"runs"}, "list"},
      {{"runs", "lst"}, "list"},
      {{"train"}, "--data"},
      {{"train", "--data", "d.csv", "--epocs", "3"}, "--epochs"},
      {{"train", "--data", "d.csv", "--epochs", "many"}, "--epochs"},
      {{"train", "--data", "d.csv", "--epochs", "0"}, "--epochs"},
      {{"train", "--data", "d.csv", "--model", "forest"}, "resmlp"},
      {{"train", "--data", "d.csv", "--optimizer", "magic"}, "adamw"},
      {{"train", "--data", "d.csv", "--task", "guess"}, "regression"},
      {{"train", "--data", "d.csv", "--device", "tpu"}, "cuda"},
      {{"train", "--data", "d.csv", "--set", "training.optimizer.lrr=1"}, "training.optimizer.lr"},
      {{"train", "--data", "d.csv", "--set", "training.epochs"}, "PATH=VALUE"},
      {{"train", "--data", "d.csv", "--checkpoint-every", "soon"}, "90s"},
      {{"train", "--data", "d.csv", "--group", "a", "--time", "b"}, "--group"},
      {{"resume"}, "run"},
      {{"runs", "compare", "1"}, "run"},
      {{"predict", "latest", "--data", "d.csv", "--json"}, "--out"},
      {{"predict", "latest", "--data", "d.csv", "--out", "p.csv", "--split", "val"}, "train"},
      {{"export", "latest", "--out", "x", "--format", "paper"}, "torchscript"},
      {{"export", "latest"}, "--out"},
      {{"metrics", "latest", "--format", "xml"}, "csv"},
      {{"help", "nothing"}, "nothing"},
      {{"data", "inspect"}, "file"},
      {{"evaluate", "latest"}, "--data"},
      {{"evaluate", "latest", "d.csv"}, "d.csv"},
  };
  for (const auto& row : rows) {
    const auto plain = latheCli(folder.path(), row.args);
    CHECK_EQ(plain.code, 2);
    CHECK_EQ(plain.out.empty(), row.args.empty() || row.args.back() != "--json");
    if (!has(plain.err, row.says))
      lathe::testing::reportFailure(__FILE__, __LINE__, std::string(row.says) + ": " + plain.err);
    const auto result = latheJson(folder.path(), row.args);
    CHECK_EQ(result.code, 2);
    const auto json = result.json();
    REQUIRE(hasKeys(json, {"error"}));
    CHECK(hasKeys(json["error"], {"code", "message", "hint"}));
    CHECK(!json["error"]["message"].get<std::string>().empty());
  }
  CHECK(!std::filesystem::exists(folder / "lathe-project.lathe"));
}

LATHE_TEST("names of choices ignore case, - and _") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  const auto result = latheJson(folder.path(), {"spec", "new", "--data", "d.csv", "--optimizer", "Adam_W", "--task",
                                                "CLASSIFICATION", "--model", "Res-MLP", "--device", "CPU"});
  CHECK_EQ(result.code, 0);
  const auto json = result.json();
  REQUIRE(hasKeys(json, {"spec"}));
  CHECK_EQ(json["spec"]["training"]["optimizer"]["name"].get<std::string>(), "adamw");
  CHECK_EQ(json["spec"]["data"]["task"].get<std::string>(), "classification");
  CHECK_EQ(json["spec"]["training"]["device"].get<std::string>(), "cpu");
}

LATHE_TEST("global options stand before or after the command") {
  const TempFolder folder;
  const auto before = latheCli(folder.path(), {"--json", "--project", "p.lathe", "runs", "list"});
  const auto after = latheCli(folder.path(), {"runs", "list", "--json", "--project", "p.lathe"});
  const auto between = latheCli(folder.path(), {"runs", "--project=p.lathe", "list", "--json"});
  CHECK_EQ(before.code, 1);
  CHECK(has(before.err, "p.lathe"));
  CHECK_EQ(before.out, after.out);
  CHECK_EQ(before.out, between.out);
}

LATHE_TEST("commands that only read say that the project is missing and make none") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 30);
  const Args commands[] = {{"runs", "list"},
                           {"runs", "show", "1"},
                           {"runs", "compare", "1", "2"},
                           {"runs", "rm", "1"},
                           {"metrics", "latest"},
                           {"resume", "1"},
                           {"export", "1", "--out", "x"},
                           {"predict", "best", "--data", "d.csv", "--out", "p.csv"},
                           {"evaluate", "1", "--data", "d.csv"}};
  for (const auto& args : commands) {
    const auto result = latheJson(folder.path(), args);
    CHECK_EQ(result.code, 1);
    CHECK(has(result.err, "lathe-project.lathe"));
    REQUIRE(hasKeys(result.json(), {"error"}));
    CHECK_EQ(result.json()["error"]["code"].get<std::string>(), "project.missing");
  }
  CHECK(!std::filesystem::exists(folder / "lathe-project.lathe"));
}

LATHE_TEST("commands on files alone touch no project") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  CHECK_EQ(latheJson(folder.path(), {"data", "inspect", "d.csv"}).code, 0);
  CHECK_EQ(latheJson(folder.path(), {"doctor"}).code, 0);
  CHECK_EQ(latheJson(folder.path(), {"train", "--data", "d.csv", "--dry-run"}).code, 0);
  CHECK_EQ(latheJson(folder.path(), {"verify", "./3", "--data", "d.csv"}).code, 1);
  CHECK_EQ(latheJson(folder.path(), {"predict", "./3", "--data", "d.csv", "--out", "p.csv"}).code, 1);
  CHECK_EQ(latheJson(folder.path(), {"evaluate", "nowhere", "--data", "d.csv"}).code, 1);
  CHECK(!std::filesystem::exists(folder / "lathe-project.lathe"));
}

LATHE_TEST("doctor lists checks with code, message and hint") {
  const TempFolder folder;
  const auto result = latheJson(folder.path(), {"doctor"});
  CHECK_EQ(result.code, 0);
  const auto json = result.json();
  REQUIRE(hasKeys(json, {"checks"}));
  CHECK(json["checks"].size() >= 4);
  std::set<std::string> codes;
  for (const auto& check : json["checks"]) {
    CHECK(hasKeys(check, {"code", "message", "hint"}));
    codes.insert(check["code"].get<std::string>());
  }
  CHECK(codes.contains("doctor.export_runtimes"));
}

LATHE_TEST("the completions of all three shells know every command and every option") {
  const TempFolder folder;
  const auto json = latheJson(folder.path(), {"help"}).json();
  REQUIRE(hasKeys(json, {"commands"}));
  const auto root = std::filesystem::path(LATHE_SOURCES) / "resources" / "completions";
  const auto bash = read(root / "lathe-cli.bash");
  const auto zsh = read(root / "_lathe-cli");
  const auto fish = read(root / "lathe-cli.fish");
  int options = 0;
  for (const auto& command : json["commands"]) {
    const auto path = command["command"].get<std::string>();
    const auto last = path.substr(path.rfind(' ') + 1);
    for (const auto* text : {&bash, &zsh, &fish}) CHECK(has(*text, last));
    for (const auto& option : command["options"]) {
      const auto name = option["name"].get<std::string>();
      ++options;
      CHECK(has(bash, name));
      CHECK(has(zsh, "'" + name + "[") || has(zsh, "'*" + name + "["));
      CHECK(has(fish, "-l " + name.substr(2) + " "));
    }
  }
  CHECK(options > 40);
}
