// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/spec/template_builders.h"

/// Templates for images and sequences beyond cnn, and what they share. For this folder only.
namespace lathe::spec {

struct NetworkTemplate {
  TemplateInfo info;
  ModelGraph (*build)(const TemplateSettings& settings, const TemplateContext& context) = nullptr;
};
/// realmlp, tabm, ft-transformer, autoencoder, resnet-small, wide-resnet, mobilenet-small, conv1d, gru, lstm,
/// transformer, and those in torchvision's layout (template_torchvision.h).
[[nodiscard]] const std::vector<NetworkTemplate>& networkTemplates();
[[nodiscard]] const NetworkTemplate* findNetworkTemplate(std::string_view name);

NetworkTemplate realmlpNetwork();
NetworkTemplate tabmNetwork();
NetworkTemplate ftTransformerNetwork();
NetworkTemplate autoencoderNetwork();
NetworkTemplate resnetSmall();
NetworkTemplate wideResnet();
NetworkTemplate mobilenetSmall();
NetworkTemplate conv1dNetwork();
NetworkTemplate gruNetwork();
NetworkTemplate lstmNetwork();
NetworkTemplate transformerNetwork();

AttributeInfo choiceSetting(std::string name, std::string value, std::vector<std::string> choices, std::string label,
                            std::string help);
AttributeInfo stochasticDepthSetting();
/// Probability for block `index` of `count`, rising to `last` at the last one (Huang 2016, linear decay).
[[nodiscard]] double stochasticDepth(double last, std::int64_t index, std::int64_t count);

/// A sequence under construction: the layer (or input) that gives it.
struct SequenceInput {
  std::string name;
  std::int64_t steps = 1;
  std::int64_t features = 1;
};
/// The input named sequence; else an image's rows, top to bottom; else a table's columns, one after the other, each a
/// step with one feature.
SequenceInput sequenceInput(GraphWriter& writer, const GraphContext& context);
/// Joins a row made of a sequence with the table beside it, if there is one, and ends in the output layer.
void sequenceOutput(GraphWriter& writer, const GraphContext& context, const std::string& row, double dropout);
/// What a sequence template says about other data.
[[nodiscard]] AttributeInfo poolSetting(const char* value);

}  // namespace lathe::spec
