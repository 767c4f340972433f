// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/random.h"
#include "core/spec/layer_kind.h"
#include "tests/spec/spec_builders.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::spec;
using namespace lathe::spec::testing;

LATHE_TEST("a small network is counted layer by layer") {
  const ModelGraph graph{{{"fc1", "linear", {{"out", 64}}, {}},
                          {"act1", "relu", {}, {}},
                          {"drop", "dropout", {{"p", 0.2}}, {}},
                          {"output", "linear", {{"out", 10}}, {}}}};
  const auto report = analyse(graph, tableContext(64, 10));
  REQUIRE(!report.error);
  CHECK_EQ(report.layers[0].parameters, 64 * 64 + 64);
  CHECK_EQ(report.layers[0].flops, 2 * 64 * 64);
  CHECK_EQ(report.layers[1].parameters, 0);
  CHECK(report.layers[3].output == Shape{10});
  CHECK_EQ(report.parameters, 64 * 64 + 64 + 64 * 10 + 10);
  CHECK_EQ(report.activations, 64 * 3 + 10);
}

LATHE_TEST("an error names the layer, what it was given and what it needs, and the rest is still checked") {
  const ModelGraph graph{{{"conv1", "conv2d", {{"out", 8}}, {"image"}},
                          {"fc1", "linear", {{"out", 4}}, {}},
                          {"after", "relu", {}, {}},
                          {"flat", "flatten", {}, {"conv1"}},
                          {"output", "linear", {{"out", 3}}, {}}}};
  const auto report = analyse(graph, imageContext({1, 28, 28}, 10));
  REQUIRE(report.error.has_value());
  const auto sentence = report.error->sentence();
  CHECK(sentence.find("fc1") != std::string::npos);
  CHECK(sentence.find("8 x 28 x 28") != std::string::npos);
  CHECK(sentence.find("Flatten") != std::string::npos);
  CHECK(report.layers[1].error.has_value());
  CHECK(!report.layers[2].error && report.layers[2].output.empty());
  CHECK(report.layers[4].output == Shape{3});
}

LATHE_TEST("the last layer must fit the task") {
  const auto report = analyse({{{"fc1", "linear", {{"out", 3}}, {}}}}, tableContext(4, 2));
  REQUIRE(report.error.has_value());
  CHECK_EQ(report.error->code, "spec.output_mismatch");
  CHECK_EQ(report.error->sentence(),
           "The last layer, fc1, gives 3, but this task needs 2. End the model with a Linear layer of 2 outputs.");
}

LATHE_TEST("names, inputs and loops are refused with a sentence") {
  const auto codeOf = [](const ModelGraph& graph) {
    const auto report = analyse(graph, tableContext(4, 2));
    return report.error ? report.error->code : std::string();
  };
  CHECK_EQ(codeOf({}), "spec.no_layers");
  CHECK_EQ(codeOf({{{"a", "relu", {}, {}}, {"a", "relu", {}, {}}}}), "spec.layer_name");
  CHECK_EQ(codeOf({{{"1a", "relu", {}, {}}}}), "spec.layer_name");
  CHECK_EQ(codeOf({{{"features", "relu", {}, {}}}}), "spec.layer_name");
  CHECK_EQ(codeOf({{{"a", "relu", {}, {"b"}}, {"b", "relu", {}, {"a"}}}}), "spec.layer_order");
  CHECK_EQ(codeOf({{{"a", "relu", {}, {"a"}}}}), "spec.layer_order");
  CHECK_EQ(codeOf({{{"a", "relu", {}, {"feature"}}}}), "spec.layer_input");
  CHECK_EQ(codeOf({{{"a", "reluu", {}, {}}}}), "spec.layer_kind");
  CHECK_EQ(codeOf({{{"a", "add", {}, {"features"}}}}), "spec.input_count");
  CHECK_EQ(codeOf({{{"a", "relu", {}, {"features", "features"}}}}), "spec.input_count");
  CHECK_EQ(codeOf({{{"a", "linear", {{"outt", 3}}, {}}}}), "spec.unknown_field");
  CHECK_EQ(codeOf({{{"a", "linear", {{"out", 0}}, {}}}}), "spec.range");
  CHECK_EQ(codeOf({{{"a", "linear", {{"out", "many"}}, {}}}}), "spec.type");
  CHECK_EQ(codeOf({{{"a", "relu", {}, std::vector<std::string>(100, "features")}}}), "spec.input_count");
}

LATHE_TEST("sizes beyond reason are refused instead of wrapping") {
  ModelGraph doubling{{{"l0", "relu", {}, {}}}};
  for (int i = 1; i < 80; ++i) {
    const auto before = "l" + std::to_string(i - 1);
    doubling.layers.push_back({"l" + std::to_string(i), "concat", {}, {before, before}});
  }
  const auto report = analyse(doubling, tableContext(1000, 2));
  REQUIRE(report.error.has_value());
  CHECK_EQ(report.error->code, "spec.layer_too_large");
  const auto wide =
      analyse({{{"a", "linear", {{"out", 1000000}}, {}}, {"b", "linear", {{"out", 1000000}}, {}}}}, tableContext(4, 2));
  REQUIRE(wide.error.has_value());
  CHECK_EQ(wide.error->code, "spec.layer_too_large");
  CHECK_EQ(analyse({std::vector<LayerNode>(20000, {"a", "relu", {}, {}})}, tableContext(4, 2)).error->code,
           "spec.too_many_layers");
  CHECK_EQ(elementCount({1 << 30, 1 << 30, 1 << 30}), std::numeric_limits<std::int64_t>::max());
}

LATHE_TEST("category codes only go into an embedding") {
  auto context = tableContext(3, 2);
  context.inputs.push_back({"categories", {2}, {5, 100}});
  const auto direct = analyse({{{"a", "linear", {{"out", 2}}, {"categories"}}}}, context);
  REQUIRE(direct.error.has_value());
  CHECK(direct.error->sentence().find("Embedding") != std::string::npos);
  const auto embedded = analyse({{{"e", "embedding", {{"size", 4}}, {"categories"}},
                                  {"j", "concat", {}, {"features", "e"}},
                                  {"o", "linear", {{"out", 2}}, {}}}},
                                context);
  REQUIRE(!embedded.error);
  CHECK(embedded.layers[1].output == Shape{11});
  CHECK_EQ(embedded.layers[0].parameters, 4 * 105);
  CHECK(analyse({{{"e", "embedding", {}, {"features"}}}}, context).error.has_value());
}

LATHE_TEST("any heap of layers gets a report and never an exception") {
  Random random(7);
  const std::vector<std::int64_t> numbers{-5, 0, 1, 2, 3, 7, 64, 1024, 1000000, std::int64_t{1} << 62};
  const auto& kinds = layerKinds();
  for (int round = 0; round < 3000; ++round) {
    ModelGraph graph;
    const auto count = 1 + random.below(8);
    for (std::uint64_t i = 0; i < count; ++i) {
      LayerNode node;
      node.name = "l" + std::to_string(random.below(12));
      const auto* kind = kinds[random.below(kinds.size())];
      node.kind = kind->name();
      for (const auto& info : kind->attributes()) switch (random.below(4)) {
          case 0:
            node.attributes[info.name] = numbers[random.below(numbers.size())];
            break;
          case 1:
            node.attributes[info.name] =
                std::vector<std::int64_t>(random.below(4), numbers[random.below(numbers.size())]);
            break;
          default:
            break;
        }
      for (std::uint64_t k = random.below(4); k > 1; --k) {
        const auto from = random.below(5);
        node.inputs.push_back(from == 0 ? "image" : from == 1 ? "sequence" : "l" + std::to_string(random.below(12)));
      }
      graph.layers.push_back(std::move(node));
    }
    auto context = imageContext({3, 9, 9}, 2);
    context.inputs.push_back({"sequence", {12, 6}, {}});
    const auto report = analyse(graph, context);
    CHECK_EQ(report.layers.size(), graph.layers.size());
    for (const auto& layer : report.layers)
      if (!layer.error)
        for (const auto size : layer.output) CHECK(size > 0);
  }
}
