// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {

const std::vector<const LayerKind*>& layerKinds() {
  // One line a category.
  static const std::vector<const LayerKind*> kinds{
      &linearKind(),
      &embeddingKind(),  //
      &conv2dKind(),
      &separableConv2dKind(),
      &convTranspose2dKind(),
      &conv1dKind(),
      &maxPool2dKind(),
      &avgPool2dKind(),
      &adaptiveAvgPool2dKind(),
      &adaptiveMaxPool2dKind(),
      &maxPool1dKind(),
      &avgPool1dKind(),
      &globalAvgPoolKind(),
      &globalMaxPoolKind(),
      &squeezeExciteKind(),  //
      &lstmKind(),
      &gruKind(),
      &attentionKind(),
      &transformerBlockKind(),
      &positionalEncodingKind(),
      &poolSequenceKind(),  //
      &batchNorm1dKind(),
      &batchNorm2dKind(),
      &layerNormKind(),
      &groupNormKind(),
      &instanceNormKind(),  //
      &reluKind(),
      &geluKind(),
      &siluKind(),
      &tanhKind(),
      &sigmoidKind(),
      &softmaxKind(),
      &leakyReluKind(),
      &preluKind(),
      &eluKind(),
      &seluKind(),
      &mishKind(),
      &hardswishKind(),
      &hardsigmoidKind(),
      &softplusKind(),
      &relu6Kind(),  //
      &flattenKind(),
      &reshapeKind(),
      &permuteKind(),
      &addKind(),
      &multiplyKind(),
      &concatKind(),
      &upsampleKind(),
      &padKind(),  //
      &dropoutKind(),
      &stochasticDepthKind(),  //
      &smoothClipKind(),
      &scaleKind(),
      &parametricActivationKind(),
      &numericEmbeddingKind(),
      &piecewiseEmbeddingKind(),
      &periodicEmbeddingKind(),
      &featureTokenizerKind(),
      &textEmbeddingKind(),
      &ftBlockKind(),
      &ensembleScaleKind(),
      &ensembleLinearKind(),  //
      &reconstructionErrorKind(),
      &logMelKind(),  //
  };
  return kinds;
}

const LayerKind* findLayerKind(std::string_view name) {
  for (const auto* kind : layerKinds())
    if (kind->name() == name) return kind;
  return nullptr;
}

std::vector<AttributeInfo> commonAttributes() {
  return {booleanAttribute("frozen", false, LATHE_TEXT("layers", "Frozen"),
                           LATHE_TEXT("layers",
                                      "Its numbers stay as they are, and a normalisation uses what it knows: for "
                                      "layers with ready weights that need not learn any more.")),
          realAttribute("lr_factor", 1, 0, 1000, LATHE_TEXT("layers", "Rate of the layer"),
                        LATHE_TEXT("layers",
                                   "Multiplies the learning rate for this layer: below 1 it changes more gently than "
                                   "the others, 0 freezes it."))};
}

std::vector<AttributeInfo> attributesOf(const LayerKind& kind) {
  auto all = kind.attributes();
  for (auto& info : commonAttributes()) all.push_back(std::move(info));
  return all;
}

double learningFactor(const LayerNode& node) {
  const auto frozen = node.attributes.find("frozen");
  if (frozen != node.attributes.end() && frozen->second.toBool()) return 0;
  const auto factor = node.attributes.find("lr_factor");
  return factor == node.attributes.end() ? 1 : factor->second.toReal();
}

Value attribute(const LayerNode& node, std::string_view name) {
  if (const auto at = node.attributes.find(name); at != node.attributes.end()) return at->second;
  if (const auto* kind = findLayerKind(node.kind))
    for (const auto& info : attributesOf(*kind))
      if (info.name == name) return info.defaultValue;
  return {};
}

}  // namespace lathe::spec
