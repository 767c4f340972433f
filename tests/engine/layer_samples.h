// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/spec/layer_kind.h"

/// Every layer kind wherever it fits, with its defaults and with attributes that matter: for tests that run layers.
namespace lathe::tests {

/// What the layer under test reads; Features: a table's, as they are.
enum class LayerPlace { Row, Image, Sequence, Codes, Features, Text };

struct LayerSample {
  std::string name;  ///< "lstm_sequence_both"
  std::string kind;
  LayerPlace place = LayerPlace::Row;
  spec::ValueMap attributes;
};

/// At least one for each registered kind; every one fits layerContext().
[[nodiscard]] std::vector<LayerSample> layerSamples();

/// The layer, called "tested", behind others that learn, so that its input has a gradient; then what makes `outputs`
/// numbers of it. Reads features, categories, text or image.
[[nodiscard]] spec::ModelGraph layerGraph(const LayerSample& sample, std::int64_t outputs = 1);

/// A small input for each place.
[[nodiscard]] spec::GraphContext layerContext(LayerPlace place);

}  // namespace lathe::tests
