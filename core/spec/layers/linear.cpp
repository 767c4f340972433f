// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

// Weights of deviation 1, and biases that learn more slowly (Holzmueller et al. 2024, appendix A).
LoweredValue lowerNtk(const LayerNode& node, const LoweredValue& input, const Shape& shape, ProgramBuilder& builder) {
  constexpr double biasRate = 0.1;
  const auto in = input.shape.back();
  const auto out = shape.back();
  const Initialiser normal{Initialiser::Kind::Normal, 1};
  std::vector<int> parameters{builder.parameter("weight", {out, in}, normal)};
  if (attribute(node, "bias").toBool())
    parameters.push_back(builder.parameter("bias", {out}, normal, true, false, biasRate));
  return builder.add(Primitive::Linear, {input}, shape, parameters, {}, {}, {1.0 / std::sqrt(static_cast<double>(in))});
}

class LinearKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "linear"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Linear"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Dense"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Every output is a weighted sum of all inputs: the workhorse of networks on tables and the last "
                      "layer of most others.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {
        integerAttribute(
            "out", 64, 1, 1e6, LATHE_TEXT("layers", "Outputs"),
            LATHE_TEXT(
                "layers",
                "How many numbers each row has afterwards; more can express more, cost more and overfit sooner.")),
        booleanAttribute(
            "bias", true, LATHE_TEXT("layers", "Bias"),
            LATHE_TEXT("layers", "Adds a learnt constant to each output; not needed right before a normalisation.")),
        choiceAttribute(
            "parametrization", "standard", {"standard", "ntk"}, LATHE_TEXT("layers", "Parametrisation"),
            LATHE_TEXT(
                "layers",
                "ntk divides the weighted sum by the root of the number of inputs instead of starting with small "
                "weights, so that one learning rate suits every width (as RealMLP has it)."))};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    if (given.empty() || given.size() > 2)
      return shapeError(given, LATHE_TEXT("errors", "Layer {layer} needs one row of numbers, but is given {given}."),
                        LATHE_TEXT("errors", "Put a Flatten or a Global average pool before it."));
    auto out = given;
    out.back() = attribute(node, "out").toInteger();
    return out;
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs inputs, const Shape& output) const override {
    return saturatingMultiply(2 * inputs[0].shape.back(), elementCount(output));
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto& given = inputs[0].shape;
    const auto in = given.back();
    const auto out = attribute(node, "out").toInteger();
    auto shape = given;
    shape.back() = out;
    if (attribute(node, "parametrization").toText() == "ntk") return lowerNtk(node, inputs[0], shape, builder);
    std::vector<int> parameters{builder.parameter("weight", {out, in}, fanInUniform(in))};
    if (attribute(node, "bias").toBool())
      parameters.push_back(builder.parameter("bias", {out}, fanInUniform(in), true, false));
    return builder.add(Primitive::Linear, {inputs[0]}, shape, parameters);
  }
};

}  // namespace

const LayerKind& linearKind() {
  static const LinearKind kind;
  return kind;
}

}  // namespace lathe::spec
