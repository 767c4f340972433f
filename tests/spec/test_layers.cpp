// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <set>

#include "core/spec/layer_kind.h"
#include "tests/spec/spec_builders.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::spec;
using namespace lathe::spec::testing;

namespace {

struct Expected {
  Shape output;
  std::int64_t parameters;
  std::int64_t flops;
};

void expect(const std::string& kind, const ValueMap& attributes, const GraphContext& context,
            const Expected& expected) {
  const auto report = reportOf({"layer", kind, attributes, {}}, context);
  if (report.error) lathe::testing::reportFailure(__FILE__, __LINE__, kind + ": " + report.error->sentence());
  CHECK(report.output == expected.output);
  CHECK_EQ(report.parameters, expected.parameters);
  CHECK_EQ(report.flops, expected.flops);
}

std::string errorOf(const std::string& kind, const ValueMap& attributes, const GraphContext& context) {
  const auto report = reportOf({"layer", kind, attributes, {}}, context);
  return report.error ? report.error->sentence() : std::string();
}

Value list(const std::vector<std::int64_t>& numbers) { return {numbers}; }

/// The program of one layer on some input; images are pooled after it, to fit a task.
Program lowered(const LayerNode& node, const GraphContext& context) {
  Program program;
  for (const auto& input : context.inputs) {
    program.prepared.push_back(static_cast<int>(program.values.size()));
    program.values.push_back(input.shape);
  }
  GraphContext fitting = context;
  const auto shape = analyse({{node}}, context).layers[0].output;
  fitting.outputs = shape[0];
  ModelGraph graph{{node}};
  if (shape.size() == 3) graph.layers.push_back({"average", "globalavgpool", {}, {}});
  REQUIRE_OK(lowerGraph(graph, fitting, program));
  return program;
}

}  // namespace

LATHE_TEST("every kind is found by its name and explains itself") {
  std::set<std::string> names;
  for (const auto* kind : layerKinds()) {
    CHECK(names.insert(kind->name()).second);
    CHECK(findLayerKind(kind->name()) == kind);
    CHECK(!kind->label().empty() && !kind->category().empty());
    CHECK(kind->help().size() > 30 && kind->help().back() == '.');
    for (const auto& info : kind->attributes()) {
      CHECK(!info.label.empty() && !info.help.empty());
      CHECK(attribute({"x", kind->name(), {}, {}}, info.name) == info.defaultValue);
    }
  }
  CHECK_EQ(names.size(), 64U);
  CHECK(findLayerKind("nothing") == nullptr);
  CHECK(attribute({"x", "nothing", {}, {}}, "out").isNull());
}

LATHE_TEST("dense layers: shapes, parameters, operations") {
  expect("linear", {{"out", 5}}, tableContext(7, 1), {{5}, 7L * 5 + 5, 2L * 7 * 5});
  expect("linear", {{"out", 5}, {"bias", false}}, tableContext(7, 1), {{5}, 7L * 5, 2L * 7 * 5});
  GraphContext sequence = tableContext(1, 1);
  sequence.inputs[0].shape = {10, 7};
  expect("linear", {{"out", 5}}, sequence, {{10, 5}, 40, 2L * 7 * 50});
  CHECK(errorOf("linear", {}, imageContext({1, 8, 8}, 1)).find("1 x 8 x 8") != std::string::npos);
  GraphContext categories;
  categories.inputs.push_back({"categories", {2}, {4, 1000}});
  expect("embedding", {{"size", 3}}, categories, {{6}, 3L * 1004, 0});
  // 1.6 * 4^0.56 = 3.5 and 1.6 * 1000^0.56 = 76, which is cut at 50.
  expect("embedding", {}, categories, {{53}, 3L * 4 + 50L * 1000, 0});
}

LATHE_TEST("convolutions and pools: shapes, parameters, operations") {
  const auto image = imageContext({3, 32, 32}, 1);
  expect("conv2d", {{"out", 8}}, image, {{8, 32, 32}, 8L * 27 + 8, 2L * 27 * 8 * 1024});
  expect("conv2d", {{"out", 8}, {"padding", list({0})}}, image, {{8, 30, 30}, 224, 2L * 27 * 8 * 900});
  expect("conv2d", {{"out", 8}, {"stride", 2}, {"bias", false}}, image, {{8, 16, 16}, 216, 2L * 27 * 8 * 256});
  expect("conv2d", {{"out", 6}, {"kernel", list({1, 5})}, {"padding", 0}}, image,
         {{6, 32, 28}, 6L * 15 + 6, 2L * 15 * 6 * 32 * 28});
  expect("conv2d", {{"out", 3}, {"groups", 3}, {"dilation", 2}, {"bias", false}}, image,
         {{3, 32, 32}, 27, 2L * 9 * 3 * 1024});
  CHECK(errorOf("conv2d", {{"out", 8}, {"groups", 2}}, image).find("2 groups") != std::string::npos);
  CHECK(errorOf("conv2d", {{"kernel", 64}, {"padding", 0}}, image).find("64 x 64") != std::string::npos);
  CHECK(errorOf("conv2d", {{"kernel", list({1, 2, 3})}}, image).find("3 numbers") != std::string::npos);
  CHECK(errorOf("conv2d", {}, tableContext(9, 1)).find("layer needs an image") != std::string::npos);
  expect("maxpool2d", {}, image, {{3, 16, 16}, 0, 4L * 3 * 256});
  expect("maxpool2d", {{"kernel", 3}, {"stride", 2}, {"padding", 1}}, image, {{3, 16, 16}, 0, 9L * 3 * 256});
  CHECK(!errorOf("maxpool2d", {{"kernel", 3}, {"padding", 2}}, image).empty());
  CHECK(!errorOf("maxpool2d", {{"kernel", 33}}, image).empty());
  CHECK(!errorOf("maxpool2d", {}, tableContext(3, 1)).empty());
  expect("globalavgpool", {}, image, {{3}, 0, 3L * 1024});
  CHECK(!errorOf("globalavgpool", {}, tableContext(3, 1)).empty());
  expect("flatten", {}, image, {{3072}, 0, 0});
}

LATHE_TEST("normalisation counts what is learnt, not what is tracked") {
  const auto image = imageContext({3, 4, 4}, 1);
  expect("batchnorm2d", {}, image, {{3, 4, 4}, 6, 2L * 48});
  expect("batchnorm1d", {}, tableContext(9, 1), {{9}, 18, 18});
  expect("layernorm", {}, tableContext(9, 1), {{9}, 18, 63});
  expect("layernorm", {{"dimensions", 3}}, image, {{3, 4, 4}, 96, 7L * 48});
  CHECK(errorOf("batchnorm1d", {}, image).find("BatchNorm2d") != std::string::npos);
  CHECK(errorOf("batchnorm2d", {}, tableContext(9, 1)).find("BatchNorm1d") != std::string::npos);
  CHECK(errorOf("layernorm", {{"dimensions", 2}}, tableContext(9, 1)).find("2 dimensions") != std::string::npos);
  const auto program = lowered({"bn", "batchnorm1d", {}, {}}, tableContext(9, 1));
  REQUIRE(program.parameters.size() == 4);
  CHECK_EQ(program.parameters[2].name, "bn.running_mean");
  CHECK(!program.parameters[2].trainable && !program.parameters[3].trainable);
  CHECK(program.parameters[0].init == (Initialiser{Initialiser::Kind::Ones, 0}));
  CHECK(!program.parameters[0].decay);
  CHECK(program.model[0].reals == (std::vector<double>{1e-5, 0.1}));
}

LATHE_TEST("activations keep the shape and have no parameters") {
  for (const auto* kind : {"relu", "gelu", "silu", "tanh", "sigmoid", "dropout"}) {
    expect(kind, {}, tableContext(9, 1), {{9}, 0, 9});
    expect(kind, {}, imageContext({2, 3, 4}, 1), {{2, 3, 4}, 0, 24});
  }
  expect("softmax", {}, tableContext(9, 1), {{9}, 0, 45});
  CHECK(!errorOf("dropout", {{"p", 1.0}}, tableContext(9, 1)).empty());
}

LATHE_TEST("joins need inputs that fit") {
  const ModelGraph graph{{{"a", "linear", {{"out", 4}}, {"features"}},
                          {"b", "linear", {{"out", 4}}, {"features"}},
                          {"sum", "add", {}, {"a", "b", "a"}},
                          {"join", "concat", {}, {"sum", "features"}},
                          {"bad", "add", {}, {"join", "sum"}},
                          {"worse", "concat", {}, {"a", "bad"}}}};
  const auto report = analyse(graph, tableContext(6, 10));
  CHECK(report.layers[2].output == Shape{4});
  CHECK_EQ(report.layers[2].flops, 8);
  CHECK(report.layers[3].output == Shape{10});
  REQUIRE(report.layers[4].error.has_value());
  CHECK(report.layers[4].error->sentence().find("10 and 4") != std::string::npos);
  CHECK(!report.layers[5].error);
}

LATHE_TEST("weights start as PyTorch's do") {
  const auto linear = lowered({"fc", "linear", {{"out", 5}}, {}}, tableContext(16, 1));
  REQUIRE(linear.parameters.size() == 2);
  CHECK_EQ(linear.parameters[0].name, "fc.weight");
  CHECK(linear.parameters[0].shape == (Shape{5, 16}));
  CHECK(linear.parameters[0].init == (Initialiser{Initialiser::Kind::Uniform, 0.25}));
  CHECK(linear.parameters[0].decay && !linear.parameters[1].decay);
  CHECK(linear.parameters[1].init == (Initialiser{Initialiser::Kind::Uniform, 0.25}));
  const auto conv =
      lowered({"c", "conv2d", {{"out", 8}, {"kernel", 3}, {"stride", 2}}, {}}, imageContext({4, 9, 9}, 1));
  CHECK(conv.parameters[0].shape == (Shape{8, 4, 3, 3}));
  CHECK(std::abs(conv.parameters[0].init.scale - 1 / 6.0) < 1e-12);
  CHECK(conv.model[0].ints == (std::vector<std::int64_t>{2, 2, 1, 1, 1, 1, 1}));
  const auto pool = lowered({"p", "maxpool2d", {}, {}}, imageContext({4, 9, 9}, 1));
  CHECK(pool.model[0].ints == (std::vector<std::int64_t>{2, 2, 2, 2, 0, 0}));
  CHECK(pool.values[1] == (Shape{4, 4, 4}));
}

LATHE_TEST("every primitive has a name of its own") {
  std::set<std::string> names;
  for (int i = 0; i <= static_cast<int>(lastPrimitive); ++i) names.insert(name(static_cast<Primitive>(i)));
  CHECK_EQ(names.size(), static_cast<std::size_t>(lastPrimitive) + 1);
  CHECK(names.count("") == 0);
  CHECK_EQ(std::string(name(Primitive::SelectColumns)), "select_columns");
}
