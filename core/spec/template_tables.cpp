// SPDX-License-Identifier: GPL-3.0-or-later
// Templates for tables beyond the plain perceptrons.
#include <algorithm>

#include "core/spec/template_networks.h"

namespace lathe::spec {
namespace {

// One-hot columns are waves already; very wide rows would only grow.
constexpr std::int64_t widestEmbedded = 128;

AttributeInfo categoryEmbeddingSetting(std::int64_t value) {
  auto info = embeddingSetting();
  info.defaultValue = value;
  return info;
}

/// Features, embedded where wanted, and the categories' embedding beside them: the name of what the first layer reads.
std::string tableRow(GraphWriter& writer, const TemplateSettings& settings, const TemplateContext& context, bool clip) {
  const auto* features = findInput(context.graph, "features");
  if (findInput(context.graph, "image") != nullptr || features == nullptr) return writer.tableInput(context.graph);
  const auto embedding = settings.text("numeric_embedding");
  std::string row = "features";
  if (embedding == "piecewise_linear")
    row = embeddedFeatures(writer, settings, context.graph);
  else if (clip)
    row = writer.addNamed("smooth_clip", "clip", {}, {row});
  if (embedding == "periodic" || (embedding == "auto" && features->shape[0] <= widestEmbedded)) {
    ValueMap attributes;
    if (settings.integer("numeric_size") > 0) attributes["size"] = settings.integer("numeric_size");
    row = writer.addNamed("numeric_embedding", "waves", std::move(attributes), {row});
  }
  return writer.withCodes(row, context.graph, {{"size", settings.integer("embedding")}});
}

ModelGraph buildRealmlp(const TemplateSettings& settings, const TemplateContext& context) {
  GraphWriter writer;
  const auto row = tableRow(writer, settings, context, true);
  auto function = settings.text("activation");
  if (function == "auto") function = context.task == Task::Classification ? "selu" : "mish";
  writer.addNamed("scale", "scale", {{"rate", 6.0}}, {row});
  for (const auto width : settings.integers("hidden")) {
    writer.add("linear", "fc", {{"out", width}, {"parametrization", "ntk"}});
    writer.add("parametric_activation", "act", {{"function", function}});
    writer.dropout(settings.real("dropout"));
  }
  writer.addNamed("linear", "output", {{"out", context.graph.outputs}, {"parametrization", "ntk"}});
  return writer.take();
}

ModelGraph buildTabm(const TemplateSettings& settings, const TemplateContext& context) {
  GraphWriter writer;
  const auto row = tableRow(writer, settings, context, false);
  const auto members = settings.integer("members");
  const auto width = settings.integer("width") > 0 ? settings.integer("width") : widthFor(context);
  auto blocks = settings.integer("blocks");
  if (blocks == 0) blocks = context.trainRows < 5000 ? 2 : 3;
  std::vector<std::string> inputs{row};
  for (std::int64_t block = 0; block < blocks; ++block) {
    writer.add("ensemble_scale", "r", {{"members", members}, {"start", block == 0 ? "signs" : "ones"}},
               std::exchange(inputs, {}));
    writer.add("linear", "fc", {{"out", width}, {"bias", false}});
    writer.add("ensemble_scale", "s", {{"members", members}, {"bias", true}});
    writer.add(settings.text("activation"), "act");
    writer.dropout(settings.real("dropout"));
  }
  writer.addNamed("ensemble_linear", "output", {{"out", context.graph.outputs}});
  return writer.take();
}

}  // namespace

NetworkTemplate realmlpNetwork() {
  NetworkTemplate result;
  auto& info = result.info;
  info.name = "realmlp";
  info.label = LATHE_TEXT("layers", "RealMLP");
  info.help =
      LATHE_TEXT("layers",
                 "A perceptron with everything that was found to help on tables (Holzmueller et al. 2024): smoothly "
                 "clipped inputs, periodic embeddings, learnt scales, parametric activations. Often the best single "
                 "network for 500 to 50 000 rows; unless you set an optimiser or a schedule it brings its own, and "
                 "it likes 100 epochs and more.");
  info.settings = {
      setting("hidden", AttributeType::Integers, std::vector<std::int64_t>{256, 256, 256}, 1, 16384,
              LATHE_TEXT("layers", "Hidden layers"),
              LATHE_TEXT("layers", "Neurons of each hidden layer; three of 256 suit most tables.")),
      choiceSetting("activation", "auto", {"auto", "selu", "mish", "silu", "gelu", "relu", "tanh"},
                    LATHE_TEXT("layers", "Activation"),
                    LATHE_TEXT("layers", "auto takes SELU for classes and Mish for numbers, as its authors do.")),
      dropoutSetting(0.15),
      numericEmbeddingSetting("auto", true),
      categoryEmbeddingSetting(8),
      numericSizeSetting(),
      textSizeSetting()};
  result.build = buildRealmlp;
  return result;
}

NetworkTemplate tabmNetwork() {
  NetworkTemplate result;
  auto& info = result.info;
  info.name = "tabm";
  info.label = LATHE_TEXT("layers", "TabM");
  info.help =
      LATHE_TEXT("layers",
                 "An ensemble of perceptrons that share almost all weights (Gorishniy et al. 2024): as good as many "
                 "networks, at a fraction of their cost. Strong on tables of any size; slower than one perceptron.");
  auto activation = activationSetting();
  info.settings = {
      setting("members", AttributeType::Integer, 32, 1, 512, LATHE_TEXT("layers", "Members"),
              LATHE_TEXT("layers", "Networks in the ensemble; fewer are faster, more rarely better.")),
      setting("width", AttributeType::Integer, 0, 0, 16384, LATHE_TEXT("layers", "Width"),
              LATHE_TEXT("layers", "Neurons of each hidden layer; 0 is sized to the data.")),
      setting("blocks", AttributeType::Integer, 0, 0, 64, LATHE_TEXT("layers", "Hidden layers"),
              LATHE_TEXT("layers", "How many hidden layers follow each other; 0 takes two or three by the rows.")),
      activation,
      dropoutSetting(0.1),
      numericEmbeddingSetting("none", true),
      embeddingSetting(),
      numericSizeSetting(),
      textSizeSetting()};
  result.build = buildTabm;
  return result;
}

}  // namespace lathe::spec
