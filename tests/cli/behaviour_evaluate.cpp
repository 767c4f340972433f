// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <sstream>

#include "core/base/random.h"
#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/testing.h"

// evaluate and what is said about rows: what a run measured of itself is measured again from its files.
using namespace lathe::tests;

namespace {

/// Two overlapping, uneven classes and a column of weights.
void writeWeighted(const std::filesystem::path& file, int rows, unsigned seed) {
  lathe::Random random(seed, "weighted");
  std::string text = "a,b,w,kind\n";
  for (int i = 0; i < rows; ++i) {
    const bool rare = i % 5 == 0;
    text += fmt::format("{:.4f},{:.4f},{},{}\n", (rare ? 1.5 : 0.0) + random.normal(), random.normal(),
                        1 + static_cast<int>(random.below(4)), rare ? "rare" : "common");
  }
  write(file, text);
}

/// Every test/ metric of the run is the data/ metric of its test rows, by the run and by its export alone.
void checkAgainstTest(const TempFolder& folder, const Json& trained) {
  (void)run(folder, {"export", "1", "--out", "out", "--name", "m"});
  const TempFolder elsewhere;
  std::filesystem::copy_file(folder / "out" / "m.pt", elsewhere / "m.pt");
  const auto byRun = run(folder, {"evaluate", "1", "--data", "test.csv"});
  const auto byFile = run(elsewhere, {"evaluate", "m.pt", "--data", (folder / "test.csv").string()});
  CHECK_EQ(byRun["rows"].get<int>(), 90);
  int compared = 0;
  for (const auto& [name, value] : trained["metrics"].items()) {
    if (name.rfind("test/", 0) != 0) continue;
    const auto metric = "data/" + name.substr(5);
    REQUIRE(byRun["metrics"].contains(metric));
    const double expected = value.get<double>();
    for (const auto& given : {byRun, byFile})
      CHECK(std::abs(given["metrics"][metric].get<double>() - expected) <= 1e-5 * std::max(1.0, std::abs(expected)));
    ++compared;
  }
  CHECK_EQ(static_cast<std::size_t>(compared), byRun["metrics"].size());
}

}  // namespace

LATHE_TEST("evaluating a run's test rows gives its test metrics again, weights, class weights and smoothing included") {
  const TempFolder folder;
  writeWeighted(folder / "d.csv", 300, 1);
  writeWeighted(folder / "test.csv", 90, 2);
  const auto trained =
      run(folder, {"train", "--data", "d.csv", "--test", "test.csv", "--weight", "w", "--target", "kind", "--epochs",
                   "4", "--set", "training.loss.class_weights=true", "--set", "training.loss.label_smoothing=0.1"});
  checkAgainstTest(folder, trained);
  // Without the column the rows count the same, and that is said.
  write(folder / "plain.csv", "a,b,kind\n0,0,common\n2,0,rare\n");
  const auto plain = run(folder, {"evaluate", "1", "--data", "plain.csv"});
  REQUIRE(plain["warnings"].size() == 1);
  CHECK_EQ(plain["warnings"][0]["code"].get<std::string>(), "data.no_weights");
}

LATHE_TEST("evaluating a regression measures the loss it was trained with") {
  const TempFolder folder;
  writeNumbers(folder / "d.csv", 300, 1);
  writeNumbers(folder / "test.csv", 90, 2);
  const auto trained = run(folder, {"train", "--data", "d.csv", "--test", "test.csv", "--epochs", "4", "--set",
                                    "training.loss.name=huber", "--set", "training.loss.huber_delta=0.3"});
  checkAgainstTest(folder, trained);
}

LATHE_TEST("evaluate says which rows it left out") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 240);
  (void)run(folder, {"train", "--data", "d.csv", "--epochs", "2"});
  write(folder / "new.csv", "a,b,colour,kind\n0,0,red,x\n4,5,green,y\n0,0,red,stranger\n4,5,green,\n");
  const auto result = run(folder, {"evaluate", "1", "--data", "new.csv"});
  CHECK_EQ(result["rows"].get<int>(), 2);
  REQUIRE(result["warnings"].size() == 1);
  CHECK_EQ(result["warnings"][0]["code"].get<std::string>(), "data.unlabelled_rows");
  CHECK(has(result["warnings"][0]["message"].get<std::string>(), "2 of 4 rows"));
  CHECK(has(latheCli(folder.path(), {"help", "evaluate"}).out, "test/loss"));
}

LATHE_TEST("predict says which values it could not use, and predicts the rows all the same") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 240);
  (void)run(folder, {"train", "--data", "d.csv", "--epochs", "2"});
  write(folder / "new.csv", "a,b,colour\n1,abc,red\n2,,violet\n3,1e300,violet\n4,4,\n");
  const auto result = run(folder, {"predict", "1", "--data", "new.csv", "--out", "p.csv"});
  CHECK_EQ(result["rows"].get<int>(), 4);
  REQUIRE(result["warnings"].size() == 2);
  for (const auto& warning : result["warnings"])
    for (const char* key : {"code", "message", "hint"}) CHECK(!warning[key].get<std::string>().empty());
  CHECK_EQ(result["warnings"][0]["code"].get<std::string>(), "data.unreadable_values");
  CHECK(has(result["warnings"][0]["message"].get<std::string>(), "in 2 rows, first \"abc\" in row 1"));
  CHECK_EQ(result["warnings"][1]["code"].get<std::string>(), "data.unseen_values");
  CHECK(has(result["warnings"][1]["message"].get<std::string>(), "in 2 rows, first \"violet\" in row 2"));
  const auto plain = latheCli(folder.path(), {"predict", "1", "--data", "new.csv"});
  CHECK_EQ(plain.out, read(folder / "p.csv"));
  CHECK(has(plain.err, "warning: Column b"));
}
