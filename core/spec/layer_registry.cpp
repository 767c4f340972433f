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
      &ftBlockKind(),
      &ensembleScaleKind(),
      &ensembleLinearKind(),  //
      &reconstructionErrorKind(),
  };
  return kinds;
}

const LayerKind* findLayerKind(std::string_view name) {
  for (const auto* kind : layerKinds())
    if (kind->name() == name) return kind;
  return nullptr;
}

Value attribute(const LayerNode& node, std::string_view name) {
  if (const auto at = node.attributes.find(name); at != node.attributes.end()) return at->second;
  if (const auto* kind = findLayerKind(node.kind))
    for (const auto& info : kind->attributes())
      if (info.name == name) return info.defaultValue;
  return {};
}

}  // namespace lathe::spec
