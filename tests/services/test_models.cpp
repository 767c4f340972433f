// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <sstream>

#include "core/base/files.h"
#include "core/services/data_service.h"
#include "core/services/export_files.h"
#include "tests/services/model_shop.h"

using namespace lathe;
using namespace lathe::tests;
namespace fs = std::filesystem;

namespace {

std::size_t filesIn(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

double metric(const services::Evaluation& evaluation, const std::string& name) {
  for (const auto& [key, value] : evaluation.metrics)
    if (key == name) return value;
  return -1;
}

}  // namespace

LATHE_TEST("an export is written, proven on the test rows and kept with the run") {
  ModelShop shop;
  const auto result = shop.exportAs("");
  REQUIRE_OK(result);
  CHECK(result->worst.ok);
  CHECK_EQ(result->worst.rows, std::int64_t{60});  // 15 % of 400
  CHECK_EQ(result->manifest.name, std::string("clouds"));
  CHECK_EQ(result->manifest.referenceRows.size(), std::size_t{16});
  CHECK_EQ(filesIn(shop.folder / "out"), std::size_t{4});
  for (const char* name : {"clouds.pt", "clouds.md", "clouds.html"}) CHECK(fs::exists(shop.folder / "out" / name));
  CHECK(fs::exists(shop.folder / "out" / "lathe-export.json"));
  CHECK_EQ(result->manifest.files.at(0).sha256, sha256Of(shop.folder / "out" / "clouds.pt").value());

  const auto artefacts = shop.project->store().artefacts(shop.run);
  REQUIRE_OK(artefacts);
  const auto kept = std::find_if(artefacts->begin(), artefacts->end(),
                                 [](const auto& artefact) { return artefact.kind == "torchscript"; });
  REQUIRE(kept != artefacts->end());
  CHECK_EQ(kept->path, (shop.folder / "out" / "clouds.pt").string());
  CHECK_EQ(kept->sha256, result->manifest.files[0].sha256);
  CHECK(kept->detailsJson.find("max_diff") != std::string::npos);
}

LATHE_TEST("an export that predicts something else is refused and leaves nothing behind") {
  ModelShop shop;
  shop.fresh->error = 1e-3F;
  const auto result = shop.exportAs("model");
  REQUIRE(!result);
  CHECK_EQ(result.error().code, std::string("export.parity"));
  CHECK(result.error().sentence().find("0.001") != std::string::npos);
  CHECK(!fs::exists(shop.folder / "out"));
  const auto artefacts = shop.project->store().artefacts(shop.run);
  REQUIRE_OK(artefacts);
  CHECK(std::none_of(artefacts->begin(), artefacts->end(),
                     [](const auto& artefact) { return artefact.kind == "torchscript"; }));
}

LATHE_TEST("a refused second export leaves the first one as it was") {
  ModelShop shop;
  REQUIRE_OK(shop.exportAs("model"));
  const auto before = sha256Of(shop.folder / "out");
  shop.fresh->error = 1;
  CHECK(!shop.exportAs("model"));
  CHECK_EQ(sha256Of(shop.folder / "out").value(), before.value());
  shop.fresh->error = 0;
  REQUIRE_OK(shop.exportAs("model"));
  CHECK_EQ(filesIn(shop.folder / "out"), std::size_t{4});
}

LATHE_TEST("unknown formats, names and runs without a model are refused before anything is written") {
  ModelShop shop;
  CHECK_EQ(shop.models->exportRun(*shop.project, {shop.run, {"onyx"}, shop.folder / "out", ""}).error().code,
           std::string("export.unknown_format"));
  CHECK_EQ(shop.exportAs("../evil").error().code, std::string("export.bad_name"));
  CHECK(!shop.models->exportRun(*shop.project, {99, {"torchscript"}, shop.folder / "out", ""}));
  auto broken = shop.request();
  broken.spec.data.target = "none";
  const auto failed = shop.start(broken);
  REQUIRE(shop.finished(failed).status == spec::RunStatus::Failed);
  CHECK_EQ(shop.models->exportRun(*shop.project, {failed, {"TorchScript"}, shop.folder / "out", ""}).error().code,
           std::string("run.no_checkpoint"));
  CHECK(!fs::exists(shop.folder / "out"));
}

LATHE_TEST("verifying repeats the proof, with a project and without") {
  ModelShop shop;
  REQUIRE_OK(shop.exportAs("model"));
  const auto withProject = shop.models->verify(shop.project.get(), shop.folder / "out", shop.dataFile());
  REQUIRE_OK(withProject);
  CHECK(withProject->parity.ok);
  CHECK_EQ(withProject->parity.rows, std::int64_t{400});
  const auto alone = shop.models->verify(nullptr, shop.folder / "out" / "model.pt", {});
  REQUIRE_OK(alone);
  CHECK(alone->parity.ok);
  CHECK_EQ(alone->parity.rows, std::int64_t{16});

  shop.fresh->error = 0.01F;
  const auto lying = shop.models->verify(nullptr, shop.folder / "out", {});
  REQUIRE_OK(lying);
  CHECK(!lying->parity.ok);
  CHECK(lying->parity.maxDiff > 0.009);
  CHECK(!shop.models->verify(nullptr, shop.folder / "nowhere", {}));
}

LATHE_TEST("a run and its export predict the same table") {
  ModelShop shop;
  REQUIRE_OK(shop.exportAs("model"));
  writeText(shop.folder / "new.csv", "extra,colour,y,x\n1,red,0.5,2\n2,green,-0.5,-2\n3,violet,0,0\n");
  const auto run = shop.models->loadRun(*shop.project, shop.run);
  REQUIRE_OK(run);
  const auto exported = shop.models->loadExport(shop.folder / "out");
  REQUIRE_OK(exported);
  const auto a = shop.models->predict(**run, shop.folder / "new.csv", "");
  REQUIRE_OK(a);
  const auto b = shop.models->predict(**exported, shop.folder / "new.csv", "");
  REQUIRE_OK(b);
  CHECK(a->predictions.values == b->predictions.values);
  CHECK_EQ(a->predictions.rows, std::size_t{3});
  REQUIRE(a->columns.size() == 3);
  CHECK_EQ(a->columns[0], std::string("prediction"));
  CHECK_EQ(a->columns[1], "prob_" + a->schema.target.classes[0]);
  const std::size_t right = a->schema.target.classes[0] == "right" ? 0 : 1;
  CHECK(a->predictions.values[right] > 0.5F);
  CHECK(a->predictions.values[2 + right] < 0.5F);

  writeText(shop.folder / "less.csv", "x,colour\n1,red\n");
  const auto missing = shop.models->predict(**run, shop.folder / "less.csv", "");
  REQUIRE(!missing);
  CHECK(missing.error().sentence().find('y') != std::string::npos);
  CHECK_EQ(shop.models->predict(**run, shop.folder / "new.csv", "test").error().code, std::string("data.no_split"));
}

LATHE_TEST("evaluating scores labelled rows and says when there are none") {
  ModelShop shop;
  const auto model = shop.models->loadRun(*shop.project, shop.run);
  REQUIRE_OK(model);
  writeText(shop.folder / "fresh.csv", cloudsCsv(200, 42));
  const auto metrics = shop.models->evaluate(**model, shop.folder / "fresh.csv");
  REQUIRE_OK(metrics);
  CHECK(metric(*metrics, "data/accuracy") > 0.85);
  CHECK(metric(*metrics, "data/loss") > 0);
  writeText(shop.folder / "unlabelled.csv", "x,y,colour\n1,1,red\n2,2,red\n");
  CHECK_EQ(shop.models->evaluate(**model, shop.folder / "unlabelled.csv").error().code, std::string("data.no_labels"));
}

LATHE_TEST("a regression exports, predicts in the target's unit and evaluates") {
  ModelShop shop;
  writeText(shop.folder / "prices.csv", pricesCsv(300));
  auto request = shop.request(30);
  request.spec.data.path = (shop.folder / "prices.csv").string();
  const auto run = shop.start(request);
  const auto record = shop.finished(run);
  REQUIRE(record.status == spec::RunStatus::Completed);
  CHECK(record.metrics.at("test/r2") > 0.9);
  REQUIRE_OK(shop.models->exportRun(*shop.project, {run, {"torch-script"}, shop.folder / "prices", "p"}));
  const auto model = shop.models->loadExport(shop.folder / "prices" / "p.pt");
  REQUIRE_OK(model);
  const auto table = shop.models->predict(**model, shop.folder / "prices.csv", "");
  REQUIRE_OK(table);
  CHECK_EQ(table->columns.size(), std::size_t{1});
  CHECK_EQ(table->predictions.rows, std::size_t{300});
  CHECK(metric(shop.models->evaluate(**model, shop.folder / "prices.csv").value(), "data/r2") > 0.9);
}

LATHE_TEST("pictures train with the test split that they bring, and each split predicts by itself") {
  ModelShop shop;
  writeIdxFolder(shop.folder / "pictures", 300, 40);
  auto request = shop.request(3);
  request.spec.data.path = (shop.folder / "pictures").string();
  const auto run = shop.start(request);
  const auto record = shop.finished(run);
  REQUIRE(record.status == spec::RunStatus::Completed);
  CHECK_EQ(record.model, std::string("cnn"));
  CHECK(record.metrics.at("test/accuracy") > 0.9);
  const auto exported = shop.models->exportRun(*shop.project, {run, {"torchscript"}, shop.folder / "cnn", ""});
  REQUIRE_OK(exported);
  CHECK_EQ(exported->worst.rows, std::int64_t{40});
  REQUIRE_OK(shop.models->verify(nullptr, shop.folder / "cnn", shop.folder / "pictures"));
  const auto model = shop.models->loadRun(*shop.project, run);
  REQUIRE_OK(model);
  CHECK_EQ(shop.models->predict(**model, shop.folder / "pictures", "test").value().predictions.rows, std::size_t{40});
  CHECK_EQ(shop.models->predict(**model, shop.folder / "pictures", "train").value().predictions.rows, std::size_t{300});
  CHECK_EQ(shop.models->predict(**model, shop.folder / "pictures", "").value().predictions.rows, std::size_t{340});

  const auto service = services::makeDataService();
  const auto seen = service->inspect(request.spec.data, {});
  REQUIRE_OK(seen);
  CHECK(!seen->cannotTrain);
  REQUIRE(seen->graphContext.inputs.size() == 1);
  CHECK_EQ(seen->graphContext.inputs[0].name, std::string("image"));
  CHECK_EQ(seen->preview->image(0).value().size(), std::size_t{64});
}

LATHE_TEST("images that cannot be read are named when a folder is predicted") {
  ModelShop shop;
  writeIdxFolder(shop.folder / "pictures", 300, 40);
  auto request = shop.request(1);
  request.spec.data.path = (shop.folder / "pictures").string();
  const auto run = shop.start(request);
  REQUIRE(shop.finished(run).status == spec::RunStatus::Completed);
  const auto model = shop.models->loadRun(*shop.project, run);
  REQUIRE_OK(model);
  fs::create_directory(shop.folder / "new");
  // A Windows bitmap of one white pixel.
  const std::string bitmap(
      "BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\1\0\0\0\1\0\0\0\1\0\x18\0\0\0\0\0\4\0\0\0"
      "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\0",
      58);
  writeText(shop.folder / "new" / "a.bmp", bitmap);
  writeText(shop.folder / "new" / "b.png", "no image at all");
  writeText(shop.folder / "new" / "c.bmp", bitmap);
  const auto table = shop.models->predict(**model, shop.folder / "new", "");
  REQUIRE_OK(table);
  CHECK_EQ(table->predictions.rows, std::size_t{2});
  REQUIRE(table->warnings.size() == 1);
  CHECK_EQ(table->warnings[0].code, std::string("data.broken_images"));
  CHECK(table->warnings[0].sentence().find("b.png") != std::string::npos);
}

LATHE_TEST("an export's name becomes an identifier") {
  using services::identifier;
  CHECK_EQ(identifier("breast-cancer mlp"), std::string("breast_cancer_mlp"));
  CHECK_EQ(identifier("2nd try!"), std::string("m_2nd_try"));
  CHECK_EQ(identifier("\u6a21\u578b"), std::string("model"));
}
