// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

const std::vector<std::string>& functions() {
  // In the order of BlendedActivation.
  static const std::vector<std::string> names{"mish", "selu", "silu", "gelu", "relu", "tanh"};
  return names;
}

class ParametricActivationKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "parametric_activation"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Parametric activation"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Activation"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "An activation whose strength each neuron learns, from none at all to more than the plain one "
                      "(RealMLP, Holzmueller et al. 2024).");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {choiceAttribute("function", "mish", functions(), LATHE_TEXT("layers", "Function"),
                            LATHE_TEXT("layers", "RealMLP takes selu for classes and mish for numbers.")),
            realAttribute("rate", 0.1, 0, 1000, LATHE_TEXT("layers", "Rate factor"),
                          LATHE_TEXT("layers", "What the learning rate is multiplied by for the strengths."))};
  }

  Result<Shape> infer(const LayerNode& /*node*/, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    if (given.size() > 2)
      return shapeError(given, LATHE_TEXT("errors", "Layer {layer} needs one row of numbers, but is given {given}."),
                        LATHE_TEXT("errors", "Put a Flatten or a Global average pool before it."));
    return given;
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs /*inputs*/, const Shape& output) const override {
    return saturatingMultiply(4, elementCount(output));
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto& given = inputs[0].shape;
    const auto function = attribute(node, "function").toText();
    const auto index = std::find(functions().begin(), functions().end(), function) - functions().begin();
    const auto alpha = builder.parameter("alpha", {given.back()}, {Initialiser::Kind::Ones, 0}, true, false,
                                         attribute(node, "rate").toReal());
    return builder.add(Primitive::ParametricActivation, {inputs[0]}, given, {alpha}, {}, {index});
  }
};

}  // namespace

const LayerKind& parametricActivationKind() {
  static const ParametricActivationKind kind;
  return kind;
}

}  // namespace lathe::spec
