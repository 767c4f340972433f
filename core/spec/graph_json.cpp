// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/attributes.h"
#include "core/spec/json_tools.h"

namespace lathe::spec {
namespace {

Result<LayerNode> readLayer(const Json& json, const std::string& field) {
  LayerNode node;
  ObjectReader reader(json, field);
  reader.required("name", node.name).required("kind", node.kind).optional("inputs", node.inputs);
  if (const auto* attributes = reader.find("attributes")) {
    if (!attributes->is_object())
      return typeError(reader.child("attributes"), *attributes,
                       LATHE_TEXT("errors", "{field} must be an object, not {value}."));
    for (const auto& [key, value] : attributes->items()) {
      if (value.is_object())
        return typeError(reader.child("attributes." + key), value,
                         LATHE_TEXT("errors", "{field} must be a number, a text or a list, not {value}."));
      node.attributes[key] = valueOf(value);
    }
  }
  LATHE_TRY(reader.finish());
  if (const auto* kind = findLayerKind(normalised(node.kind))) node.kind = kind->name();
  LATHE_TRY(checkLayer(node));
  // Spelled as the kind spells them, so that equal layers compare equal.
  for (const auto& info : attributesOf(*findLayerKind(node.kind)))
    if (const auto at = node.attributes.find(info.name); at != node.attributes.end()) {
      LATHE_ASSIGN(value, checkAttribute(info, node.name + "." + info.name, at->second));
      at->second = value;
    }
  return node;
}

}  // namespace

OrderedJson graphJson(const ModelGraph& graph) {
  auto layers = OrderedJson::array();
  for (const auto& node : graph.layers) {
    OrderedJson layer{{"name", node.name}, {"kind", node.kind}};
    if (!node.attributes.empty()) {
      auto attributes = OrderedJson::object();
      for (const auto& [key, value] : node.attributes) attributes[key] = OrderedJson(jsonOf(value));
      layer["attributes"] = std::move(attributes);
    }
    if (!node.inputs.empty()) layer["inputs"] = node.inputs;
    layers.push_back(std::move(layer));
  }
  return layers;
}

Result<void> readValue(const Json& json, const std::string& field, ModelGraph& out) {
  if (!json.is_array())
    return typeError(field, json, LATHE_TEXT("errors", "{field} must be a list of layers, not {value}."));
  ModelGraph graph;
  for (std::size_t i = 0; i < json.size(); ++i) {
    LATHE_ASSIGN(node, readLayer(json[i], field + "." + std::to_string(i)));
    graph.layers.push_back(std::move(node));
  }
  if (auto problems = checkLayers(graph); !problems.empty()) return tl::unexpected<Error>(problems.front());
  out.layers = std::move(graph.layers);
  return {};
}

}  // namespace lathe::spec
