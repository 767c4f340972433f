// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/spec/value.h"

namespace lathe::spec {

/// Sizes of one row's tensor, without the batch: [F] for tables, [C, H, W] for images, [W, F] for sequences.
using Shape = std::vector<std::int64_t>;

[[nodiscard]] std::int64_t elementCount(const Shape& shape);
/// "3 x 32 x 32"
[[nodiscard]] std::string shapeText(const Shape& shape);

/// One layer of the model graph: the single source of truth for editor, engine and exporters.
struct LayerNode {
  std::string name;  ///< unique within the graph, an identifier: fc1, conv2
  std::string kind;  ///< a name in layer_kind.h's registry: linear, conv2d ...
  ValueMap attributes;
  /// Names of the layers (or graph inputs: "features", "categories", "image", "sequence") it reads, in order. Empty:
  /// the layer before.
  std::vector<std::string> inputs;
  bool operator==(const LayerNode&) const = default;
};

/// Low-rank adaptation (lora.h): every linear and attention layer before the output learns a product of two small
/// matrices, and nothing else of it.
struct LoraSpec {
  int rank = 0;  ///< 0: off
  double alpha = 16;
  bool operator==(const LoraSpec&) const = default;
};

/// Layers in topological order; the last one is the output (logits or scaled values).
struct ModelGraph {
  std::vector<LayerNode> layers;
  LoraSpec lora = {};
  bool operator==(const ModelGraph&) const = default;
};

/// What lies side by side in a table's "features", in this order; indicators of missing values come last.
struct FeatureParts {
  std::int64_t numbers = 0;
  std::int64_t dates = 0;            ///< of eight parts each
  std::vector<std::int64_t> oneHot;  ///< places of each category
  /// One entry a number: edges of its quantile bins in the prepared unit, strictly ascending, at least two; empty: a
  /// column without. No entry at all: none were fitted.
  std::vector<std::vector<float>> bins;
  bool operator==(const FeatureParts&) const = default;
};

/// What the preprocessed data offers a graph, and what the task wants from it.
struct GraphContext {
  struct Input {
    std::string name;                         ///< features, categories, missing, image, sequence or text
    Shape shape;                              ///< features: [D] reals; categories: [K] integer codes; image: [C, H, W];
                                              ///< sequence: [W, F], time first; missing: [columns], 1 where a cell is
                                              ///< missing (anomaly: numbers, dates, one-hot, categories);
                                              ///< text: [columns, L] codes, -1 where there is none
    std::vector<std::int64_t> cardinalities;  ///< categories: values a code can take, unknown bucket included; text:
                                              ///< buckets of each column
    FeatureParts parts = {};                  ///< features
    bool operator==(const Input&) const = default;
  };
  std::vector<Input> inputs;
  std::int64_t outputs = 1;     ///< classes, or targets
  std::int64_t sampleRate = 0;  ///< Hz of the input "audio" [samples]
  bool operator==(const GraphContext&) const = default;
};

/// What is known of one layer before any step: shown live in the Model page.
struct LayerReport {
  std::string name;
  Shape output;
  std::int64_t parameters = 0;
  std::int64_t flops = 0;        ///< forward, one row; a multiply-add counts two
  std::int64_t activations = 0;  ///< floats kept for the backward pass, one row
  std::optional<Error> error;    ///< names the layer, the given and the needed shape
};

struct GraphReport {
  std::vector<LayerReport> layers;
  std::int64_t parameters = 0;
  std::int64_t flops = 0;
  std::int64_t activations = 0;
  std::optional<Error> error;  ///< the first layer's error, or the graph's own (no layers, cycle, output mismatch)
};

/// Bins for every number of a table's features where none were fitted: for looking at shapes before a training.
void assumeBins(GraphContext& context, std::int64_t bins);

/// Shape inference and counts for every layer; goes on after an error as far as it can. Pure, any thread.
[[nodiscard]] GraphReport analyse(const ModelGraph& graph, const GraphContext& context);

}  // namespace lathe::spec
