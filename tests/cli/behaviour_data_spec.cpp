// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>

#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/testing.h"

using namespace lathe::tests;

LATHE_TEST("data inspect says rows, columns, task and warnings") {
  const TempFolder folder;
  write(folder / "d.csv",
        "a,b,flag,when,label\n1,0.5,true,2024-01-01,no\n2,,false,2024-01-02,yes\n3,1.5,true,2024-01-03,no\n"
        "4,2.5,false,2024-01-04,yes\n5,0.1,true,2024-01-05,no\n6,0.2,true,2024-01-06,yes\n");
  const auto result = latheJson(folder.path(), {"data", "inspect", "d.csv"});
  CHECK_EQ(result.code, 0);
  const auto json = result.json();
  REQUIRE(json.is_object());
  CHECK_EQ(json["rows"].get<int>(), 6);
  CHECK_EQ(json["task"].get<std::string>(), "classification");
  CHECK_EQ(json["path"].get<std::string>(), (folder / "d.csv").string());
  CHECK(json["warnings"].is_array());
  REQUIRE(json["columns"].size() == 5);
  for (const auto& column : json["columns"])
    for (const char* key : {"name", "kind", "role", "missing", "distinct", "min", "max", "mean"})
      CHECK(column.contains(key));
  CHECK_EQ(json["columns"][0]["kind"].get<std::string>(), "integer");
  CHECK_EQ(json["columns"][1]["kind"].get<std::string>(), "real");
  CHECK_EQ(json["columns"][1]["missing"].get<int>(), 1);
  CHECK_EQ(json["columns"][2]["kind"].get<std::string>(), "boolean");
  CHECK_EQ(json["columns"][3]["kind"].get<std::string>(), "datetime");
  CHECK_EQ(json["columns"][4]["role"].get<std::string>(), "target");
  CHECK(json["columns"][4]["min"].is_null());
  CHECK(std::abs(json["columns"][0]["mean"].get<double>() - 3.5) < 1e-12);
  CHECK(has(latheCli(folder.path(), {"data", "inspect", "d.csv"}).out, "label"));
}

LATHE_TEST("kinds and roles can be overridden, a dotted column in quotes") {
  const TempFolder folder;
  write(folder / "d.csv", "a.b,c,y\n1,2,3.5\n2,1,4.5\n3,5,5.25\n4,2,1.5\n5,9,2.5\n6,7,0.5\n");
  const auto json = latheJson(folder.path(), {"data", "inspect", "d.csv", "--set", "data.roles.\"a.b\"=ignore", "--set",
                                              "data.kinds.c=category"})
                        .json();
  REQUIRE(json.is_object() && json.contains("columns"));
  CHECK_EQ(json["columns"][0]["role"].get<std::string>(), "ignore");
  CHECK_EQ(json["columns"][1]["kind"].get<std::string>(), "category");
}

LATHE_TEST("spec new writes a file that validate and train take") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 90);
  const auto made = latheJson(folder.path(), {"spec", "new", "--data", "d.csv", "--target", "kind", "--epochs", "3",
                                              "--lr", "0.05", "--out", "s.json"});
  CHECK_EQ(made.code, 0);
  CHECK(made.json()["errors"].empty());
  CHECK_EQ(made.json()["spec"]["training"]["epochs"].get<int>(), 3);
  const auto checked = latheJson(folder.path(), {"spec", "validate", "s.json"});
  CHECK_EQ(checked.code, 0);
  CHECK(checked.json()["errors"].empty());
  const auto trained = latheJson(folder.path(), {"train", "s.json"});
  CHECK_EQ(trained.code, 0);
  CHECK_EQ(trained.json()["epochs"].get<int>(), 3);
}

LATHE_TEST("defaults < SPEC < flags < --set") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 90);
  write(folder / "s.json",
        R"({"data": {"path": "d.csv"}, "training": {"epochs": 4, "batch_size": 8, "optimizer": {"lr": 0.5}}})");
  const auto spec = [&](Args more) {
    Args args{"spec", "new", "s.json"};
    args.insert(args.end(), more.begin(), more.end());
    return latheJson(folder.path(), args).json()["spec"];
  };
  CHECK_EQ(spec({})["training"]["epochs"].get<int>(), 4);
  CHECK_EQ(spec({"--epochs", "5"})["training"]["epochs"].get<int>(), 5);
  const auto all = spec({"--epochs", "5", "--set", "training.epochs=6", "--set=training.optimizer.lr=3e-4"});
  CHECK_EQ(all["training"]["epochs"].get<int>(), 6);
  CHECK_EQ(all["training"]["batch_size"].get<int>(), 8);
  CHECK_EQ(all["training"]["optimizer"]["lr"].get<double>(), 3e-4);
  CHECK_EQ(all["data"]["path"].get<std::string>(), (folder / "d.csv").string());
  CHECK_EQ(spec({"--seed", "7"})["training"]["seed"].get<int>(), 7);
}

LATHE_TEST("a SPEC finds its data beside itself") {
  const TempFolder folder;
  std::filesystem::create_directories(folder / "elsewhere");
  writeClasses(folder / "elsewhere" / "d.csv", 90);
  write(folder / "elsewhere" / "s.json", R"({"data": {"path": "d.csv"}, "training": {"epochs": 1}})");
  CHECK_EQ(latheJson(folder.path(), {"train", "elsewhere/s.json"}).code, 0);
}

LATHE_TEST("a faulty SPEC is told field by field") {
  const TempFolder folder;
  write(folder / "s.json", R"({"training": {"epoch": 4}})");
  const auto result = latheJson(folder.path(), {"spec", "validate", "s.json"});
  CHECK_EQ(result.code, 1);
  const auto json = result.json();
  REQUIRE(json.contains("errors"));
  CHECK_EQ(json["errors"].size(), 1U);
  CHECK(has(result.err, "training.epochs") || has(result.err, "epochs"));
  write(folder / "t.json", "{\"training\": ");
  CHECK_EQ(latheJson(folder.path(), {"train", "t.json"}).code, 1);
  CHECK_EQ(latheJson(folder.path(), {"spec", "validate", "missing.json"}).code, 1);
}

LATHE_TEST("spec show and train --dry-run resolve everything and write nothing") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 120);
  const auto shown = latheJson(folder.path(), {"spec", "show", "--data", "d.csv"});
  CHECK_EQ(shown.code, 0);
  const auto spec = shown.json()["spec"];
  CHECK(spec["training"]["batch_size"].get<int>() > 0);
  CHECK(spec["training"]["threads"].get<int>() > 0);
  CHECK_EQ(spec["data"]["target"].get<std::string>(), "kind");
  CHECK(!spec["model"]["layers"].empty() || !spec["model"]["graph"].empty());
  const auto dry = latheJson(folder.path(), {"train", "--data", "d.csv", "--set", "model.hidden=[8,4]", "--dry-run"});
  CHECK_EQ(dry.code, 0);
  const auto json = dry.json();
  REQUIRE(json.is_object());
  for (const char* key : {"spec", "errors", "layers", "parameters", "memory"}) CHECK(json.contains(key));
  CHECK(json["parameters"].get<int>() > 0);
  CHECK(json["memory"]["bytes"].get<double>() > 0);
  bool eight = false;
  for (const auto& layer : json["layers"]) eight = eight || layer["output"] == Json::array({8});
  CHECK(eight);
  CHECK(!std::filesystem::exists(folder / "lathe-project.lathe"));
  CHECK(has(latheCli(folder.path(), {"train", "--data", "d.csv", "--dry-run"}).out, "parameters"));
}

LATHE_TEST("a model whose shapes do not fit is refused with the layer's name") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 90);
  const auto spec = latheJson(folder.path(), {"spec", "show", "--data", "d.csv"}).json()["spec"];
  auto broken = spec;
  broken["model"]["template"] = "custom";
  auto& layers = broken["model"].contains("layers") ? broken["model"]["layers"] : broken["model"]["graph"]["layers"];
  REQUIRE(layers.is_array() && !layers.empty());
  layers.insert(layers.begin(), Json{{"name", "pool9"}, {"kind", "maxpool2d"}});
  write(folder / "s.json", broken.dump());
  const auto result = latheJson(folder.path(), {"train", "s.json"});
  CHECK_EQ(result.code, 1);
  CHECK(has(result.err, "pool9"));
  const auto checked = latheJson(folder.path(), {"spec", "validate", "s.json"});
  CHECK_EQ(checked.code, 1);
  CHECK(has(checked.json()["errors"][0]["message"].get<std::string>(), "pool9"));
}
