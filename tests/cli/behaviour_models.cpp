// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/testing.h"

using namespace lathe::tests;

namespace {

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

void trainClasses(const TempFolder& folder) {
  writeClasses(folder / "d.csv", 240);
  (void)run(folder, {"train", "--data", "d.csv", "--epochs", "12", "--lr", "0.05", "--name", "Kinds of 3"});
}

}  // namespace

LATHE_TEST("predict writes one line a row with the class and every probability") {
  const TempFolder folder;
  trainClasses(folder);
  write(folder / "new.csv", "extra,colour,b,a\n1,red,0,0\n2,green,5,4\n3,purple,0,8\n4,,,\n");
  const auto json = run(folder, {"predict", "latest", "--data", "new.csv", "--out", "p.csv"});
  CHECK_EQ(json["rows"].get<int>(), 4);
  CHECK_EQ(json["out"].get<std::string>(), (folder / "p.csv").string());
  const auto rows = lines(read(folder / "p.csv"));
  REQUIRE(rows.size() == 5);
  CHECK(rows[0].rfind("prediction,prob_", 0) == 0);
  CHECK(has(rows[0], "\"prob_z, odd\""));
  CHECK(rows[1].rfind("x,", 0) == 0);
  CHECK(rows[2].rfind("y,", 0) == 0);
  CHECK(rows[3].rfind("\"z, odd\",", 0) == 0);
  double sum = 0;
  std::istringstream cells(rows[1].substr(2));
  for (std::string cell; std::getline(cells, cell, ',');) sum += std::stod(cell);
  CHECK(std::abs(sum - 1) < 1e-5);
  const auto toStdout = latheCli(folder.path(), {"predict", "1", "--data", "new.csv"});
  CHECK_EQ(toStdout.code, 0);
  CHECK_EQ(toStdout.out, read(folder / "p.csv"));
}

LATHE_TEST("a missing column is named, a split that the file does not bring is refused") {
  const TempFolder folder;
  trainClasses(folder);
  write(folder / "new.csv", "a,colour\n1,red\n");
  const auto missing = latheJson(folder.path(), {"predict", "1", "--data", "new.csv", "--out", "p.csv"});
  CHECK_EQ(missing.code, 1);
  CHECK(has(missing.err, "b"));
  CHECK(!std::filesystem::exists(folder / "p.csv"));
  CHECK_EQ(latheJson(folder.path(), {"predict", "1", "--data", "d.csv", "--out", "p.csv", "--split", "test"}).code, 1);
  CHECK_EQ(latheJson(folder.path(), {"predict", "1", "--data", "gone.csv", "--out", "p.csv"}).code, 1);
}

LATHE_TEST("evaluate scores labelled rows of a run") {
  const TempFolder folder;
  trainClasses(folder);
  writeClasses(folder / "more.csv", 90, 2);
  const auto json = run(folder, {"evaluate", "best", "--data", "more.csv"});
  CHECK(json["metrics"]["data/accuracy"].get<double>() > 0.85);
  CHECK(json["metrics"].contains("data/loss"));
  CHECK(has(latheCli(folder.path(), {"evaluate", "1", "--data", "more.csv"}).out, "data/accuracy"));
}

LATHE_TEST("export is verified in a fresh process and predicts the same as the run") {
  const TempFolder folder;
  trainClasses(folder);
  const auto json = run(folder, {"export", "1", "--format", "TorchScript", "--out", "out"});
  REQUIRE(json.contains("files"));
  for (const char* key : {"files", "parity", "bytes"}) CHECK(json.contains(key));
  bool script = false;
  for (const auto& file : json["files"]) {
    for (const char* key : {"path", "format", "bytes", "sha256", "parity"}) CHECK(file.contains(key));
    const std::filesystem::path path = file["path"].get<std::string>();
    CHECK(path.is_absolute());
    CHECK(std::filesystem::exists(path));
    script = script || file["format"] == "torchscript";
  }
  CHECK(script);
  CHECK(json["parity"]["ok"].get<bool>());
  CHECK(json["parity"]["max_diff"].get<double>() <= 1e-5);
  CHECK(json["parity"]["rows"].get<int>() > 0);
  CHECK(!json["parity"]["runtime"].get<std::string>().empty());
  CHECK(std::filesystem::exists(folder / "out" / "lathe-export.json"));

  const auto byRun = latheCli(folder.path(), {"predict", "1", "--data", "d.csv"});
  const auto byExport = latheCli(folder.path(), {"predict", "out", "--data", "d.csv"});
  CHECK_EQ(byExport.code, 0);
  const auto a = lines(byRun.out);
  const auto b = lines(byExport.out);
  REQUIRE(a.size() == b.size());
  CHECK_EQ(a[0], b[0]);
  const std::filesystem::path file = json["files"][0]["path"].get<std::string>();
  CHECK_EQ(latheCli(folder.path(), {"predict", file.string(), "--data", "d.csv"}).out, byExport.out);
  CHECK(run(folder, {"evaluate", "./out", "--data", "d.csv"})["metrics"]["data/accuracy"].get<double>() > 0.85);
}

LATHE_TEST("verify compares again, with and without the project") {
  const TempFolder folder;
  trainClasses(folder);
  (void)run(folder, {"export", "1", "--out", "out"});
  const auto here = run(folder, {"verify", "out", "--data", "d.csv"});
  for (const char* key : {"runtime", "independent", "rows", "max_diff", "ok"}) CHECK(here["parity"].contains(key));
  CHECK(here["parity"]["ok"].get<bool>());
  const TempFolder elsewhere;
  std::filesystem::copy(folder / "out", elsewhere / "out", std::filesystem::copy_options::recursive);
  const auto there = run(elsewhere, {"verify", "out", "--data", (folder / "d.csv").string()});
  CHECK(there["parity"]["ok"].get<bool>());
  CHECK(!std::filesystem::exists(elsewhere / "lathe-project.lathe"));
}

LATHE_TEST("verify exits 4 with the full result when an export predicts something else") {
  const TempFolder folder;
  trainClasses(folder);
  (void)run(folder, {"export", "1", "--out", "out"});
  auto manifest = Json::parse(read(folder / "out" / "lathe-export.json"));
  REQUIRE(!manifest["reference_outputs"].empty());
  for (auto& row : manifest["reference_outputs"]) std::rotate(row.begin(), row.begin() + 1, row.end());
  write(folder / "out" / "lathe-export.json", manifest.dump());
  const auto result = latheJson(folder.path(), {"verify", "out", "--data", "d.csv"});
  CHECK_EQ(result.code, 4);
  REQUIRE(result.json().contains("parity"));
  CHECK(!result.json()["parity"]["ok"].get<bool>());
  CHECK(!result.err.empty());
}

LATHE_TEST("verify says when the file is not the one that was exported") {
  const TempFolder folder;
  trainClasses(folder);
  (void)run(folder, {"export", "1", "--out", "out"});
  CHECK(run(folder, {"verify", "out"})["warnings"].empty());
  auto manifest = Json::parse(read(folder / "out" / "lathe-export.json"));
  manifest["files"][0]["sha256"] = std::string(64, 'a');
  write(folder / "out" / "lathe-export.json", manifest.dump());
  const auto result = latheJson(folder.path(), {"verify", "out"});
  CHECK_EQ(result.code, 0);
  REQUIRE(result.json()["warnings"].size() == 1);
  CHECK_EQ(result.json()["warnings"][0]["code"].get<std::string>(), "export.changed");
}

LATHE_TEST("two names in one export folder are both verified") {
  const TempFolder folder;
  trainClasses(folder);
  (void)run(folder, {"export", "1", "--out", "out", "--name", "first"});
  (void)run(folder, {"export", "1", "--out", "out", "--name", "second"});
  for (const char* what : {"out", "out/first.pt", "out/second.pt"})
    CHECK(run(folder, {"verify", what})["parity"]["ok"].get<bool>());
}

LATHE_TEST("numbers are predicted in the target's unit") {
  const TempFolder folder;
  writeNumbers(folder / "d.csv", 300);
  (void)run(folder, {"train", "--data", "d.csv", "--epochs", "40", "--lr", "0.02"});
  write(folder / "new.csv", "a,b\n0,0\n1,0\n");
  const auto rows = lines(latheCli(folder.path(), {"predict", "1", "--data", "new.csv"}).out);
  REQUIRE(rows.size() == 3);
  CHECK_EQ(rows[0], std::string("prediction"));
  CHECK(std::abs(std::stod(rows[1]) - 100) < 15);
  CHECK(std::abs(std::stod(rows[2]) - 130) < 20);
}
