// SPDX-License-Identifier: GPL-3.0-or-later
// Searches that are refused, or warned about, before anything is trained.
#include <filesystem>

#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/testing.h"

using namespace lathe::tests;

namespace {

/// A search of two short trials.
Args shortSearch(const Args& more) {
  Args args{"search", "--data",          "d.csv", "--target",  "kind", "--trials",  "2", "--epochs",
            "1",      "--confirm-seeds", "1",     "--workers", "1",    "--threads", "1"};
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

std::string spaceOf(const std::string& parameters) { return R"({"parameters":[)" + parameters + "]}"; }

struct Refusal {
  Args more;
  std::string says;  ///< within the sentence
};

void expectRefused(const TempFolder& folder, const Args& command, const std::vector<Refusal>& refusals) {
  for (const auto& [more, says] : refusals) {
    auto args = command;
    args.insert(args.end(), more.begin(), more.end());
    const auto result = latheJson(folder.path(), args);
    CHECK_EQ(result.code, 2);
    if (!has(result.err, says)) CHECK_EQ(result.err, says);
    CHECK(result.json().contains("error"));
  }
}

std::vector<std::string> codesOf(const Json& warnings) {
  std::vector<std::string> codes;
  for (const auto& warning : warnings) codes.push_back(warning["code"].get<std::string>());
  return codes;
}

using Codes = std::vector<std::string>;

}  // namespace

LATHE_TEST("what is given is left alone by the usual space") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  const auto found = [&](const Args& more) {
    auto args = shortSearch(more);
    const auto result = latheJson(folder.path(), args);
    REQUIRE(result.code == 0);
    return result.json()["best"];
  };
  CHECK(found({"--trials", "1"})["params"].contains("training.optimizer.lr"));
  // The usual rate as well.
  for (const Args& more : {Args{"--lr", "0.001"}, Args{"--set", "training.optimizer.lr=.02"}, Args{"--lr", "+.02"}}) {
    const auto best = found(more);
    CHECK(!best["params"].contains("training.optimizer.lr"));
    CHECK(best["params"].contains("training.batch_size"));
    const auto spec = latheJson(folder.path(), {"runs", "show", best["run"].dump(), "--spec"}).json()["spec"];
    CHECK_EQ(spec["training"]["optimizer"]["lr"].get<double>(), more[1] == "0.001" ? 0.001 : 0.02);
  }
  write(folder / "spec.json", R"({"training":{"optimizer":{"lr":0.005}}})");
  CHECK(!found({"spec.json"})["params"].contains("training.optimizer.lr"));
  const auto nothing =
      latheJson(folder.path(), shortSearch({"--lr", "0.01", "--batch-size", "32", "--model", "mlp", "--set",
                                            "training.optimizer.weight_decay=0.02", "--set", "model.hidden=[8]",
                                            "--set", "model.activation=relu", "--set", "model.dropout=0"}));
  CHECK_EQ(nothing.code, 1);
  CHECK_EQ(nothing.json()["error"]["code"].get<std::string>(), std::string("study.nothing"));
}

LATHE_TEST("a field that is given and opened is searched, with a warning that names it") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  write(folder / "space.json", spaceOf(R"({"name":"training.optimizer.lr","type":"float","low":1e-3,"high":0.1},
                                          {"name":"model.hidden.width","type":"int","low":4,"high":8})"));
  const auto both = latheJson(folder.path(), shortSearch({"--space", "space.json", "--lr", "0.5", "--set",
                                                          "model.hidden=[64]", "--set", "model={\"dropout\":0.1}"}));
  REQUIRE(both.code == 0);
  CHECK(both.json()["best"]["params"]["training.optimizer.lr"].get<double>() <= 0.1);
  CHECK(codesOf(both.json()["warnings"]) == (Codes{"search.said_twice", "search.said_twice"}));
  CHECK(has(both.err, "warning: training.optimizer.lr is given by --lr"));
  CHECK(has(both.err, "warning: model.hidden.width is given by --set"));
  const auto plain = latheJson(folder.path(), shortSearch({"--space", "space.json", "--lr", "auto"}));
  CHECK(plain.json()["warnings"].empty());
}

LATHE_TEST("a space is held against the fields of the spec before anything is trained") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  struct Row {
    std::string parameter, says;
  };
  for (const auto& row : std::vector<Row>{
           {R"({"name":"training.optimizer.name","type":"categorical","choices":["adamw","nonsense"]})",
            "training.optimizer.name cannot be nonsense. Choose one of: auto, sgd,"},
           {R"({"name":"training.optimizer.name","type":"categorical","choices":["adamw",3]})", "Choose one of"},
           {R"({"name":"training.optimizer.name","type":"float","low":0,"high":1})", "Choose one of"},
           {R"({"name":"training.batch_size","type":"ordinal","choices":[16,"many"]})", "whole number"},
           {R"({"name":"training.batch_size","type":"float","low":16,"high":64})", "takes whole numbers only"},
           {R"({"name":"training.optimizer.momentum","type":"float","low":0.5,"high":2})", "between 0 and 0.9999"},
           {R"({"name":"training.optimizer.weight_decay","type":"float","low":-1,"high":0})", "between 0 and 1000"},
           {R"({"name":"training.optimizer.decay_all","type":"int","low":0,"high":1})", "true or false"},
           {R"({"name":"model.dropout","type":"float","low":0,"high":5})", "model.dropout is 5"},
           {R"({"name":"model.activation","type":"categorical","choices":["relu","wavy"]})", "model.activation"},
           {R"({"name":"model.hidden.layers","type":"int","low":1,"high":100})", "between 0 and 64"},
           {R"({"name":"model.hidden.width","type":"int","low":0,"high":8})", "model.hidden is 0"},
           {R"({"name":"model.hidden.width","type":"float","low":4,"high":8})", "takes whole numbers only"},
           {R"({"name":"training.optimizer.lrr","type":"float","low":0,"high":1})", "training.optimizer.lr"},
           {R"({"name":"model.blocks","type":"int","low":1,"high":2})", "no setting"},
           {R"({"name":"data.target","type":"categorical","choices":["a"]})", "cannot be searched"}}) {
    write(folder / "space.json", spaceOf(row.parameter));
    expectRefused(folder, shortSearch({"--space", "space.json"}), {{{}, row.says}});
  }
  CHECK(latheJson(folder.path(), {"study", "list"}).json()["studies"].empty());
  // Names of choices may be written as people do; settings of the templates that the space chooses are there.
  write(folder / "space.json",
        spaceOf(R"({"name":"training.optimizer.name","type":"categorical","choices":["AdamW","SGD"]},
                   {"name":"training.batch_size","type":"float","low":16,"high":32,"step":16},
                   {"name":"model.template","type":"categorical","choices":["mlp","resmlp"]},
                   {"name":"model.blocks","type":"int","low":1,"high":2,
                    "condition":{"parameter":"model.template","in":["resmlp"]}},
                   {"name":"training.loss.label_smoothing","type":"float","low":0,"high":7,"fixed":0.1})"));
  CHECK_EQ(latheCli(folder.path(), shortSearch({"--space", "space.json"})).code, 0);
}

LATHE_TEST("goals ignore case, and what is no goal is told with those there are") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  const auto found = latheJson(folder.path(), shortSearch({"--metric", "VAL/Accuracy", "--metric", "Latency-MS"}));
  REQUIRE(found.code == 0);
  CHECK_EQ(found.json()["goals"][0]["metric"].get<std::string>(), std::string("val/accuracy"));
  CHECK_EQ(found.json()["goals"][0]["direction"].get<std::string>(), std::string("maximize"));
  CHECK_EQ(found.json()["goals"][1]["metric"].get<std::string>(), std::string("latency_ms"));
  const std::string goals =
      " is no goal for classification. Goals are val/loss, val/accuracy, val/balanced_accuracy, "
      "val/f1_macro, val/roc_auc, val/pr_auc, val/log_loss, val/brier, val/ece, latency_ms, "
      "bytes, parameters and flops.";
  expectRefused(folder, shortSearch({}),
                {{{"--metric", "val/speed"}, "val/speed" + goals},
                 {{"--metric", "speed"}, "speed" + goals},
                 {{"--metric", "train/loss"}, "train/loss" + goals},
                 {{"--metric", "val/rmse"}, "val/rmse" + goals},
                 {{"--metric", "val/loss", "--metric", "val/rmse"}, "val/rmse" + goals},
                 {{"--metric", "bytes", "--metric", "val/rmse"}, "val/rmse" + goals},
                 {{"--metric", "val/rmse", "--task", "classification"}, "val/rmse" + goals},
                 {{"--metric", "Test/Accuracy"}, "never see the test rows"},
                 {{"--metric", "val/loss", "--metric", "VAL/LOSS"}, "given twice"},
                 {{"--direction", "maximize"}, "without a --metric"}});
  expectRefused(folder, {"nas", "--data", "d.csv", "--target", "kind"},
                {{{"--metric", "val/rmse"}, "val/rmse" + goals}, {{"--direction", "minimize"}, "without a --metric"}});
}

LATHE_TEST("options that could do nothing are refused, harmless ones warned about") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  expectRefused(folder, shortSearch({}),
                {{{"--timeout", "0"}, "no time at all"},
                 {{"--behind", "4"}, "--deterministic"},
                 {{"--pruner", "median", "--min-epochs", "3"}, "--min-epochs 3 is above the 1 epoch"},
                 {{"--pruner", "wilcoxon", "--folds", "3", "--min-epochs", "4"}, "above the 3 folds"}});
  expectRefused(folder, {"nas", "--data", "d.csv", "--target", "kind"},
                {{{"--model", "mlp"}, "nas makes the models itself, so --model"},
                 {{"--set", "model.hidden=[8]"}, "so --set model.hidden"},
                 {{"--timeout", "0s"}, "no time at all"},
                 {{"--folds", "3"}, "nas does not cross-validate"},
                 {{"--method", "bohb", "--pruner", "asha"}, "--method tpe"}});
  CHECK(has(latheCli(folder.path(), {"nas", "--data", "d.csv", "--folds", "3"}).err, "lathe-cli search --folds"));
  CHECK(
      has(latheCli(folder.path(), {"train", "--data", "d.csv", "--folds", "3"}).err, "train does not cross-validate"));
  const auto warned =
      latheJson(folder.path(),
                shortSearch({"--sampler", "random", "--population", "8", "--min-epochs", "1", "--confirm-top", "2"}));
  REQUIRE(warned.code == 0);
  CHECK(codesOf(warned.json()["warnings"]) == (Codes{"search.population", "search.min_epochs", "search.confirm_top"}));
  CHECK(has(warned.err, "warning: The sampler random has no generations"));
  const auto fine = latheJson(folder.path(), shortSearch({"--sampler", "evolution", "--population", "8"}));
  CHECK(fine.json()["warnings"].empty());
}

LATHE_TEST("what a pruner is told reaches it, and no other one takes it") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  expectRefused(folder, shortSearch({}),
                {{{"--percentile", "20"}, "--percentile does nothing without a pruner. It is for --pruner percentile."},
                 {{"--pruner", "median", "--percentile", "20"}, "does nothing with the pruner median"},
                 {{"--pruner", "asha", "--startup-trials", "3"}, "It is for --pruner median or percentile."},
                 {{"--pruner", "median", "--patience", "3"}, "It is for --pruner patient."},
                 {{"--pruner", "median", "--min-delta", "3"}, "It is for --pruner patient."},
                 {{"--pruner", "patient", "--upper", "3"}, "It is for --pruner threshold."},
                 {{"--pruner", "patient", "--significance", "0.1"}, "It is for --pruner wilcoxon."},
                 {{"--pruner", "threshold"}, "needs a bound"},
                 {{"--pruner", "threshold", "--upper", "1", "--lower", "2"}, "not below"},
                 {{"--pruner", "percentile", "--percentile", "100"}, "out of range"},
                 {{"--pruner", "percentile", "--percentile", "few"}, "no such number"},
                 {{"--pruner", "patient", "--min-delta", "-1"}, "out of range"},
                 {{"--pruner", "patient", "--patience", "0"}, "from 1 on"},
                 {{"--pruner", "wilcoxon", "--significance", "1"}, "out of range"}});
  expectRefused(folder, {"nas", "--data", "d.csv", "--target", "kind"}, {{{"--patience", "2"}, "without a pruner"}});
  const auto settings = [&](const Args& more) {
    REQUIRE(latheCli(folder.path(), shortSearch(more)).code == 0);
    return latheJson(folder.path(), {"study", "show", "latest"}).json()["settings"];
  };
  const auto percentile = settings({"--pruner", "percentile", "--percentile", "+40", "--startup-trials", "7"});
  CHECK_EQ(percentile["percentile"].get<double>(), 40.0);
  CHECK_EQ(percentile["startup_trials"].get<int>(), 7);
  const auto patient = settings({"--pruner", "patient", "--patience", "2", "--min-delta", ".01"});
  CHECK_EQ(patient["patience"].get<int>(), 2);
  CHECK_EQ(patient["min_delta"].get<double>(), 0.01);
  const auto wilcoxon = settings({"--pruner", "wilcoxon", "--folds", "2", "--significance", "0.2"});
  CHECK_EQ(wilcoxon["significance"].get<double>(), 0.2);
  // A bound that every trial breaks: as the goal counts, also where larger is better.
  const auto pruned = latheJson(folder.path(), shortSearch({"--pruner", "threshold", "--metric", "val/accuracy",
                                                            "--lower", "2", "--epochs", "3", "--min-epochs", "1"}));
  CHECK_EQ(pruned.json()["pruned"].get<int>(), 2);
  const auto kept = latheJson(folder.path(), shortSearch({"--pruner", "threshold", "--metric", "val/accuracy",
                                                          "--upper", "2", "--epochs", "3", "--min-epochs", "1"}));
  CHECK_EQ(kept.json()["pruned"].get<int>(), 0);
}

LATHE_TEST("numbers are taken as people type them on the command line, and as JSON has it in a file") {
  const TempFolder folder;
  const auto specOf = [&](const Args& more) {
    Args args{"spec", "new"};
    args.insert(args.end(), more.begin(), more.end());
    return latheJson(folder.path(), args).json()["spec"];
  };
  CHECK_EQ(specOf({"--lr", ".003"})["training"]["optimizer"]["lr"].get<double>(), 0.003);
  CHECK_EQ(specOf({"--lr", "+0.5"})["training"]["optimizer"]["lr"].get<double>(), 0.5);
  CHECK_EQ(specOf({"--lr", "1.e-3"})["training"]["optimizer"]["lr"].get<double>(), 1e-3);
  CHECK_EQ(specOf({"--epochs", "+5"})["training"]["epochs"].get<int>(), 5);
  CHECK_EQ(specOf({"--set", "model.dropout=.25"})["model"]["dropout"].get<double>(), 0.25);
  CHECK_EQ(specOf({"--set", "training.loss.quantiles=.1,.9"})["training"]["loss"]["quantiles"][1].get<double>(), 0.9);
  CHECK_EQ(specOf({"--set", "name=.5"})["name"].get<std::string>(), std::string(".5"));
  for (const char* wrong : {"..5", "+", "+-1", "1e", ".", "0x1"})
    CHECK_EQ(latheCli(folder.path(), {"spec", "new", "--lr", wrong}).code, 2);
  write(folder / "spec.json", R"({"training":{"optimizer":{"lr":.003}}})");
  CHECK_EQ(latheCli(folder.path(), {"spec", "new", "spec.json"}).code, 1);
}
