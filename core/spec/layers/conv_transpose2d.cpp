// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

using Pair = Convolution::Pair;

struct Enlarged {
  Convolution convolution;
  Pair outputPadding;
};

Enlarged of(const LayerNode& node) {
  Enlarged e{convolutionOf(node), heightAndWidth(node, "output_padding")};
  e.convolution.out = attribute(node, "out").toInteger();
  e.convolution.groups = attribute(node, "groups").toInteger();
  e.convolution.bias = attribute(node, "bias").toBool();
  return e;
}

std::int64_t length(std::int64_t given, std::int64_t kernel, std::int64_t stride, std::int64_t padding,
                    std::int64_t dilation, std::int64_t extra) {
  const auto span = saturatingAdd(saturatingMultiply(dilation, kernel - 1), saturatingAdd(extra, 1));
  return saturatingAdd(saturatingMultiply(given - 1, stride), span) - 2 * padding;
}

Shape shapeOf(const Enlarged& e, const Shape& given) {
  const auto& c = e.convolution;
  return {
      c.out, length(given[1], c.kernel.first, c.stride.first, c.padding.first, c.dilation.first, e.outputPadding.first),
      length(given[2], c.kernel.second, c.stride.second, c.padding.second, c.dilation.second, e.outputPadding.second)};
}

bool extraFits(std::int64_t extra, std::int64_t stride, std::int64_t dilation) {
  return extra < std::max(stride, dilation);
}

class ConvTranspose2dKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "conv_transpose2d"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "ConvTranspose2d"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Convolution"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "The way back of a convolution: spreads each pixel over a larger image. Use it in decoders and "
                      "autoencoders, where an image has to grow again.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {
        integerAttribute(
            "out", 32, 1, 65536, LATHE_TEXT("layers", "Channels"),
            LATHE_TEXT("layers", "Number of output channels; commonly halved whenever the image doubles.")),
        integersAttribute("kernel", {2}, 1, 1024, LATHE_TEXT("layers", "Kernel"),
                          LATHE_TEXT("layers",
                                     "Size of what each pixel is spread over: one number, or height and width. A "
                                     "multiple of the stride avoids chequered patterns.")),
        integersAttribute("stride", {2}, 1, 1024, LATHE_TEXT("layers", "Stride"),
                          LATHE_TEXT("layers", "Pixels between two neighbours afterwards; 2 doubles the image.")),
        integersAttribute("padding", {0}, 0, 1024, LATHE_TEXT("layers", "Padding"),
                          LATHE_TEXT("layers", "Pixels cut off at each edge.")),
        integersAttribute("output_padding", {0}, 0, 1024, LATHE_TEXT("layers", "Output padding"),
                          LATHE_TEXT("layers",
                                     "Pixels added at the bottom and the right, to reach an exact size; smaller than "
                                     "the stride.")),
        dilationAttribute(),
        integerAttribute("groups", 1, 1, 65536, LATHE_TEXT("layers", "Groups"),
                         LATHE_TEXT("layers", "Splits the channels into groups that do not see each other.")),
        channelBiasAttribute()};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    LATHE_TRY(needImage(
        given, LATHE_TEXT("errors", "Put a Reshape to channels, height and width before it when it follows a row.")));
    for (const auto* name : {"kernel", "stride", "padding", "output_padding", "dilation"})
      LATHE_TRY(checkPair(node, name));
    const auto e = of(node);
    const auto& c = e.convolution;
    LATHE_TRY(checkGroups(given, given[0], c.out, c.groups));
    if (!extraFits(e.outputPadding.first, c.stride.first, c.dilation.first) ||
        !extraFits(e.outputPadding.second, c.stride.second, c.dilation.second))
      return shapeError(
          given,
          LATHE_TEXT("errors", "The output padding of layer {layer}, {padding}, must be smaller than its stride."),
          LATHE_TEXT("errors", "Use less output padding."),
          {{"padding", shapeText({e.outputPadding.first, e.outputPadding.second})}});
    const auto shape = shapeOf(e, given);
    if (shape[1] < 1 || shape[2] < 1)
      return shapeError(given,
                        LATHE_TEXT("errors", "The padding of layer {layer} cuts off all that it makes of {given}."),
                        LATHE_TEXT("errors", "Use less padding or a larger kernel."));
    return shape;
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& /*output*/) const override {
    const auto c = of(node).convolution;
    const auto taps = saturatingMultiply(c.out / c.groups, c.kernel.first * c.kernel.second);
    return saturatingMultiply(saturatingMultiply(2, taps), elementCount(inputs[0].shape));
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto& given = inputs[0].shape;
    const auto e = of(node);
    const auto& c = e.convolution;
    // PyTorch takes the second size for the fan in, here as there.
    const auto fanIn = saturatingMultiply(c.out / c.groups, c.kernel.first * c.kernel.second);
    std::vector<int> parameters{builder.parameter(
        "weight", {given[0], c.out / c.groups, c.kernel.first, c.kernel.second}, fanInUniform(fanIn))};
    if (c.bias) parameters.push_back(builder.parameter("bias", {c.out}, fanInUniform(fanIn), true, false));
    return builder.add(Primitive::ConvTranspose2d, {inputs[0]}, shapeOf(e, given), parameters, {},
                       {c.stride.first, c.stride.second, c.padding.first, c.padding.second, e.outputPadding.first,
                        e.outputPadding.second, c.dilation.first, c.dilation.second, c.groups});
  }
};

}  // namespace

const LayerKind& convTranspose2dKind() {
  static const ConvTranspose2dKind kind;
  return kind;
}

}  // namespace lathe::spec
