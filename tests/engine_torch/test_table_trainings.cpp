// SPDX-License-Identifier: GPL-3.0-or-later
// Whole trainings of ft-transformer, numeric embeddings and autoencoders: they learn, go on with the same bits, and are
// exported with parity.
#include <algorithm>
#include <cmath>

#include "core/base/random.h"
#include "core/engine_fused/network.h"
#include "core/engine_torch/torch_engine.h"
#include "core/spec/templates.h"
#include "tests/engine/engine_samples.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::tests;
using engine::TrainingControl;

namespace {

/// Quantile edges as the preparation would make them.
void fitBins(spec::ModelDescription& model, int bins) {
  model.preprocessing.numericBins = bins;
  for (auto& fitted : model.fitted.features) {
    const auto& quantiles = fitted.quantiles;
    fitted.bins.clear();
    for (int k = 0; k <= bins && !quantiles.empty(); ++k) {
      const float edge =
          quantiles[static_cast<std::size_t>(k) * (quantiles.size() - 1) / static_cast<std::size_t>(bins)];
      if (fitted.bins.empty() || edge > fitted.bins.back()) fitted.bins.push_back(edge);
    }
    if (fitted.bins.size() < 2) fitted.bins.clear();
  }
}

engine::TrainingRequest requestOf(const std::shared_ptr<data::Dataset>& data, const std::string& name,
                                  const spec::ValueMap& settings, const std::filesystem::path& folder, int epochs) {
  auto request = requestFor(data, folder, epochs);
  if (name == "ft-transformer") request.model.preprocessing.categories = "embedding";
  fitBins(request.model, 6);
  const auto context = spec::graphContext(data->schema, request.model.fitted, request.model.preprocessing);
  auto graph = spec::buildTemplate(name, settings, {context, data->schema.task, 280});
  REQUIRE_OK(graph);
  request.model.graph = std::move(*graph);
  return request;
}

struct Case {
  std::string name;
  spec::ValueMap settings;
  spec::Task task = spec::Task::Classification;
  bool fused = true;
};

std::vector<Case> cases() {
  const spec::ValueMap small{{"width", 16}, {"blocks", 2}, {"heads", 4}};
  auto bins = small;
  bins["numeric_embedding"] = "piecewise_linear";
  return {{"mlp", {{"numeric_embedding", "piecewise_linear"}}},
          {"mlp", {{"numeric_embedding", "periodic"}}, spec::Task::Regression},
          {"resmlp", {{"numeric_embedding", "piecewise_linear"}, {"numeric_size", 5}}},
          {"realmlp", {{"hidden", 32}, {"numeric_embedding", "piecewise_linear"}}},
          {"tabm", {{"members", 4}, {"numeric_embedding", "piecewise_linear"}}, spec::Task::Regression},
          {"ft-transformer", small, spec::Task::Classification, false},
          {"ft-transformer", bins, spec::Task::Regression, false},
          {"autoencoder", {}, spec::Task::Anomaly, false}};
}

}  // namespace

LATHE_TEST("tables: paused in mid-epoch and resumed equals uninterrupted, and the export agrees") {
  const TempFolder folder;
  const auto engine = engine::makeTorchEngine();
  for (const auto& each : cases()) {
    const auto data = mixedTable(each.task);
    RecordingObserver whole, before, after;
    const auto full = requestOf(data, each.name, each.settings, folder / "whole", 3);
    const auto program = spec::lower(full.model);
    REQUIRE_OK(program);
    if (engine::FusedNetwork::obstacle(*program).has_value() == each.fused)
      lathe::testing::reportFailure(
          __FILE__, __LINE__, each.name + ": " + engine::FusedNetwork::obstacle(*program).value_or("no obstacle"));
    const auto summary = train(*engine, full, whole);
    REQUIRE_OK(summary);
    auto parts = requestOf(data, each.name, each.settings, folder / "parts", 3);
    const auto paused = trainUntil(*engine, parts, before, 12, TrainingControl::Request::Pause);
    REQUIRE_OK(paused);
    CHECK_EQ(paused->steps, 12);
    parts.resumeFrom = paused->lastCheckpoint;
    REQUIRE_OK(train(*engine, parts, after));
    CHECK(sameTensors(folder / "whole/last.ckpt", folder / "parts/last.ckpt"));
    CHECK(whole.curve("val/loss").back().second < whole.curve("val/loss").front().second);
    const double difference = exportDifference(*engine, summary->bestCheckpoint, *data, folder.path());
    if (!(difference <= 1e-5))
      lathe::testing::reportFailure(__FILE__, __LINE__, each.name + " differs by " + std::to_string(difference));
    std::filesystem::remove_all(folder / "whole");
    std::filesystem::remove_all(folder / "parts");
  }
}

LATHE_TEST("tables: a run says which executor trains it, and what stands against the fused one") {
  const TempFolder folder;
  const auto engine = engine::makeTorchEngine();
  const auto data = mixedTable(spec::Task::Classification);
  const auto saidOf = [&](const std::string& name, const spec::ValueMap& settings) {
    RecordingObserver observer;
    REQUIRE_OK(train(*engine, requestOf(data, name, settings, folder / name, 1), observer));
    for (const auto& [kind, message] : observer.events)
      if (kind == "executor") return message.render();
    return std::string();
  };
  CHECK(saidOf("mlp", {}).find("Trained by the fused executor (") == 0);
  const auto libtorch = saidOf("ft-transformer", {{"width", 16}, {"blocks", 1}, {"heads", 2}});
  CHECK(libtorch.find("Trained by LibTorch, since the fused executor does not know ") == 0);
}

LATHE_TEST("tables: the fused executor trains numeric embeddings as LibTorch does") {
  const TempFolder folder;
  const auto engine = engine::makeTorchEngine();
  for (const char* embedding : {"piecewise_linear", "periodic"}) {
    const auto data = mixedTable(spec::Task::Regression);
    const spec::ValueMap settings{{"numeric_embedding", embedding}, {"dropout", 0}};
    auto request = requestOf(data, "mlp", settings, folder / "a", 2);
    RecordingObserver fused, reference;
    request.training.executor = "fused";
    REQUIRE_OK(train(*engine, request, fused));
    request.training.executor = "libtorch";
    request.checkpointFolder = folder / "b";
    REQUIRE_OK(train(*engine, request, reference));
    const auto& a = fused.curve("train/loss");
    const auto& b = reference.curve("train/loss");
    REQUIRE(a.size() == b.size() && a.size() > 10);
    for (std::size_t i = 0; i < a.size(); ++i) CHECK(std::abs(a[i].second - b[i].second) < 1e-4);
  }
}

LATHE_TEST("tables: an autoencoder scores strange rows higher, and missing cells do not count") {
  const TempFolder folder;
  const auto engine = engine::makeTorchEngine();
  const auto data = mixedTable(spec::Task::Anomaly, 600);
  // Every tenth row is torn apart: its colour and shop are unknown, its numbers far outside.
  data->schema.target = {"odd", {"no", "yes"}};
  for (std::uint32_t row = 0; row < data->rows; ++row) {
    data->classes.push_back(row % 20 == 7 ? 1 : 0);
    if (row % 20 != 7) continue;
    data->table[row * 7] = 6;
    data->table[row * 7 + 1] = -40;
  }
  auto request = requestOf(data, "autoencoder", {}, folder.path(), 20);
  request.training.optimizer.lr = 3e-3;
  RecordingObserver observer;
  const auto summary = train(*engine, request, observer);
  REQUIRE_OK(summary);
  CHECK(observer.has("val/roc_auc") && observer.has("val/pr_auc"));
  CHECK(!observer.has("train/accuracy"));
  CHECK(observer.curve("val/roc_auc").back().second > 0.9);
  const auto predictor = engine->load(summary->bestCheckpoint);
  REQUIRE_OK(predictor);
  data::Dataset rows = *data;
  rows.rows = 2;
  rows.table.assign(data->table.begin() + 7 * 7, data->table.begin() + 8 * 7);
  rows.table.insert(rows.table.end(), rows.table.begin(), rows.table.end());
  rows.table[7] = rows.table[8] = std::nanf("");
  const auto scores = (*predictor)->predict(rows, {});
  REQUIRE_OK(scores);
  CHECK_EQ(scores->columns, std::size_t{1});
  // Without the two strange cells the same row is an ordinary one.
  CHECK(scores->values[0] > 2 * scores->values[1]);
}

LATHE_TEST("images: an autoencoder scores what it never saw higher, exported too") {
  const TempFolder folder;
  const auto engine = engine::makeTorchEngine();
  const auto data = quarterImages(240);
  data->schema.task = spec::Task::Anomaly;
  data->schema.target = {"label", {"no", "yes"}};
  Random random(3, "noise");
  for (std::size_t row = 0; row < data->rows; ++row) {
    data->classes[row] = row % 10 == 8 ? 1 : 0;
    if (data->classes[row] == 0) continue;
    for (std::size_t i = 0; i < 64; ++i) data->pixels[row * 64 + i] = static_cast<std::uint8_t>(random.below(256));
  }
  auto request = requestFor(data, folder.path(), 12);
  const auto context = spec::graphContext(data->schema, request.model.fitted, request.model.preprocessing);
  auto graph = spec::buildTemplate("autoencoder", {{"channels", 8}}, {context, spec::Task::Anomaly, 168});
  REQUIRE_OK(graph);
  request.model.graph = *graph;
  request.training.optimizer.lr = 3e-3;
  RecordingObserver observer;
  const auto summary = train(*engine, request, observer);
  REQUIRE_OK(summary);
  CHECK(observer.curve("val/roc_auc").back().second > 0.95);
  CHECK(observer.curve("train/loss").back().second < 0.7 * observer.curve("train/loss").front().second);
  CHECK(exportDifference(*engine, summary->bestCheckpoint, *data, folder.path()) <= 1e-5);
}

LATHE_TEST("ft-transformer: thousands of columns are refused before the start, with a batch that fits") {
  const TempFolder folder;
  const auto engine = engine::makeTorchEngine();
  auto data = std::make_shared<data::Dataset>();
  constexpr std::int64_t columns = 5000;
  data->schema.inputShape = {columns};
  data->schema.target = {"y", {"a", "b"}};
  data->rows = 40;
  data->table.assign(static_cast<std::size_t>(columns) * data->rows, 0.5F);
  spec::ModelDescription model;
  for (int i = 0; i < columns; ++i) {
    data->schema.features.push_back({"c" + std::to_string(i), spec::ColumnKind::Real, i, 1, {}});
    model.fitted.features.emplace_back();
  }
  for (std::uint32_t row = 0; row < data->rows; ++row) {
    data->classes.push_back(static_cast<std::int32_t>(row % 2));
    (row < 30 ? data->split.train : data->split.validation).push_back(row);
  }
  model.schema = data->schema;
  model.fitted.classFrequencies = {0.5, 0.5};
  const auto context = spec::graphContext(model.schema, model.fitted, model.preprocessing);
  auto graph = spec::buildTemplate("ft-transformer", {}, {context, spec::Task::Classification, 30});
  REQUIRE_OK(graph);
  model.graph = *graph;
  engine::TrainingRequest request{model, {}, data, folder.path(), {}, {}};
  request.training.batchSize = 4096;
  request.training.threads = 1;
  request.training.device = "cpu";
  request.training.loss.name = "cross_entropy";
  const auto estimate = engine->estimate(request);
  // The scores alone: eight heads, every pair of columns, three blocks, 4096 rows.
  CHECK(static_cast<double>(estimate.bytes) > 3.0 * 8 * columns * columns * 4096 * 4);
  RecordingObserver observer;
  const auto refused = train(*engine, request, observer);
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, std::string("engine.out_of_memory"));
}
