// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

struct Parts {
  Convolution depthwise, pointwise;
};

Parts partsOf(const LayerNode& node, const Shape& given) {
  Parts parts;
  parts.depthwise = convolutionOf(node);
  parts.depthwise.out = parts.depthwise.groups = given[0];
  parts.depthwise.bias = false;
  parts.pointwise.out = attribute(node, "out").toInteger();
  parts.pointwise.bias = attribute(node, "bias").toBool();
  return parts;
}

/// Depthwise, then pointwise (Chollet 2017, Xception).
class SeparableConv2dKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "separable_conv2d"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Separable Conv2d"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Convolution"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "A filter for each channel alone, then a mix of the channels: nearly as good as Conv2d with a "
                      "fraction of its parameters. Use it for small and fast models.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {integerAttribute("out", 32, 1, 65536, LATHE_TEXT("layers", "Channels"),
                             LATHE_TEXT("layers", "Number of output channels that the mix makes.")),
            kernelAttribute(3),
            strideAttribute(),
            paddingAttribute(),
            dilationAttribute(),
            channelBiasAttribute()};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    LATHE_TRY(needImage(given, LATHE_TEXT("errors", "Convolutions belong before a Flatten or a Global average pool.")));
    LATHE_TRY(checkConvolution(node, given));
    const auto parts = partsOf(node, given);
    return convolvedShape(parts.pointwise, convolvedShape(parts.depthwise, given));
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& /*output*/) const override {
    const auto& given = inputs[0].shape;
    const auto parts = partsOf(node, given);
    return saturatingAdd(convolutionFlops(parts.depthwise, given),
                         convolutionFlops(parts.pointwise, convolvedShape(parts.depthwise, given)));
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto parts = partsOf(node, inputs[0].shape);
    const auto filtered = lowerConvolution(builder, inputs[0], "depthwise", parts.depthwise);
    return lowerConvolution(builder, filtered, "pointwise", parts.pointwise);
  }
};

}  // namespace

const LayerKind& separableConv2dKind() {
  static const SeparableConv2dKind kind;
  return kind;
}

}  // namespace lathe::spec
