// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>

#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/sample_data.h"
#include "tests/support/testing.h"

using namespace lathe::tests;

namespace {

Args nasArgs(const Args& more) {
  Args args{"nas", "--data", "d.csv", "--target", "kind", "--epochs", "2", "--workers", "2", "--population", "4"};
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

}  // namespace

LATHE_TEST("nas finds an architecture, retrains it from scratch, and says what it costs") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 240);
  const auto found = latheJson(folder.path(), nasArgs({"--trials", "10", "--metric", "val/accuracy", "--confirm-top",
                                                       "2", "--confirm-seeds", "2", "--max-parameters", "60k"}));
  CHECK_EQ(found.code, 0);
  const auto json = found.json();
  CHECK_EQ(json["kind"].get<std::string>(), std::string("nas"));
  CHECK_EQ(json["method"].get<std::string>(), std::string("evolution"));
  CHECK_EQ(json["architecture_space"].get<std::string>(), std::string("resmlp"));
  CHECK_EQ(json["trials"].get<int>(), 10);
  CHECK_EQ(json["best"]["metric"].get<std::string>(), std::string("val/accuracy"));
  CHECK(json["best"]["params"].contains("architecture.nodes"));
  for (const char* cost : {"parameters", "flops", "latency_ms"}) {
    CHECK(json.contains(cost));
    CHECK(json["best"][cost] == json[cost]);
  }
  CHECK(json["parameters"].get<double>() > 0);
  CHECK(json["parameters"].get<double>() <= 60000);
  CHECK(json["latency_ms"].get<double>() > 0);
  CHECK_EQ(json["confirmed"]["confirmed"].size(), std::size_t{2});
  CHECK(json["confirmed"]["test"].contains("test/accuracy"));
  REQUIRE(!json["rankings"].empty());
  CHECK_EQ(json["rankings"][0]["name"].get<std::string>(), std::string("parameters"));
  // The winner's spec is one that train takes, with an ordinary graph.
  const auto run = json["best"]["run"].dump();
  const auto shown = latheJson(folder.path(), {"runs", "show", run, "--spec"}).json();
  CHECK_EQ(shown["spec"]["model"]["template"].get<std::string>(), std::string("custom"));
  write(folder / "spec.json", shown["spec"].dump());
  const auto trained = latheJson(folder.path(), {"train", "spec.json", "--data", "d.csv", "--epochs", "1"});
  CHECK_EQ(trained.code, 0);
  // And the study is one as any other.
  const auto list = latheJson(folder.path(), {"study", "show", "1"}).json()["list"];
  int children = 0;
  for (const auto& trial : list) {
    CHECK(trial["parameters"].get<int>() <= 60000);
    if (!trial.contains("parent")) continue;
    ++children;
    CHECK(!trial["changes"].empty());
  }
  CHECK(children > 0);
  CHECK_EQ(latheJson(folder.path(), {"study", "replay", "1"}).json()["different"].get<int>(), 0);
  const auto text = latheCli(folder.path(), {"study", "show", "1"});
  CHECK(text.out.find("Spearman") != std::string::npos);
  CHECK(text.out.find("The winner has") != std::string::npos);
}

LATHE_TEST("nas refuses what cannot be with a sentence, and wrong words as wrong usage") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 120);
  const auto codeOf = [&](const Args& more) {
    const auto result = latheJson(folder.path(), nasArgs(more));
    return std::to_string(result.code) + " " + result.json()["error"]["code"].get<std::string>();
  };
  CHECK_EQ(codeOf({"--max-parameters", "5"}), std::string("1 nas.impossible"));
  CHECK_EQ(codeOf({"--space", "cells"}), std::string("1 nas.space_data"));
  CHECK_EQ(codeOf({"--method", "guess"}), std::string("2 usage.choice"));
  CHECK_EQ(codeOf({"--space", "tree"}), std::string("2 usage.choice"));
  CHECK_EQ(codeOf({"--max-flops", "many"}), std::string("2 usage.max-flops"));
  CHECK_EQ(codeOf({"--max-latency", "-1"}), std::string("2 usage.max-latency"));
  const auto help = latheCli(folder.path(), {"help", "nas"});
  for (const char* option : {"--method", "--space", "--max-latency", "--final-epochs", "--confirm-seeds", "--timeout"})
    CHECK(help.out.find(option) != std::string::npos);
}

LATHE_TEST("nas where every architecture is too slow stops with the common reason") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 120);
  const auto slow = latheJson(folder.path(), nasArgs({"--trials", "30", "--max-latency", "0.0000001"}));
  CHECK_EQ(slow.code, 1);
  CHECK_EQ(slow.json()["error"]["code"].get<std::string>(), std::string("study.all_failed"));
  CHECK(slow.json()["error"]["message"].get<std::string>().find("ms in the exported model") != std::string::npos);
  CHECK(slow.json()["trials"].get<int>() < 30);
}

LATHE_TEST("several goals give a front whose best are retrained") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 240);
  const auto found = latheJson(folder.path(), nasArgs({"--trials", "12", "--metric", "val/loss", "--metric",
                                                       "parameters", "--space", "mlp", "--confirm-seeds", "1"}));
  CHECK_EQ(found.code, 0);
  const auto json = found.json();
  CHECK(!json["front"].empty());
  CHECK(json["confirmed"].contains("winner"));
  CHECK_EQ(json["confirmed"]["front"].size(), json["front"].size());
}

LATHE_TEST("nas with shared weights trains what they think best") {
  const TempFolder folder;
  if (!hasLayers(folder.path())) return;
  writeClasses(folder / "d.csv", 200);
  const auto found = latheJson(folder.path(), nasArgs({"--method", "spos", "--space", "free", "--trials", "3",
                                                       "--confirm-top", "1", "--confirm-seeds", "1"}));
  CHECK_EQ(found.code, 0);
  CHECK_EQ(found.json()["trials"].get<int>(), 3);
  CHECK(found.json()["supernet"]["paths"].get<int>() > 20);
  CHECK_EQ(found.json()["supernet"]["losses"].size(), std::size_t{4});  // twice the epochs of a trial
  const auto shown = latheJson(folder.path(), {"study", "show", "1"});
  for (const auto& trial : shown.json()["list"]) CHECK(trial["proxies"].contains("shared"));
  const auto refused = latheJson(folder.path(), nasArgs({"--method", "darts"}));
  CHECK_EQ(refused.code, 1);
  CHECK_EQ(refused.json()["error"]["code"].get<std::string>(), std::string("nas.darts_space"));
}

LATHE_TEST("a shared network ends by itself in time for the trials when the time is short") {
  const TempFolder folder;
  if (!hasLayers(folder.path())) return;
  writeClasses(folder / "d.csv", 200);
  const auto found =
      latheJson(folder.path(), nasArgs({"--method", "spos", "--space", "mlp", "--trials", "2", "--confirm-top", "1",
                                        "--confirm-seeds", "1", "--super-epochs", "1000000", "--timeout", "20s"}));
  CHECK_EQ(found.code, 0);
  const auto json = found.json();
  CHECK_EQ(json["supernet"]["stopped"].get<std::string>(), std::string("time"));
  CHECK(json["supernet"]["epochs"].get<int>() < 1000000);
  CHECK(json["best"]["run"].get<int>() > 0);
}

LATHE_TEST("nas by darts mixes the operations of cells, and says what their weights came to") {
  const TempFolder folder;
  if (!hasLayers(folder.path())) return;
  writeIdxFolder(folder / "images", 120, 20);
  const Args darts{"nas",   "--data",         "images", "--space",       "cells", "--method",
                   "darts", "--epochs",       "1",      "--trials",      "2",     "--super-epochs",
                   "13",    "--workers",      "1",      "--confirm-top", "1",     "--confirm-seeds",
                   "1",     "--final-epochs", "1",      "--batch-size",  "32"};
  const auto found = latheJson(folder.path(), darts);
  CHECK_EQ(found.code, 0);
  const auto net = found.json()["supernet"];
  CHECK_EQ(net["weights"].size(), std::size_t{8});  // six edges, and two nodes that weigh theirs
  const auto epochs = net["epochs"].get<std::size_t>();
  CHECK(epochs >= 6);
  CHECK_EQ(net["losses"].size(), epochs);
  CHECK_EQ(net["curvature"].size(), epochs - 3);  // a quarter of the epochs trains weights only
  CHECK(net["curvature"].back().get<double>() > 0);
  CHECK(!net.contains("each"));
  CHECK(net["values"][0].get<double>() >= net["values"][1].get<double>());
  const auto text = latheCli(folder.path(), {"study", "show", "1"});
  CHECK(text.out.find("Weights of the operations") != std::string::npos);
  CHECK(text.out.find("2 -> 3") != std::string::npos);
}
