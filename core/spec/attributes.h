// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/spec/layer_kind.h"

/// What layer attributes and template settings share. For the files of this folder only.
namespace lathe::spec {

/// The value as the attribute wants it (choices spelled right, one number for a list of numbers wrapped, whole reals as
/// integers), or an error that names `field` and the range or the choices.
Result<Value> checkAttribute(const AttributeInfo& info, const std::string& field, const Value& value);

/// Saturating arithmetic, so that hostile sizes stay large instead of wrapping.
std::int64_t saturatingAdd(std::int64_t a, std::int64_t b);
std::int64_t saturatingMultiply(std::int64_t a, std::int64_t b);

/// A letter or '_', then letters, digits and '_'; at most 64 of them.
bool isIdentifier(std::string_view name);
/// Names that stand for a graph's inputs.
const std::vector<std::string>& graphInputNames();

/// Checks what shows without any data: names, kinds, attributes, order of the inputs. The first problem of each layer.
std::vector<Error> checkLayers(const ModelGraph& graph);
/// The problem of one layer's kind and attributes, if any.
Result<void> checkLayer(const LayerNode& node);

/// Infers and lowers layer by layer into `section`; what could not be done is in the report. `values` are the graph's
/// inputs in the context's order.
GraphReport walkGraph(const ModelGraph& graph, const GraphContext& context, const std::vector<LoweredValue>& values,
                      Program& program, std::vector<Operation>& section);

}  // namespace lathe::spec
