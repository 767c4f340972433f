// SPDX-License-Identifier: GPL-3.0-or-later
// The fused executor against LibTorch: logits, gradients of every parameter, running statistics, whole trainings.
#include <algorithm>
#include <cmath>

#include "core/base/random.h"
#include "core/engine/optimizer.h"
#include "core/engine_fused/network.h"
#include "core/engine_torch/parameter_store.h"
#include "core/engine_torch/program_runner.h"
#include "core/spec/layer_kind.h"
#include "tests/engine_torch/fused_pair.h"
#include "tests/engine_torch/torch_testing.h"

using namespace lathe;
using namespace lathe::engine;
using namespace lathe::tests;

namespace {

Layers perceptron(const char* activation, std::int64_t width, std::int64_t outputs) {
  return {node("fc1", "linear", {{"out", width}}), node("act1", activation), node("fc2", "linear", {{"out", width}}),
          node("act2", activation), node("output", "linear", {{"out", outputs}})};
}

Layers residual(const char* normalization, std::int64_t outputs) {
  return {node("stem", "linear", {{"out", 24}}),
          node("norm1", normalization),
          node("fc1", "linear", {{"out", 40}}),
          node("act1", "gelu"),
          node("fc2", "linear", {{"out", 24}}),
          node("sum1", "add", {}, {"stem", "fc2"}),
          node("norm2", normalization),
          node("fc3", "linear", {{"out", 24}, {"bias", false}}),
          node("sum2", "add", {}, {"sum1", "fc3", "sum1"}),
          node("act2", "silu"),
          node("output", "linear", {{"out", outputs}})};
}

/// Every batch size from one row to several blocks, whole and with a rest.
void compareEverywhere(const Layers& layers, std::int64_t features, std::int64_t outputs,
                       const std::vector<std::int64_t>& cardinalities = {}) {
  for (const int threads : {1, 2, 3})
    for (const std::size_t batch : {1, 2, 16, 32, 50, 64, 100, 200}) {
      Pair pair(layers, features, outputs, batch, threads, cardinalities);
      CHECK(pair.compare(0, batch) < 1e-5);
      CHECK(pair.compare(5, (batch + 1) / 2) < 1e-5);
      CHECK(pair.compareEvaluating(batch) < 1e-5);
    }
}

}  // namespace

LATHE_TEST("logits and gradients of perceptrons agree with LibTorch for every activation") {
  for (const char* activation : {"relu", "gelu", "silu", "tanh", "sigmoid", "mish", "selu"})
    compareEverywhere(perceptron(activation, 33, 3), 20, 3);
}

LATHE_TEST("wide layers are shared between threads without a difference") {
  for (const int threads : {1, 2, 3})
    for (const std::size_t batch : {32, 128}) {
      Pair pair(perceptron("relu", 300, 10), 70, 10, batch, threads);
      CHECK(pair.compare(0, batch) < 1e-5);
    }
}

LATHE_TEST("residual networks with either normalisation agree with LibTorch") {
  compareEverywhere(residual("layernorm", 5), 17, 5);
  for (const int threads : {1, 2})
    for (const std::size_t batch : {2, 32, 100}) {
      Pair pair(residual("batchnorm1d", 5), 17, 5, batch, threads);
      // Twice, so that the running statistics of the first batch are part of the second.
      CHECK(pair.compare(0, batch) < 2e-5);
      CHECK(pair.compare(40, batch) < 2e-5);
      CHECK(pair.compareEvaluating(batch) < 1e-5);
    }
}

LATHE_TEST("category embeddings joined with numbers agree with LibTorch") {
  const Layers layers{node("embed", "embedding", {{"size", 6}}, {"categories"}),
                      node("join", "concat", {}, {"features", "embed"}), node("fc1", "linear", {{"out", 32}}),
                      node("act1", "relu"), node("output", "linear", {{"out", 2}})};
  compareEverywhere(layers, 9, 2, {5, 40, 3});
}

LATHE_TEST("the layers of RealMLP agree with LibTorch") {
  for (const char* function : {"mish", "selu"}) {
    const Layers layers{node("embed", "numeric_embedding"),
                        node("scale", "scale"),
                        node("fc1", "linear", {{"out", 40}, {"parametrization", "ntk"}}),
                        node("act1", "parametric_activation", {{"function", function}}),
                        node("drop1", "dropout", {{"p", 0.0}}),
                        node("fc2", "linear", {{"out", 24}, {"parametrization", "ntk"}}),
                        node("act2", "parametric_activation", {{"function", function}}),
                        node("output", "linear", {{"out", 3}, {"parametrization", "ntk"}})};
    compareEverywhere(layers, 7, 3);
  }
  const Layers behind{node("first", "linear", {{"out", 6}}), node("clip", "smooth_clip"),
                      node("embed", "numeric_embedding", {{"size", 3}, {"waves", 5}}),
                      node("output", "linear", {{"out", 2}})};
  compareEverywhere(behind, 5, 2);
}

LATHE_TEST("the layers of TabM agree with LibTorch, every member by itself") {
  const Layers layers{node("r1", "ensemble_scale", {{"members", 5}, {"start", "signs"}}),
                      node("fc1", "linear", {{"out", 24}, {"bias", false}}),
                      node("s1", "ensemble_scale", {{"members", 5}, {"bias", true}}),
                      node("act1", "relu"),
                      node("r2", "ensemble_scale", {{"members", 5}}),
                      node("fc2", "linear", {{"out", 33}}),
                      node("act2", "relu"),
                      node("output", "ensemble_linear", {{"out", 3}})};
  compareEverywhere(layers, 9, 3);
  const Layers behind{node("first", "linear", {{"out", 6}}), node("r", "ensemble_scale", {{"members", 4}}),
                      node("output", "ensemble_linear", {{"out", 2}})};
  compareEverywhere(behind, 5, 2);
}

LATHE_TEST("numeric embeddings agree with LibTorch, alone, beside categories and before an ensemble") {
  for (const char* kind : {"piecewise_embedding", "periodic_embedding"}) {
    const spec::ValueMap attributes = kind == std::string("piecewise_embedding")
                                          ? spec::ValueMap{{"size", 5}}
                                          : spec::ValueMap{{"size", 5}, {"waves", 6}, {"sigma", 0.3}};
    const Layers layers{node("columns", kind, attributes, {"features"}), node("fc1", "linear", {{"out", 32}}),
                        node("act1", "relu"), node("output", "linear", {{"out", 2}})};
    compareEverywhere(layers, 9, 2);
    const Layers beside{node("embed", "embedding", {{"size", 4}}, {"categories"}),
                        node("columns", kind, attributes, {"features"}),
                        node("join", "concat", {}, {"columns", "embed"}), node("output", "linear", {{"out", 3}})};
    compareEverywhere(beside, 7, 3, {5, 9});
    const Layers ensemble{node("columns", kind, attributes, {"features"}),
                          node("r1", "ensemble_scale", {{"members", 4}, {"start", "signs"}}),
                          node("fc1", "linear", {{"out", 16}}), node("act1", "relu"),
                          node("output", "ensemble_linear", {{"out", 2}})};
    for (const int threads : {1, 2})
      for (const std::size_t batch : {16, 100}) {
        Pair pair(ensemble, 8, 2, batch, threads);
        CHECK(pair.compare(0, batch) < 1e-5);
      }
  }
}

LATHE_TEST("gradients reach what stands before waves, tokens and slices") {
  const Layers behind{node("first", "linear", {{"out", 6}}),
                      node("columns", "periodic_embedding", {{"size", 3}, {"waves", 4}, {"sigma", 0.2}}),
                      node("both", "concat", {}, {"columns", "first"}), node("output", "linear", {{"out", 2}})};
  compareEverywhere(behind, 5, 2);
  const Layers tokens{node("first", "linear", {{"out", 12}}),
                      node("apart", "reshape", {{"sizes", std::vector<std::int64_t>{3, 4}}}),
                      node("each", "ensemble_linear", {{"out", 5}}),
                      node("bend", "gelu"),
                      node("together", "flatten"),
                      node("output", "linear", {{"out", 2}})};
  compareEverywhere(tokens, 5, 2);
}

LATHE_TEST("a value that nobody reads costs nothing and its parameters get no gradient") {
  const Layers layers{node("fc1", "linear", {{"out", 16}}), node("unused", "linear", {{"out", 8}}),
                      node("output", "linear", {{"out", 2}}, {"fc1"})};
  Pair pair(layers, 6, 2, 32, 1);
  CHECK(pair.compare(0, 32) < 1e-5);
}

LATHE_TEST("dropout keeps its share, scales what it keeps, and its gradient follows the same mask") {
  const Layers layers{node("drop", "dropout", {{"p", 0.25}}), node("output", "linear", {{"out", 1}, {"bias", false}})};
  Pair pair(layers, 64, 1, 256, 2);
  std::vector<std::uint32_t> rows(256);
  for (std::uint32_t i = 0; i < 256; ++i) rows[i] = i;
  auto& network = pair.network();
  const auto whole = network.forward(rows, std::nullopt);
  const std::vector<float> plain(whole.begin(), whole.end());
  const auto first = network.forward(rows, 1);
  const std::vector<float> dropped(first.begin(), first.end());
  const auto again = network.forward(rows, 1);
  CHECK(std::equal(again.begin(), again.end(), dropped.begin()));
  const auto other = network.forward(rows, 2);
  CHECK(!std::equal(other.begin(), other.end(), dropped.begin()));
  const auto none = network.forward(rows, 1, 0.0);
  CHECK(std::equal(none.begin(), none.end(), plain.begin()));
  // The gradient of the weights is the masked input: summed over many keys it is the plain one.
  std::vector<double> sum(64, 0);
  const std::vector<float> ones(256, 1.0F);
  constexpr int keys = 400;
  for (int key = 0; key < keys; ++key) {
    static_cast<void>(network.forward(rows, static_cast<std::uint64_t>(key) * 0x9e3779b97f4a7c15ULL));
    network.backward(ones);
    for (std::size_t i = 0; i < 64; ++i) sum[i] += network.gradients()[i] / keys;
  }
  static_cast<void>(network.forward(rows, 1, 0.0));
  network.backward(ones);
  double apart = 0;
  double size = 0;
  for (std::size_t i = 0; i < 64; ++i) {
    apart += std::pow(sum[i] - network.gradients()[i], 2);
    size += std::pow(network.gradients()[i], 2);
  }
  CHECK(std::sqrt(apart / size) < 0.06);
}

LATHE_TEST("the same batch gives the same bits, again and on any batch before") {
  Pair pair(residual("layernorm", 4), 12, 4, 96, 2);
  std::vector<std::uint32_t> rows(96);
  for (std::uint32_t i = 0; i < 96; ++i) rows[i] = i * 3;
  const std::vector<float> gradient(96 * 4, 0.01F);
  const auto once = [&] {
    const auto logits = pair.network().forward(rows, 9);
    std::vector<float> all(logits.begin(), logits.end());
    pair.network().backward(gradient);
    all.insert(all.end(), pair.network().gradients(), pair.network().gradients() + pair.gradientCount());
    return all;
  };
  const auto before = once();
  const std::vector<std::uint32_t> few{1, 2, 3};
  static_cast<void>(pair.network().forward(few, 4));
  pair.network().backward(std::vector<float>(12, 1.0F));
  CHECK(once() == before);
}

LATHE_TEST("what the executor does not know is named") {
  const auto obstacleOf = [](Layers layers, const spec::Shape& shape) {
    spec::Program program;
    program.values.push_back(shape);
    program.prepared.push_back(0);
    const spec::GraphContext context{{{shape.size() == 3 ? "image" : "sequence", shape, {}}}, 2};
    const auto done = spec::lowerGraph({std::move(layers)}, context, program);
    if (!done) testing::reportFailure(__FILE__, __LINE__, done.error().sentence());
    return FusedNetwork::obstacle(program).value_or("");
  };
  const Layers grouped{node("two", "conv2d", {{"out", 4}, {"groups", 2}}), node("flat", "flatten"),
                       node("output", "linear", {{"out", 2}})};
  CHECK_EQ(obstacleOf(grouped, {2, 8, 8}), std::string("two (conv2d)"));
  CHECK_EQ(obstacleOf({node("look", "attention", {{"heads", 2}}), node("flat", "flatten"),
                       node("output", "linear", {{"out", 2}})},
                      {8, 4}),
           std::string("look (attention)"));
  CHECK_EQ(
      obstacleOf({node("turn", "permute", {{"order", std::vector<std::int64_t>{1, 0}}}),
                  node("fc", "linear", {{"out", 2}}), node("flat", "flatten"), node("output", "linear", {{"out", 2}})},
                 {8, 4}),
      std::string("fc (linear)"));
  spec::Program other;
  other.values.push_back({4});
  other.prepared.push_back(0);
  const spec::GraphContext context{{{"features", {4}, {}}}, 2};
  REQUIRE(spec::lowerGraph({{node("fc", "linear", {{"out", 2}}), node("odd", "softmax")}}, context, other));
  CHECK_EQ(FusedNetwork::obstacle(other).value_or(""), std::string("odd (softmax)"));
}
