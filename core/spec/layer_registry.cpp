// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {

const std::vector<const LayerKind*>& layerKinds() {
  static const std::vector<const LayerKind*> kinds{
      &linearKind(),
      &embeddingKind(),
      &conv2dKind(),
      &maxPool2dKind(),
      &globalAvgPoolKind(),
      &batchNorm1dKind(),
      &batchNorm2dKind(),
      &layerNormKind(),
      &reluKind(),
      &geluKind(),
      &siluKind(),
      &tanhKind(),
      &sigmoidKind(),
      &softmaxKind(),
      &flattenKind(),
      &addKind(),
      &concatKind(),
      &dropoutKind(),
      &smoothClipKind(),
      &scaleKind(),
      &parametricActivationKind(),
      &numericEmbeddingKind(),
      &ensembleScaleKind(),
      &ensembleLinearKind(),
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
