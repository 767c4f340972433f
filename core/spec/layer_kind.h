// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/spec/program.h"

namespace lathe::spec {

enum class AttributeType { Integer, Real, Boolean, Choice, Integers };

/// One attribute of a layer kind or one setting of a template: what an editor needs to show it.
struct AttributeInfo {
  std::string name;
  AttributeType type = AttributeType::Integer;
  Value defaultValue;
  double low = 0;   ///< smallest allowed
  double high = 0;  ///< largest allowed
  std::vector<std::string> choices;
  std::string label;  ///< LATHE_TEXT("layers", ...)
  std::string help;   ///< LATHE_TEXT("layers", ...)
};

/// A value of the program under construction, with the shape of one row.
struct LoweredValue {
  int id = -1;
  Shape shape;
  std::vector<std::int64_t> cardinalities;  ///< only for category codes
  const FeatureParts* parts = nullptr;      ///< only for a table's features, of the graph's context
};

/// Collects the operations of one section of a program.
class ProgramBuilder {
 public:
  ProgramBuilder(Program& program, std::vector<Operation>& section, std::string layer)
      : m_program(program), m_section(section), m_layer(std::move(layer)) {}
  /// Adds a parameter named LAYER.role and gives its index.
  int parameter(const std::string& role, Shape shape, Initialiser init, bool trainable = true, bool decay = true,
                double lrFactor = 1);
  int constant(const std::string& role, Shape shape, std::vector<float> data);
  /// Appends an operation; the result has `shape`.
  LoweredValue add(Primitive primitive, const std::vector<LoweredValue>& inputs, Shape shape,
                   std::vector<int> parameters = {}, std::vector<int> constants = {},
                   std::vector<std::int64_t> ints = {}, std::vector<double> reals = {});

 private:
  Program& m_program;
  std::vector<Operation>& m_section;
  std::string m_layer;
};

/// One kind of layer: attributes, shape inference, cost, lowering. One torch-free file each in layers/. Stateless, any
/// thread.
class LayerKind {
 public:
  virtual ~LayerKind() = default;
  [[nodiscard]] virtual std::string name() const = 0;   ///< "conv2d"
  [[nodiscard]] virtual std::string label() const = 0;  ///< "Conv2d", LATHE_TEXT("layers", ...)
  [[nodiscard]] virtual std::string category()
      const = 0;                                       ///< Dense, Convolution, Normalise, Activation, Shape, Regularise
  [[nodiscard]] virtual std::string help() const = 0;  ///< one sentence
  [[nodiscard]] virtual std::vector<AttributeInfo> attributes() const { return {}; }
  /// Reads category codes rather than numbers.
  [[nodiscard]] virtual bool takesCodes() const { return false; }
  /// The least and the most inputs it joins.
  [[nodiscard]] virtual std::pair<int, int> inputCount() const { return {1, 1}; }
  /// Output of one row; an error names what was given and what is needed (the caller adds the layer's name).
  virtual Result<Shape> infer(const LayerNode& node, std::span<const LoweredValue> inputs) const = 0;
  [[nodiscard]] virtual std::int64_t flops(const LayerNode& node, std::span<const LoweredValue> inputs,
                                           const Shape& output) const = 0;
  /// Only called after infer() succeeded.
  virtual LoweredValue lower(const LayerNode& node, std::span<const LoweredValue> inputs,
                             ProgramBuilder& builder) const = 0;
};

/// Every kind, in palette order. Explicit list in layer_registry.cpp.
[[nodiscard]] const std::vector<const LayerKind*>& layerKinds();
[[nodiscard]] const LayerKind* findLayerKind(std::string_view name);

/// What every layer has beside its kind's own attributes: frozen, lr_factor.
[[nodiscard]] std::vector<AttributeInfo> commonAttributes();
/// The kind's own, then the common ones.
[[nodiscard]] std::vector<AttributeInfo> attributesOf(const LayerKind& kind);
/// What these two say: the factor of the learning rate, 0 when the layer is frozen.
[[nodiscard]] double learningFactor(const LayerNode& node);

/// The attribute of a node, or its kind's default.
[[nodiscard]] Value attribute(const LayerNode& node, std::string_view name);

/// Lowers a valid graph into program.model, after program.prepared is set.
Result<void> lowerGraph(const ModelGraph& graph, const GraphContext& context, Program& program);

}  // namespace lathe::spec
