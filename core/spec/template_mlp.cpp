// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/spec/template_builders.h"

namespace lathe::spec {
namespace {

AttributeInfo normalizationSetting(const char* value) {
  auto info =
      setting("normalization", AttributeType::Choice, value, 0, 0, LATHE_TEXT("layers", "Normalisation"),
              LATHE_TEXT("layers",
                         "Keeps the numbers between layers in a steady range. batch helps deep networks on many "
                         "rows, layer works with any batch size, none is fastest."));
  info.choices = {"none", "batch", "layer"};
  return info;
}

std::vector<std::int64_t> hiddenFor(const TemplateContext& context) {
  const auto width = widthFor(context);
  if (context.trainRows < 20000) return {width, width};
  return {width, width, std::max<std::int64_t>(width / 2, 64)};
}

void normalise(GraphWriter& writer, const std::string& normalization) {
  if (normalization == "batch") writer.add("batchnorm1d", "norm");
  if (normalization == "layer") writer.add("layernorm", "norm");
}

void setEmbedding(ModelGraph& graph, const TemplateSettings& settings) {
  if (settings.integer("embedding") == 0) return;
  for (auto& node : graph.layers)
    if (node.kind == "embedding") node.attributes["size"] = settings.integer("embedding");
}

}  // namespace

TemplateInfo mlpTemplate() {
  TemplateInfo info;
  info.name = "mlp";
  info.label = LATHE_TEXT("layers", "Multilayer perceptron");
  info.help = LATHE_TEXT("layers",
                         "Layers of neurons that each see every number of the layer before: the first thing to try on "
                         "a table. Sized by the rows and columns unless you say otherwise.");
  info.settings = {
      setting("hidden", AttributeType::Integers, Value::List{}, 1, 16384, LATHE_TEXT("layers", "Hidden layers"),
              LATHE_TEXT("layers",
                         "Neurons of each hidden layer, such as [64, 64]; an empty list is sized to the data: two "
                         "layers of 64 for a small table, three of up to 512 for a large one.")),
      activationSetting(),
      dropoutSetting(0.1),
      normalizationSetting("none"),
      embeddingSetting(),
      numericEmbeddingSetting("none", false),
      numericSizeSetting(),
      textSizeSetting()};
  return info;
}

TemplateInfo resmlpTemplate() {
  TemplateInfo info;
  info.name = "resmlp";
  info.label = LATHE_TEXT("layers", "Residual perceptron");
  info.help = LATHE_TEXT("layers",
                         "Blocks of two layers with a shortcut around each (Gorishniy et al. 2021): trains deeper than "
                         "a plain perceptron and is often better on large tables.");
  info.settings = {
      setting("width", AttributeType::Integer, 0, 0, 16384, LATHE_TEXT("layers", "Width"),
              LATHE_TEXT("layers", "Numbers that run through all blocks; 0 is sized to the data.")),
      setting("blocks", AttributeType::Integer, 0, 0, 64, LATHE_TEXT("layers", "Blocks"),
              LATHE_TEXT("layers",
                         "How many residual blocks follow each other; 0 is sized to the data: two for a small table, "
                         "four for a large one.")),
      setting("expansion", AttributeType::Real, 2.0, 0.25, 8, LATHE_TEXT("layers", "Expansion"),
              LATHE_TEXT("layers", "How much wider the inside of a block is than what runs through.")),
      activationSetting(),
      dropoutSetting(0.1),
      normalizationSetting("layer"),
      embeddingSetting(),
      numericEmbeddingSetting("none", false),
      numericSizeSetting(),
      textSizeSetting()};
  return info;
}

ModelGraph buildMlp(const TemplateSettings& settings, const TemplateContext& context) {
  GraphWriter writer;
  std::vector<std::string> inputs{embeddedTableInput(writer, settings, context.graph)};
  auto hidden = settings.integers("hidden");
  if (hidden.empty()) hidden = hiddenFor(context);
  const auto normalization = settings.text("normalization");
  for (const auto width : hidden) {
    ValueMap attributes{{"out", width}};
    if (normalization == "batch") attributes["bias"] = false;
    writer.add("linear", "fc", std::move(attributes), std::exchange(inputs, {}));
    normalise(writer, normalization);
    writer.add(settings.text("activation"), "act");
    writer.dropout(settings.real("dropout"));
  }
  writer.addNamed("linear", "output", {{"out", context.graph.outputs}}, inputs);
  auto graph = writer.take();
  setEmbedding(graph, settings);
  return graph;
}

ModelGraph buildResmlp(const TemplateSettings& settings, const TemplateContext& context) {
  GraphWriter writer;
  const auto width = settings.integer("width") > 0 ? settings.integer("width") : widthFor(context);
  auto blocks = settings.integer("blocks");
  if (blocks == 0) blocks = context.trainRows < 5000 ? 2 : context.trainRows < 50000 ? 3 : 4;
  const auto inner = std::max<std::int64_t>(1, static_cast<std::int64_t>(double(width) * settings.real("expansion")));
  const auto normalization = settings.text("normalization");
  const auto activation = settings.text("activation");
  auto trunk =
      writer.addNamed("linear", "stem", {{"out", width}}, {embeddedTableInput(writer, settings, context.graph)});
  for (std::int64_t block = 0; block < blocks; ++block) {
    normalise(writer, normalization);
    writer.add("linear", "fc", {{"out", inner}});
    writer.add(activation, "act");
    writer.dropout(settings.real("dropout"));
    const auto branch = writer.add("linear", "fc", {{"out", width}});
    trunk = writer.add("add", "sum", {}, {trunk, branch});
  }
  normalise(writer, normalization);
  writer.add(activation, "act");
  writer.addNamed("linear", "output", {{"out", context.graph.outputs}});
  auto graph = writer.take();
  setEmbedding(graph, settings);
  return graph;
}

}  // namespace lathe::spec
