// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "core/spec/graph.h"
#include "ui/models/layered_layout.h"

/// A model's layers as few boxes for a picture: what normalises, bends or drops what a layer gives shares its box.
namespace lathe::ui {

struct GraphBox {
  enum class Role : std::uint8_t { Input, Weights, Pool, Other, Join, Output };
  QString title;   ///< "Conv 3×3, 32"; of a Join that has no detail its sign: "+"
  QString detail;  ///< "BatchNorm2d, ReLU"; may be empty
  QString tip;     ///< every layer in it with the shape that it gives
  Role role = Role::Other;
  std::vector<std::string> layers;
};

struct GraphBoxes {
  std::vector<GraphBox> boxes;    ///< inputs first, then in the order of the layers
  std::vector<LayoutEdge> edges;  ///< from a box to a later one, each once
  QString summary;                ///< one sentence
};

/// Works as far as it can for a graph with errors.
[[nodiscard]] GraphBoxes graphBoxes(const spec::ModelGraph& graph, const spec::GraphContext& context,
                                    const spec::GraphReport& report);

/// "Conv 3×3, 32", "Linear, 64", "MaxPool2d 2×2".
[[nodiscard]] QString layerTitle(const spec::LayerNode& node);

}  // namespace lathe::ui
