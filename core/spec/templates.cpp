// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/templates.h"

#include <algorithm>

#include "core/spec/json_tools.h"
#include "core/spec/spec_json.h"
#include "core/spec/template_builders.h"
#include "core/spec/template_networks.h"

namespace lathe::spec {

const std::vector<TemplateInfo>& templates() {
  static const std::vector<TemplateInfo> all = [] {
    std::vector<TemplateInfo> infos{mlpTemplate(), resmlpTemplate(), cnnTemplate()};
    for (const auto& network : networkTemplates()) infos.push_back(network.info);
    return infos;
  }();
  return all;
}

std::string defaultTemplate(const GraphContext& context, Task task) {
  if (task == Task::Anomaly) return "autoencoder";
  if (findInput(context, "sequence")) return "conv1d";
  return findInput(context, "image") || findInput(context, "audio") ? "cnn" : "mlp";
}

const TemplateInfo* findTemplate(std::string_view name) {
  for (const auto& info : templates())
    if (info.name == name) return &info;
  return nullptr;
}

Result<Value> checkSetting(const TemplateInfo& info, const std::string& name, const Value& value) {
  std::vector<std::string> known;
  for (const auto& setting : info.settings) {
    if (setting.name == name) return checkAttribute(setting, "model." + name, value);
    known.push_back(setting.name);
  }
  const auto near = nearest(name, known);
  if (!near.empty())
    return fail("spec.unknown_field", LATHE_TEXT("errors", "The template {template} has no setting {field}."),
                LATHE_TEXT("errors", "Did you mean {suggestion}?"),
                {{"template", info.name}, {"field", name}, {"suggestion", "model." + near}});
  return fail("spec.unknown_field", LATHE_TEXT("errors", "The template {template} has no setting {field}."),
              LATHE_TEXT("errors", "It has: {choices}."),
              {{"template", info.name}, {"field", name}, {"choices", join(known)}});
}

const GraphContext::Input* findInput(const GraphContext& context, std::string_view name) {
  for (const auto& input : context.inputs)
    if (input.name == name) return &input;
  return nullptr;
}

namespace {

void setTextSize(ModelGraph& graph, const TemplateSettings& settings) {
  if (settings.values.count("text_size") == 0) return;
  for (auto& node : graph.layers) {
    if (node.kind == "text_embedding") node.attributes["size"] = settings.integer("text_size");
    const bool reads = std::find(node.inputs.begin(), node.inputs.end(), "text") != node.inputs.end();
    if (node.kind == "feature_tokenizer" && reads) node.attributes["text_size"] = settings.integer("text_size");
  }
}

}  // namespace

Result<ModelGraph> buildTemplate(const std::string& name, const ValueMap& settings, const TemplateContext& context) {
  std::vector<std::string> names;
  for (const auto& info : templates()) names.push_back(info.name);
  LATHE_ASSIGN(chosen,
               choose("model.template", name.empty() ? defaultTemplate(context.graph, context.task) : name, names));
  const auto& info = *findTemplate(chosen);
  if (findInput(context.graph, "audio")) return buildOnAudio(chosen, settings, context);
  if (info.forImages && !findInput(context.graph, "image"))
    return fail("spec.template_needs_images",
                LATHE_TEXT("errors", "The template {template} is for images, but this data is a table."),
                LATHE_TEXT("errors", "Use the template mlp or resmlp."), {{"template", chosen}});
  if (info.forTables && (findInput(context.graph, "image") || findInput(context.graph, "sequence")))
    return fail("spec.template_needs_table",
                LATHE_TEXT("errors", "The template {template} is for tables, but this data is images or sequences."),
                LATHE_TEXT("errors", "Use the template {better}."),
                {{"template", chosen}, {"better", defaultTemplate(context.graph, context.task)}});
  if (info.forAnomalies && findInput(context.graph, "sequence"))
    return fail("spec.template_needs_table",
                LATHE_TEXT("errors", "The template autoencoder takes tables and images, but this data is sequences."),
                LATHE_TEXT("errors", "Use the template {better}."), {{"better", defaultTemplate(context.graph)}});
  if (info.forAnomalies != (context.task == Task::Anomaly))
    return fail("spec.template_task",
                info.forAnomalies
                    ? LATHE_TEXT("errors", "The template {template} gives anomaly scores, but the task is {task}.")
                    : LATHE_TEXT("errors", "The template {template} predicts a target, which the task {task} has not."),
                info.forAnomalies ? LATHE_TEXT("errors", "Set data.task to anomaly, or use the template {better}.")
                                  : LATHE_TEXT("errors", "Use the template {better}."),
                {{"template", chosen},
                 {"task", spec::name(context.task)},
                 {"better", defaultTemplate(context.graph, context.task)}});
  if (context.graph.inputs.empty())
    return fail("spec.no_features", LATHE_TEXT("errors", "No column is left for the model to read."),
                LATHE_TEXT("errors", "Give at least one column the role feature and a kind other than id."));
  TemplateSettings complete;
  for (const auto& setting : info.settings) complete.values[setting.name] = setting.defaultValue;
  for (const auto& [key, value] : settings) {
    LATHE_ASSIGN(checked, checkSetting(info, key, value));
    complete.values[key] = checked;
  }
  const auto* network = findNetworkTemplate(chosen);
  auto graph = network != nullptr   ? network->build(complete, context)
               : chosen == "cnn"    ? buildCnn(complete, context)
               : chosen == "resmlp" ? buildResmlp(complete, context)
                                    : buildMlp(complete, context);
  setTextSize(graph, complete);
  if (const auto report = analyse(graph, context.graph); report.error) return tl::unexpected<Error>(*report.error);
  return graph;
}

}  // namespace lathe::spec
