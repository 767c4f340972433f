// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <sstream>

#include "core/base/random.h"
#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/testing.h"

// What can be predicted beside one class or one number, from train to the columns of predict and the exported file.
using namespace lathe::tests;

namespace {

/// a, b, then two numbers, two flags, a list of labels, and a count.
void writeTasks(const std::filesystem::path& file, int rows, unsigned seed) {
  lathe::Random random(seed, "tasks");
  std::string text = "a,b,price,load,left,high,tags,visits\n";
  for (int i = 0; i < rows; ++i) {
    const double a = random.normal();
    const double b = random.normal();
    std::string tags = a < 0 ? "left" : "";
    if (b > 0) tags += tags.empty() ? "high" : "|high";
    if (tags.empty()) tags = "none";
    text += fmt::format("{:.4f},{:.4f},{:.3f},{:.6f},{},{},{},{}\n", a, b, 100 + 30 * a - 12 * b + random.normal(),
                        0.01 * (b + a), a < 0 ? 1 : 0, b > 0 ? "yes" : "no", tags,
                        static_cast<int>(std::exp(1 + 0.5 * a) + random.uniform()));
  }
  write(file, text);
}

Args without(const Args& columns) {
  Args args;
  for (const auto& column : columns) args = joined(args, {"--set", "data.roles." + column + "=ignore"});
  return args;
}

std::vector<std::vector<std::string>> csv(const std::string& text) {
  std::vector<std::vector<std::string>> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) lines.back().push_back(cell);
  }
  return lines;
}

/// The run, its export and its export alone predict and score alike, and verify holds with parity.
std::vector<std::vector<std::string>> checkFinished(const TempFolder& folder, const Json& trained) {
  const auto exported = run(folder, {"export", "latest", "--out", "out", "--name", "m"});
  CHECK(exported["parity"]["ok"].get<bool>());
  CHECK(exported["parity"]["max_diff"].get<double>() <= 1e-5);
  const auto verified = run(folder, {"verify", "out", "--data", "test.csv"});
  CHECK(verified["parity"]["ok"].get<bool>());
  CHECK_EQ(verified["parity"]["rows"].get<int>(), 90);
  const TempFolder elsewhere;
  std::filesystem::copy_file(folder / "out" / "m.pt", elsewhere / "m.pt");
  const auto byRun = run(folder, {"evaluate", "latest", "--data", "test.csv"});
  const auto byFile = run(elsewhere, {"evaluate", "m.pt", "--data", (folder / "test.csv").string()});
  CHECK_EQ(byRun["rows"].get<int>(), 90);
  int compared = 0;
  for (const auto& [name, value] : trained["metrics"].items()) {
    if (name.rfind("test/", 0) != 0 || value.is_null()) continue;
    const auto metric = "data/" + name.substr(5);
    REQUIRE(byRun["metrics"].contains(metric));
    for (const auto& given : {byRun, byFile})
      CHECK(std::abs(given["metrics"][metric].get<double>() - value.get<double>()) <=
            1e-5 * std::max(1.0, std::abs(value.get<double>())));
    ++compared;
  }
  CHECK(compared >= 3);
  const auto table = csv(latheCli(folder.path(), {"predict", "latest", "--data", "test.csv"}).out);
  const auto again = csv(latheCli(elsewhere.path(), {"predict", "m.pt", "--data", (folder / "test.csv").string()}).out);
  CHECK_EQ(table.size(), std::size_t{91});
  CHECK(table.front() == again.front());
  return table;
}

const Args start{"train", "--data", "d.csv", "--test", "test.csv", "--epochs", "20", "--lr", "0.02"};

}  // namespace

LATHE_TEST("several targets: train --target a,b to columns prediction_TARGET, each in its own unit") {
  const TempFolder folder;
  writeTasks(folder / "d.csv", 400, 1);
  writeTasks(folder / "test.csv", 90, 2);
  const auto trained =
      run(folder, joined(joined(start, {"--target", "price,load"}), without({"left", "high", "tags", "visits"})));
  CHECK(trained["metrics"]["test/r2"].get<double>() > 0.8);
  const auto table = checkFinished(folder, trained);
  CHECK((table.front() == std::vector<std::string>{"prediction_price", "prediction_load"}));
  CHECK(std::abs(std::stod(table[1][0]) - 100) < 130);
  CHECK(std::abs(std::stod(table[1][1])) < 0.1);
  const auto spec = run(folder, {"runs", "show", "latest", "--spec"})["spec"];
  CHECK_EQ(spec["data"]["targets"].dump(), std::string("[\"price\",\"load\"]"));
  CHECK_EQ(spec["data"]["target"].get<std::string>(), std::string());
  CHECK_EQ(spec["data"]["task"].get<std::string>(), std::string("regression"));
  const auto manifest = Json::parse(read(folder / "out" / "lathe-export.json"));
  CHECK_EQ(manifest["schema"]["targets"].dump(), std::string("[\"price\",\"load\"]"));
  CHECK_EQ(manifest["target_stds"].size(), std::size_t{2});
  CHECK_EQ(manifest["output"]["shape"].dump(), std::string("[\"N\",2]"));
  // Repeating the flag says the same.
  const auto dry = run(folder, joined(joined(start, {"--target", "price", "--target", "load", "--dry-run"}),
                                      without({"left", "high", "tags", "visits"})));
  CHECK_EQ(dry["spec"]["data"]["targets"].dump(), std::string("[\"price\",\"load\"]"));
}

LATHE_TEST("several labels: from columns of yes and no, or from a list in a cell, to prediction_LABEL and prob_LABEL") {
  const TempFolder folder;
  writeTasks(folder / "d.csv", 400, 1);
  writeTasks(folder / "test.csv", 90, 2);
  auto trained = run(folder, joined(joined(start, {"--target", "left,high", "--task", "multilabel"}),
                                    without({"price", "load", "tags", "visits"})));
  CHECK(trained["metrics"]["test/accuracy"].get<double>() > 0.8);
  CHECK(trained["metrics"]["test/f1_macro"].get<double>() > 0.9);
  auto table = checkFinished(folder, trained);
  CHECK((table.front() == std::vector<std::string>{"prediction_left", "prediction_high", "prob_left", "prob_high"}));
  for (std::size_t r = 1; r < table.size(); ++r)
    for (std::size_t l = 0; l < 2; ++l)
      CHECK_EQ(table[r][l], std::string(std::stod(table[r][2 + l]) > 0.5 ? "1" : "0"));

  for (const char* loss : {"bce", "focal"}) {
    trained = run(folder, joined(joined(start, {"--target", "tags", "--task", "multilabel", "--set",
                                                std::string("training.loss.name=") + loss}),
                                 without({"price", "load", "left", "high", "visits"})));
    table = checkFinished(folder, trained);
    CHECK((table.front() == std::vector<std::string>{"prediction_high", "prediction_left", "prediction_none",
                                                     "prob_high", "prob_left", "prob_none"}));
  }
  const auto seen = run(folder, {"data", "inspect", "d.csv", "--target", "tags", "--task", "multilabel"});
  CHECK_EQ(seen["task"].get<std::string>(), std::string("multilabel"));
  CHECK_EQ(seen["classes"].size(), std::size_t{3});
  CHECK(has(seen["warnings"].dump(), "data.label_separator"));
}

LATHE_TEST("quantiles: levels that never cross, in columns prediction_TARGET_qP") {
  const TempFolder folder;
  writeTasks(folder / "d.csv", 400, 1);
  writeTasks(folder / "test.csv", 90, 2);
  const auto trained = run(folder, joined(joined(start, {"--target", "price,load", "--task", "quantile", "--set",
                                                         "training.loss.quantiles=0.05,0.5,0.95", "--model", "resmlp"}),
                                          without({"left", "high", "tags", "visits"})));
  CHECK(trained["metrics"]["test/interval_coverage"].get<double>() > 0.5);
  CHECK(trained["metrics"].contains("train/pinball"));
  const auto table = checkFinished(folder, trained);
  CHECK((table.front() == std::vector<std::string>{"prediction_price_q0.05", "prediction_price_q0.5",
                                                   "prediction_price_q0.95", "prediction_load_q0.05",
                                                   "prediction_load_q0.5", "prediction_load_q0.95"}));
  for (std::size_t r = 1; r < table.size(); ++r)
    for (const std::size_t c : {0U, 1U, 3U, 4U}) CHECK(std::stod(table[r][c]) <= std::stod(table[r][c + 1]));
  CHECK_EQ(Json::parse(read(folder / "out" / "lathe-export.json"))["output"]["shape"].dump(),
           std::string("[\"N\",2,3]"));
}

LATHE_TEST("counts are trained with the Poisson loss, and never predicted below 0") {
  const TempFolder folder;
  writeTasks(folder / "d.csv", 400, 1);
  writeTasks(folder / "test.csv", 90, 2);
  const auto flags =
      joined(joined(start, {"--target", "visits", "--task", "regression", "--set", "training.loss.name=poisson"}),
             without({"left", "high", "tags", "price", "load"}));
  const auto trained = run(folder, flags);
  CHECK(trained["metrics"]["test/r2"].get<double>() > 0.5);
  const auto table = checkFinished(folder, trained);
  CHECK((table.front() == std::vector<std::string>{"prediction"}));
  for (std::size_t r = 1; r < table.size(); ++r) CHECK(std::stod(table[r][0]) > 0);
  const auto refused =
      latheJson(folder.path(), {"train", "--data", "d.csv", "--target", "a", "--set", "training.loss.name=poisson"});
  CHECK_EQ(refused.code, 1);
  CHECK(has(refused.err, "needs counts"));
}

LATHE_TEST("a tuned threshold decides predictions and scores, and leaves probabilities alone") {
  const TempFolder folder;
  lathe::Random random(5, "rare");
  for (const auto& [file, rows] : {std::pair{"d.csv", 500}, {"test.csv", 90}}) {
    std::string text = "a,b,kind\n";
    for (int i = 0; i < rows; ++i)
      text += fmt::format("{:.4f},{:.4f},{}\n", (i % 8 == 0 ? 1.2 : 0.0) + random.normal(), random.normal(),
                          i % 8 == 0 ? "rare" : "common");
    write(folder / file, text);
  }
  const auto plain = run(folder, start);
  CHECK(!plain["metrics"].contains("data/decision"));
  auto tuned = run(folder, joined(start, {"--set", "training.decision_threshold=tuned"}));
  const double threshold = tuned["metrics"]["data/decision"].get<double>();
  CHECK(threshold > 0 && threshold < 0.5);
  CHECK(tuned["metrics"]["val/balanced_accuracy"].get<double>() >
        plain["metrics"]["val/balanced_accuracy"].get<double>());
  CHECK_EQ(tuned["metrics"]["val/log_loss"].get<double>(), plain["metrics"]["val/log_loss"].get<double>());
  const auto table = checkFinished(folder, tuned);
  CHECK((table.front() == std::vector<std::string>{"prediction", "prob_common", "prob_rare"}));
  for (std::size_t r = 1; r < table.size(); ++r)
    CHECK_EQ(table[r][0], std::string(std::stod(table[r][2]) > threshold ? "rare" : "common"));
  const auto manifest = Json::parse(read(folder / "out" / "lathe-export.json"));
  CHECK_EQ(manifest["decision_threshold"].get<double>(), threshold);
  // More classes have nothing to tune.
  writeClasses(folder / "three.csv", 120);
  const auto refused =
      latheJson(folder.path(), {"train", "--data", "three.csv", "--set", "training.decision_threshold=tuned"});
  CHECK_EQ(refused.code, 1);
  CHECK(has(refused.err, "needs two classes, not 3"));
}

LATHE_TEST("what does not fit together is said before anything is trained") {
  const TempFolder folder;
  writeTasks(folder / "d.csv", 60, 1);
  const auto code = [&](const Args& args) {
    return latheJson(folder.path(), joined({"train", "--data", "d.csv"}, args))
        .json()["error"]["code"]
        .get<std::string>();
  };
  CHECK_EQ(code({"--target", "price,load", "--task", "classification"}), std::string("data.several_classes"));
  CHECK_EQ(code({"--target", "price,load", "--task", "multilabel"}), std::string("data.target_not_label"));
  CHECK_EQ(code({"--target", "price", "--task", "multilabel"}), std::string("data.no_label_lists"));
  CHECK_EQ(code({"--target", "price,lod"}), std::string("data.no_target"));
  CHECK_EQ(code({"--target", "price,price"}), std::string("spec.target_twice"));
  CHECK_EQ(code({"--target", "price", "--task", "quantile", "--set", "training.loss.name=mse"}),
           std::string("spec.loss_task"));
  CHECK_EQ(code({"--target", "price", "--set", "training.loss.quantiles=0.9,0.1"}), std::string("spec.quantiles"));
  const auto unknown = latheJson(folder.path(), {"train", "--data", "d.csv", "--task", "ranking"});
  CHECK_EQ(unknown.code, 2);
  CHECK(has(unknown.err, "quantile"));
}
