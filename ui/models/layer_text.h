// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QVariant>
#include <string>
#include <vector>

#include "core/spec/graph.h"

/// Layers as a person types them in a table, and edits that keep the names of a graph in order.
namespace lathe::ui {

/// "out=64, kernel=[3,3], bias=false": what is set, in the kind's order.
[[nodiscard]] QString attributesText(const spec::LayerNode& node);
[[nodiscard]] QString inputsText(const spec::LayerNode& node);
[[nodiscard]] std::vector<std::string> parseInputs(const QString& text);
/// Replaces the attributes of `node`; the sentence that says what is not understood, else "".
[[nodiscard]] QString parseAttributes(const QString& text, spec::LayerNode& node);
/// A kind's name from an index among layerKinds(), its name or its translated label.
[[nodiscard]] std::string kindFromText(const QVariant& value);

/// Also where others read it; the sentence that says why not, else "". `from` is no part of `graph`.
[[nodiscard]] QString renameLayer(spec::ModelGraph& graph, const std::string& from, const std::string& to);
/// linear1, linear2 ...
[[nodiscard]] std::string freshName(const spec::ModelGraph& graph, const std::string& kind);
/// Who read the layer reads what it read.
void takeLayer(spec::ModelGraph& graph, std::size_t index);

}  // namespace lathe::ui
