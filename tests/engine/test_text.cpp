// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/fake_engine.h"
#include "core/engine/plain_preprocessor.h"
#include "core/engine/slot_traits.h"
#include "core/spec/templates.h"
#include "tests/engine/engine_samples.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::tests;

LATHE_TEST("text: the plain engine learns from words too") {
  const TempFolder folder;
  const auto engine = engine::makeFakeEngine();
  for (const bool tells : {true, false}) {
    const auto data = textTable(spec::Task::Classification, 900, tells);
    auto request = requestFor(data, folder / (tells ? "told" : "guessed"), 24);
    request.training.optimizer.lr = 0.01;
    RecordingObserver observer;
    const auto summary = train(*engine, request, observer);
    REQUIRE_OK(summary);
    const double accuracy = observer.curve("val/accuracy").back().second;
    if (tells ? accuracy < 0.9 : accuracy > 0.5)
      lathe::testing::reportFailure(__FILE__, __LINE__, "accuracy " + std::to_string(accuracy));
    if (tells) CHECK(exportDifference(*engine, summary->bestCheckpoint, *data, folder.path()) <= 1e-5);
  }
}

LATHE_TEST("text: a bag's table is an embedding to an optimiser, no matrix of a hidden layer") {
  const auto data = textTable(spec::Task::Classification, 60);
  auto model = modelFor(*data);
  const auto context = spec::graphContext(data->schema, model.fitted, model.preprocessing);
  auto graph = spec::buildTemplate("mlp", {}, {context, data->schema.task, 42});
  REQUIRE_OK(graph);
  model.graph = *graph;
  const auto program = spec::lower(model);
  REQUIRE_OK(program);
  const auto traits = engine::slotTraits(*program, {});
  int tables = 0, matrices = 0;
  for (std::size_t i = 0; i < traits.size(); ++i) {
    const auto& name = program->parameters[i].name;
    if (name.rfind("words.", 0) == 0) {
      ++tables;
      CHECK(!traits[i].hidden);
    }
    matrices += traits[i].hidden ? 1 : 0;
  }
  CHECK_EQ(tables, 2);
  CHECK(matrices > 0);
}
