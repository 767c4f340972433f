// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

Convolution of(const LayerNode& node) {
  auto c = convolutionOf(node);
  c.out = attribute(node, "out").toInteger();
  c.groups = attribute(node, "groups").toInteger();
  c.bias = attribute(node, "bias").toBool();
  return c;
}

class Conv2dKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "conv2d"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Conv2d"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Convolution"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT(
        "layers", "Slides small filters over an image: each output channel looks for one local pattern everywhere.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {
        integerAttribute(
            "out", 32, 1, 65536, LATHE_TEXT("layers", "Channels"),
            LATHE_TEXT("layers",
                       "Number of filters, and so of output channels; commonly doubled whenever the image is halved.")),
        kernelAttribute(3),
        strideAttribute(),
        paddingAttribute(),
        dilationAttribute(),
        integerAttribute("groups", 1, 1, 65536, LATHE_TEXT("layers", "Groups"),
                         LATHE_TEXT("layers",
                                    "Splits the channels into groups that do not see each other; equal to the input "
                                    "channels makes a depthwise convolution.")),
        channelBiasAttribute()};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    LATHE_TRY(needImage(given, LATHE_TEXT("errors", "Convolutions belong before a Flatten or a Global average pool.")));
    const auto c = of(node);
    LATHE_TRY(checkGroups(given, given[0], c.out, c.groups));
    LATHE_TRY(checkConvolution(node, given));
    return convolvedShape(c, given);
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& /*output*/) const override {
    return convolutionFlops(of(node), inputs[0].shape);
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    return lowerConvolution(builder, inputs[0], "", of(node));
  }
};

}  // namespace

Result<void> checkGroups(const Shape& given, std::int64_t in, std::int64_t out, std::int64_t groups) {
  if (in % groups == 0 && out % groups == 0) return {};
  return shapeError(
      given,
      LATHE_TEXT("errors", "Layer {layer} cannot split {in} input and {out} output channels into {groups} groups."),
      LATHE_TEXT("errors", "Choose a number of groups that divides both."),
      {{"in", std::to_string(in)}, {"out", std::to_string(out)}, {"groups", std::to_string(groups)}});
}

const LayerKind& conv2dKind() {
  static const Conv2dKind kind;
  return kind;
}

}  // namespace lathe::spec
