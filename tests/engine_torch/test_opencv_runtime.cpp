// SPDX-License-Identifier: GPL-3.0-or-later
// OpenCV DNN on ONNX files of Lathe: what it runs, it runs as LibTorch does.
#include <cmath>
#include <set>

#include "core/base/files.h"
#include "core/base/random.h"
#include "core/engine_torch/torch_engine.h"
#include "core/exporting/parity.h"
#include "core/exporting/runtimes/foreign_runtimes.h"
#include "core/spec/image_scaling.h"
#include "core/spec/templates.h"
#include "tests/engine/engine_samples.h"
#include "tests/engine/layer_samples.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

enum class Outcome { Same, Other, Unsupported };

Outcome tried(const spec::ModelDescription& model, const std::shared_ptr<data::Dataset>& data) {
  const tests::TempFolder folder;
  const auto engine = makeTorchEngine();
  tests::RecordingObserver seen;
  auto request = tests::requestFor(data, folder / "run", 1);
  request.model = model;
  const auto summary = tests::train(*engine, request, seen);
  REQUIRE_OK(summary);
  const auto file = folder / "net.onnx";
  REQUIRE_OK(engine->exportOnnx(summary->bestCheckpoint, file));
  const auto original = engine->load(summary->bestCheckpoint);
  REQUIRE_OK(original);
  const auto expected = (*original)->predict(*data, {});
  REQUIRE_OK(expected);
  const auto answer = exporting::runOnOpenCv(file, *data);
  if (!answer) return Outcome::Other;
  if (!answer->has_value()) return Outcome::Unsupported;
  const auto report = exporting::compare((*answer)->predictions, *expected, model);
  if (!report.ok) std::fprintf(stderr, "largest difference %g\n", report.maxDiff);
  return report.ok ? Outcome::Same : Outcome::Other;
}

}  // namespace

LATHE_TEST("OpenCV runs networks for images as LibTorch does, and says when it cannot") {
  if (exporting::openCvName().empty()) return;  // was not there when Lathe was built
  const auto images = tests::quarterImages(70);
  std::set<std::string> same;
  for (const auto& info : spec::templates()) {
    if (!info.forImages || info.name == "resnet34" || info.name == "resnet50") continue;
    auto model = tests::modelFor(*images);
    spec::ModelSpec chosen;
    chosen.templateName = info.name;
    model.preprocessing.imageScaling = spec::imageScalingFor(chosen);
    const spec::TemplateContext context{spec::graphContext(model.schema, model.fitted, model.preprocessing),
                                        model.schema.task, 70};
    auto graph = spec::buildTemplate(info.name, {}, context);
    if (!graph) continue;
    model.graph = std::move(*graph);
    const auto outcome = tried(model, images);
    if (outcome == Outcome::Other)
      lathe::testing::reportFailure(__FILE__, __LINE__, info.name + " is another model to OpenCV");
    if (outcome == Outcome::Same) same.insert(info.name);
    std::fprintf(stderr, "%s: %s\n", info.name.c_str(), outcome == Outcome::Same ? "runs" : "is not supported");
  }
  CHECK(same.contains("cnn") && same.contains("resnet-small"));
}

LATHE_TEST("OpenCV runs layers for images as LibTorch does, where it knows them") {
  if (exporting::openCvName().empty()) return;
  const auto images = tests::quarterImages(40);
  int ran = 0;
  for (const auto& sample : tests::layerSamples()) {
    if (sample.place != tests::LayerPlace::Image) continue;
    auto model = tests::modelFor(*images);
    model.graph = tests::layerGraph(sample, 4);
    const auto outcome = tried(model, images);
    if (outcome == Outcome::Other)
      lathe::testing::reportFailure(__FILE__, __LINE__, sample.name + " is another layer to OpenCV");
    ran += outcome == Outcome::Same ? 1 : 0;
    std::fprintf(stderr, "%s: %s\n", sample.name.c_str(), outcome == Outcome::Same ? "runs" : "is not supported");
  }
  CHECK(ran > 10);
}

LATHE_TEST("OpenCV does not read the preparation of tables") {
  const auto table = tests::mixedTable(spec::Task::Classification, 60);
  if (!exporting::openCvName().empty()) CHECK(tried(tests::modelFor(*table), table) == Outcome::Unsupported);
}
