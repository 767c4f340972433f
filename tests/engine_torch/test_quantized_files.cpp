// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <onnx/onnx_pb.h>

#include "core/base/files.h"
#include "core/base/random.h"
#include "core/engine_torch/onnx_runner.h"
#include "core/engine_torch/torch_engine.h"
#include "core/exporting/parity.h"
#include "core/exporting/quantization.h"
#include "core/spec/templates.h"
#include "tests/engine/engine_samples.h"
#include "tests/engine/sequence_samples.h"
#include "tests/engine_torch/torch_testing.h"
#include "tests/support/temp_folder.h"

// ONNX and TorchScript files with weights of fewer bits, read back.
using namespace lathe;
using namespace lathe::engine;
using exporting::Precision;

namespace {

struct Trained {
  tests::TempFolder folder;
  std::shared_ptr<Engine> engine = makeTorchEngine();
  std::shared_ptr<data::Dataset> data;
  data::Dataset rows;  ///< that are predicted
  std::filesystem::path checkpoint;

  Trained(std::shared_ptr<data::Dataset> trainingData, const spec::ModelDescription& model)
      : data(std::move(trainingData)) {
    tests::RecordingObserver seen;
    auto request = tests::requestFor(data, folder / "run", 2);
    request.model = model;
    const auto summary = tests::train(*engine, request, seen);
    if (!summary) throw std::runtime_error(summary.error().sentence());
    checkpoint = summary->bestCheckpoint;
    rows = data->schema.sequence.window > 0
               ? tests::wholeWindows(*data, {data->split.train.begin(), data->split.train.begin() + 60})
               : *data;
  }

  /// A checkpoint with rounded weights, as exports start from.
  [[nodiscard]] std::filesystem::path rounded(Precision precision) const {
    auto read = readCheckpoint(checkpoint);
    if (!read || !exporting::quantize(*read, precision, checkpoint)) throw std::runtime_error("not quantised");
    if (precision == Precision::Int8Static) {
      const auto width = static_cast<std::size_t>(spec::elementCount(rows.schema.inputShape));
      std::vector<float> inputs(rows.rows * width);
      for (std::size_t row = 0; row < rows.rows; ++row)
        if (rows.schema.image)
          std::copy_n(rows.pixels.begin() + static_cast<std::ptrdiff_t>(row * width), width,
                      inputs.begin() + static_cast<std::ptrdiff_t>(row * width));
        else
          data::copyInput(rows, row, inputs.data() + row * width);
      auto shape = rows.schema.inputShape;
      shape.insert(shape.begin(), static_cast<std::int64_t>(rows.rows));
      read->add(exporting::calibrationTensor, "F32", shape, inputs.size() * sizeof(float), inputs.data());
    }
    const auto file = folder / (std::string(exporting::name(precision)) + ".ckpt");
    if (!writeCheckpoint(*read, file)) throw std::runtime_error("not written");
    return file;
  }
  [[nodiscard]] exporting::ParityReport compared(const Predictor& exported, const std::filesystem::path& with) const {
    const auto original = engine->load(with);
    return exporting::compare(*exported.predict(rows, {}), *(*original)->predict(rows, {}), (*original)->model());
  }
};

spec::ModelDescription templateFor(const data::Dataset& data, const char* name) {
  auto model = tests::modelFor(data);
  model.preprocessing.categories = "embedding";
  const spec::TemplateContext context{spec::graphContext(model.schema, model.fitted, model.preprocessing),
                                      model.schema.task, static_cast<std::int64_t>(data.split.train.size())};
  const auto graph = spec::buildTemplate(name, {}, context);
  if (!graph) throw std::runtime_error(graph.error().sentence());
  model.graph = *graph;
  return model;
}

struct Sample {
  std::string name;
  std::shared_ptr<data::Dataset> data;
  spec::ModelDescription model;
};

std::vector<Sample> samples() {
  const auto table = tests::mixedTable(spec::Task::Classification), prices = tests::mixedTable(spec::Task::Regression);
  const auto images = tests::quarterImages(60);
  const auto waves = tests::waves(spec::Task::Forecast, 12, 3, 300);
  std::vector<Sample> all;
  for (const char* name : {"mlp", "tabm", "ft-transformer"}) all.push_back({name, table, templateFor(*table, name)});
  all.push_back({"realmlp", prices, templateFor(*prices, "realmlp")});
  all.push_back({"cnn", images, templateFor(*images, "cnn")});
  for (const char* name : {"lstm", "conv1d", "transformer"})
    all.push_back({name, waves, tests::sequenceModel(*waves, name)});
  return all;
}

std::size_t quantizedNumbers(const Trained& trained) {
  const auto model = trained.engine->load(trained.checkpoint);
  const auto program = spec::lower((*model)->model());
  const auto axes = exporting::channelAxes(*program);
  std::size_t count = 0;
  for (std::size_t i = 0; i < axes.size(); ++i)
    if (axes[i] >= 0) count += static_cast<std::size_t>(spec::elementCount(program->parameters[i].shape));
  return count;
}

/// A graph whose output is the integer product of dynamically quantised rows with these weights.
std::string integerProductFile(const std::vector<std::uint8_t>& weights, std::int64_t depth, std::int64_t width) {
  onnx::ModelProto model;
  auto& graph = *model.mutable_graph();
  graph.add_input()->set_name("x");
  graph.add_output()->set_name("y");
  const auto tensor = [&](const char* name, const std::vector<std::int64_t>& shape, const void* bytes,
                          std::size_t size) {
    auto& each = *graph.add_initializer();
    each.set_name(name);
    each.set_data_type(onnx::TensorProto::UINT8);
    for (const auto length : shape) each.add_dims(length);
    each.set_raw_data(bytes, size);
  };
  const std::uint8_t middle = 128;
  tensor("w", {depth, width}, weights.data(), weights.size());
  tensor("z", {}, &middle, 1);
  const auto node = [&](const char* type, const std::vector<const char*>& inputs,
                        const std::vector<const char*>& outputs) -> onnx::NodeProto& {
    auto& each = *graph.add_node();
    each.set_op_type(type);
    for (const char* name : inputs) each.add_input(name);
    for (const char* name : outputs) each.add_output(name);
    return each;
  };
  node("DynamicQuantizeLinear", {"x"}, {"q", "step", "zero"});
  node("MatMulInteger", {"q", "w", "zero", "z"}, {"sums"});
  auto& to = *node("Cast", {"sums"}, {"y"}).add_attribute();
  to.set_name("to");
  to.set_type(onnx::AttributeProto::INT);
  to.set_i(onnx::TensorProto::FLOAT);
  return model.SerializeAsString();
}

}  // namespace

LATHE_TEST("half precision files are half the size and predict exactly what the rounded weights predict") {
  for (const auto& sample : samples()) {
    const Trained trained(sample.data, sample.model);
    const auto quantized = static_cast<std::int64_t>(quantizedNumbers(trained));
    CHECK(quantized > 0);
    const auto plainOnnx = trained.folder / "plain.onnx", plainScript = trained.folder / "plain.pt";
    REQUIRE_OK(trained.engine->exportOnnx(trained.checkpoint, plainOnnx));
    REQUIRE_OK(trained.engine->exportTorchScript(trained.checkpoint, plainScript));
    for (const auto precision : {Precision::Float16, Precision::BFloat16}) {
      const auto rounded = trained.rounded(precision);
      const auto onnx = trained.folder / "half.onnx", script = trained.folder / "half.pt";
      REQUIRE_OK(trained.engine->exportOnnx(rounded, onnx));
      REQUIRE_OK(trained.engine->exportTorchScript(rounded, script));
      const auto reader = trained.engine->loadOnnx(onnx), module = trained.engine->loadTorchScript(script);
      REQUIRE_OK(reader);
      REQUIRE_OK(module);
      for (const auto* each : {reader->get(), module->get()}) {
        const auto report = trained.compared(*each, rounded);
        if (!report.ok) testing::reportFailure(__FILE__, __LINE__, sample.name + std::to_string(report.maxDiff));
        CHECK(trained.compared(*each, trained.checkpoint).maxDiff < (precision == Precision::Float16 ? 0.02 : 0.1));
      }
      const auto saved = [](const std::filesystem::path& before, const std::filesystem::path& after) {
        return static_cast<std::int64_t>(std::filesystem::file_size(before)) -
               static_cast<std::int64_t>(std::filesystem::file_size(after));
      };
      // Nodes that cast, normalisations that are not folded and paddings of the zip archive cost a little.
      CHECK(saved(plainOnnx, onnx) > 2 * quantized - 6000);
      CHECK(saved(plainScript, script) > 2 * quantized - 6000);
    }
  }
}

LATHE_TEST("int8 files hold a byte a weight: TorchScript predicts what these weights predict, ONNX nearly so") {
  for (const auto& sample : samples()) {
    const Trained trained(sample.data, sample.model);
    const auto rounded = trained.rounded(Precision::Int8);
    const auto onnx = trained.folder / "int8.onnx", script = trained.folder / "int8.pt";
    REQUIRE_OK(trained.engine->exportOnnx(rounded, onnx));
    REQUIRE_OK(trained.engine->exportTorchScript(rounded, script));
    const auto reader = trained.engine->loadOnnx(onnx), module = trained.engine->loadTorchScript(script);
    REQUIRE_OK(reader);
    REQUIRE_OK(module);
    CHECK(trained.compared(**module, rounded).ok);
    const auto integers = trained.compared(**reader, rounded);
    if (integers.maxDiff > 0.1)
      testing::reportFailure(__FILE__, __LINE__, sample.name + std::to_string(integers.maxDiff));
    CHECK(trained.compared(**module, trained.checkpoint).maxDiff < 0.15);
    const auto calibrated = trained.folder / "static.onnx";
    REQUIRE_OK(trained.engine->exportOnnx(trained.rounded(Precision::Int8Static), calibrated));
    const auto second = trained.engine->loadOnnx(calibrated);
    REQUIRE_OK(second);
    const auto steps = trained.compared(**second, rounded);
    if (steps.maxDiff > 0.1) testing::reportFailure(__FILE__, __LINE__, sample.name + std::to_string(steps.maxDiff));
  }
}

LATHE_TEST("SavedModels with weights of fewer bits predict what the rounded weights predict, and are smaller") {
  for (const auto& sample : samples()) {
    const Trained trained(sample.data, sample.model);
    const auto quantized = static_cast<std::int64_t>(quantizedNumbers(trained));
    const auto plain = trained.folder / "plain.pb", file = trained.folder / "fewer.pb";
    REQUIRE_OK(trained.engine->exportSavedModel(trained.checkpoint, plain));
    for (const auto precision : {Precision::Float16, Precision::BFloat16, Precision::Int8}) {
      const auto rounded = trained.rounded(precision);
      REQUIRE_OK(trained.engine->exportSavedModel(rounded, file));
      const auto reader = trained.engine->loadSavedModel(file);
      REQUIRE_OK(reader);
      const auto report = trained.compared(**reader, rounded);
      if (!report.ok) testing::reportFailure(__FILE__, __LINE__, sample.name + std::to_string(report.maxDiff));
      const auto saved = static_cast<std::int64_t>(std::filesystem::file_size(plain)) -
                         static_cast<std::int64_t>(std::filesystem::file_size(file));
      // Nodes that cast, scales, and normalisations that are not folded cost some of what is saved.
      CHECK(saved > quantized - 12000);
    }
  }
}

LATHE_TEST("int8 predictions of a row hardly depend on what else is in its batch, not even on an outlier") {
  const auto table = tests::mixedTable(spec::Task::Classification);
  const Trained trained(table, templateFor(*table, "mlp"));
  const auto onnx = trained.folder / "int8.onnx";
  REQUIRE_OK(trained.engine->exportOnnx(trained.rounded(Precision::Int8), onnx));
  const auto reader = trained.engine->loadOnnx(onnx);
  REQUIRE_OK(reader);
  auto rows = *table;
  rows.table[0] = 1e30F;
  const auto together = (*reader)->predict(rows, {0, 1, 2, 3});
  const auto alone = (*reader)->predict(rows, {1});
  REQUIRE_OK(together);
  REQUIRE_OK(alone);
  for (std::size_t i = 0; i < alone->columns; ++i)
    CHECK(std::abs(together->values[together->columns + i] - alone->values[i]) < 0.03F);
}

LATHE_TEST("products of quantised numbers are exact however long the rows are") {
  constexpr std::int64_t rows = 5, depth = 700, width = 9;
  Random random(11, "integers");
  std::vector<std::uint8_t> weights(depth * width);
  for (auto& weight : weights) weight = static_cast<std::uint8_t>(random.below(256));
  std::vector<float> x(rows * depth);
  for (auto& value : x) value = static_cast<float>(random.normal());
  std::string problem;
  const auto runner = OnnxRunner::read(integerProductFile(weights, depth, width), problem);
  if (runner == nullptr) testing::reportFailure(__FILE__, __LINE__, problem);
  REQUIRE(runner != nullptr);
  const auto found = runner->run(torch::tensor(x).view({rows, depth}));
  const float low = *std::min_element(x.begin(), x.end()), high = *std::max_element(x.begin(), x.end());
  const float step = (high - low) / 255, zero = std::nearbyint(-low / step);
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t column = 0; column < width; ++column) {
      std::int64_t sum = 0;
      for (std::int64_t k = 0; k < depth; ++k) {
        const float code =
            std::clamp(std::nearbyint(x[static_cast<std::size_t>(row * depth + k)] / step) + zero, 0.0F, 255.0F);
        sum += (static_cast<std::int64_t>(code) - static_cast<std::int64_t>(zero)) *
               (std::int64_t{weights[static_cast<std::size_t>(k * width + column)]} - 128);
      }
      CHECK_EQ(static_cast<std::int64_t>(found[row][column].item<float>()), sum);
    }
}

LATHE_TEST("damaged quantised files are refused, or run to an end, whatever bytes they hold") {
  const auto table = tests::mixedTable(spec::Task::Classification, 60);
  const Trained trained(table, templateFor(*table, "mlp"));
  Random random(9, "bytes");
  for (const auto precision : {Precision::Int8, Precision::Int8Static, Precision::BFloat16}) {
    const auto file = trained.folder / "whole.onnx", damaged = trained.folder / "damaged.onnx";
    REQUIRE_OK(trained.engine->exportOnnx(trained.rounded(precision), file));
    const auto whole = *readFile(file, 1 << 24);
    const auto tryOut = [&](const std::string& bytes) {
      if (!writeFileAtomically(damaged, bytes)) return false;
      const auto model = trained.engine->loadOnnx(damaged);
      return model && (*model)->predict(*table, {}).has_value();
    };
    CHECK(tryOut(whole));
    CHECK(!tryOut(whole.substr(0, whole.size() / 2)));
    int failed = 0;
    for (int i = 0; i < 150; ++i) {
      auto bytes = whole;
      bytes[random.below(std::min<std::size_t>(whole.size(), 4000))] = static_cast<char>(random.below(256));
      failed += tryOut(bytes) ? 0 : 1;
    }
    CHECK(failed > 10);
  }
}

LATHE_TEST("a quantised TorchScript file with changed bytes is refused") {
  const auto table = tests::mixedTable(spec::Task::Classification, 60);
  const Trained trained(table, templateFor(*table, "mlp"));
  const auto file = trained.folder / "whole.pt", damaged = trained.folder / "damaged.pt";
  REQUIRE_OK(trained.engine->exportTorchScript(trained.rounded(Precision::Int8), file));
  const auto whole = *readFile(file, 1 << 24);
  Random random(4, "bytes");
  int refused = 0;
  constexpr int tries = 60;
  for (int i = 0; i < tries; ++i) {
    auto bytes = whole;
    bytes[random.below(bytes.size())] ^= static_cast<char>(1 + random.below(255));
    REQUIRE_OK(writeFileAtomically(damaged, bytes));
    const auto model = trained.engine->loadTorchScript(damaged);
    refused += model ? 0 : 1;
    if (model) CHECK((*model)->predict(*table, {}).has_value());
  }
  // Padding between records says nothing.
  CHECK(refused > tries / 3);
}

LATHE_TEST("ranges are measured on rows of the model's shape only") {
  const auto table = tests::mixedTable(spec::Task::Classification, 60);
  const Trained trained(table, templateFor(*table, "mlp"));
  auto read = readCheckpoint(trained.checkpoint);
  REQUIRE_OK(read);
  REQUIRE_OK(exporting::quantize(*read, Precision::Int8Static, trained.checkpoint));
  const auto file = trained.folder / "static.ckpt";
  const auto code = [&] {
    REQUIRE_OK(writeCheckpoint(*read, file));
    const auto written = trained.engine->exportOnnx(file, trained.folder / "static.onnx");
    return written ? std::string() : written.error().code;
  };
  CHECK_EQ(code(), std::string("export.no_calibration"));
  const float one = 1;
  read->add(exporting::calibrationTensor, "F32", {1, 1}, sizeof one, &one);
  CHECK_EQ(code(), std::string("export.no_calibration"));
}
