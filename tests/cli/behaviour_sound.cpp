// SPDX-License-Identifier: GPL-3.0-or-later
// Folders of clips of sound, from data inspect to predictions and exports.
#include <sstream>

#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/sound.h"
#include "tests/support/testing.h"

using namespace lathe::tests;

LATHE_TEST("sound: inspect, train, predict a folder without classes, evaluate, export and verify") {
  const TempFolder folder;
  writeToneFolder(folder / "clips", 30);
  const auto seen = run(folder, {"data", "inspect", "clips"});
  CHECK_EQ(seen["rows"].get<int>(), 60);
  CHECK_EQ(seen["columns"][0]["kind"].get<std::string>(), "audio");
  CHECK_EQ(seen["sample_rate"].get<int>(), 8000);
  CHECK(seen["clip_seconds"].get<double>() > 0.4);
  CHECK_EQ(seen["task"].get<std::string>(), "classification");

  const auto trained = run(folder, {"train", "--data", "clips", "--epochs", "12", "--batch-size", "8", "--lr", "0.01"});
  CHECK_EQ(trained["model"].get<std::string>(), "cnn");
  CHECK(trained["metrics"]["val/accuracy"].get<double>() > 0.85);
  const auto kept = run(folder, {"runs", "show", "1", "--spec"})["spec"]["data"]["preprocessing"];
  CHECK_EQ(kept["sample_rate"].get<int>(), 8000);
  CHECK_EQ(kept["clip_seconds"].get<double>(), seen["clip_seconds"].get<double>());

  writeWav(folder / "new/a.wav", {tone(350, 16000, 0.45)}, 16000);
  writeWav(folder / "new/b.wav", {tone(1700, 8000, 0.45), tone(1700, 8000, 0.45)}, 8000);
  run(folder, {"predict", "1", "--data", "new", "--out", "p.csv"});
  std::istringstream lines(read(folder / "p.csv"));
  std::vector<std::string> rows;
  for (std::string line; std::getline(lines, line);) rows.push_back(line);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].rfind("prediction,prob_high,prob_low", 0) == 0);
  CHECK(rows[1].rfind("low,", 0) == 0);
  CHECK(rows[2].rfind("high,", 0) == 0);
  writeToneFolder(folder / "more", 10, 9);
  CHECK(run(folder, {"evaluate", "1", "--data", "more"})["metrics"]["data/accuracy"].get<double>() > 0.85);

  const auto exported = run(folder, {"export", "1", "--format", "torchscript", "--out", "out", "--name", "tones"});
  CHECK(exported["parity"]["ok"].get<bool>());
  run(folder, {"predict", "out", "--data", "new", "--out", "q.csv"});
  CHECK_EQ(read(folder / "q.csv").substr(0, 40), read(folder / "p.csv").substr(0, 40));
  CHECK(run(folder, {"verify", "out", "--data", "more"})["parity"]["ok"].get<bool>());

  const auto planned = run(folder, {"train", "--data", "clips", "--dry-run"});
  CHECK(planned["memory"]["bytes"].get<double>() > 60 * 64 * 40 * 4);
  const auto resumed = run(folder, {"resume", "1", "--epochs", "13"});
  CHECK_EQ(resumed["epochs"].get<int>(), 13);

  write(folder / "table.csv", "a,b\n1,x\n2,y\n");
  const auto refused = latheJson(folder.path(), {"predict", "1", "--data", "table.csv", "--out", "r.csv"});
  CHECK_EQ(refused.code, 1);
  CHECK(!refused.err.empty());
  std::filesystem::create_directories(folder / "silent");
  write(folder / "silent/a.wav", "RIFF");
  const auto damaged = latheJson(folder.path(), {"train", "--data", "silent"});
  CHECK_EQ(damaged.code, 1);
  CHECK_EQ(damaged.json()["error"]["code"].get<std::string>(), "data.no_audio");
  write(folder / "clips/low/cover.png", "an image by its name");
  const auto mixed = latheJson(folder.path(), {"data", "inspect", "clips"});
  CHECK_EQ(mixed.code, 1);
  CHECK_EQ(mixed.json()["error"]["code"].get<std::string>(), "data.mixed_folder");
}

LATHE_TEST("sound: sample rate and clip length follow the spec, sequence templates read it column by column") {
  const TempFolder folder;
  writeToneFolder(folder / "clips", 12);
  const auto trained = run(folder, {"train", "--data", "clips", "--model", "gru", "--epochs", "1", "--set",
                                    "data.preprocessing.sample_rate=4000", "--set",
                                    "data.preprocessing.clip_seconds=0.25", "--set", "model.hidden=8"});
  CHECK_EQ(trained["status"].get<std::string>(), "completed");
  const auto spec = run(folder, {"runs", "show", "1", "--spec"})["spec"];
  CHECK_EQ(spec["data"]["preprocessing"]["sample_rate"].get<int>(), 4000);
  CHECK_EQ(spec["data"]["preprocessing"]["clip_seconds"].get<double>(), 0.25);
  CHECK_EQ(spec["model"]["layers"].at(0).at("kind").get<std::string>(), "log_mel");
}
