// SPDX-License-Identifier: GPL-3.0-or-later
// Starting from a weights file, freezing and adapting, as a script sees it. The checkpoint of a run is such a file too.
#include <filesystem>

#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/sample_data.h"
#include "tests/support/testing.h"

using namespace lathe::tests;

LATHE_TEST("a run goes on from another run's weights, which need not be there any more when it is resumed") {
  const TempFolder folder;
  writeIdxFolder(folder / "images", 120, 20);
  if (!hasLayers(folder.path())) return;
  const Args common{"train", "--data", "images", "--model", "cnn", "--batch-size", "16", "--lr", "0.01"};
  auto first = common;
  first.insert(first.end(), {"--epochs", "3"});
  const auto taught = latheJson(folder.path(), first);
  CHECK_EQ(taught.code, 0);
  std::filesystem::copy_file(taught.json()["checkpoint"].get<std::string>(), folder / "w.safetensors");

  auto second = common;
  second.insert(second.end(),
                {"--epochs", "2", "--set", "model.weights=w.safetensors", "--set", "training.freeze=backbone"});
  const auto frozen = latheJson(folder.path(), second);
  CHECK_EQ(frozen.code, 0);
  CHECK(has(frozen.err, "tensors start from"));
  CHECK(has(frozen.err, "w.safetensors"));
  const auto shown = latheJson(folder.path(), {"runs", "show", "2", "--spec"}).json();
  const auto& model = shown["runs"][0]["spec"]["model"];
  CHECK_EQ(model["weights_sha256"].get<std::string>().size(), std::size_t{64});
  // It begins as good as the first one ended.
  CHECK(frozen.json()["metrics"]["val/loss"].get<double>() <= taught.json()["metrics"]["val/loss"].get<double>() * 1.5);

  std::filesystem::remove(folder / "w.safetensors");
  CHECK_EQ(latheJson(folder.path(), {"resume", "2", "--epochs", "3"}).code, 0);
  const auto again = latheJson(folder.path(), second);
  CHECK_EQ(again.code, 1);
  CHECK_EQ(again.json()["error"]["code"].get<std::string>(), std::string("weights.missing"));
}

LATHE_TEST("adapters train, export merged with parity, and predict alike") {
  const TempFolder folder;
  if (!hasLayers(folder.path())) return;
  writeClasses(folder / "d.csv", 240);
  const auto base = latheJson(folder.path(), {"train", "--data", "d.csv", "--epochs", "4", "--lr", "0.02"});
  CHECK_EQ(base.code, 0);
  const auto weights = "model.weights=" + base.json()["checkpoint"].get<std::string>();
  const auto adapted = latheJson(folder.path(), {"train", "--data", "d.csv", "--epochs", "3", "--lr", "0.02", "--set",
                                                 weights, "--set", "model.lora_rank=4", "--set", "model.lora_alpha=8"});
  CHECK_EQ(adapted.code, 0);
  const auto exported =
      latheJson(folder.path(), {"export", "2", "--format", "torchscript", "--out", "out", "--name", "m"});
  CHECK_EQ(exported.code, 0);
  CHECK(exported.json()["parity"]["ok"].get<bool>());
  CHECK(exported.json()["parity"]["max_diff"].get<double>() <= 1e-5);
  CHECK_EQ(latheJson(folder.path(), {"verify", "out", "--data", "d.csv"}).code, 0);
}

LATHE_TEST("a model in torchvision's layout trains on small grey images, freezes and exports") {
  const TempFolder folder;
  writeIdxFolder(folder / "images", 24, 8);
  if (!hasLayers(folder.path())) return;
  const auto trained =
      latheJson(folder.path(),
                {"train", "--data", "images", "--model", "mobilenet-v2", "--epochs", "2", "--batch-size", "8", "--lr",
                 "0.001", "--set", "training.freeze=backbone_then_all", "--set", "training.freeze_epochs=1"});
  CHECK_EQ(trained.code, 0);
  CHECK(has(trained.err, "ImageNet"));
  CHECK(has(trained.err, "stays at random numbers"));
  CHECK(has(trained.err, "From epoch 2 on all layers learn."));
  const auto exported = latheJson(folder.path(), {"export", "1", "--format", "torchscript", "--out", "out"});
  CHECK_EQ(exported.code, 0);
  CHECK(exported.json()["parity"]["ok"].get<bool>());
}
