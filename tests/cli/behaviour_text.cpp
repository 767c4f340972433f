// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <sstream>

#include "core/base/random.h"
#include "core/spec/text_codes.h"
#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/testing.h"

// Columns of text, from a CSV to predictions of an exported model.
using namespace lathe::tests;

namespace {

/// Nothing to be found by trying.
const Args plainly{"--optimizer", "adamw", "--lr", "0.003"};

std::string word(lathe::Random& random) {
  std::string text;
  const auto letters = 3 + random.below(5);
  for (std::uint64_t i = 0; i < letters; ++i) text += static_cast<char>('a' + random.below(26));
  return text;
}

/// x says nothing; one word of the remark, anywhere in it, says the class.
void writeRemarks(const std::filesystem::path& file, int rows, unsigned seed = 1) {
  lathe::Random random(seed, "remarks");
  static const std::array<const char*, 2> telling{"excellent", "dreadful"};
  std::string text = "x,remark,kind\n";
  for (int i = 0; i < rows; ++i) {
    const auto kind = random.below(2);
    const auto place = random.below(5);
    std::string remark;
    for (std::uint64_t w = 0; w < 5; ++w)
      remark += (w == place ? std::string(telling[kind]) : word(random)) + (w == 2 ? ", \"\"so\"\" " : " ");
    text += fmt::format("{:.3f},\"{}\n{}\",{}\n", random.normal(), remark, i % 7 == 0 ? "\xf0\x9f\x98\x80" : "",
                        kind == 0 ? "good" : "bad");
  }
  write(file, text);
}

}  // namespace

LATHE_TEST("text: data inspect says that a column of remarks is used") {
  const TempFolder folder;
  writeRemarks(folder / "d.csv", 200);
  const auto seen = run(folder, {"data", "inspect", "d.csv"});
  CHECK_EQ(seen["columns"][1]["kind"].get<std::string>(), std::string("text"));
  CHECK_EQ(seen["columns"][1]["role"].get<std::string>(), std::string("feature"));
}

LATHE_TEST("text: train, evaluate, export, verify and predict new rows by their words alone") {
  const TempFolder folder;
  writeRemarks(folder / "d.csv", 1500);
  writeRemarks(folder / "new.csv", 300, 2);
  const Args train{"train", "--data", "d.csv", "--target", "kind", "--epochs", "12"};
  const auto result = latheJson(folder.path(), joined(train, plainly));
  CHECK_EQ(result.code, 0);
  const auto trained = result.json();
  CHECK(trained["metrics"]["test/accuracy"].get<double>() > 0.95);
  CHECK(has(result.err, "The text of remark is read as up to"));
  const auto preprocessing = run(folder, {"runs", "show", "latest", "--spec"})["spec"]["data"]["preprocessing"];
  CHECK_EQ(preprocessing["text"].get<std::string>(), std::string("hashed"));
  CHECK_EQ(preprocessing["text_buckets"].get<int>(), 16384);
  const int places = preprocessing["text_codes"].get<int>();
  CHECK(places > 50 && places <= 512);
  CHECK(run(folder, {"evaluate", "1", "--data", "new.csv"})["metrics"]["data/accuracy"].get<double>() > 0.95);

  const auto exported = run(folder, {"export", "1", "--format", "torchscript", "--out", "out"});
  CHECK(exported["parity"]["ok"].get<bool>());
  CHECK(exported["parity"]["max_diff"].get<double>() <= 1e-5);
  CHECK(run(folder, {"verify", "out", "--data", "new.csv"})["parity"]["ok"].get<bool>());
  run(folder, {"predict", "1", "--data", "new.csv", "--out", "a.csv"});
  run(folder, {"predict", "out", "--data", "new.csv", "--out", "b.csv"});
  std::istringstream a(read(folder / "a.csv")), b(read(folder / "b.csv"));
  int same = 0;
  for (std::string x, y; std::getline(a, x) && std::getline(b, y);) same += x.substr(0, 4) == y.substr(0, 4) ? 1 : 0;
  CHECK_EQ(same, 301);

  // Whoever has the file alone finds the rule, the places and rows that follow it.
  const auto manifest = Json::parse(read(folder / "out/lathe-export.json"));
  const auto& features = manifest["schema"]["features"];
  CHECK_EQ(features[1]["name"].get<std::string>(), std::string("remark"));
  CHECK_EQ(features[1]["offset"].get<int>(), 1);
  CHECK_EQ(features[1]["width"].get<int>(), places);
  CHECK_EQ(features[1]["codes"]["rule"].get<std::string>(), std::string("lathe-text-1"));
  CHECK_EQ(features[1]["codes"]["buckets"].get<int>(), 16384);
  CHECK(has(manifest["input"]["text_codes"]["description"].get<std::string>(), "FNV-1a"));
  CHECK_EQ(manifest["input"]["shape"][1].get<int>(), 1 + places);
  const auto& row = manifest["reference_rows"][0];
  CHECK_EQ(static_cast<int>(row.size()), 1 + places);
  CHECK(row[1].get<double>() >= 0);
  CHECK(row[1].get<double>() < 16384);
}

LATHE_TEST("text: without the column there is nothing to learn, and a setting leaves it out") {
  const TempFolder folder;
  writeRemarks(folder / "d.csv", 1500);
  const Args train{
      "train", "--data", "d.csv", "--target", "kind", "--epochs", "4", "--set", "data.preprocessing.text=ignore"};
  const auto trained = run(folder, joined(train, plainly));
  CHECK(std::abs(trained["metrics"]["test/accuracy"].get<double>() - 0.5) < 0.15);
}

LATHE_TEST("text: a run stopped in the middle goes on with the same bits") {
  const TempFolder folder;
  writeRemarks(folder / "d.csv", 900);
  const Args train{"train", "--data", "d.csv", "--target", "kind", "--epochs", "6", "--threads", "1"};
  const auto whole = run(folder, joined(train, plainly));
  const auto shorter = run(folder, joined({"train", "--data", "d.csv", "--target", "kind", "--epochs", "3", "--threads",
                                           "1", "--set", "training.schedule.name=constant"},
                                          plainly));
  const auto longer = run(folder, {"resume", "2", "--epochs", "6"});
  const auto once = run(folder, joined({"train", "--data", "d.csv", "--target", "kind", "--epochs", "6", "--threads",
                                        "1", "--set", "training.schedule.name=constant"},
                                       plainly));
  CHECK_EQ(longer["metrics"]["val/loss"].get<double>(), once["metrics"]["val/loss"].get<double>());
  CHECK(whole["metrics"]["val/loss"].get<double>() > 0);
}

LATHE_TEST("text: windows and anomalies refuse a column of text that is asked for") {
  const TempFolder folder;
  writeRemarks(folder / "d.csv", 200);
  for (const Args& more : {Args{"--window", "4"}, Args{"--task", "anomaly"}}) {
    const auto refused = latheCli(folder.path(), joined({"train", "--data", "d.csv", "--target", "kind", "--epochs",
                                                         "1", "--set", "data.roles.remark=feature"},
                                                        more));
    CHECK_EQ(refused.code, 1);
    CHECK(has(refused.err, "Column remark holds text"));
  }
}
