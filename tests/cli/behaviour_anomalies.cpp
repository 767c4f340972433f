// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <fmt/format.h>
#include <sstream>

#include "core/base/random.h"
#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/testing.h"

// Anomalies with and without a label, numeric embeddings and ft-transformer, from train to the exported file.
using namespace lathe::tests;

namespace {

/// b follows a and the kind follows both; odd rows break the rule. Some cells are missing.
void writeOdd(const std::filesystem::path& file, int rows, unsigned seed, bool label, int every = 15) {
  lathe::Random random(seed, "odd");
  std::string text = label ? "a,b,kind,odd\n" : "a,b,kind\n";
  for (int i = 0; i < rows; ++i) {
    const bool odd = i % every == 7;
    const double a = random.normal();
    const double b = odd ? -2 * a + 3 : 2 * a + 0.1 * random.normal();
    const bool high = odd ? a < 0 : a > 0;
    text += i % 13 == 5 ? "," : fmt::format("{:.4f},", a);
    text += fmt::format("{:.4f},{}", b, high ? "high" : "low");
    text += label ? (odd ? ",1\n" : ",0\n") : "\n";
  }
  write(file, text);
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) all.push_back(line);
  return all;
}

}  // namespace

LATHE_TEST("train --task anomaly needs no target, and predict gives one score a row") {
  const TempFolder folder;
  if (!hasLayers(folder.path())) return;
  writeOdd(folder / "plain.csv", 300, 1, false);
  const auto trained = run(folder, {"train", "--data", "plain.csv", "--task", "anomaly", "--epochs", "10"});
  CHECK(trained["metrics"].contains("val/loss") && trained["metrics"].contains("test/loss"));
  CHECK(!trained["metrics"].contains("test/roc_auc"));
  const auto spec = run(folder, {"runs", "show", "latest", "--spec"})["spec"];
  CHECK_EQ(spec["data"]["task"].get<std::string>(), std::string("anomaly"));
  CHECK_EQ(spec["model"]["template"].get<std::string>(), std::string("autoencoder"));
  CHECK_EQ(spec["training"]["loss"]["name"].get<std::string>(), std::string("reconstruction"));
  const auto table = lines(latheCli(folder.path(), {"predict", "latest", "--data", "plain.csv"}).out);
  REQUIRE(table.size() == 301);
  CHECK_EQ(table.front(), std::string("prediction"));
  for (std::size_t i = 1; i < table.size(); ++i) CHECK(std::stod(table[i]) >= 0);
  const auto scores = run(folder, {"evaluate", "latest", "--data", "plain.csv"});
  CHECK_EQ(scores["rows"].get<int>(), 300);
}

LATHE_TEST("a label of anomalies scores, is not learnt, and the export agrees") {
  const TempFolder folder;
  if (!hasLayers(folder.path())) return;
  writeOdd(folder / "d.csv", 600, 1, true, 60);
  writeOdd(folder / "test.csv", 90, 2, true);
  writeOdd(folder / "bare.csv", 90, 2, false);
  // The template alone says what the task is.
  const auto trained = run(folder, {"train", "--data", "d.csv", "--test", "test.csv", "--target", "odd", "--model",
                                    "autoencoder", "--epochs", "60", "--lr", "0.003", "--set", "model.bottleneck=2"});
  CHECK(trained["metrics"]["test/roc_auc"].get<double>() > 0.8);
  CHECK(trained["metrics"].contains("test/pr_auc"));
  const auto exported = run(folder, {"export", "latest", "--out", "out", "--name", "m"});
  CHECK(exported["parity"]["ok"].get<bool>());
  const auto verified = run(folder, {"verify", "out", "--data", "test.csv"});
  CHECK(verified["parity"]["ok"].get<bool>());
  const auto manifest = Json::parse(read(folder / "out" / "lathe-export.json"));
  CHECK_EQ(manifest["output"]["shape"].dump(), std::string("[\"N\",1]"));
  const auto labelled = latheCli(folder.path(), {"predict", "out", "--data", "test.csv"}).out;
  CHECK_EQ(labelled, latheCli(folder.path(), {"predict", "out", "--data", "bare.csv"}).out);
  const auto scored = run(folder, {"evaluate", "out", "--data", "test.csv"});
  CHECK(std::abs(scored["metrics"]["data/roc_auc"].get<double>() - trained["metrics"]["test/roc_auc"].get<double>()) <
        1e-6);
}

LATHE_TEST("an anomaly task says what does not fit it") {
  const TempFolder folder;
  writeOdd(folder / "d.csv", 60, 1, true);
  const auto wrong = latheJson(folder.path(), {"train", "--data", "d.csv", "--task", "anomaly", "--model", "mlp"});
  CHECK_EQ(wrong.code, 1);
  CHECK(wrong.err.find("autoencoder") != std::string::npos);
  const auto label = latheJson(folder.path(), {"train", "--data", "d.csv", "--task", "anomaly", "--target", "b"});
  CHECK_EQ(label.code, 1);
  CHECK_EQ(label.json()["error"]["code"].get<std::string>(), std::string("data.anomaly_label"));
  write(folder / "one.csv", "a\n1.5\n");
  const auto one = latheJson(folder.path(), {"train", "--data", "one.csv", "--task", "anomaly"});
  CHECK_EQ(one.code, 1);
  CHECK(!one.json()["error"]["message"].get<std::string>().empty());
}

LATHE_TEST("bins of a piecewise-linear embedding are part of the resolved spec and of the export") {
  const TempFolder folder;
  writeOdd(folder / "d.csv", 400, 1, true);
  for (const char* name : {"mlp", "tabm"}) {
    run(folder, {"train", "--data", "d.csv", "--target", "odd", "--model", name, "--epochs", "4", "--set",
                 "model.numeric_embedding=piecewise-linear"});
    const auto spec = run(folder, {"runs", "show", "latest", "--spec"})["spec"];
    CHECK_EQ(spec["data"]["preprocessing"]["numeric_bins"].get<int>(), 48);
    const auto exported = run(folder, {"export", "latest", "--out", "out", "--name", name});
    CHECK(exported["parity"]["ok"].get<bool>());
    CHECK(run(folder, {"verify", "out", "--data", "d.csv"})["parity"]["ok"].get<bool>());
  }
}

LATHE_TEST("a column without two values is said to have no bins, and one column is enough for anomalies") {
  const TempFolder folder;
  std::string text = "a,flat,y\n";
  for (int i = 0; i < 60; ++i) text += fmt::format("{}.5,7,{}.25\n", i * 37 % 61, i);
  write(folder / "d.csv", text);
  const auto dry = run(folder, {"train", "--data", "d.csv", "--target", "y", "--model", "mlp", "--dry-run", "--set",
                                "model.numeric_embedding=piecewise_linear", "--set", "data.roles.flat=feature"});
  CHECK(dry["reasons"].dump().find("No bins for flat") != std::string::npos);
  CHECK(dry["reasons"].dump().find("48 bins") != std::string::npos);
  write(folder / "one.csv", text.substr(text.find('\n') + 1).insert(0, "a,b,c\n"));
  if (!hasLayers(folder.path())) return;
  const auto trained = run(folder, {"train", "--data", "one.csv", "--task", "anomaly", "--epochs", "2", "--set",
                                    "data.roles.b=ignore", "--set", "data.roles.c=ignore"});
  CHECK(trained["metrics"].contains("val/loss"));
}

LATHE_TEST("ft-transformer brings its own preparation and rate, learns and is exported") {
  const TempFolder folder;
  writeOdd(folder / "d.csv", 300, 1, true);
  const auto trained = run(folder, {"train", "--data", "d.csv", "--target", "b", "--model", "ft-transformer",
                                    "--epochs", "12", "--set", "model.width=32", "--set", "model.blocks=1", "--set",
                                    "data.roles.odd=ignore", "--set", "training.optimizer.lr=0.003"});
  CHECK(trained["metrics"]["val/r2"].get<double>() > 0.3);
  const auto spec = run(folder, {"runs", "show", "latest", "--spec"})["spec"];
  CHECK_EQ(spec["data"]["preprocessing"]["categories"].get<std::string>(), std::string("embedding"));
  CHECK(run(folder, {"export", "latest", "--out", "out"})["parity"]["ok"].get<bool>());
  const auto usual =
      run(folder, {"train", "--data", "d.csv", "--target", "b", "--model", "ft-transformer", "--dry-run"});
  CHECK_EQ(usual["spec"]["training"]["optimizer"]["lr"].get<double>(), 1e-4);
  CHECK_EQ(usual["spec"]["training"]["optimizer"]["weight_decay"].get<double>(), 1e-5);
}
