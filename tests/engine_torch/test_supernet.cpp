// SPDX-License-Identifier: GPL-3.0-or-later
// Shared weights and mixtures of operations.
#include <cmath>
#include <numeric>

#include "core/engine/supernet.h"
#include "core/engine_torch/torch_engine.h"
#include "tests/engine/engine_samples.h"
#include "tests/engine_torch/fused_pair.h"
#include "tests/support/temp_folder.h"

using namespace lathe;
using namespace lathe::tests;

namespace {

using Rows = std::vector<std::uint32_t>;

Rows firstRows(std::size_t count) {
  Rows rows(count);
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

spec::LayerNode conv(const char* name, std::int64_t kernel, const char* input) {
  return node(
      name, "conv2d",
      {{"out", 8}, {"kernel", std::vector<std::int64_t>{kernel}}, {"padding", std::vector<std::int64_t>{kernel / 2}}},
      {input});
}

// A shortcut, two convolutions and nothing at all between the stem and the head.
spec::ModelGraph mixture() {
  spec::ModelGraph graph;
  graph.layers = {node("stem", "conv2d", {{"out", 8}, {"kernel", std::vector<std::int64_t>{3}}}),
                  conv("c_e01__conv1", 1, "stem"),
                  conv("c_e01__conv3", 3, "stem"),
                  node("c_e01__mix", "add", {}, {"stem", "c_e01__conv1", "c_e01__conv3"}),
                  node("act", "relu", {}, {"c_e01__mix"}),
                  node("flat", "flatten", {}, {"act"}),
                  node("output", "linear", {{"out", 4}}, {"flat"})};
  return graph;
}

struct Ground {
  TempFolder folder;
  std::unique_ptr<engine::Engine> engine = engine::makeTorchEngine();
  engine::TrainingRequest request = requestFor(quarterImages(), folder.path());
  std::unique_ptr<engine::Supernet> make() {
    auto made = engine->supernet(request);
    CHECK(made.has_value());
    return made ? std::move(*made) : nullptr;
  }
};

}  // namespace

LATHE_TEST("a mixture learns its weights and its operations, and its curvature changes nothing") {
  Ground ground;
  const auto asked = ground.make(), plain = ground.make();
  REQUIRE(asked && plain);
  const auto rows = firstRows(64);
  Rows others(64);
  std::iota(others.begin(), others.end(), 64U);
  double first = 0, last = 0;
  for (int i = 0; i < 30; ++i) {
    const auto curvature = asked->architectureCurvature(mixture(), others);
    REQUIRE(curvature.has_value());
    CHECK(std::isfinite(*curvature));
    CHECK(*curvature != 0);
    CHECK_EQ(*curvature, *asked->architectureCurvature(mixture(), others));
    for (const auto& net : {asked.get(), plain.get()}) {
      CHECK(net->architectureStep(mixture(), others, 0.05).has_value());
      const auto loss = net->step(mixture(), rows, 0.01);
      REQUIRE(loss.has_value());
      (i == 0 ? first : last) = *loss;
    }
    CHECK(asked->architectureWeights() == plain->architectureWeights());
  }
  CHECK(last < 0.5 * first);
  const auto weights = asked->architectureWeights();
  REQUIRE(weights.size() == 1);
  CHECK_EQ(weights.begin()->first, std::string("e01"));
  CHECK_EQ(weights.begin()->second.size(), std::size_t{4});  // the last one stands for nothing at all
  CHECK(std::abs(std::accumulate(weights.begin()->second.begin(), weights.begin()->second.end(), 0.0) - 1) < 1e-6);
}

LATHE_TEST("a shared network goes on from its checkpoint as if it had not stopped") {
  Ground ground;
  const auto whole = ground.make(), stopped = ground.make();
  REQUIRE(whole && stopped);
  const auto rows = firstRows(32);
  const auto learn = [&](engine::Supernet& net) {
    CHECK(net.architectureStep(mixture(), rows, 0.05).has_value());
    CHECK(net.step(mixture(), rows, 0.01).has_value());
  };
  for (int i = 0; i < 4; ++i) learn(*whole);
  learn(*stopped);
  learn(*stopped);
  const auto file = ground.folder / "net.ckpt";
  REQUIRE(stopped->save(file, "here").has_value());
  const auto resumed = ground.make();
  const auto text = resumed->restore(file);
  REQUIRE(text.has_value());
  CHECK_EQ(*text, std::string("here"));
  learn(*resumed);
  learn(*resumed);
  CHECK(resumed->architectureWeights() == whole->architectureWeights());
  const auto a = whole->predict(mixture(), rows), b = resumed->predict(mixture(), rows);
  REQUIRE(a && b);
  CHECK(a->values == b->values);
}

LATHE_TEST("paths share what they call the same: training a wide one trains the corner that a narrow one has") {
  Ground ground;
  const auto net = ground.make();
  REQUIRE(net != nullptr);
  const auto path = [](std::int64_t width) {
    spec::ModelGraph graph;
    graph.layers = {node("flat", "flatten"), node("fc", "linear", {{"out", width}}), node("act", "relu"),
                    node("output", "linear", {{"out", 4}})};
    return graph;
  };
  const auto rows = firstRows(64);
  const auto before = net->predict(path(8), rows);
  REQUIRE(before.has_value());
  for (int i = 0; i < 3; ++i) CHECK(net->step(path(16), rows, 0.01).has_value());
  const auto after = net->predict(path(8), rows);
  REQUIRE(after.has_value());
  CHECK(before->values != after->values);
  // A path without a mixture has no architecture weights to be asked about.
  const auto refused = net->architectureCurvature(path(8), rows);
  CHECK(refused.has_value() && *refused == 0);
}
