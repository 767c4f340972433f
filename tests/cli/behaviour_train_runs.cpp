// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <filesystem>

#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/testing.h"

using namespace lathe::tests;

namespace {

Json train(const TempFolder& folder, Args more) {
  Args args{"train", "--data", "d.csv"};
  args.insert(args.end(), more.begin(), more.end());
  const auto result = latheJson(folder.path(), args);
  if (result.code != 0) lathe::testing::reportFailure(__FILE__, __LINE__, result.err);
  return result.json();
}

}  // namespace

LATHE_TEST("train learns a table and says so in one line of JSON") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 300);
  const auto result = latheJson(folder.path(), {"train", "--data", "d.csv", "--epochs", "15", "--lr", "0.05"});
  CHECK_EQ(result.code, 0);
  const auto json = result.json();
  REQUIRE(json.is_object());
  for (const char* key : {"run", "status", "epochs", "steps", "seconds", "samples_per_second", "metrics", "checkpoint"})
    CHECK(json.contains(key));
  CHECK_EQ(json["run"].get<int>(), 1);
  CHECK_EQ(json["status"].get<std::string>(), "completed");
  CHECK_EQ(json["epochs"].get<int>(), 15);
  CHECK(json["steps"].get<int>() > 0);
  CHECK(json["seconds"].get<double>() > 0);
  for (const char* name : {"train/loss", "val/loss", "val/accuracy", "test/loss", "test/accuracy"})
    CHECK(json["metrics"].contains(name));
  CHECK(json["metrics"]["test/accuracy"].get<double>() > 0.9);
  const std::filesystem::path checkpoint = json["checkpoint"].get<std::string>();
  CHECK(checkpoint.is_absolute());
  CHECK(std::filesystem::exists(checkpoint));
  CHECK(has(result.err, "kind"));  // the last column was taken as the target, and that is said
}

LATHE_TEST("train predicts numbers, in another project folder") {
  const TempFolder folder;
  writeNumbers(folder / "d.csv", 400);
  const auto json = train(folder, {"--target", "price", "--epochs", "40", "--lr", "0.02", "--project", "p.lathe"});
  CHECK_EQ(json["status"].get<std::string>(), "completed");
  CHECK(json["metrics"]["test/r2"].get<double>() > 0.9);
  CHECK(std::filesystem::exists(folder / "p.lathe"));
  CHECK(!std::filesystem::exists(folder / "lathe-project.lathe"));
}

LATHE_TEST("without --json people read aligned text") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 120);
  const auto trained = latheCli(folder.path(), {"train", "--data", "d.csv", "--epochs", "2"});
  CHECK_EQ(trained.code, 0);
  CHECK(has(trained.out, "Run 1"));
  CHECK(has(trained.out, "test/accuracy"));
  const auto list = latheCli(folder.path(), {"runs", "list"});
  CHECK(has(list.out, "completed"));
  CHECK(has(list.out, "val/loss"));
  CHECK(has(latheCli(folder.path(), {"runs", "show", "latest"}).out, "training.optimizer.lr"));
}

LATHE_TEST("every train/ curve has a point at every step, and validation at the last step of its epoch") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 200);
  const auto trained = train(folder, {"--epochs", "3"});
  const auto steps = trained["steps"].get<std::int64_t>();
  const auto all = run(folder, {"metrics", "1"});
  REQUIRE(all.contains("curves"));
  bool trainLoss = false;
  for (const auto& curve : all["curves"]) {
    const auto name = curve["name"].get<std::string>();
    if (name.rfind("train/", 0) != 0) continue;
    trainLoss = trainLoss || name == "train/loss";
    REQUIRE(static_cast<std::int64_t>(curve["points"].size()) == steps);
    for (std::int64_t i = 0; i < steps; ++i)
      CHECK_EQ(curve["points"][static_cast<std::size_t>(i)][0].get<std::int64_t>(), i + 1);
  }
  CHECK(trainLoss);
  const auto validation = run(folder, {"metrics", "latest", "--name", "val/loss"});
  CHECK_EQ(validation["name"].get<std::string>(), "val/loss");
  REQUIRE(validation["points"].size() == 3);
  CHECK_EQ(validation["points"][2][0].get<std::int64_t>(), steps);
  const auto csv = latheCli(folder.path(), {"metrics", "1", "--name", "val/loss"});
  CHECK(csv.out.rfind("step,value\n", 0) == 0);
  CHECK(latheCli(folder.path(), {"metrics", "1", "--format", "csv"}).out.rfind("name,step,value\n", 0) == 0);
  CHECK_EQ(latheCli(folder.path(), {"metrics", "1", "--name", "val/loss", "--format", "json"}).out,
           latheJson(folder.path(), {"metrics", "1", "--name", "val/loss"}).out);
  const auto wrong = latheJson(folder.path(), {"metrics", "1", "--name", "val/los"});
  CHECK_EQ(wrong.code, 1);
  CHECK(has(wrong.err, "val/loss"));
}

LATHE_TEST("the same seed gives the same numbers to the last bit, another seed others") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 200);
  const auto a = train(folder, {"--epochs", "3", "--seed", "4"});
  const auto b = train(folder, {"--epochs", "3", "--seed", "4"});
  const auto c = train(folder, {"--epochs", "3", "--seed", "5"});
  CHECK(a["metrics"] == b["metrics"]);
  CHECK(a["metrics"] != c["metrics"]);
  CHECK(run(folder, {"metrics", "1", "--name", "train/loss"})["points"] ==
        run(folder, {"metrics", "2", "--name", "train/loss"})["points"]);
}

LATHE_TEST("the resolved spec of a run trains the same run again") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 200);
  const auto first = train(folder, {"--epochs", "2"});
  const auto spec = latheCli(folder.path(), {"runs", "show", "1", "--spec"});
  CHECK_EQ(spec.code, 0);
  CHECK(Json::parse(spec.out, nullptr, false).is_object());
  write(folder / "s.json", spec.out);
  const auto again = run(folder, {"train", "s.json"});
  CHECK(first["metrics"] == again["metrics"]);
  const auto shown = run(folder, {"runs", "show", "2"});
  CHECK(shown["spec"] == run(folder, {"runs", "show", "1", "--spec"})["spec"]);
}

LATHE_TEST("runs list, show, compare, rm and restore") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 150);
  (void)train(folder, {"--epochs", "1", "--lr", "0.0001", "--name", "small"});
  (void)train(folder, {"--epochs", "6", "--lr", "0.05"});
  const auto list = run(folder, {"runs", "list"});
  REQUIRE(list["runs"].size() == 2);
  CHECK_EQ(list["runs"][0]["run"].get<int>(), 2);
  CHECK_EQ(list["runs"][1]["name"].get<std::string>(), "small");
  for (const auto& each : list["runs"])
    for (const char* key : {"run", "name", "status", "model", "metrics", "seconds", "created"})
      CHECK(each.contains(key));
  const auto created = list["runs"][0]["created"].get<std::string>();
  CHECK(created.size() > 18 && created[10] == 'T' && created.back() == 'Z');

  const auto shown = run(folder, {"runs", "show", "best"});
  REQUIRE(shown["runs"].size() == 1);
  CHECK_EQ(shown["runs"][0]["run"].get<int>(), 2);
  CHECK(shown["spec"].is_object());
  CHECK(!shown["runs"][0]["events"].empty());

  const auto compared = run(folder, {"runs", "compare", "1", "latest"});
  REQUIRE(compared["runs"].size() == 2);
  bool lr = false;
  for (const auto& difference : compared["differences"]) lr = lr || difference["path"] == "training.optimizer.lr";
  CHECK(lr);

  CHECK_EQ(run(folder, {"runs", "rm", "1"})["runs"][0]["run"].get<int>(), 1);
  CHECK_EQ(run(folder, {"runs", "list"})["runs"].size(), 1U);
  CHECK_EQ(latheJson(folder.path(), {"runs", "show", "1"}).code, 1);
  CHECK_EQ(run(folder, {"runs", "restore", "1"})["runs"][0]["run"].get<int>(), 1);
  CHECK_EQ(run(folder, {"runs", "list"})["runs"].size(), 2U);
  CHECK_EQ(latheJson(folder.path(), {"runs", "show", "9"}).code, 1);
}

LATHE_TEST("a completed run is only resumed for more epochs") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 150);
  const auto first = train(folder, {"--epochs", "2", "--lr", "0.001", "--set", "training.schedule.name=constant"});
  const auto refused = latheJson(folder.path(), {"resume", "1"});
  CHECK_EQ(refused.code, 1);
  CHECK_EQ(errorCode(refused), "run.completed");
  CHECK_EQ(latheJson(folder.path(), {"resume", "1", "--epochs", "2"}).code, 1);
  CHECK_EQ(latheJson(folder.path(), {"resume", "1", "--epochs", "x"}).code, 2);
  const auto more = run(folder, {"resume", "1", "--epochs", "4"});
  CHECK_EQ(more["status"].get<std::string>(), "completed");
  CHECK_EQ(more["epochs"].get<int>(), 4);
  CHECK_EQ(more["steps"].get<int>(), 2 * first["steps"].get<int>());

  // Bit for bit what one training of four epochs gives.
  (void)train(folder, {"--epochs", "4", "--lr", "0.001", "--set", "training.schedule.name=constant"});
  CHECK(run(folder, {"metrics", "1", "--name", "train/loss"})["points"] ==
        run(folder, {"metrics", "2", "--name", "train/loss"})["points"]);
}

LATHE_TEST("roles and splits come from flags") {
  const TempFolder folder;
  std::string text = "a,who,y\n";
  for (int i = 0; i < 120; ++i)
    text += std::to_string(i % 7) + ",p" + std::to_string(i / 4) + "," + std::to_string(i % 7 * 2.5) + "\n";
  write(folder / "d.csv", text);
  const auto grouped = run(folder, {"spec", "show", "--data", "d.csv", "--group", "who"});
  CHECK_EQ(grouped["spec"]["data"]["split"]["method"].get<std::string>(), "group");
  CHECK_EQ(grouped["spec"]["data"]["roles"]["who"].get<std::string>(), "group");
  write(folder / "t.csv", "a,who,y\n1,p1,2.5\n2,p2,5\n3,p1,7.5\n");
  const auto tested = train(folder, {"--test", "t.csv", "--epochs", "2"});
  CHECK(tested["metrics"].contains("test/rmse"));
}

LATHE_TEST("warnings keep their code and say what to do") {
  const TempFolder folder;
  std::string text = "a,same,y\n";
  for (int i = 0; i < 90; ++i) text += std::to_string(i % 11) + ",1," + (i % 11 > 5 ? "up" : "down") + "\n";
  write(folder / "d.csv", text);
  const auto json = train(folder, {"--target", "y", "--epochs", "1"});
  REQUIRE(json.contains("warnings") && !json["warnings"].empty());
  bool constant = false;
  for (const auto& warning : json["warnings"]) {
    CHECK(has(warning["code"].get<std::string>(), "data."));
    CHECK(!warning["message"].get<std::string>().empty());
    if (has(warning["message"].get<std::string>(), "same")) constant = !warning["hint"].get<std::string>().empty();
  }
  CHECK(constant);
  const auto shown = run(folder, {"runs", "show", "1"});
  for (const auto& event : shown["runs"][0]["events"]) {
    CHECK(event.contains("code") && event.contains("hint"));
    if (event["kind"] == "warning") CHECK(!event["code"].get<std::string>().empty());
  }
}

LATHE_TEST("a reader that has seen enough ends a command quietly") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 90);
  (void)train(folder, {"--epochs", "1"});
  const std::string cli = LATHE_CLI;
  // The reader closes its end before the command begins to write.
  const auto result =
      program(folder.path(), {"bash", "-c",
                              "{ sleep 0.2; while [ ! -e closed ]; do sleep 0.05; done; '" + cli +
                                  "' runs list; echo $? > code; } | { exec < /dev/null; touch closed; }"});
  CHECK_EQ(result.code, 0);
  CHECK_EQ(result.err, std::string());
  CHECK_EQ(read(folder / "code"), std::string("141\n"));
}
