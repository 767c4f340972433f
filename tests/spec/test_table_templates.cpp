// SPDX-License-Identifier: GPL-3.0-or-later
// ft-transformer, numeric embeddings and the autoencoder as graphs and in JSON.
#include <algorithm>
#include <cmath>

#include "core/spec/customary.h"
#include "tests/spec/spec_builders.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::spec;
using namespace lathe::spec::testing;

namespace {

GraphContext numbers(std::int64_t columns, std::int64_t outputs) {
  auto context = tableContext(columns, outputs);
  context.inputs[0].parts.numbers = columns;
  assumeBins(context, 12);
  return context;
}

std::string problem(const std::string& name, const ValueMap& settings, const TemplateContext& context) {
  const auto graph = buildTemplate(name, settings, context);
  return graph ? std::string() : graph.error().sentence();
}

const LayerNode& layer(const ModelGraph& graph, const std::string& name) {
  return *std::find_if(graph.layers.begin(), graph.layers.end(), [&](const auto& node) { return node.name == name; });
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

LATHE_TEST("ft-transformer has the paper's default dimensions") {
  const auto context = numbers(100, 1);
  const auto graph = buildTemplate("ft-transformer", {}, {context, Task::Regression, 10000});
  REQUIRE_OK(graph);
  const auto report = analyse(*graph, context);
  // Tokens of 192, three blocks of eight heads, feed-forward of 4/3 twice (ReGLU), no first normalisation.
  constexpr std::int64_t d = 192, inner = 256;
  constexpr std::int64_t attention = 4 * d * d + 4 * d;
  constexpr std::int64_t perceptron = d * 2 * inner + 2 * inner + inner * d + d;
  constexpr std::int64_t blocks = 3 * (attention + perceptron) + 5 * 2 * d;
  CHECK_EQ(report.parameters, 100 * 2 * d + d + blocks + 2 * d + d + 1);
  CHECK((report.layers[0].output == Shape{101, 192}));
  CHECK((report.layers[3].output == Shape{1, 192}));
  CHECK(!layer(*graph, "block1").attributes.at("first_norm").toBool(true));
  CHECK(layer(*graph, "block2").attributes.at("first_norm").toBool(false));
  const auto training = customaryTraining("ft-transformer");
  REQUIRE(training.has_value());
  CHECK_EQ(training->optimizer.name, std::string("adamw"));
  CHECK_EQ(training->optimizer.lr, 1e-4);
  CHECK_EQ(training->optimizer.weightDecay, 1e-5);
}

LATHE_TEST("ft-transformer says what it cannot take") {
  const TemplateContext table{numbers(6, 2), Task::Classification, 100};
  CHECK(has(problem("ft-transformer", {{"width", 100}}, table), "heads"));
  CHECK(has(problem("ft-transformer", {}, {imageContext({1, 8, 8}, 2), Task::Classification, 100}), "tables"));
}

LATHE_TEST("a numeric embedding is a setting of every template for tables, and changes nothing when it is none") {
  auto context = numbers(5, 2);
  context.inputs[0].shape = {8};
  context.inputs.push_back({"categories", {2}, {30, 40}});
  for (const char* name : {"mlp", "resmlp", "realmlp", "tabm", "ft-transformer"}) {
    const TemplateContext given{context, Task::Classification, 500};
    const auto none = buildTemplate(name, {{"numeric_embedding", "none"}}, given);
    REQUIRE_OK(none);
    for (const char* embedding : {"periodic", "piecewise_linear"}) {
      const auto graph = buildTemplate(name, {{"numeric_embedding", embedding}}, given);
      REQUIRE_OK(graph);
      CHECK(analyse(*graph, context).parameters > analyse(*none, context).parameters);
    }
    if (name != std::string("realmlp")) {
      const auto usual = buildTemplate(name, {}, given);
      REQUIRE_OK(usual);
      CHECK(*usual == *none);
    }
  }
  // Five numbers of 16, three other features as they are.
  const auto graph =
      buildTemplate("mlp", {{"numeric_embedding", "piecewise_linear"}}, {numbers(5, 2), Task::Classification, 500});
  REQUIRE_OK(graph);
  CHECK((analyse(*graph, context).layers[0].output == Shape{5 * 16 + 3}));
  CHECK((analyse(*graph, context).layers[0].parameters == 5 * (12 * 16 + 16)));
  const auto sized = buildTemplate("mlp", {{"numeric_embedding", "periodic"}, {"numeric_size", 7}},
                                   {numbers(5, 2), Task::Classification, 500});
  REQUIRE_OK(sized);
  CHECK((analyse(*sized, numbers(5, 2)).layers[0].output == Shape{35}));
}

LATHE_TEST("a piecewise-linear embedding without bins, or behind another layer, is refused with a sentence") {
  auto context = tableContext(4, 2);
  context.inputs[0].parts.numbers = 4;
  CHECK(has(problem("mlp", {{"numeric_embedding", "piecewise_linear"}}, {context, Task::Classification, 100}),
            "numeric_bins"));
  assumeBins(context, 8);
  const ModelGraph behind{{{"fc", "linear", {{"out", 4}}, {}},
                           {"bins", "piecewise_embedding", {}, {}},
                           {"output", "linear", {{"out", 2}}, {}}}};
  const auto report = analyse(behind, context);
  REQUIRE(report.error.has_value());
  CHECK(has(report.error->sentence(), "features"));
  // A table without a number keeps its model: there is nothing to embed.
  auto categories = tableContext(6, 2);
  categories.inputs[0].parts.oneHot = {6};
  CHECK_EQ(problem("mlp", {{"numeric_embedding", "piecewise_linear"}}, {categories, Task::Classification, 100}), "");
}

LATHE_TEST("bins lie among the prepared values, whatever the scaling, and go through JSON") {
  auto description = tableDescription();
  description.preprocessing.numericBins = 4;
  auto& fitted = description.fitted.features;
  for (std::size_t i = 0; i < fitted.size(); ++i) {
    const auto kind = description.schema.features[i].kind;
    if (kind != ColumnKind::Real && kind != ColumnKind::Integer) continue;
    fitted[i].bins = {-2, 0.5F, 3, 10};
    fitted[i].shift = 0.5;
    fitted[i].scale = 0.25;
    fitted[i].quantiles = {-2, 0, 0.5F, 3, 10};
  }
  useTemplate(description, "mlp", {{"numeric_embedding", "piecewise_linear"}});
  const auto again = modelDescriptionFromJson(toJson(description));
  REQUIRE_OK(again);
  CHECK(*again == description);
  const auto standard = graphContext(description.schema, description.fitted, description.preprocessing);
  CHECK((standard.inputs[0].parts.bins[0] == std::vector<float>{-0.625F, 0, 0.625F, 2.375F}));
  description.preprocessing.scaling = "none";
  CHECK((graphContext(description.schema, description.fitted, description.preprocessing).inputs[0].parts.bins[0] ==
         fitted[0].bins));
  description.preprocessing.scaling = "quantile";
  const auto curved = graphContext(description.schema, description.fitted, description.preprocessing).inputs[0].parts;
  REQUIRE(curved.bins[0].size() == 4);
  // The quantile 0.5 of five is the middle one: the normal's mean.
  CHECK(std::abs(curved.bins[0][1]) < 1e-6F);
  CHECK(std::is_sorted(curved.bins[0].begin(), curved.bins[0].end()));
  const auto program = lower(description);
  REQUIRE_OK(program);
  checkProgram(*program);
  // Damaged edges are not believed.
  description.fitted.features[0].bins = {1, 1, 2};
  CHECK(!modelDescriptionFromJson(toJson(description)));
}

LATHE_TEST("an autoencoder is for anomalies, and anomalies for an autoencoder") {
  auto description = tableDescription();
  description.schema.task = Task::Anomaly;
  description.schema.target = {};
  const auto context = graphContext(description.schema, description.fitted, description.preprocessing);
  CHECK_EQ(context.outputs, 1);
  CHECK_EQ(context.inputs.back().name, std::string("missing"));
  const auto graph = buildTemplate("", {}, {context, Task::Anomaly, 200});
  REQUIRE_OK(graph);
  CHECK_EQ(graph->layers.back().kind, std::string("reconstruction_error"));
  description.graph = *graph;
  const auto program = lower(description);
  REQUIRE_OK(program);
  checkProgram(*program);
  CHECK_EQ(program->output, program->logits);
  CHECK((program->values[static_cast<std::size_t>(program->output)] == Shape{1}));
  CHECK(has(problem("mlp", {}, {context, Task::Anomaly, 200}), "autoencoder"));
  CHECK(has(problem("autoencoder", {}, {tableContext(4, 2), Task::Classification, 200}), "anomaly"));
  for (const auto& image : {Shape{1, 28, 28}, Shape{3, 33, 18}, Shape{1, 3, 5}, Shape{3, 64, 64}}) {
    const TemplateContext images{imageContext(image, 1), Task::Anomaly, 200};
    CHECK_EQ(problem("autoencoder", {}, images), "");
  }
}
