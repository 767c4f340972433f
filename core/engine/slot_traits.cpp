// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/slot_traits.h"

#include <algorithm>
#include <cmath>

namespace lathe::engine {

std::vector<SlotTraits> slotTraits(const spec::Program& program, const spec::TrainingSpec& training) {
  std::vector<SlotTraits> traits(program.parameters.size());
  std::vector<int> depths(program.parameters.size(), 0);
  const auto isMatrix = [&](int index) {
    const auto& parameter = program.parameters[static_cast<std::size_t>(index)];
    return parameter.trainable && parameter.shape.size() >= 2;
  };
  int depth = 0;
  const std::string* layer = nullptr;  // the last one with a matrix
  for (const auto& operation : program.model) {
    const bool matrices = std::any_of(operation.parameters.begin(), operation.parameters.end(), isMatrix);
    if (matrices && (layer == nullptr || *layer != operation.layer)) {
      ++depth;
      layer = &operation.layer;
    }
    for (const int index : operation.parameters) {
      depths[static_cast<std::size_t>(index)] = std::max(depth, 1);
      traits[static_cast<std::size_t>(index)].hidden =
          isMatrix(index) && operation.primitive != spec::Primitive::Embedding &&
          operation.primitive != spec::Primitive::EmbeddingBag &&
          operation.primitive != spec::Primitive::FeatureTokens && operation.primitive != spec::Primitive::Waves;
    }
  }
  const int last = std::max(depth, 1);
  for (std::size_t i = 0; i < traits.size(); ++i) {
    traits[i].decay = program.parameters[i].decay;
    // Nothing that an operation names comes before the first layer.
    if (depths[i] == 0) depths[i] = last;
    if (depths[i] == last) traits[i].hidden = false;
    traits[i].lrScale = program.parameters[i].lrFactor * std::pow(training.layerLrDecay, last - depths[i]);
  }
  return traits;
}

}  // namespace lathe::engine
