// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

std::int64_t squeezed(const LayerNode& node, std::int64_t channels) {
  const auto given = attribute(node, "channels").toInteger();
  if (given > 0) return given;
  return std::max<std::int64_t>(1, channels / attribute(node, "reduction").toInteger());
}

/// Hu 2018; MobileNetV3 gates with hardsigmoid (Howard 2019).
class SqueezeExciteKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "squeeze_excite"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Squeeze-excite"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Convolution"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Looks at all channels of an image (or features of a sequence) at once and turns each up or "
                      "down: a little better for little cost.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {integerAttribute("reduction", 16, 1, 1024, LATHE_TEXT("layers", "Reduction"),
                             LATHE_TEXT("layers", "How many times fewer numbers decide than there are channels.")),
            integerAttribute("channels", 0, 0, 65536, LATHE_TEXT("layers", "Inner channels"),
                             LATHE_TEXT("layers", "How many numbers decide; 0 takes the reduction.")),
            choiceAttribute("gate", "sigmoid", {"sigmoid", "hardsigmoid"}, LATHE_TEXT("layers", "Gate"),
                            LATHE_TEXT("layers", "How a channel is turned up or down; hardsigmoid is cheaper."))};
  }

  Result<Shape> infer(const LayerNode& /*node*/, Inputs inputs) const override {
    LATHE_TRY(needImageOrSequence(inputs[0].shape, LATHE_TEXT("errors", "It belongs after a convolution.")));
    return inputs[0].shape;
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& output) const override {
    const auto channels = channelsOf(inputs[0].shape);
    const auto inner = squeezed(node, channels);
    const auto decide = saturatingAdd(saturatingMultiply(saturatingMultiply(4, channels), inner), inner + channels);
    return saturatingAdd(saturatingMultiply(2, elementCount(output)), decide);
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto& given = inputs[0].shape;
    const auto channels = channelsOf(given);
    const auto means = isSequence(given) ? builder.add(Primitive::ReduceMean, {inputs[0]}, {channels}, {}, {}, {0})
                                         : builder.add(Primitive::GlobalAvgPool, {inputs[0]}, {channels});
    const auto inner = lowerLinear(builder, means, "fc1", squeezed(node, channels));
    const auto bent = builder.add(Primitive::Relu, {inner}, inner.shape);
    const auto outer = lowerLinear(builder, bent, "fc2", channels);
    const bool hard = attribute(node, "gate").toText() == "hardsigmoid";
    const auto gate = builder.add(hard ? Primitive::Hardsigmoid : Primitive::Sigmoid, {outer}, outer.shape);
    const auto wide = reshaped(builder, gate, isSequence(given) ? Shape{1, channels} : Shape{channels, 1, 1});
    return builder.add(Primitive::Multiply, {inputs[0], wide}, given);
  }
};

}  // namespace

const LayerKind& squeezeExciteKind() {
  static const SqueezeExciteKind kind;
  return kind;
}

}  // namespace lathe::spec
