// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/engine/ensemble_file.h"
#include "core/engine_torch/torch_engine.h"
#include "core/exporting/parity.h"
#include "core/spec/templates.h"
#include "tests/engine/engine_samples.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

// Ensembles as one model: their programs, checkpoints and exported files.
using namespace lathe;
using namespace lathe::engine;

namespace {

/// Trainings of different networks, prepared in different ways, on the same data, joined with weights 1, 2, 3.
struct Joined {
  tests::TempFolder folder;
  std::shared_ptr<Engine> engine = makeTorchEngine();
  std::shared_ptr<data::Dataset> data;
  std::vector<std::filesystem::path> members;
  std::filesystem::path file;
  std::vector<double> temperatures;

  Joined(std::shared_ptr<data::Dataset> rows, bool templates) : data(std::move(rows)) {
    for (const char* name : {"mlp", "tabm", "realmlp"}) {
      auto request = tests::requestFor(data, folder / name, 2);
      if (templates) {
        request.model = tests::modelFor(*data, members.empty() ? "quantile" : "standard");
        const auto context =
            spec::graphContext(request.model.schema, request.model.fitted, request.model.preprocessing);
        const auto graph = spec::buildTemplate(name, {}, {context, data->schema.task, 300});
        REQUIRE_OK(graph);
        request.model.graph = *graph;
      }
      request.training.seed = members.size();
      tests::RecordingObserver seen;
      const auto summary = tests::train(*engine, request, seen);
      REQUIRE_OK(summary);
      members.push_back(summary->bestCheckpoint);
    }
    const bool classes = data->schema.task == spec::Task::Classification;
    temperatures = classes ? std::vector<double>{1, 1.5, 0.8} : std::vector<double>{1, 1, 1};
    const auto model = tests::modelFor(*data);
    file = folder / "joined.ckpt";
    const auto written = writeEnsemble(
        {{members[0], 1, temperatures[0]}, {members[1], 2, temperatures[1]}, {members[2], 3, temperatures[2]}},
        model.fitted, model.preprocessing, 0.5, file);
    REQUIRE_OK(written);
  }
};

}  // namespace

LATHE_TEST("a joined checkpoint predicts the weighted mean of its members") {
  const Joined joined(tests::mixedTable(spec::Task::Regression, 200), true);
  const auto whole = joined.engine->load(joined.file);
  REQUIRE_OK(whole);
  const auto mean = (*whole)->predict(*joined.data, {});
  REQUIRE_OK(mean);
  std::vector<Predictions> members;
  for (const auto& file : joined.members) {
    auto predictions = (*joined.engine->load(file))->predict(*joined.data, {});
    REQUIRE_OK(predictions);
    members.push_back(std::move(*predictions));
  }
  for (std::size_t i = 0; i < mean->values.size(); ++i) {
    const double expected = members[0].values[i] / 6.0 + members[1].values[i] / 3.0 + members[2].values[i] / 2.0;
    CHECK(std::abs(mean->values[i] - expected) < 1e-5 * std::max(1.0, std::abs(expected)));
  }
}

LATHE_TEST("exported ensembles predict what their checkpoint predicts") {
  for (const auto& data :
       {tests::mixedTable(spec::Task::Classification, 200), tests::textTable(spec::Task::Classification, 160),
        tests::mixedTable(spec::Task::Regression, 200)}) {
    const Joined joined(data, true);
    const auto whole = joined.engine->load(joined.file);
    REQUIRE_OK(whole);
    const auto expected = (*whole)->predict(*data, {});
    REQUIRE_OK(expected);
    const auto script = joined.folder / "joined.pt", onnx = joined.folder / "joined.onnx";
    REQUIRE_OK(joined.engine->exportTorchScript(joined.file, script));
    REQUIRE_OK(joined.engine->exportOnnx(joined.file, onnx));
    const auto fromScript = joined.engine->loadTorchScript(script);
    const auto fromOnnx = joined.engine->loadOnnx(onnx);
    REQUIRE_OK(fromScript);
    REQUIRE_OK(fromOnnx);
    for (const auto* model : {&*fromScript, &*fromOnnx}) {
      const auto predicted = (**model).predict(*data, {});
      REQUIRE_OK(predicted);
      const auto report = exporting::compare(*predicted, *expected, (*whole)->model());
      CHECK(report.ok);
      CHECK(report.maxDiff <= 1e-5);
      CHECK((**model).model() == (*whole)->model());
    }
  }
}

LATHE_TEST("ensembles of networks for images are exported too") {
  const auto data = tests::quarterImages(60);
  const Joined joined(data, false);
  CHECK(tests::exportDifference(*joined.engine, joined.file, *data, joined.folder.path()) <= 1e-5);
}

LATHE_TEST("a temperature of a network for tables divides the logits of each of its members") {
  const Joined joined(tests::mixedTable(spec::Task::Classification, 200), true);
  const auto warm = joined.folder / "warm.ckpt";
  const auto model = tests::modelFor(*joined.data);
  REQUIRE_OK(writeEnsemble({{joined.members[0], 1, 100}}, model.fitted, model.preprocessing, 0.5, warm));
  const auto predictions = (*joined.engine->load(warm))->predict(*joined.data, {});
  REQUIRE_OK(predictions);
  // So warm that nothing is preferred.
  for (const float p : predictions->values) CHECK(std::abs(p - 1.0F / 3) < 0.05F);
}
