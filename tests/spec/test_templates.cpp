// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "tests/spec/spec_builders.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::spec;
using namespace lathe::spec::testing;

namespace {

ModelGraph build(const std::string& name, const ValueMap& settings, const TemplateContext& context) {
  auto graph = buildTemplate(name, settings, context);
  REQUIRE_OK(graph);
  return *graph;
}

std::vector<std::string> kindsOf(const ModelGraph& graph) {
  std::vector<std::string> kinds;
  for (const auto& node : graph.layers) kinds.push_back(node.kind);
  return kinds;
}

std::int64_t count(const ModelGraph& graph, const std::string& kind) {
  return std::count_if(graph.layers.begin(), graph.layers.end(), [&](const auto& node) { return node.kind == kind; });
}

TemplateContext images(Shape shape, std::int64_t rows) {
  return {imageContext(std::move(shape), 10), Task::Classification, rows};
}

}  // namespace

LATHE_TEST("templates explain themselves and every setting has a valid default") {
  REQUIRE(templates().size() == 18);
  for (const auto& info : templates()) {
    CHECK(!info.label.empty() && info.help.size() > 40);
    for (const auto& setting : info.settings) {
      CHECK(!setting.label.empty() && setting.help.size() > 20);
      if (setting.type == AttributeType::Choice)
        CHECK(std::count(setting.choices.begin(), setting.choices.end(), setting.defaultValue.toText()) == 1);
    }
  }
  CHECK_EQ(defaultTemplate(tableContext(4, 2)), "mlp");
  CHECK_EQ(defaultTemplate(imageContext({1, 8, 8}, 2)), "cnn");
  CHECK_EQ(defaultTemplate(tableContext(4, 1), Task::Anomaly), "autoencoder");
}

LATHE_TEST("the MLP of the benchmarks is what its settings say") {
  const auto graph = build("mlp", {{"hidden", std::vector<std::int64_t>{64, 64}}, {"dropout", 0}},
                           {tableContext(64, 10), Task::Classification, 1797});
  CHECK(kindsOf(graph) == (std::vector<std::string>{"linear", "relu", "linear", "relu", "linear"}));
  CHECK_EQ(analyse(graph, tableContext(64, 10)).parameters, 64 * 64 + 64 + 64 * 64 + 64 + 640 + 10);
  CHECK_EQ(graph.layers.back().name, "output");
}

LATHE_TEST("the MLP grows with the data") {
  const auto parameters = [](std::int64_t rows, std::int64_t columns) {
    return analyse(build("mlp", {}, {tableContext(columns, 2), Task::Classification, rows}), tableContext(columns, 2))
        .parameters;
  };
  CHECK(parameters(500, 30) < parameters(10000, 30));
  CHECK(parameters(10000, 30) < parameters(1000000, 30));
  CHECK(parameters(500, 30) < parameters(500, 600));
  CHECK(parameters(500, 30) < 10000);
}

LATHE_TEST("settings of the MLP: activation, dropout, normalisation") {
  const TemplateContext context{tableContext(8, 3), Task::Classification, 100};
  const auto graph =
      build("mlp", {{"hidden", 16}, {"activation", "GELU"}, {"normalization", "batch"}, {"dropout", 0.5}}, context);
  CHECK(kindsOf(graph) == (std::vector<std::string>{"linear", "batchnorm1d", "gelu", "dropout", "linear"}));
  CHECK_EQ(graph.layers[3].attributes.at("p").toReal(), 0.5);
  CHECK_EQ(graph.layers[0].attributes.at("bias").toBool(true), false);
  CHECK_EQ(count(build("mlp", {{"normalization", "layer"}}, context), "layernorm"), 2);
}

LATHE_TEST("categories go through an embedding and join the features") {
  auto graphContext = tableContext(8, 3);
  graphContext.inputs.push_back({"categories", {2}, {50, 300}});
  for (const auto* name : {"mlp", "resmlp"}) {
    const auto graph = build(name, {{"embedding", 7}}, {graphContext, Task::Classification, 100});
    CHECK_EQ(graph.layers[0].kind, "embedding");
    CHECK_EQ(graph.layers[0].attributes.at("size").toInteger(), 7);
    CHECK_EQ(graph.layers[1].kind, "concat");
    CHECK(analyse(graph, graphContext).layers[1].output == Shape{8 + 14});
  }
  graphContext.inputs.erase(graphContext.inputs.begin());
  CHECK_EQ(build("mlp", {}, {graphContext, Task::Classification, 100}).layers[1].kind, "linear");
}

LATHE_TEST("RealMLP clips, embeds and scales its numbers, and TabM ends in members") {
  auto graphContext = tableContext(8, 3);
  graphContext.inputs.push_back({"categories", {2}, {50, 300}});
  const TemplateContext context{graphContext, Task::Classification, 1000};
  const auto real = build("realmlp", {}, context);
  CHECK_EQ(real.layers[0].kind, "smooth_clip");
  CHECK_EQ(count(real, "numeric_embedding"), 1);
  CHECK_EQ(count(real, "parametric_activation"), 3);
  // Eight columns of four numbers, two categories of eight.
  CHECK(analyse(real, graphContext).layers[3].output == Shape{32 + 16});
  CHECK_EQ(count(build("realmlp", {{"numeric_embedding", "none"}}, context), "numeric_embedding"), 0);
  CHECK_EQ(build("realmlp", {}, {graphContext, Task::Regression, 1000}).layers[6].attributes.at("function").toText(),
           "mish");
  const auto tabm = build("tabm", {{"members", 4}, {"width", 16}, {"blocks", 2}}, context);
  const auto report = analyse(tabm, graphContext);
  CHECK(!report.error);
  CHECK(report.layers.back().output == (Shape{4, 3}));

  CHECK_EQ(tabm.layers.back().kind, "ensemble_linear");
  CHECK_EQ(report.layers.back().parameters, 4 * (16 * 3 + 3));
}

LATHE_TEST("the residual perceptron has as many shortcuts as blocks") {
  const TemplateContext context{tableContext(8, 1), Task::Regression, 100};
  const auto graph = build("resmlp", {{"blocks", 3}, {"width", 32}, {"expansion", 1.5}}, context);
  CHECK_EQ(count(graph, "add"), 3);
  CHECK_EQ(count(graph, "layernorm"), 4);
  CHECK(analyse(graph, context.graph).layers[2].output == Shape{48});
  CHECK_EQ(count(build("resmlp", {}, context), "add"), 2);
  CHECK_EQ(count(build("resmlp", {}, {context.graph, Task::Regression, 1000000}), "add"), 4);
}

LATHE_TEST("the CNN fits the image and stays cheap") {
  const auto context = images({1, 28, 28}, 54000);
  const auto graph = build("cnn", {}, context);
  CHECK(kindsOf(graph) ==
        (std::vector<std::string>{"conv2d", "batchnorm2d", "relu", "maxpool2d", "conv2d", "batchnorm2d", "relu",
                                  "maxpool2d", "flatten", "linear", "relu", "dropout", "linear"}));
  const auto report = analyse(graph, context.graph);
  CHECK(report.layers[7].output == (Shape{64, 7, 7}));
  CHECK(report.flops < 10'000'000);
  for (const auto& shape : {Shape{1, 8, 8}, Shape{3, 32, 32}, Shape{3, 64, 48}, Shape{3, 224, 224}, Shape{1, 1, 1},
                            Shape{1, 3, 200}, Shape{4, 5, 1}}) {
    const auto sized = images(shape, 3000);
    const auto built = analyse(build("cnn", {}, sized), sized.graph);
    CHECK(built.parameters < 4'000'000);
    for (const auto& layer : built.layers) CHECK(!layer.error);
  }
}

LATHE_TEST("settings of the CNN: channels, depth, head") {
  const auto context = images({3, 32, 32}, 50000);
  const auto graph = build("cnn",
                           {{"channels", std::vector<std::int64_t>{8, 16, 32}},
                            {"depth", 2},
                            {"kernel", 4},
                            {"normalization", "none"},
                            {"head", "average"},
                            {"hidden", Value::List{}},
                            {"dropout", 0.2}},
                           context);
  CHECK_EQ(count(graph, "conv2d"), 6);
  CHECK_EQ(count(graph, "batchnorm2d"), 0);
  CHECK_EQ(count(graph, "globalavgpool"), 1);
  CHECK_EQ(count(graph, "linear"), 1);
  CHECK_EQ(count(build("cnn", {}, images({3, 224, 224}, 50000)), "flatten"), 0);
}

LATHE_TEST("wrong templates and settings are refused with what was meant") {
  const TemplateContext context{tableContext(8, 3), Task::Classification, 100};
  const auto sentence = [&](const std::string& name, const ValueMap& settings) {
    const auto graph = buildTemplate(name, settings, context);
    return graph ? std::string() : graph.error().sentence();
  };
  CHECK(sentence("mpl", {}).find("mlp, resmlp, ") != std::string::npos);
  CHECK(sentence("cnn", {}).find("images") != std::string::npos);
  CHECK(sentence("mlp", {{"hiden", 3}}).find("model.hidden") != std::string::npos);
  CHECK(sentence("mlp", {{"hidden", 0}}).find("between 1 and 16384") != std::string::npos);
  CHECK(sentence("mlp", {{"dropout", 1.5}}).find("model.dropout is 1.5") != std::string::npos);
  CHECK(sentence("mlp", {{"activation", "swish"}}).find("relu, gelu, silu, tanh") != std::string::npos);
  CHECK(!buildTemplate("mlp", {}, {GraphContext{}, Task::Classification, 10}));
  CHECK(sentence("MLP", {}).empty());
  CHECK(sentence("", {}).empty());
}
