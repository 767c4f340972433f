// SPDX-License-Identifier: GPL-3.0-or-later
// Frozen layers keep their bytes on both executors, thawing resumes exactly, and adapters are what LibTorch says.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/engine/adapters.h"
#include "core/engine/training_loop.h"
#include "core/engine_torch/parameter_store.h"
#include "core/engine_torch/program_runner.h"
#include "core/engine_torch/torch_engine.h"
#include "core/spec/layer_kind.h"
#include "tests/engine/engine_samples.h"
#include "tests/engine_torch/torch_testing.h"
#include "tests/support/temp_folder.h"

using namespace lathe;
using namespace lathe::engine;
using lathe::tests::RecordingObserver;
using lathe::tests::TempFolder;

namespace {

std::vector<std::uint8_t> bytesIn(const std::filesystem::path& checkpoint, const std::string& name) {
  const auto read = readCheckpoint(checkpoint);
  REQUIRE_OK(read);
  const auto* tensor = read->find(name);
  if (tensor == nullptr) testing::reportFailure(__FILE__, __LINE__, "no tensor " + name);
  return tensor == nullptr ? std::vector<std::uint8_t>{} : tensor->bytes;
}

/// A dense table model that both executors know, with a batch normalisation in its backbone.
TrainingRequest tableRequest(const std::filesystem::path& folder, int epochs, const std::string& executor) {
  const auto data = tests::mixedTable(spec::Task::Classification, 120);
  auto request = tests::requestFor(data, folder, epochs);
  request.training.executor = executor;
  return request;
}

/// Weights as a training begins with, under their names.
std::map<std::string, std::vector<std::uint8_t>> startOf(const TrainingRequest& request) {
  const auto program = spec::lower(request.model);
  REQUIRE_OK(program);
  ParameterStore store(*program, torch::Device(torch::kCPU), true);
  store.initialise(request.training.seed);
  if (request.initialWeights) store.overwrite(*request.initialWeights);
  Checkpoint checkpoint;
  store.save(checkpoint);
  std::map<std::string, std::vector<std::uint8_t>> start;
  for (auto& tensor : checkpoint.tensors) start[tensor.name] = std::move(tensor.bytes);
  return start;
}

std::vector<std::string> optimizersToTry() {
  return {"adamw", "sgd", "lion", "lamb", "muon", "prodigy", "schedule_free_adamw", "adadelta"};
}

torch::Tensor tensorOf(const Checkpoint& checkpoint, const std::string& name) {
  const auto* found = checkpoint.find(name);
  REQUIRE(found != nullptr);
  auto values = torch::empty(found->shape, torch::kFloat32);
  std::memcpy(values.data_ptr<float>(), found->bytes.data(), found->bytes.size());
  return values;
}

double apart(const torch::Tensor& a, const torch::Tensor& b) {
  return (a - b).abs().max().item<double>() / std::max(1e-6, b.abs().max().item<double>());
}

}  // namespace

LATHE_TEST("a frozen backbone keeps every byte, running statistics too, on both executors and under any optimiser") {
  const auto engine = makeTorchEngine();
  for (const auto* executor : {"libtorch", "fused"})
    for (const auto& optimizer : optimizersToTry()) {
      const TempFolder folder;
      auto request = tableRequest(folder.path(), 2, executor);
      request.training.optimizer.name = optimizer;
      request.training.optimizer.weightDecay = 0.1;
      request.training.freeze = "backbone";
      request.training.spikeGuard = false;
      const auto start = startOf(request);
      RecordingObserver seen;
      REQUIRE_OK(tests::train(*engine, request, seen));
      for (const auto& [name, bytes] : start) {
        const bool output = name.rfind("out.", 0) == 0;
        const bool same = bytesIn(folder / "last.ckpt", name) == bytes;
        if (same == output) testing::reportFailure(__FILE__, __LINE__, optimizer + " " + executor + ": " + name);
      }
    }
}

LATHE_TEST("an exponential average leaves frozen bytes alone as well, and frozen images train on LibTorch") {
  const TempFolder folder;
  const auto engine = makeTorchEngine();
  auto request = tests::requestFor(tests::quarterImages(80), folder.path(), 2);
  request.training.freeze = "backbone";
  for (const auto* average : {"ema", "swa"}) {
    request.training.average.name = average;
    request.training.average.startFraction = 0;
    const auto start = startOf(request);
    RecordingObserver seen;
    REQUIRE_OK(tests::train(*engine, request, seen));
    for (const auto& [name, bytes] : start)
      if (name.rfind("out.", 0) != 0) CHECK(bytesIn(folder / "best.ckpt", name) == bytes);
    CHECK(bytesIn(folder / "best.ckpt", "out.weight") != start.at("out.weight"));
  }
}

LATHE_TEST("the two executors agree on frozen layers in the middle and on thawing") {
  const auto engine = makeTorchEngine();
  for (const bool thaws : {false, true}) {
    const TempFolder folder;
    for (const auto* executor : {"libtorch", "fused"}) {
      auto request = tableRequest(folder / executor, 3, executor);
      request.model.graph.layers = {{"a", "linear", {{"out", 16}, {"bias", false}}, {"features"}},
                                    {"bn", "batchnorm1d", {}, {}},
                                    {"act", "relu", {}, {}},
                                    {"b", "linear", {{"out", 12}}, {}},
                                    {"act2", "tanh", {}, {}},
                                    {"out", "linear", {{"out", 3}}, {}}};
      request.model.preprocessing.categories = "onehot";
      if (thaws) {
        request.training.freeze = "backbone_then_all";
        request.training.freezeEpochs = 1;
      } else {
        request.model.graph.layers[1].attributes["frozen"] = true;
        request.model.graph.layers[3].attributes["frozen"] = true;
      }
      RecordingObserver seen;
      REQUIRE_OK(tests::train(*engine, request, seen));
      CHECK_EQ(std::count_if(seen.events.begin(), seen.events.end(),
                             [](const auto& event) { return event.first == "thawed"; }),
               thaws ? 1 : 0);
    }
    const auto one = readCheckpoint(folder / "libtorch/last.ckpt");
    const auto other = readCheckpoint(folder / "fused/last.ckpt");
    REQUIRE_OK(one);
    REQUIRE_OK(other);
    for (const auto* name : {"a.weight", "bn.weight", "bn.running_var", "b.weight", "out.weight"})
      CHECK(apart(tensorOf(*other, name), tensorOf(*one, name)) < 1e-4);
  }
}

LATHE_TEST("a training that thaws goes on exactly, paused before, at and after the thaw") {
  const auto engine = makeTorchEngine();
  for (const auto* executor : {"libtorch", "fused"})
    for (const auto* optimizer : {"adamw", "schedule_free_adamw"}) {
      const TempFolder folder;
      const auto make = [&](const std::filesystem::path& into) {
        auto request = tableRequest(into, 4, executor);
        request.training.freeze = "backbone_then_all";
        request.training.freezeEpochs = 2;
        request.training.optimizer.name = optimizer;
        return request;
      };
      RecordingObserver whole;
      const auto uninterrupted = tests::train(*engine, make(folder / "whole"), whole);
      REQUIRE_OK(uninterrupted);
      const auto epoch = uninterrupted->steps / 4;
      for (const auto at : {epoch, 2 * epoch - 1, 2 * epoch, 2 * epoch + 1, 3 * epoch}) {
        std::filesystem::remove_all(folder / "parts");
        RecordingObserver before, after;
        auto request = make(folder / "parts");
        const auto paused = tests::trainUntil(*engine, request, before, at, TrainingControl::Request::Pause);
        REQUIRE_OK(paused);
        request.resumeFrom = paused->lastCheckpoint;
        REQUIRE_OK(tests::train(*engine, request, after));
        CHECK(tests::sameTensors(folder / "whole/last.ckpt", folder / "parts/last.ckpt"));
      }
    }
}

LATHE_TEST("a training starts from the weights it is given, and the same from random ones but for them") {
  const TempFolder folder;
  const auto engine = makeTorchEngine();
  for (const auto* executor : {"libtorch", "fused"}) {
    auto request = tableRequest(folder / executor, 1, executor);
    request.training.freeze = "backbone";
    const auto random = startOf(request);
    auto weights = std::make_shared<std::vector<NamedTensor>>();
    NamedTensor fc2{"fc2.bias", "F32", {28}, std::vector<std::uint8_t>(28 * sizeof(float), 0)};
    weights->push_back(fc2);
    request.initialWeights = weights;
    RecordingObserver seen;
    REQUIRE_OK(tests::train(*engine, request, seen));
    CHECK(bytesIn(folder / executor / "last.ckpt", "fc2.bias") == fc2.bytes);
    CHECK(bytesIn(folder / executor / "last.ckpt", "fc2.weight") == random.at("fc2.weight"));
  }
}

LATHE_TEST("adapters give the values and gradients of W + alpha / rank B A, in linear and attention layers") {
  spec::GraphContext context;
  context.inputs.push_back({"sequence", {5, 8}, {}});
  context.outputs = 3;
  spec::ModelGraph graph{{{"wide", "linear", {{"out", 12}}, {"sequence"}},
                          {"attn", "attention", {{"heads", 2}}, {}},
                          {"pool", "pool_sequence", {}, {}},
                          {"out", "linear", {{"out", 3}}, {}}}};
  const auto lowered = [&] {
    spec::Program program;
    program.prepared = {0};
    program.values.push_back(context.inputs[0].shape);
    REQUIRE_OK(spec::lowerGraph(graph, context, program));
    return program;
  };
  const auto plain = lowered();
  graph.lora = {4, 6};
  const auto adapted = lowered();
  ParameterStore store(adapted, torch::Device(torch::kCPU), true);
  store.initialise(5);
  const ProgramRunner adaptedRunner(adapted, torch::Device(torch::kCPU));
  const ProgramRunner plainRunner(plain, torch::Device(torch::kCPU));
  const auto x = torch::sin(torch::arange(7 * 5 * 8, torch::kFloat32) * 0.7F).view({7, 5, 8});
  const auto named = [&](const std::string& name) {
    for (std::size_t i = 0; i < adapted.parameters.size(); ++i)
      if (adapted.parameters[i].name == name) return store.all()[i];
    return torch::Tensor();
  };
  // The plain network with its weights put together from those of the adapted one, in LibTorch's own operations.
  const auto together = [&] {
    TensorList weights;
    for (const auto& parameter : plain.parameters) {
      auto weight = named(parameter.name);
      if (const auto a = named(parameter.name + "_lora_a"); a.defined())
        weight = weight + 1.5 * torch::matmul(named(parameter.name + "_lora_b"), a);
      weights.push_back(weight);
    }
    return plainRunner.model({x}, weights, nullptr);
  };
  // B starts at zero: nothing changes at first.
  CHECK(torch::equal(adaptedRunner.model({x}, store.all(), nullptr), together()));
  {
    const torch::NoGradGuard noGrad;
    for (auto tensor : store.all()) tensor.add_(torch::cos(torch::arange(tensor.numel())).view(tensor.sizes()) * 0.1);
  }
  const auto given = adaptedRunner.model({x}, store.all(), nullptr);
  const auto expected = together();
  CHECK(apart(given, expected) < 1e-5);
  const auto direction = torch::sin(torch::arange(given.numel(), torch::kFloat32)).view(given.sizes());
  const auto gradients = [&](const torch::Tensor& output) {
    std::map<std::string, torch::Tensor> found;
    for (const auto& tensor : store.all()) const_cast<torch::Tensor&>(tensor).mutable_grad().reset();
    output.backward(direction);
    for (std::size_t i = 0; i < adapted.parameters.size(); ++i)
      found[adapted.parameters[i].name] = store.all()[i].grad().clone();
    return found;
  };
  auto ours = gradients(given);
  for (const auto& [name, theirs] : gradients(expected)) CHECK(apart(ours.at(name), theirs) < 1e-5);
}

LATHE_TEST("adapters train alone with the output, on both executors, and an export has them merged") {
  const auto engine = makeTorchEngine();
  for (const auto* executor : {"libtorch", "fused"}) {
    const TempFolder folder;
    auto request = tableRequest(folder.path(), 2, executor);
    request.model.graph.lora = {3, 6};
    const auto start = startOf(request);
    RecordingObserver seen;
    const auto summary = tests::train(*engine, request, seen);
    REQUIRE_OK(summary);
    for (const auto& [name, bytes] : start) {
      const bool learns = name.find("_lora_") != std::string::npos || name.rfind("out.", 0) == 0;
      const bool same = bytesIn(folder / "last.ckpt", name) == bytes;
      if (same == learns) testing::reportFailure(__FILE__, __LINE__, std::string(executor) + ": " + name);
    }
    CHECK(tests::exportDifference(*engine, summary->bestCheckpoint, *request.data, folder.path()) < 1e-5);
  }
  // Attention has its adapters inside.
  const TempFolder folder;
  const auto data = tests::quarterImages(60);
  auto request = tests::requestFor(data, folder.path(), 2);
  request.model.graph = {{{"steps", "reshape", {{"sizes", spec::Value::List{8, 8}}}, {"image"}},
                          {"block", "transformer_block", {{"heads", 2}}, {}},
                          {"pool", "pool_sequence", {}, {}},
                          {"out", "linear", {{"out", 4}}, {}}},
                         {2, 4}};
  RecordingObserver seen;
  const auto summary = tests::train(*engine, request, seen);
  REQUIRE_OK(summary);
  CHECK(tests::exportDifference(*engine, summary->bestCheckpoint, *data, folder.path()) < 1e-5);
}

LATHE_TEST("a model whose every layer is frozen is refused") {
  const TempFolder folder;
  const auto engine = makeTorchEngine();
  auto request = tableRequest(folder.path(), 1, "auto");
  request.training.freeze = "backbone";
  request.model.graph.layers.back().attributes["frozen"] = true;
  RecordingObserver seen;
  const auto refused = tests::train(*engine, request, seen);
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, std::string("engine.all_frozen"));
}
