// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/template_networks.h"

#include <algorithm>

#include "core/spec/template_torchvision.h"

namespace lathe::spec {

const std::vector<NetworkTemplate>& networkTemplates() {
  static const std::vector<NetworkTemplate> all{realmlpNetwork(),     tabmNetwork(),        ftTransformerNetwork(),
                                                resnetSmall(),        wideResnet(),         mobilenetSmall(),
                                                conv1dNetwork(),      gruNetwork(),         lstmNetwork(),
                                                transformerNetwork(), autoencoderNetwork(), resnet18(),
                                                resnet34(),           resnet50(),           mobilenetV2()};
  return all;
}

const NetworkTemplate* findNetworkTemplate(std::string_view name) {
  for (const auto& network : networkTemplates())
    if (network.info.name == name) return &network;
  return nullptr;
}

AttributeInfo choiceSetting(std::string name, std::string value, std::vector<std::string> choices, std::string label,
                            std::string help) {
  auto info =
      setting(std::move(name), AttributeType::Choice, std::move(value), 0, 0, std::move(label), std::move(help));
  info.choices = std::move(choices);
  return info;
}

AttributeInfo stochasticDepthSetting() {
  return setting("stochastic_depth", AttributeType::Real, 0.0, 0, 0.9, LATHE_TEXT("layers", "Stochastic depth"),
                 LATHE_TEXT("layers",
                            "How often the last block is left out for a row while training; earlier blocks less often. "
                            "0.1 to 0.2 helps deep networks that overfit, 0 switches it off."));
}

double stochasticDepth(double last, std::int64_t index, std::int64_t count) {
  return last * static_cast<double>(index + 1) / static_cast<double>(std::max<std::int64_t>(count, 1));
}

SequenceInput sequenceInput(GraphWriter& writer, const GraphContext& context) {
  if (const auto* sequence = findInput(context, "sequence"))
    return {"sequence", sequence->shape.at(0), sequence->shape.at(1)};
  if (const auto* image = findInput(context, "image")) {
    const auto& shape = image->shape;
    const auto features = saturatingMultiply(shape[0], shape[2]);
    std::vector<std::string> inputs{"image"};
    if (shape[0] > 1)
      inputs = {writer.addNamed("permute", "rows", {{"order", std::vector<std::int64_t>{1, 0, 2}}}, inputs)};
    const auto name =
        writer.addNamed("reshape", "steps", {{"sizes", std::vector<std::int64_t>{shape[1], -1}}}, std::move(inputs));
    return {name, shape[1], features};
  }
  const auto table = writer.tableInput(context);
  const auto name = writer.addNamed("reshape", "steps", {{"sizes", std::vector<std::int64_t>{-1, 1}}}, {table});
  return {name, analyse(writer.graph(), context).layers.back().output.at(0), 1};
}

void sequenceOutput(GraphWriter& writer, const GraphContext& context, const std::string& row, double dropout) {
  std::vector<std::string> inputs{row};
  auto table = context;
  std::erase_if(table.inputs, [](const auto& input) { return input.name == "sequence"; });
  if (table.inputs.size() < context.inputs.size() && !table.inputs.empty())
    inputs = {writer.addNamed("concat", "beside", {}, {row, writer.tableInput(table)})};
  if (dropout > 0) inputs = {writer.add("dropout", "drop", {{"p", dropout}}, std::move(inputs))};
  writer.addNamed("linear", "output", {{"out", context.outputs}}, std::move(inputs));
}

AttributeInfo poolSetting(const char* value) {
  return choiceSetting(
      "pool", value, {"last", "mean", "max"}, LATHE_TEXT("layers", "Pool"),
      LATHE_TEXT("layers",
                 "What of the sequence the output sees: last what remains at the end, mean the average "
                 "of all steps, max the strongest of each feature."));
}

}  // namespace lathe::spec
