// SPDX-License-Identifier: GPL-3.0-or-later
// Trains a small model of each kind, exports it, and writes raw inputs and the engine's own outputs beside it, for
// check_torchscript.py, check_onnx.py and check_savedmodel.py: FOLDER/NAME.pt, NAME.onnx, NAME.columns.onnx of tables
// with words or dates, NAME/1/saved_model.pb, NAME.in and NAME.out (numbers as they lie in memory), NAME.json (shapes).
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <set>

#include "core/base/files.h"
#include "core/engine_torch/torch_engine.h"
#include "core/exporting/parity.h"
#include "core/exporting/quantization.h"
#include "core/exporting/table_columns.h"
#include "core/exporting/tensorflow/saved_model.h"
#include "core/spec/image_scaling.h"
#include "core/spec/templates.h"
#include "tests/engine/audio_samples.h"
#include "tests/engine/engine_samples.h"
#include "tests/engine/layer_samples.h"
#include "tests/engine/sequence_samples.h"
#include "tests/support/testing.h"

// Helpers of tests say what is wrong by it.
void lathe::testing::reportFailure(const char* file, int line, const std::string& text) {
  std::fprintf(stderr, "%s:%d: %s\n", file, line, text.c_str());
  std::exit(1);
}

namespace {

using namespace lathe;

template <class T>
void writeNumbers(const std::filesystem::path& file, const std::vector<T>& values) {
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(T)));
}

/// Lathe's own reader of ONNX, from the file alone.
Result<void> checkReader(engine::Engine& engine, const std::filesystem::path& file, const data::Dataset& rows,
                         const engine::Predictions& expected) {
  LATHE_ASSIGN(reader, engine.loadOnnx(file));
  LATHE_ASSIGN(found, reader->predict(rows, {}));
  const auto report = exporting::compare(found, expected, reader->model());
  std::printf("%s by Lathe's reader: %.2e\n", file.stem().c_str(), report.maxDiff);
  return {};
}

Result<void> writeSavedModel(const std::filesystem::path& checkpoint, const std::filesystem::path& folder) {
  LATHE_ASSIGN(source, exporting::modelSourceOf(checkpoint, folder.stem().string()));
  LATHE_ASSIGN(bytes, exporting::writeSavedModel(source, "0"));
  std::filesystem::create_directories(folder / "1");
  return writeFileAtomically(folder / "1/saved_model.pb", bytes);
}

/// What is predicted: some cells of a table are missing or out of the ordinary.
data::Dataset rowsOf(const data::Dataset& data) {
  auto rows = data.schema.sequence.window > 0
                  ? tests::wholeWindows(data, {data.split.train.begin(), data.split.train.begin() + 60})
                  : data;
  for (std::size_t i = 0; i < rows.table.size() && i < 140; ++i) {
    if (i % 5 == 0) rows.table[i] = std::numeric_limits<float>::quiet_NaN();
    if (i % 5 == 1) rows.table[i] = 77;
    if (i % 5 == 2) rows.table[i] = -1;
  }
  return rows;
}

void writeInputs(const std::filesystem::path& file, const data::Dataset& rows) {
  if (rows.schema.image) {
    writeNumbers(file, rows.pixels);
    return;
  }
  const auto width = static_cast<std::size_t>(spec::elementCount(rows.schema.inputShape));
  std::vector<float> inputs(rows.rows * width);
  for (std::size_t row = 0; row < rows.rows; ++row) data::copyInput(rows, row, inputs.data() + row * width);
  writeNumbers(file, inputs);
}

/// What the Python side must know of a sample.
void writeShapes(const std::filesystem::path& file, const data::Dataset& rows, const engine::Predictions& predictions,
                 const spec::ModelDescription& model, const std::string& precision) {
  std::ofstream json(file);
  json << "{\"image\":" << (rows.schema.image ? "true" : "false") << ",\"rows\":" << rows.rows << ",\"shape\":[";
  for (std::size_t i = 0; i < rows.schema.inputShape.size(); ++i)
    json << (i > 0 ? "," : "") << rows.schema.inputShape[i];
  const bool regression = rows.schema.task == spec::Task::Regression;
  json << "],\"outputs\":" << predictions.columns << ",\"scale\":" << (regression ? model.fitted.targetStd : 1.0)
       << ",\"precision\":\"" << precision << "\"}\n";
}

/// quantized_PRECISION_NAME: weights of fewer bits. Outputs are those of the rounded weights; in int8 ONNX, whose
/// inputs are rounded as well, those of Lathe's reader.
Result<void> writeQuantized(const std::filesystem::path& folder, const std::string& name, const data::Dataset& rows,
                            const std::filesystem::path& checkpoint, const std::string& precisionName) {
  const auto engine = engine::makeTorchEngine();
  const auto precision = *exporting::precisionNamed(precisionName);
  const auto stem = "quantized_" + precisionName + "_" + name;
  LATHE_ASSIGN(read, engine::readCheckpoint(checkpoint));
  LATHE_TRY(exporting::quantize(read, precision, checkpoint));
  writeInputs(folder / (stem + ".in"), rows);
  if (precision == exporting::Precision::Int8Static) {
    const auto width = static_cast<std::size_t>(spec::elementCount(rows.schema.inputShape));
    std::vector<float> inputs(rows.pixels.begin(), rows.pixels.end());
    if (!rows.schema.image) inputs.resize(rows.rows * width);
    for (std::size_t row = 0; !rows.schema.image && row < rows.rows; ++row)
      data::copyInput(rows, row, inputs.data() + row * width);
    auto shape = rows.schema.inputShape;
    shape.insert(shape.begin(), static_cast<std::int64_t>(rows.rows));
    read.add(exporting::calibrationTensor, "F32", shape, inputs.size() * sizeof(float), inputs.data());
  }
  const auto rounded = folder / (stem + ".ckpt"), onnxFile = folder / (stem + ".onnx");
  if (auto written = engine::writeCheckpoint(read, rounded); !written) return passOn(written);
  LATHE_TRY(engine->exportOnnx(rounded, onnxFile));
  if (exporting::hasNamedColumns(rows.schema) && !exporting::isNumeric(rows.schema))
    LATHE_TRY(engine->exportOnnx(rounded, folder / (stem + ".columns.onnx")));
  LATHE_ASSIGN(predictor, engine->load(rounded));
  LATHE_ASSIGN(expected, predictor->predict(rows, {}));
  if (precision != exporting::Precision::Int8Static) {
    LATHE_TRY(engine->exportTorchScript(rounded, folder / (stem + ".pt")));
    LATHE_TRY(writeSavedModel(rounded, folder / stem));
  }
  writeNumbers(folder / (stem + ".out"), expected.values);
  writeShapes(folder / (stem + ".json"), rows, expected, predictor->model(), precisionName);
  LATHE_ASSIGN(reader, engine->loadOnnx(onnxFile));
  LATHE_ASSIGN(found, reader->predict(rows, {}));
  writeNumbers(folder / (stem + ".reader"), found.values);
  return {};
}

Result<void> writeSample(const std::filesystem::path& folder, const std::string& name,
                         const std::shared_ptr<data::Dataset>& data, const spec::ModelDescription& model,
                         int epochs = 2) {
  const auto engine = engine::makeTorchEngine();
  tests::RecordingObserver seen;
  auto request = tests::requestFor(data, folder / name, epochs);
  request.model = model;
  request.training.optimizer.lr = 0.002;
  LATHE_ASSIGN(summary, tests::train(*engine, request, seen));
  LATHE_TRY(engine->exportTorchScript(summary.bestCheckpoint, folder / (name + ".pt")));
  const auto onnxFile = folder / (name + ".onnx");
  LATHE_TRY(engine->exportOnnx(summary.bestCheckpoint, onnxFile));
  if (exporting::hasNamedColumns(data->schema) && !exporting::isNumeric(data->schema))
    LATHE_TRY(engine->exportOnnx(summary.bestCheckpoint, folder / (name + ".columns.onnx")));
  LATHE_TRY(writeSavedModel(summary.bestCheckpoint, folder / name));
  const auto rows = rowsOf(*data);
  LATHE_ASSIGN(predictor, engine->load(summary.bestCheckpoint));
  LATHE_ASSIGN(predictions, predictor->predict(rows, {}));
  LATHE_TRY(checkReader(*engine, onnxFile, rows, predictions));
  writeInputs(folder / (name + ".in"), rows);
  writeNumbers(folder / (name + ".out"), predictions.values);
  writeShapes(folder / (name + ".json"), rows, predictions, request.model, "");
  static const std::set<std::string> quantized{"classes",
                                               "values",
                                               "images",
                                               "images_cnn_standard",
                                               "classes_tabm_standard",
                                               "values_realmlp_standard",
                                               "classes_ft-transformer_standard",
                                               "images_resnet-small_standard",
                                               "forecast_lstm",
                                               "range_gru",
                                               "forecast_transformer",
                                               "height_conv1d"};
  if (quantized.count(name) > 0)
    for (const auto& precision : exporting::precisionNames())
      LATHE_TRY(writeQuantized(folder, name, rows, summary.bestCheckpoint, precision));
  return {};
}

using Samples = std::vector<std::pair<std::string, std::shared_ptr<data::Dataset>>>;

/// Tables with more words than a SavedModel compares one after another, and with numbers alone.
Result<void> writeTables(const std::filesystem::path& folder) {
  const auto words = tests::mixedTable(spec::Task::Classification);
  // Names of columns that are no identifiers, or look like those of a graph's own values.
  words->schema.features[2].name = "colour (of it)";
  words->schema.features[3].name = "v0";
  for (int i = 0; i < 1500; ++i) words->schema.features[3].vocabulary.push_back("shop " + std::to_string(1000 + i));
  LATHE_TRY(writeSample(folder, "many_words", words, tests::modelFor(*words)));
  for (const auto task : {spec::Task::Classification, spec::Task::Regression}) {
    const auto data = tests::mixedTable(task);
    const std::size_t width = 7;
    for (std::size_t row = 0; row < data->rows; ++row) {
      data->table[2 * row] = data->table[width * row];
      data->table[2 * row + 1] = data->table[width * row + 1];
    }
    data->table.resize(2 * data->rows);
    data->schema.features.resize(2);
    data->schema.inputShape = {2};
    auto model = tests::modelFor(*data);
    const spec::TemplateContext context{spec::graphContext(model.schema, model.fitted, model.preprocessing), task, 280};
    LATHE_ASSIGN(graph, spec::buildTemplate("mlp", {}, context));
    model.graph = graph;
    LATHE_TRY(writeSample(folder, task == spec::Task::Regression ? "numbers_value" : "numbers_class", data, model));
  }
  return {};
}

/// The layers of the engine tests, and each template with each way of preparing what it is for.
Result<void> writeAll(const std::filesystem::path& folder) {
  auto times = tests::mixedTable(spec::Task::Regression);
  for (std::size_t row = 0; row < times->rows; ++row) times->table[row * 7] = 1.7e9F + 1000 * times->table[row * 7];
  const Samples samples{{"classes", tests::mixedTable(spec::Task::Classification)},
                        {"values", tests::mixedTable(spec::Task::Regression)},
                        {"unix_times", times},
                        {"images", tests::quarterImages()}};
  for (const auto& [name, data] : samples) {
    LATHE_TRY(writeSample(folder, name, data, tests::modelFor(*data)));
    for (const auto& info : spec::templates()) {
      if (info.forAnomalies || (info.forImages && !data->schema.image)) continue;
      if (info.forTables && data->schema.image) continue;
      // The same blocks as ResNet-18 and more of them; check_torchvision.py exports them all.
      if (info.name == "resnet34" || info.name == "resnet50") continue;
      for (const char* scaling : {"standard", "quantile"}) {
        // It makes a token of each category, which it embeds itself.
        if (info.name == "ft-transformer" && std::string(scaling) == "quantile") continue;
        auto model = tests::modelFor(*data, scaling);
        // Every category as numbers of its own with one scaling, every one embedded with the other.
        model.preprocessing.categories = std::string(scaling) == "quantile" ? "onehot" : "embedding";
        spec::ModelSpec chosen;
        chosen.templateName = info.name;
        model.preprocessing.imageScaling = spec::imageScalingFor(chosen);
        spec::TemplateContext context{spec::graphContext(model.schema, model.fitted, model.preprocessing),
                                      model.schema.task, static_cast<std::int64_t>(data->split.train.size())};
        LATHE_ASSIGN(graph, spec::buildTemplate(info.name, {{"dropout", 0.2}}, context));
        model.graph = graph;
        LATHE_TRY(writeSample(folder, name + "_" + info.name + "_" + scaling, data, model));
      }
    }
  }
  return {};
}

/// Every layer kind by itself.
Result<void> writeLayers(const std::filesystem::path& folder) {
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
    LATHE_TRY(writeSample(folder, "layer_" + sample.name, data, model, 1));
  }
  return {};
}

/// Windows of rows, and clips of sound.
Result<void> writeSequences(const std::filesystem::path& folder) {
  const std::vector<std::pair<std::string, std::shared_ptr<data::Dataset>>> samples{
      {"forecast", tests::waves(spec::Task::Forecast, 12, 3, 300)},
      {"height", tests::waves(spec::Task::Classification, 9, 0, 300)},
      {"range", tests::waves(spec::Task::Quantile, 12, 2, 300)}};
  for (const auto& [name, data] : samples)
    for (const char* layers : {"lstm", "gru", "conv1d", "transformer"})
      LATHE_TRY(writeSample(folder, name + "_" + layers, data, tests::sequenceModel(*data, layers)));
  const auto clips = tests::toneClips(40);
  for (const char* layers : {"cnn", "gru"}) {
    LATHE_ASSIGN(model, tests::toneModel(*clips, layers));
    LATHE_TRY(writeSample(folder, std::string("tones_") + layers, clips, model));
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  auto written = writeAll(argv[1]);
  if (written) written = writeTables(argv[1]);
  if (written) written = writeSequences(argv[1]);
  if (written) written = writeLayers(argv[1]);
  if (written) return 0;
  std::fprintf(stderr, "%s\n", written.error().sentence().c_str());
  return 1;
}
