// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numbers>
#include <numeric>
#include <sstream>

#include "core/base/random.h"
#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/testing.h"

// Time series, from train to the columns of predict and the exported file.
using namespace lathe::tests;

namespace {

/// Nothing to be found by trying.
const Args plainly{"--optimizer", "adamw", "--lr", "0.001"};

using Lines = std::vector<std::vector<std::string>>;

Lines csv(const std::string& text) {
  Lines lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) lines.back().push_back(cell);
  }
  return lines;
}

double wave(int i) { return 50 + 10 * std::sin(2 * std::numbers::pi * i / 24); }

/// hour, load: a sine with noise.
void writeWave(const std::filesystem::path& file, int rows, int first = 0, double noise = 1) {
  lathe::Random random(9, "wave");
  std::string text = "hour,load\n";
  for (int i = first; i < first + rows; ++i) text += fmt::format("{},{:.4f}\n", i, wave(i) + noise * random.normal());
  write(file, text);
}

std::string baselineOf(const std::string& err, const std::string& split) {
  std::istringstream stream(err);
  for (std::string line; std::getline(stream, line);)
    if (line.rfind(split + ": rmse", 0) == 0) return line;
  return {};
}

double numberBehind(const std::string& line, const std::string& word) {
  const auto at = line.find(word);
  return at == std::string::npos ? std::nan("") : std::stod(line.substr(at + word.size()));
}

}  // namespace

LATHE_TEST("a forecast: train --window --horizon beats the last value, and is exported as [N, W, F] to [N, H, T]") {
  const TempFolder folder;
  writeWave(folder / "d.csv", 1500);
  const Args args{"train",    "--data", "d.csv",     "--target", "load",     "--time", "hour",
                  "--window", "24",     "--horizon", "6",        "--epochs", "15"};
  const auto result = latheJson(folder.path(), joined(args, plainly));
  CHECK_EQ(result.code, 0);
  const auto trained = result.json();
  // The noise alone has 1; a quarter of a wave ahead is 10 high.
  CHECK(trained["metrics"]["test/rmse"].get<double>() < 1.5);
  CHECK_EQ(trained["model"].get<std::string>(), std::string("conv1d"));
  const auto line = baselineOf(result.err, "Test");
  const double naive = numberBehind(line, "last value has ");
  CHECK(naive > 5);
  CHECK(std::abs(numberBehind(line, "rmse ") - trained["metrics"]["test/rmse"].get<double>()) < 1e-3);
  const auto spec = run(folder, {"runs", "show", "latest", "--spec"})["spec"]["data"];
  CHECK_EQ(spec["task"].get<std::string>(), std::string("forecast"));
  CHECK_EQ(spec["window"].get<int>(), 24);
  CHECK_EQ(spec["horizon"].get<int>(), 6);
  CHECK_EQ(spec["split"]["method"].get<std::string>(), std::string("time"));

  const auto exported = run(folder, {"export", "latest", "--out", "out", "--name", "m"});
  CHECK(exported["parity"]["ok"].get<bool>());
  const auto manifest = Json::parse(read(folder / "out" / "lathe-export.json"));
  CHECK_EQ(manifest["input"]["shape"].dump(), std::string("[\"N\",24,1]"));
  CHECK_EQ(manifest["output"]["shape"].dump(), std::string("[\"N\",6,1]"));
  CHECK_EQ(manifest["schema"]["kind"].get<std::string>(), std::string("sequence"));

  // New rows: each that has 24 rows up to it gets a line of six values, the last one looks into the future.
  writeWave(folder / "new.csv", 60, 1500, 0);
  const auto verified = run(folder, {"verify", "out", "--data", "new.csv"});
  CHECK(verified["parity"]["ok"].get<bool>());
  CHECK_EQ(verified["parity"]["rows"].get<int>(), 60 - 23);
  const TempFolder elsewhere;
  std::filesystem::copy_file(folder / "out" / "m.pt", elsewhere / "m.pt");
  const auto predicted = latheCli(elsewhere.path(), {"predict", "m.pt", "--data", (folder / "new.csv").string()});
  CHECK_EQ(predicted.code, 0);
  CHECK(has(predicted.err, "23 rows have no prediction"));
  std::istringstream stream(predicted.out);
  std::vector<std::string> lines;
  for (std::string each; std::getline(stream, each);) lines.push_back(each);
  REQUIRE(lines.size() == 61);
  CHECK_EQ(lines[0], std::string("prediction_load_h1,prediction_load_h2,prediction_load_h3,prediction_load_h4,"
                                 "prediction_load_h5,prediction_load_h6"));
  CHECK_EQ(lines[1], std::string(",,,,,"));
  CHECK_EQ(lines[23], std::string(",,,,,"));
  for (const int row : {23, 40, 59}) {
    const auto values = csv(lines[static_cast<std::size_t>(row) + 1]).front();
    REQUIRE(values.size() == 6);
    for (int h = 1; h <= 6; ++h)
      CHECK(std::abs(std::stod(values[static_cast<std::size_t>(h) - 1]) - wave(1500 + row + h)) < 2.5);
  }
  const auto byRun = latheCli(folder.path(), {"predict", "latest", "--data", "new.csv"});
  CHECK_EQ(csv(byRun.out).size(), lines.size());
  const auto scored = run(folder, {"evaluate", "latest", "--data", "new.csv"});
  CHECK_EQ(scored["rows"].get<int>(), 60 - 23 - 6);
  CHECK(scored["metrics"]["data/rmse"].get<double>() < 1.5);
  CHECK(scored["warnings"].empty());
  const auto refused = latheCli(folder.path(), {"predict", "latest", "--data", "short.csv"});
  CHECK_EQ(refused.code, 1);
}

LATHE_TEST("a class of a window: what only the rows before tell") {
  const TempFolder folder;
  lathe::Random random(4, "windows");
  std::string text = "x,label\n";
  std::vector<double> x;
  // Whether x rose over the last eight rows; the last row alone says nothing of it.
  for (int i = 0; i < 1600; ++i) {
    x.push_back(random.normal());
    const double before = i >= 8 ? x[static_cast<std::size_t>(i) - 7] : 0;
    text += fmt::format("{:.4f},{}\n", x.back(), before > 0 ? "up" : "down");
  }
  write(folder / "d.csv", text);
  for (const char* model : {"conv1d", "gru"}) {
    const auto trained = run(folder, {"train", "--data", "d.csv", "--target", "label", "--window", "8", "--model",
                                      model, "--epochs", "20", "--optimizer", "adamw", "--lr", "0.005"});
    CHECK(trained["metrics"]["test/accuracy"].get<double>() > 0.9);
  }
  const auto alone = run(folder, joined({"train", "--data", "d.csv", "--target", "label", "--epochs", "10"}, plainly));
  CHECK(alone["metrics"]["test/accuracy"].get<double>() < 0.65);
  const auto exported = run(folder, {"export", "2", "--out", "out", "--name", "m"});
  CHECK(exported["parity"]["ok"].get<bool>());
  const auto table = csv(latheCli(folder.path(), {"predict", "out", "--data", "d.csv"}).out);
  CHECK((table.front() == std::vector<std::string>{"prediction", "prob_down", "prob_up"}));
}

LATHE_TEST("two series in one file: --group tells them apart, --time orders both, in whatever order they stand") {
  const TempFolder folder;
  lathe::Random random(5, "series");
  std::vector<std::string> rows;
  for (int i = 0; i < 700; ++i) {
    const double noise = random.normal();
    rows.push_back(fmt::format("2024-01-{:02}T{:02}:{:02}:00,north,{:.3f}\n", i / 96 % 28 + 1, i / 4 % 24, i % 4 * 15,
                               100 + 20 * std::sin(i * 0.4) + noise));
    rows.push_back(fmt::format("2024-01-{:02}T{:02}:{:02}:00,south,{:.3f}\n", i / 96 % 28 + 1, i / 4 % 24, i % 4 * 15,
                               -5 + 20 * std::cos(i * 0.4) + noise));
  }
  std::vector<std::uint32_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0U);
  random.shuffle(order);
  std::string text = "when,place,value\n";
  for (const auto row : order) text += rows[row];
  write(folder / "d.csv", text);
  const Args args{"train",    "--data", "d.csv",     "--target", "value",    "--time", "when", "--group", "place",
                  "--window", "16",     "--horizon", "4",        "--epochs", "20",     "--lr", "0.003"};
  for (const char* model : {"gru", "mlp"}) {
    const auto result = latheJson(folder.path(), joined(args, {"--model", model}));
    CHECK_EQ(result.code, 0);
    const double naive = numberBehind(baselineOf(result.err, "Validation"), "last value has ");
    CHECK(naive > 10);
    CHECK(result.json()["metrics"]["val/rmse"].get<double>() < 0.4 * naive);
  }
  // Rows of one series alone are enough to predict on.
  const auto predicted = csv(latheCli(folder.path(), {"predict", "latest", "--data", "d.csv"}).out);
  const auto empty = std::count_if(predicted.begin(), predicted.end(),
                                   [](const auto& line) { return line.empty() || line[0].empty(); });
  CHECK_EQ(empty, 30);  // the first 15 of each
  // Without windows the two flags contradict each other.
  const auto both = latheCli(folder.path(), {"train", "--data", "d.csv", "--group", "place", "--time", "when"});
  CHECK_EQ(both.code, 2);
}

LATHE_TEST("a forecast resumed is the forecast uninterrupted") {
  const TempFolder folder;
  writeWave(folder / "d.csv", 400);
  const Args args = joined({"train", "--data", "d.csv", "--target", "load", "--time", "hour", "--window", "12",
                            "--horizon", "2", "--model", "gru", "--set", "training.schedule.name=constant"},
                           plainly);
  const auto whole = run(folder, joined(args, {"--epochs", "6"}));
  const auto part = run(folder, joined(args, {"--epochs", "3"}));
  CHECK_EQ(part["epochs"].get<int>(), 3);
  const auto resumed = run(folder, {"resume", "2", "--epochs", "6"});
  CHECK_EQ(resumed["metrics"]["val/loss"].dump(), whole["metrics"]["val/loss"].dump());
  CHECK_EQ(resumed["metrics"]["train/loss"].dump(), whole["metrics"]["train/loss"].dump());
}

LATHE_TEST("what windows cannot be made of is said in a sentence, before anything is trained") {
  const TempFolder folder;
  writeWave(folder / "d.csv", 40);
  const auto refusal = [&](const Args& more) {
    return latheCli(folder.path(), joined({"train", "--data", "d.csv", "--target", "load", "--dry-run"}, more));
  };
  CHECK(has(refusal({"--window", "50", "--horizon", "1"}).err, "The longest series has 40 rows"));
  CHECK(has(refusal({"--window", "36", "--horizon", "8"}).err, "a window and its horizon together need 44"));
  CHECK(has(refusal({"--window", "15", "--horizon", "4"}).err, "too few to cut the time into parts"));
  CHECK(has(refusal({"--horizon", "4"}).err, "A forecast needs a window"));
  CHECK(has(refusal({"--task", "forecast"}).err, "A forecast needs a window"));
  CHECK(has(refusal({"--window", "4", "--horizon", "2", "--task", "regression"}).err,
            "A horizon of 2 rows belongs to a forecast, not to regression."));
  CHECK(has(refusal({"--window", "4", "--horizon", "2", "--set", "data.split.method=random"}).err,
            "Windows cannot be split by the method random"));
  CHECK_EQ(refusal({"--window", "x"}).code, 2);
  write(folder / "d.csv", "hour,load\nsoon,1.5\nlater,2.5\nsoon,3.5\nnow,2\n");
  CHECK(has(refusal({"--window", "2", "--horizon", "1", "--time", "hour"}).err,
            "Row 1 holds soon in the time column hour"));
  // A horizon that nobody set is one row.
  writeWave(folder / "d.csv", 200);
  const auto dry =
      run(folder, {"train", "--data", "d.csv", "--target", "load", "--task", "forecast", "--window", "8", "--dry-run"});
  CHECK_EQ(dry["spec"]["data"]["horizon"].get<int>(), 1);
  CHECK(has(dry["reasons"].dump(), "The forecast goes one row ahead"));
  CHECK(has(dry["reasons"].dump(), "Windows are split in time"));
}
