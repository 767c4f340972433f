// SPDX-License-Identifier: GPL-3.0-or-later
// SavedModels read back by Lathe's own reader: every layer and template with random weights, and files of checkpoints.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/base/files.h"
#include "core/base/random.h"
#include "core/engine_torch/batch_source.h"
#include "core/engine_torch/program_runner.h"
#include "core/engine_torch/saved_model_runner.h"
#include "core/engine_torch/torch_engine.h"
#include "core/engine_torch/torch_predictor.h"
#include "core/exporting/parity.h"
#include "core/exporting/tensorflow/saved_model.h"
#include "core/spec/image_scaling.h"
#include "core/spec/templates.h"
#include "tests/engine/audio_samples.h"
#include "tests/engine/engine_samples.h"
#include "tests/engine/layer_samples.h"
#include "tests/engine/sequence_samples.h"
#include "tests/engine_torch/torch_testing.h"
#include "tests/support/temp_folder.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

using Rows = std::shared_ptr<data::Dataset>;

/// Weights of a size that keeps activations at theirs, through many layers.
std::vector<std::vector<float>> randomWeights(const spec::Program& program) {
  std::vector<std::vector<float>> weights;
  Random random(3, "weights");
  for (const auto& parameter : program.parameters) {
    const auto count = static_cast<std::size_t>(spec::elementCount(parameter.shape));
    const double inputs = static_cast<double>(count) / static_cast<double>(parameter.shape.at(0));
    const double size = std::min(0.3, 1 / std::sqrt(inputs));
    const bool variance = parameter.name.ends_with("running_var");
    std::vector<float> numbers(count);
    for (auto& number : numbers)
      number = static_cast<float>(variance ? 0.5 + random.uniform() : size * random.normal());
    weights.push_back(std::move(numbers));
  }
  return weights;
}

torch::Tensor engineOutput(const exporting::ModelSource& source, const torch::Tensor& raw) {
  const ProgramRunner runner(source.program, torch::Device(torch::kCPU));
  TensorList parameters;
  for (std::size_t i = 0; i < source.weights.size(); ++i)
    parameters.push_back(torch::tensor(source.weights[i]).reshape(source.program.parameters[i].shape));
  return runner.head(runner.model(runner.preprocess(raw), parameters, nullptr));
}

/// The contract's measure; infinite, with the reason beside it, where something fails.
double difference(const spec::ModelDescription& model, const data::Dataset& data) {
  const c10::InferenceMode inference;
  auto program = spec::lower(model);
  REQUIRE_OK(program);
  auto weights = randomWeights(*program);
  const exporting::ModelSource source{"net", model, std::move(*program), std::move(weights), ""};
  const auto bytes = exporting::writeSavedModel(source, "1.0");
  REQUIRE_OK(bytes);
  std::string problem;
  const auto runner = SavedModelRunner::read(*bytes, problem);
  if (!runner) std::fprintf(stderr, "%s\n", problem.c_str());
  REQUIRE(runner != nullptr);
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < data.rows && rows.size() < 30; ++row)
    if (data::hasInput(data, row)) rows.push_back(row);
  const auto raw = rawRows(data, rows, torch::Device(torch::kCPU));
  const auto expected = engineOutput(source, raw).flatten();
  const auto numbers = raw.to(torch::kFloat32);
  const auto given = runner->run(numbers.dim() == 4 ? numbers.permute({0, 2, 3, 1}) : numbers).flatten();
  if (!given.sizes().equals(expected.sizes())) return std::numeric_limits<double>::infinity();
  return ((given - expected).abs() / expected.abs().clamp_min(1)).max().item<double>();
}

void check(const std::string& name, const spec::ModelDescription& model, const data::Dataset& data,
           double limit = 1e-5) {
  const double found = difference(model, data);
  if (!(found <= limit))
    lathe::testing::reportFailure(__FILE__, __LINE__, name + " differs by " + std::to_string(found));
}

void checkTemplates(const std::string& what, const Rows& data) {
  for (const auto& info : spec::templates()) {
    if (info.forAnomalies != (data->schema.task == spec::Task::Anomaly)) continue;
    // The same blocks as in smaller ones, and more of them.
    if (info.name == "resnet34" || info.name == "resnet50") continue;
    for (const char* scaling : {"standard", "quantile"}) {
      auto model = tests::modelFor(*data, scaling);
      model.preprocessing.categories = std::string(scaling) == "quantile" ? "onehot" : "embedding";
      spec::ModelSpec chosen;
      chosen.templateName = info.name;
      model.preprocessing.imageScaling = spec::imageScalingFor(chosen);
      const spec::TemplateContext context{spec::graphContext(model.schema, model.fitted, model.preprocessing),
                                          model.schema.task, 200};
      auto graph = spec::buildTemplate(info.name, {}, context);
      if (!graph) continue;  // it is for other data
      model.graph = std::move(*graph);
      check(what + " " + info.name + " " + scaling, model, *data);
    }
  }
}

struct ExportedFile {
  tests::TempFolder folder;
  std::shared_ptr<Engine> engine = makeTorchEngine();
  Rows data;
  std::filesystem::path checkpoint, file;

  explicit ExportedFile(Rows rows) : data(std::move(rows)), file(folder / "saved_model.pb") {
    tests::RecordingObserver seen;
    auto request = tests::requestFor(data, folder / "run", 1);
    const auto summary = tests::train(*engine, request, seen);
    REQUIRE_OK(summary);
    checkpoint = summary->bestCheckpoint;
    REQUIRE_OK(writeSavedModelFile(checkpoint, file));
  }
};

}  // namespace

LATHE_TEST("savedmodel: every layer kind is written and read back") {
  const auto table = tests::mixedTable(spec::Task::Classification, 60);
  const auto images = tests::quarterImages(60);
  const auto texts = tests::textTable(spec::Task::Classification, 60);
  for (const auto& sample : tests::layerSamples()) {
    const auto& data = sample.place == tests::LayerPlace::Image  ? images
                       : sample.place == tests::LayerPlace::Text ? texts
                                                                 : table;
    auto model = tests::modelFor(*data);
    model.preprocessing.categories = "embedding";
    model.preprocessing.numericBins = 8;
    for (auto& fitted : model.fitted.features)
      if (!fitted.quantiles.empty() && fitted.quantiles.front() < fitted.quantiles.back())
        fitted.bins = {fitted.quantiles.front(), fitted.quantiles.back()};
    model.graph = tests::layerGraph(sample, static_cast<std::int64_t>(data->schema.target.classes.size()));
    // A number less itself is rounding, on either side.
    check(sample.name, model, *data, sample.name == "groupnorm_row" ? 1e-4 : 1e-5);
  }
}

LATHE_TEST("savedmodel: templates of tables and texts are written and read back") {
  for (const auto task : {spec::Task::Classification, spec::Task::Regression, spec::Task::Anomaly})
    checkTemplates("table", tests::mixedTable(task, 120));
  checkTemplates("text", tests::textTable(spec::Task::Classification, 120));
}

LATHE_TEST("savedmodel: templates of images are written and read back") {
  checkTemplates("image", tests::quarterImages(60));
}

LATHE_TEST("savedmodel: templates of sequences are written and read back") {
  for (const auto& [task, horizon] : {std::pair{spec::Task::Forecast, 3}, std::pair{spec::Task::Classification, 0},
                                      std::pair{spec::Task::Quantile, 2}}) {
    const auto data = tests::waves(task, 12, horizon, 200);
    for (const char* name : {"lstm", "gru", "conv1d", "transformer"})
      check(name, tests::sequenceModel(*data, name), *data);
  }
}

LATHE_TEST("savedmodel: templates of sound are written and read back") {
  const auto data = tests::toneClips(8);
  for (const char* name : {"cnn", "gru"}) {
    const auto model = tests::toneModel(*data, name);
    REQUIRE_OK(model);
    check(name, *model, *data);
  }
}

LATHE_TEST("a SavedModel predicts what the checkpoint predicts, and carries the model's description") {
  for (const auto& data : {tests::mixedTable(spec::Task::Classification), tests::mixedTable(spec::Task::Regression),
                           tests::quarterImages(60)}) {
    const ExportedFile exported(data);
    const auto original = exported.engine->load(exported.checkpoint);
    const auto reader = loadSavedModelPredictor(exported.file);
    REQUIRE_OK(original);
    REQUIRE_OK(reader);
    CHECK((*reader)->model() == (*original)->model());
    CHECK((*reader)->scoring().has_value());
    const auto report =
        exporting::compare(*(*reader)->predict(*data, {}), *(*original)->predict(*data, {}), (*original)->model());
    CHECK(report.ok);
    CHECK(report.rows == static_cast<std::int64_t>(data->rows));
  }
}

LATHE_TEST("damaged SavedModels and those of others are refused, or run to an end, whatever bytes they hold") {
  const ExportedFile exported(tests::mixedTable(spec::Task::Classification, 60));
  const auto whole = *readFile(exported.file, 1 << 24);
  const auto damaged = exported.folder / "damaged.pb";
  const auto tryOut = [&](const std::string& bytes) {
    if (!writeFileAtomically(damaged, bytes)) return false;
    const auto model = loadSavedModelPredictor(damaged);
    return model && (*model)->predict(*exported.data, {}).has_value();
  };
  CHECK(tryOut(whole));
  for (const std::size_t length : {std::size_t{0}, std::size_t{1}, whole.size() / 3, whole.size() - 1})
    CHECK(!tryOut(whole.substr(0, length)));
  Random random(7, "bytes");
  int failed = 0;
  // The description stands first, then nodes and numbers.
  for (int i = 0; i < 300; ++i) {
    auto bytes = whole;
    bytes[random.below(whole.size())] = static_cast<char>(random.below(256));
    failed += tryOut(bytes) ? 0 : 1;
  }
  CHECK(failed > 30);
}
