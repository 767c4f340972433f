// SPDX-License-Identifier: GPL-3.0-or-later
// Weights from elsewhere by name and shape, what stands still, and adapters put back into their weights.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/engine/adapters.h"
#include "core/engine/freezing.h"
#include "core/engine/initial_weights.h"
#include "core/engine/schedule.h"
#include "core/spec/layer_kind.h"
#include "core/spec/templates.h"
#include "tests/engine/engine_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

spec::GraphContext imageContext(spec::Shape shape, std::int64_t outputs) {
  spec::GraphContext context;
  context.inputs.push_back({"image", std::move(shape), {}});
  context.outputs = outputs;
  return context;
}

spec::Program programOf(const spec::ModelGraph& graph, const spec::GraphContext& context) {
  spec::Program program;
  program.prepared.push_back(0);
  program.values.push_back(context.inputs[0].shape);
  REQUIRE_OK(spec::lowerGraph(graph, context, program));
  return program;
}

spec::Program resnet(std::int64_t classes) {
  const auto context = imageContext({3, 32, 32}, classes);
  const auto graph = spec::buildTemplate("resnet18", {}, {context, spec::Task::Classification, 100});
  REQUIRE_OK(graph);
  return programOf(*graph, context);
}

/// torchvision's names for a program's tensors.
data::WeightFile fileFor(const spec::Program& program, const std::string& prefix) {
  data::WeightFile file{"pth", {}};
  for (const auto& parameter : program.parameters) {
    auto name = parameter.name;
    if (name.rfind("layer", 0) == 0) std::replace(name.begin(), name.end(), '_', '.');
    for (const auto* kept : {"running_mean", "running_var"}) {
      auto dotted = std::string(kept);
      std::replace(dotted.begin(), dotted.end(), '_', '.');
      if (const auto at = name.find(dotted); at != std::string::npos) name.replace(at, dotted.size(), kept);
    }
    const auto count = static_cast<std::size_t>(spec::elementCount(parameter.shape));
    file.tensors.push_back({prefix + name, parameter.shape, std::vector<float>(count, 0.25F)});
  }
  file.tensors.push_back({prefix + "bn1.num_batches_tracked", {}, {3}});
  return file;
}

NamedTensor named(const std::string& name, const spec::Shape& shape, const std::vector<float>& values) {
  NamedTensor tensor{name, "F32", shape, {}};
  tensor.bytes.resize(values.size() * sizeof(float));
  std::memcpy(tensor.bytes.data(), values.data(), tensor.bytes.size());
  return tensor;
}

}  // namespace

LATHE_TEST("torchvision's names fit a template's tensors, under any common prefix") {
  const auto program = resnet(10);
  for (const auto* prefix : {"", "module.", "state_dict.model."}) {
    const auto file = fileFor(program, prefix);
    CHECK(std::any_of(file.tensors.begin(), file.tensors.end(), [&](const auto& tensor) {
      return tensor.name == std::string(prefix) + "layer3.1.bn2.running_var";
    }));
    const auto match = matchWeights(program, file, "r.pth");
    REQUIRE_OK(match);
    CHECK_EQ(match->loaded->size(), program.parameters.size());
    CHECK(match->fresh.empty() && match->otherShape.empty() && match->unused.empty());
  }
}

LATHE_TEST("a last layer for other classes is left fresh, and what is not used is named") {
  const auto program = resnet(5);
  auto file = fileFor(resnet(1000), "");
  file.tensors.push_back({"head.scale", {2}, {1, 2}});
  file.tensors.erase(file.tensors.begin());
  const auto match = matchWeights(program, file, "r.pth");
  REQUIRE_OK(match);
  CHECK(match->fresh == (std::vector<std::string>{"conv1.weight"}));
  CHECK(match->otherShape == (std::vector<std::string>{"fc.weight (1000 x 512)", "fc.bias (1000)"}));
  CHECK(match->unused == (std::vector<std::string>{"head.scale"}));
  CHECK_EQ(match->loaded->size(), program.parameters.size() - 3);
}

LATHE_TEST("a file of another network and numbers that are not finite are refused") {
  const auto program = resnet(5);
  data::WeightFile file{"pth", {{"features.0.weight", {1}, {1}}}};
  auto match = matchWeights(program, file, "r.pth");
  REQUIRE(!match);
  CHECK_EQ(match.error().code, std::string("weights.no_match"));
  CHECK(match.error().sentence().find("features.0.weight") != std::string::npos);
  file = fileFor(program, "");
  file.tensors[3].values[0] = std::numeric_limits<float>::quiet_NaN();
  match = matchWeights(program, file, "r.pth");
  REQUIRE(!match);
  CHECK_EQ(match.error().code, std::string("weights.not_finite"));
}

LATHE_TEST("a frozen backbone is everything but the output layer; frozen layers stay frozen when it thaws") {
  const spec::ModelGraph graph{{{"conv", "conv2d", {{"out", 4}}, {"image"}},
                                {"norm", "batchnorm2d", {{"frozen", true}}, {}},
                                {"pool", "globalavgpool", {}, {}},
                                {"out", "linear", {{"out", 3}}, {}}}};
  const auto program = programOf(graph, imageContext({1, 8, 8}, 3));
  const auto learning = [&](bool backbone) {
    std::string names;
    const auto frozen = frozenParameters(program, backbone);
    for (std::size_t i = 0; i < frozen.size(); ++i)
      if (!frozen[i]) names += program.parameters[i].name + " ";
    return names;
  };
  CHECK_EQ(learning(true), std::string("out.weight out.bias "));
  CHECK_EQ(learning(false), std::string("conv.weight conv.bias out.weight out.bias "));
  auto still = graph;
  still.layers.back().attributes["frozen"] = true;
  spec::TrainingSpec training;
  REQUIRE_OK(checkFreezing(programOf(still, imageContext({1, 8, 8}, 3)), training));
  training.freeze = "backbone";
  const auto refused = checkFreezing(programOf(still, imageContext({1, 8, 8}, 3)), training);
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, std::string("engine.all_frozen"));
}

LATHE_TEST("the backbone thaws after its epochs, and the optimiser counts anew from there") {
  spec::TrainingSpec training;
  training.epochs = 6;
  training.freeze = "backbone_then_all";
  training.freezeEpochs = 2;
  const LearningRate then(training, 10);
  CHECK(then.settings(20, 2, 1).backboneFrozen);
  CHECK_EQ(then.settings(20, 2, 1).updateStep, 20);
  CHECK(!then.settings(21, 3, 1).backboneFrozen);
  CHECK_EQ(then.settings(21, 3, 1).updateStep, 1);
  CHECK_EQ(then.settings(21, 3, 1).step, 21);
  training.freeze = "backbone";
  CHECK(LearningRate(training, 10).settings(60, 6, 1).backboneFrozen);
  training.freeze = "none";
  CHECK(!LearningRate(training, 10).settings(1, 1, 1).backboneFrozen);
  CHECK_EQ(LearningRate(training, 10).settings(33, 4, 1).updateStep, 33);
}

LATHE_TEST("merging puts W + alpha / rank B A in the place of W and leaves an ordinary model") {
  auto model = tests::modelFor(*tests::mixedTable(spec::Task::Classification));
  model.graph.layers = {{"wide", "linear", {{"out", 2}}, {"features"}}, {"out", "linear", {{"out", 3}}, {}}};
  model.preprocessing.categories = "onehot";
  model.graph.lora = {2, 3};
  const auto program = spec::lower(model);
  REQUIRE_OK(program);
  Checkpoint checkpoint;
  std::int64_t inputs = 0;
  for (const auto& parameter : program->parameters) {
    std::vector<float> values(static_cast<std::size_t>(spec::elementCount(parameter.shape)));
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<float>(std::sin(static_cast<double>(i * 7 + parameter.name.size())));
    if (parameter.name == "wide.weight") inputs = parameter.shape[1];
    checkpoint.tensors.push_back(named(parameter.name, parameter.shape, values));
  }
  const auto numbers = [](const Checkpoint& from, const char* name) {
    const auto* tensor = from.find(name);
    REQUIRE(tensor != nullptr);
    std::vector<float> values(tensor->bytes.size() / sizeof(float));
    std::memcpy(values.data(), tensor->bytes.data(), tensor->bytes.size());
    return values;
  };
  const auto before = numbers(checkpoint, "wide.weight");
  const auto a = numbers(checkpoint, "wide.weight_lora_a");
  const auto b = numbers(checkpoint, "wide.weight_lora_b");
  REQUIRE_OK(mergeAdapters(model, checkpoint));
  CHECK_EQ(model.graph.lora.rank, 0);
  CHECK_EQ(checkpoint.tensors.size(), std::size_t{4});
  const auto after = numbers(checkpoint, "wide.weight");
  const auto n = static_cast<std::size_t>(inputs);
  REQUIRE(n > 2);
  for (std::size_t o = 0; o < 2; ++o)
    for (std::size_t i = 0; i < n; ++i) {
      const double expected = before[o * n + i] + 1.5 * (b[o * 2] * a[i] + b[o * 2 + 1] * a[n + i]);
      CHECK(std::abs(after[o * n + i] - expected) < 1e-6);
    }
}
