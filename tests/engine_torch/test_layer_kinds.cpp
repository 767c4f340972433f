// SPDX-License-Identifier: GPL-3.0-or-later
// Every registered layer kind, run: the shape that inference promised, and gradients that agree with differences.
#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/random.h"
#include "core/engine_torch/parameter_store.h"
#include "core/engine_torch/program_runner.h"
#include "core/engine_torch/torch_engine.h"
#include "core/spec/layer_kind.h"
#include "tests/engine/engine_samples.h"
#include "tests/engine/layer_samples.h"
#include "tests/engine_torch/torch_testing.h"
#include "tests/support/temp_folder.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

constexpr std::int64_t batch = 4;

struct Case {
  spec::GraphContext context;
  spec::ModelGraph graph;  ///< the kind under test in the middle, so that its input has a gradient as well
};

const spec::LayerReport& reportOf(const spec::GraphReport& report) {
  return *std::find_if(report.layers.begin(), report.layers.end(),
                       [](const auto& layer) { return layer.name == "tested"; });
}

torch::Tensor inputOf(const spec::GraphContext::Input& input) {
  std::vector<std::int64_t> shape{batch};
  shape.insert(shape.end(), input.shape.begin(), input.shape.end());
  Random random(3, "input");
  if (!input.cardinalities.empty()) {
    auto codes = torch::empty(shape, torch::kInt64);
    for (std::int64_t i = 0; i < codes.numel(); ++i)
      codes.data_ptr<std::int64_t>()[i] = static_cast<std::int64_t>(random.below(
          static_cast<std::uint64_t>(input.cardinalities[static_cast<std::size_t>(i) % input.cardinalities.size()])));
    return codes;
  }
  auto values = torch::empty(shape, torch::kFloat64);
  for (std::int64_t i = 0; i < values.numel(); ++i) values.data_ptr<double>()[i] = random.normal();
  return values;
}

class Harness {
 public:
  explicit Harness(const Case& tested) : m_runner(programOf(tested), torch::Device(torch::kCPU)) {
    m_input = inputOf(tested.context.inputs[0]);
    ParameterStore store(m_runner.program(), torch::Device(torch::kCPU), false);
    store.initialise(5);
    for (std::size_t i = 0; i < store.all().size(); ++i)
      m_parameters.push_back(store.all()[i]
                                 .to(torch::kFloat64)
                                 .contiguous()
                                 .clone()
                                 .set_requires_grad(m_runner.program().parameters[i].trainable));
  }

  /// A sum that weighs every output differently; batch normalisation and dropout as in training, the same mask each
  /// time.
  torch::Tensor value() {
    TensorList parameters = m_parameters;
    for (std::size_t i = 0; i < parameters.size(); ++i)
      if (!m_runner.program().parameters[i].trainable) parameters[i] = parameters[i].clone();
    Random dropout(8);
    m_output = m_runner.model({m_input}, parameters, &dropout);
    const auto weights = torch::sin(torch::arange(m_output.numel(), torch::kFloat64) * 1.7 + 0.3);
    return (m_output.reshape({-1}) * weights).sum();
  }

  [[nodiscard]] const torch::Tensor& output() const { return m_output; }
  [[nodiscard]] TensorList& parameters() { return m_parameters; }
  [[nodiscard]] const spec::Program& program() const { return m_runner.program(); }

 private:
  static spec::Program programOf(const Case& tested) {
    spec::Program program;
    program.values.push_back(tested.context.inputs[0].shape);
    program.prepared = {0};
    REQUIRE_OK(spec::lowerGraph(tested.graph, tested.context, program));
    while (program.model.back().layer != "tested") program.model.pop_back();
    program.logits = program.model.back().output;
    return program;
  }

  ProgramRunner m_runner;
  torch::Tensor m_input;
  TensorList m_parameters;
  torch::Tensor m_output;
};

void checkGradients(const std::string& kind, Harness& harness) {
  constexpr double h = 1e-6;
  harness.value().backward();
  for (std::size_t p = 0; p < harness.parameters().size(); ++p) {
    auto& parameter = harness.parameters()[p];
    if (!parameter.requires_grad() || !parameter.grad().defined()) continue;
    const torch::NoGradGuard noGrad;
    auto* values = parameter.data_ptr<double>();
    for (std::int64_t i = 0; i < parameter.numel(); i += 1 + parameter.numel() / 9) {
      const double before = values[i];
      values[i] = before + h;
      const double more = harness.value().item<double>();
      values[i] = before - h;
      const double less = harness.value().item<double>();
      values[i] = before;
      const double slope = (more - less) / (2 * h);
      const double given = parameter.grad().reshape({-1})[i].item<double>();
      if (std::abs(given - slope) > 1e-5 * std::max(1.0, std::abs(slope)))
        lathe::testing::reportFailure(__FILE__, __LINE__,
                                      kind + ": gradient of " + harness.program().parameters[p].name + " is " +
                                          std::to_string(given) + ", differences give " + std::to_string(slope));
    }
  }
}

}  // namespace

LATHE_TEST("every layer kind gives the shape that was inferred, and the gradients that differences give") {
  std::set<std::string> seen;
  for (const auto& sample : tests::layerSamples()) {
    seen.insert(sample.kind);
    const Case tested{tests::layerContext(sample.place), tests::layerGraph(sample)};
    const auto report = spec::analyse(tested.graph, tested.context);
    if (report.error) {
      lathe::testing::reportFailure(__FILE__, __LINE__, sample.name + ": " + report.error->sentence());
      continue;
    }
    Harness harness(tested);
    // The front end of sound computes in single precision, too coarse for differences; its gradient is LibTorch's own.
    if (sample.kind == "log_mel")
      static_cast<void>(harness.value());
    else
      checkGradients(sample.name, harness);
    const auto& inferred = reportOf(report).output;
    std::vector<std::int64_t> expected{batch};
    expected.insert(expected.end(), inferred.begin(), inferred.end());
    if (harness.output().sizes().vec() != expected)
      lathe::testing::reportFailure(__FILE__, __LINE__, sample.name + " gives another shape than inferred");
  }
  for (const auto* kind : spec::layerKinds())
    if (seen.count(kind->name()) == 0)
      lathe::testing::reportFailure(__FILE__, __LINE__, kind->name() + " fits nowhere");
}

LATHE_TEST("every layer kind is exported, read back and equal") {
  const tests::TempFolder folder;
  const auto engine = makeTorchEngine();
  const auto table = tests::mixedTable(spec::Task::Classification, 60);
  const auto images = tests::quarterImages(60);
  const auto texts = tests::textTable(spec::Task::Classification, 60);
  for (const auto& sample : tests::layerSamples()) {
    const auto& data = sample.place == tests::LayerPlace::Image  ? images
                       : sample.place == tests::LayerPlace::Text ? texts
                                                                 : table;
    auto request = tests::requestFor(data, folder.path() / sample.name, 1);
    request.model.preprocessing.categories = "embedding";
    request.model.preprocessing.numericBins = 8;
    for (auto& fitted : request.model.fitted.features)
      if (!fitted.quantiles.empty() && fitted.quantiles.front() < fitted.quantiles.back())
        fitted.bins = {fitted.quantiles.front(), fitted.quantiles.back()};
    request.model.graph = tests::layerGraph(sample, static_cast<std::int64_t>(data->schema.target.classes.size()));
    tests::RecordingObserver observer;
    const auto summary = tests::train(*engine, request, observer);
    if (!summary) {
      lathe::testing::reportFailure(__FILE__, __LINE__, sample.name + ": " + summary.error().sentence());
      continue;
    }
    const double difference = tests::exportDifference(*engine, summary->bestCheckpoint, *data, folder.path());
    if (!(difference <= 1e-5))
      lathe::testing::reportFailure(__FILE__, __LINE__, sample.name + " differs by " + std::to_string(difference));
  }
}
