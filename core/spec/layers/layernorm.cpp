// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class LayerNormKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "layernorm"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "LayerNorm"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Normalise"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT(
        "layers", "Brings each row by itself to mean 0 and variance 1, then scales it: does not depend on the batch.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {
        integerAttribute(
            "dimensions", 1, 1, 3, LATHE_TEXT("layers", "Dimensions"),
            LATHE_TEXT("layers",
                       "How many of the last dimensions are normalised together; 1 for tables, 3 for whole images.")),
        realAttribute(
            "epsilon", 1e-5, 1e-12, 1, LATHE_TEXT("layers", "Epsilon"),
            LATHE_TEXT("layers", "Added to the variance so that nothing is divided by zero; rarely changed."))};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    const auto dimensions = attribute(node, "dimensions").toInteger();
    if (dimensions > static_cast<std::int64_t>(given.size()))
      return shapeError(
          given,
          LATHE_TEXT("errors", "Layer {layer} normalises the last {dimensions} dimensions, but is given {given}."),
          LATHE_TEXT("errors", "Lower its number of dimensions."), {{"dimensions", std::to_string(dimensions)}});
    return given;
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs /*inputs*/, const Shape& output) const override {
    // Mean, centring, variance (two), scaling by the deviation, weight and bias.
    return saturatingMultiply(7, elementCount(output));
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto& given = inputs[0].shape;
    const auto dimensions = attribute(node, "dimensions").toInteger();
    const Shape normalised(given.end() - dimensions, given.end());
    const std::vector<int> parameters{
        builder.parameter("weight", normalised, {Initialiser::Kind::Ones, 0}, true, false),
        builder.parameter("bias", normalised, {Initialiser::Kind::Zeros, 0}, true, false)};
    return builder.add(Primitive::LayerNorm, {inputs[0]}, given, parameters, {}, {dimensions},
                       {attribute(node, "epsilon").toReal()});
  }
};

}  // namespace

const LayerKind& layerNormKind() {
  static const LayerNormKind kind;
  return kind;
}

}  // namespace lathe::spec
