// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/spec/spec_builders.h"

#include <set>

#include "tests/support/testing.h"

namespace lathe::spec::testing {

GraphContext tableContext(std::int64_t features, std::int64_t outputs) {
  GraphContext context;
  context.inputs.push_back({"features", {features}, {}});
  context.outputs = outputs;
  return context;
}

GraphContext imageContext(Shape shape, std::int64_t outputs) {
  GraphContext context;
  context.inputs.push_back({"image", std::move(shape), {}});
  context.outputs = outputs;
  return context;
}

LayerReport reportOf(LayerNode node, const GraphContext& context) {
  const auto report = analyse({{std::move(node)}}, context);
  REQUIRE(report.layers.size() == 1);
  return report.layers.front();
}

ModelDescription tableDescription() {
  ModelDescription description;
  auto& schema = description.schema;
  schema.inputShape = {6};
  schema.features = {{"age", ColumnKind::Real, 0, 1, {}},
                     {"count", ColumnKind::Integer, 1, 1, {}},
                     {"day", ColumnKind::DateTime, 2, 2, {}},
                     {"colour", ColumnKind::Category, 4, 1, {"red", "green", "blue"}},
                     {"city", ColumnKind::Category, 5, 1, {}}};
  for (int i = 0; i < 40; ++i) schema.features[4].vocabulary.push_back("city" + std::to_string(i));
  schema.target = {"sick", {"no", "yes"}};
  auto& fitted = description.fitted;
  fitted.features.resize(5);
  fitted.features[0] = {41.5, true, 40.25, 0.1, {}};
  fitted.features[1] = {3, false, 2, 0.5, {}};
  fitted.features[2] = {8000, false, 8000, 0.001, {}};
  fitted.classFrequencies = {0.7, 0.3};
  description.graph.layers = {{"output", "linear", {{"out", 2}}, {}}};
  return description;
}

ModelDescription imageDescription() {
  ModelDescription description;
  description.schema.image = true;
  description.schema.inputShape = {1, 28, 28};
  description.schema.target.name = "label";
  for (int i = 0; i < 10; ++i) description.schema.target.classes.push_back("class" + std::to_string(i));
  description.fitted.channelMean = {72.94F};
  description.fitted.channelStd = {90.02F};
  description.graph.layers = {{"flat", "flatten", {}, {}}, {"output", "linear", {{"out", 10}}, {}}};
  return description;
}

void useTemplate(ModelDescription& description, const std::string& name, const ValueMap& settings) {
  TemplateContext context;
  context.graph = graphContext(description.schema, description.fitted, description.preprocessing);
  context.task = description.schema.task;
  context.trainRows = 1000;
  auto graph = buildTemplate(name, settings, context);
  REQUIRE_OK(graph);
  description.graph = *graph;
}

void checkProgram(const Program& program) {
  std::set<int> made{program.input};
  const auto exists = [&](int id) { return id >= 0 && id < static_cast<int>(program.values.size()); };
  for (const auto* section : {&program.preprocess, &program.model, &program.head})
    for (const auto& operation : *section) {
      for (const auto input : operation.inputs) CHECK(exists(input) && made.count(input) > 0);
      CHECK(exists(operation.output) && made.insert(operation.output).second);
      for (const auto p : operation.parameters) CHECK(p >= 0 && p < static_cast<int>(program.parameters.size()));
      for (const auto c : operation.constants) CHECK(c >= 0 && c < static_cast<int>(program.constants.size()));
    }
  for (const auto id : program.prepared) CHECK(made.count(id) > 0);
  CHECK(made.count(program.logits) > 0);
  CHECK(made.count(program.output) > 0);
  CHECK_EQ(made.size(), program.values.size());
  std::set<std::string> names;
  for (const auto& parameter : program.parameters) CHECK(names.insert(parameter.name).second);
  for (const auto& constant : program.constants) {
    CHECK(names.insert(constant.name).second);
    CHECK_EQ(static_cast<std::int64_t>(constant.data.size()), elementCount(constant.shape));
  }
}

}  // namespace lathe::spec::testing
