// SPDX-License-Identifier: GPL-3.0-or-later
// Models written as C, compiled, and compared with what LibTorch makes of the same numbers.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/random.h"
#include "core/engine_torch/parameter_store.h"
#include "core/engine_torch/program_runner.h"
#include "core/exporting/c/c_source.h"
#include "core/exporting/folding.h"
#include "core/exporting/parity.h"
#include "core/spec/targets.h"
#include "core/spec/templates.h"
#include "tests/engine/audio_samples.h"
#include "tests/engine/engine_samples.h"
#include "tests/engine/layer_samples.h"
#include "tests/engine/sequence_samples.h"
#include "tests/engine_torch/torch_testing.h"
#include "tests/exporting/compiled_c.h"

using namespace lathe;
using namespace lathe::engine;
using exporting::ModelSource;

namespace {

constexpr std::size_t rowsOfEach = 12;
constexpr std::int64_t mostNumbers = 160000;

/// The initial numbers, shaken, so that biases and normalisations count.
std::vector<std::vector<float>> shakenWeights(const spec::Program& program) {
  ParameterStore store(program, torch::Device(torch::kCPU), false);
  store.initialise(5);
  Random random(6, "weights");
  std::vector<std::vector<float>> weights;
  for (std::size_t i = 0; i < store.all().size(); ++i) {
    const auto tensor = store.all()[i].contiguous();
    auto& numbers = weights.emplace_back(tensor.data_ptr<float>(), tensor.data_ptr<float>() + tensor.numel());
    const bool variance = program.parameters[i].name.ends_with("running_var");
    for (float& number : numbers) {
      const auto shake = static_cast<float>(0.1 * random.normal());
      number += variance ? std::abs(shake) : shake;
    }
  }
  return weights;
}

struct Example {
  ModelSource source;
  std::vector<std::vector<float>> rows;
};

/// What is put into rows of tables.
using Cells = std::vector<float>;
constexpr float missing = std::numeric_limits<float>::quiet_NaN();
constexpr float infinite = std::numeric_limits<float>::infinity();
/// Never seen in training.
Cells mild() { return {missing, 4, -3, 0.5F, missing, -2, 7}; }
/// Beyond all measure: only for models that bring them into one, since else small errors become large ones.
Cells wild() { return {missing, 1e6F, -3, infinite, -infinite, 3.4e38F, 0.5F}; }

std::vector<std::vector<float>> rowsOf(const data::Dataset& data, const Cells& cells) {
  const auto width = static_cast<std::size_t>(spec::elementCount(data.schema.inputShape));
  std::vector<std::vector<float>> rows;
  for (std::size_t i = 0; i < rowsOfEach; ++i) {
    auto& row = rows.emplace_back(width);
    if (data.schema.image)
      std::transform(data.pixels.begin() + static_cast<std::ptrdiff_t>(i * width),
                     data.pixels.begin() + static_cast<std::ptrdiff_t>((i + 1) * width), row.begin(),
                     [](std::uint8_t pixel) { return static_cast<float>(pixel); });
    else
      data::copyInput(data, i, row.data());
  }
  if (data.schema.image || data.schema.sound()) return rows;
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t c = 0; c < width; ++c)
      if ((i + c) % 3 != 2) rows[i][c] = cells[(i + c * (i + 1)) % cells.size()];
  return rows;
}

std::vector<std::vector<float>> byLibTorch(const Example& example) {
  const torch::NoGradGuard noGrad;
  const auto& program = example.source.program;
  const ProgramRunner runner(program, torch::Device(torch::kCPU));
  TensorList parameters;
  for (std::size_t i = 0; i < program.parameters.size(); ++i)
    parameters.push_back(
        torch::from_blob(const_cast<float*>(example.source.weights[i].data()), program.parameters[i].shape).clone());
  std::vector<std::int64_t> shape{static_cast<std::int64_t>(example.rows.size())};
  const auto& row = program.values[static_cast<std::size_t>(program.input)];
  shape.insert(shape.end(), row.begin(), row.end());
  auto raw = torch::empty({shape[0], spec::elementCount(row)});
  for (std::int64_t i = 0; i < shape[0]; ++i)
    std::copy_n(example.rows[static_cast<std::size_t>(i)].begin(), raw.size(1), raw[i].data_ptr<float>());
  const auto logits = runner.model(runner.preprocess(raw.view(shape)), parameters, nullptr);
  const auto output = runner.head(logits).reshape({shape[0], -1}).contiguous();
  std::vector<std::vector<float>> results;
  for (std::int64_t i = 0; i < shape[0]; ++i)
    results.emplace_back(output[i].data_ptr<float>(), output[i].data_ptr<float>() + output.size(1));
  return results;
}

double differenceOf(const Example& example, const tests::CompiledC& compiled) {
  const auto expected = byLibTorch(example);
  const auto& model = example.source.model;
  const auto unit =
      spec::predictsNumbers(model.schema.task) && model.fitted.targetStd > 0 ? model.fitted.targetStd : 1.0;
  double largest = 0;
  for (std::size_t i = 0; i < example.rows.size(); ++i) {
    const auto given = compiled.predict(example.source.name, example.rows[i], expected[i].size());
    if (given.empty()) return std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < given.size(); ++k) {
      const double a = given[k] / unit, b = expected[i][k] / unit;
      if (std::isnan(a) && std::isnan(b)) continue;
      const double difference = std::abs(a - b) / std::max(1.0, std::abs(b));
      largest = std::isnan(difference) ? std::numeric_limits<double>::infinity() : std::max(largest, difference);
    }
  }
  return largest;
}

/// Models by the names of what they are; all of them are compiled at once.
class ExampleSet {
 public:
  void add(const std::string& what, const spec::ModelDescription& model, const data::Dataset& data,
           const Cells& cells = mild()) {
    const auto program = spec::lower(model);
    if (!program) return complain(what, program.error().sentence());
    std::int64_t numbers = 0;
    for (const auto& parameter : program->parameters) numbers += spec::elementCount(parameter.shape);
    if (numbers > mostNumbers) return;
    const auto name = "m" + std::to_string(m_examples.size());
    m_examples.push_back({{name, model, *program, shakenWeights(*program), ""}, rowsOf(data, cells)});
    m_names.push_back(what);
  }

  void check(const std::string& options = "-O1") {
    CHECK(!m_examples.empty());
    if (!tests::CompiledC::possible()) return;
    std::vector<std::string> sources;
    for (std::size_t i = 0; i < m_examples.size(); ++i) {
      const auto& example = m_examples[i];
      const auto written = exporting::writeC(example.source);
      sources.push_back(written ? written->source : "");
      if (!written) complain(m_names[i], written.error().sentence());
      const auto again = exporting::readC(sources.back());
      // Normalisations that the text has in the layer before them come back as ones that add its bias.
      const exporting::Folding folding(example.source.program);
      if (!again || !(again->program == example.source.program) ||
          folding.folded(again->weights) != folding.folded(example.source.weights))
        complain(m_names[i], "is another model when it is read");
    }
    const tests::CompiledC compiled(sources, options);
    CHECK_EQ(compiled.problem(), std::string());
    for (std::size_t i = 0; i < m_examples.size(); ++i) {
      const double difference = differenceOf(m_examples[i], compiled);
      if (!(difference <= exporting::parityLimit)) complain(m_names[i], fmt::format("differs by {}", difference));
    }
  }

 private:
  static void complain(const std::string& what, const std::string& problem) {
    lathe::testing::reportFailure(__FILE__, __LINE__, what + ": " + problem);
  }

  std::vector<Example> m_examples;
  std::vector<std::string> m_names;
};

std::int64_t outputsOf(const data::Dataset& data) {
  return static_cast<std::int64_t>(std::max<std::size_t>(1, data.schema.target.classes.size()));
}

void addTemplates(ExampleSet& set, spec::ModelDescription model, const data::Dataset& data) {
  const auto context = spec::graphContext(model.schema, model.fitted, model.preprocessing);
  for (const auto& info : spec::templates()) {
    auto graph = spec::buildTemplate(info.name, {}, {context, model.schema.task, 500});
    if (!graph) continue;
    model.graph = std::move(*graph);
    if (!spec::lower(model)) continue;
    set.add(info.name, model, data, model.preprocessing.scaling == "quantile" ? wild() : mild());
  }
}

}  // namespace

LATHE_TEST("every layer kind as C gives what LibTorch gives") {
  const auto table = tests::mixedTable(spec::Task::Classification, 60);
  const auto images = tests::quarterImages(60);
  const auto texts = tests::textTable(spec::Task::Classification, 60);
  ExampleSet set;
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
    model.graph = tests::layerGraph(sample, outputsOf(*data));
    set.add(sample.name, model, *data);
  }
  set.check();
}

LATHE_TEST("tables as C give what LibTorch gives, whatever the scaling, the task and the network") {
  ExampleSet set;
  for (const char* scaling : {"none", "standard", "robust", "quantile"})
    for (const auto task : {spec::Task::Classification, spec::Task::Regression}) {
      const auto data = tests::mixedTable(task, 200);
      auto model = tests::modelFor(*data, scaling);
      if (std::string(scaling) == "quantile")
        addTemplates(set, model, *data);
      else
        set.add(scaling, model, *data, std::string(scaling) == "none" ? mild() : wild());
    }
  set.check();
}

LATHE_TEST("images, windows, texts, sound and anomalies as C give what LibTorch gives") {
  ExampleSet set;
  const auto images = tests::quarterImages(60);
  set.add("images", tests::modelFor(*images), *images);
  addTemplates(set, tests::modelFor(*images), *images);
  for (const auto task : {spec::Task::Classification, spec::Task::Forecast, spec::Task::Quantile}) {
    const auto data = tests::waves(task, 12, task == spec::Task::Classification ? 0 : 3);
    const auto whole = tests::wholeWindows(*data, data->split.train);
    for (const char* name : {"mlp", "conv1d", "gru", "lstm", "transformer"})
      set.add(std::string("windows ") + name, tests::sequenceModel(*data, name), whole, {missing});
  }
  const auto clips = tests::toneClips(rowsOfEach);
  for (const char* name : {"cnn", "gru"}) {
    const auto model = tests::toneModel(*clips, name);
    REQUIRE_OK(model);
    set.add(std::string("sound ") + name, *model, *clips);
  }
  const auto anomalies = tests::mixedTable(spec::Task::Anomaly, 60);
  addTemplates(set, tests::modelFor(*anomalies), *anomalies);
  set.check("-O2");
}
