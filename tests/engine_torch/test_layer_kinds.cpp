// SPDX-License-Identifier: GPL-3.0-or-later
// Every registered layer kind, run: the shape that inference promised, and gradients that agree with differences.
#include <algorithm>
#include <cmath>

#include "core/base/random.h"
#include "core/engine_torch/parameter_store.h"
#include "core/engine_torch/program_runner.h"
#include "core/spec/layer_kind.h"
#include "tests/engine_torch/torch_testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

constexpr std::int64_t batch = 4;

struct Case {
  spec::GraphContext context;
  spec::ModelGraph graph;  ///< the kind under test in the middle, so that its input has a gradient as well
};

spec::LayerNode node(const char* name, const std::string& kind, spec::ValueMap attributes = {},
                     std::vector<std::string> inputs = {}) {
  return {name, kind, std::move(attributes), std::move(inputs)};
}

/// With an end that suits any task; Harness stops before it.
spec::ModelGraph finished(std::vector<spec::LayerNode> layers) {
  layers.push_back(node("flat", "flatten"));
  layers.push_back(node("end", "linear", {{"out", 1}}));
  return {std::move(layers)};
}

const spec::LayerReport& reportOf(const spec::GraphReport& report) {
  return *std::find_if(report.layers.begin(), report.layers.end(),
                       [](const auto& layer) { return layer.name == "tested"; });
}

/// The places where a kind accepts its input: after a linear layer, after a convolution, on category codes.
std::vector<Case> casesOf(const spec::LayerKind& kind) {
  std::vector<Case> cases;
  if (kind.takesCodes()) {
    spec::GraphContext context{{{"categories", {2}, {5, 7}}}, 1};
    cases.push_back({context, finished({node("tested", kind.name(), {}, {"categories"})})});
    return cases;
  }
  std::vector<std::string> inputs{"first"};
  if (kind.inputCount().first > 1) inputs.emplace_back("second");
  const auto add = [&](spec::GraphContext::Input input, const char* layer, spec::ValueMap attributes) {
    Case one{{{input}, 1},
             finished({node("first", layer, attributes, {input.name}), node("second", layer, attributes, {input.name}),
                       node("tested", kind.name(), {}, inputs)})};
    const auto report = spec::analyse(one.graph, one.context);
    if (!report.error) cases.push_back(std::move(one));
  };
  add({"features", {6}, {}}, "linear", {{"out", 5}});
  add({"image", {2, 6, 6}, {}}, "conv2d", {{"out", 3}});
  return cases;
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
  for (const auto* kind : spec::layerKinds()) {
    const auto cases = casesOf(*kind);
    if (cases.empty()) lathe::testing::reportFailure(__FILE__, __LINE__, kind->name() + " fits nowhere");
    for (const auto& tested : cases) {
      Harness harness(tested);
      checkGradients(kind->name(), harness);
      const auto report = spec::analyse(tested.graph, tested.context);
      const auto& inferred = reportOf(report).output;
      std::vector<std::int64_t> expected{batch};
      expected.insert(expected.end(), inferred.begin(), inferred.end());
      if (harness.output().sizes().vec() != expected)
        lathe::testing::reportFailure(__FILE__, __LINE__, kind->name() + " gives another shape than inferred");
    }
  }
}
