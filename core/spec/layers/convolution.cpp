// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/lowering.h"

namespace lathe::spec {

Convolution convolutionOf(const LayerNode& node) {
  Convolution c;
  c.kernel = heightAndWidth(node, "kernel");
  c.stride = heightAndWidth(node, "stride");
  c.padding = heightAndWidth(node, "padding");
  c.dilation = heightAndWidth(node, "dilation");
  if (c.padding.first < 0) c.padding.first = c.dilation.first * (c.kernel.first - 1) / 2;
  if (c.padding.second < 0) c.padding.second = c.dilation.second * (c.kernel.second - 1) / 2;
  return c;
}

Shape convolvedShape(const Convolution& c, const Shape& given) {
  return {c.out, windowed(given[1], c.kernel.first, c.stride.first, c.padding.first, c.dilation.first),
          windowed(given[2], c.kernel.second, c.stride.second, c.padding.second, c.dilation.second)};
}

Result<void> checkConvolution(const LayerNode& node, const Shape& given) {
  for (const auto* name : {"kernel", "stride", "padding", "dilation"}) LATHE_TRY(checkPair(node, name));
  const auto c = convolutionOf(node);
  const auto shape = convolvedShape(c, given);
  if (shape[1] >= 1 && shape[2] >= 1) return {};
  return shapeError(given,
                    LATHE_TEXT("errors", "The kernel of layer {layer}, {kernel}, is larger than its input, {given}."),
                    LATHE_TEXT("errors", "Use a smaller kernel, more padding or fewer pools before it."),
                    {{"kernel", shapeText({c.kernel.first, c.kernel.second})}});
}

std::int64_t convolutionFlops(const Convolution& c, const Shape& given) {
  const auto taps = saturatingMultiply(given[0] / c.groups, c.kernel.first * c.kernel.second);
  return saturatingMultiply(saturatingMultiply(2, taps), elementCount(convolvedShape(c, given)));
}

LoweredValue lowerConvolution(ProgramBuilder& builder, const LoweredValue& x, const std::string& part,
                              const Convolution& c) {
  const auto in = x.shape[0] / c.groups;
  const auto fanIn = saturatingMultiply(in, c.kernel.first * c.kernel.second);
  std::vector<int> parameters{
      builder.parameter(roleOf(part, "weight"), {c.out, in, c.kernel.first, c.kernel.second}, fanInUniform(fanIn))};
  if (c.bias) parameters.push_back(builder.parameter(roleOf(part, "bias"), {c.out}, fanInUniform(fanIn), true, false));
  return builder.add(Primitive::Conv2d, {x}, convolvedShape(c, x.shape), parameters, {},
                     {c.stride.first, c.stride.second, c.padding.first, c.padding.second, c.dilation.first,
                      c.dilation.second, c.groups});
}

AttributeInfo kernelAttribute(std::int64_t value) {
  return integersAttribute(
      "kernel", {value}, 1, 1024, LATHE_TEXT("layers", "Kernel"),
      LATHE_TEXT("layers", "Size of the filters in pixels: one number, or height and width. 3 is the usual choice."));
}

AttributeInfo strideAttribute() {
  return integersAttribute("stride", {1}, 1, 1024, LATHE_TEXT("layers", "Stride"),
                           LATHE_TEXT("layers", "Pixels between two positions of a filter; 2 halves the image."));
}

AttributeInfo paddingAttribute() {
  return integersAttribute(
      "padding", {-1}, -1, 1024, LATHE_TEXT("layers", "Padding"),
      LATHE_TEXT("layers", "Zeros added at each edge; -1 adds half the kernel, which keeps the size at stride 1."));
}

AttributeInfo dilationAttribute() {
  return integersAttribute(
      "dilation", {1}, 1, 1024, LATHE_TEXT("layers", "Dilation"),
      LATHE_TEXT("layers", "Pixels between two taps of a filter; above 1 it sees a larger area at the same cost."));
}

AttributeInfo channelBiasAttribute() {
  return booleanAttribute(
      "bias", true, LATHE_TEXT("layers", "Bias"),
      LATHE_TEXT("layers", "Adds a learnt constant to each channel; not needed right before a normalisation."));
}

}  // namespace lathe::spec
