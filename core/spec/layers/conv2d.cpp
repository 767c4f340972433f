// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

using Pair = std::pair<std::int64_t, std::int64_t>;

struct Window {
  Pair kernel, stride, padding, dilation;
};

Window windowOf(const LayerNode& node) {
  Window w{heightAndWidth(node, "kernel"), heightAndWidth(node, "stride"), heightAndWidth(node, "padding"),
           heightAndWidth(node, "dilation")};
  if (w.padding.first < 0) w.padding.first = w.dilation.first * (w.kernel.first - 1) / 2;
  if (w.padding.second < 0) w.padding.second = w.dilation.second * (w.kernel.second - 1) / 2;
  return w;
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
        integersAttribute(
            "kernel", {3}, 1, 1024, LATHE_TEXT("layers", "Kernel"),
            LATHE_TEXT("layers",
                       "Size of the filters in pixels: one number, or height and width. 3 is the usual choice.")),
        integersAttribute("stride", {1}, 1, 1024, LATHE_TEXT("layers", "Stride"),
                          LATHE_TEXT("layers", "Pixels between two positions of a filter; 2 halves the image.")),
        integersAttribute(
            "padding", {-1}, -1, 1024, LATHE_TEXT("layers", "Padding"),
            LATHE_TEXT("layers",
                       "Zeros added at each edge; -1 adds half the kernel, which keeps the size at stride 1.")),
        integersAttribute(
            "dilation", {1}, 1, 1024, LATHE_TEXT("layers", "Dilation"),
            LATHE_TEXT("layers",
                       "Pixels between two taps of a filter; above 1 it sees a larger area at the same cost.")),
        integerAttribute("groups", 1, 1, 65536, LATHE_TEXT("layers", "Groups"),
                         LATHE_TEXT("layers",
                                    "Splits the channels into groups that do not see each other; equal to the input "
                                    "channels makes a depthwise convolution.")),
        booleanAttribute(
            "bias", true, LATHE_TEXT("layers", "Bias"),
            LATHE_TEXT("layers", "Adds a learnt constant to each channel; not needed right before a normalisation."))};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    if (given.size() != 3)
      return shapeError(
          given,
          LATHE_TEXT("errors", "Layer {layer} needs an image (channels x height x width), but is given {given}."),
          LATHE_TEXT("errors", "Convolutions belong before a Flatten or a Global average pool."));
    for (const auto* name : {"kernel", "stride", "padding", "dilation"}) LATHE_TRY(checkPair(node, name));
    const auto w = windowOf(node);
    const auto groups = attribute(node, "groups").toInteger();
    const auto out = attribute(node, "out").toInteger();
    if (given[0] % groups != 0 || out % groups != 0)
      return shapeError(
          given,
          LATHE_TEXT("errors", "Layer {layer} cannot split {in} input and {out} output channels into {groups} groups."),
          LATHE_TEXT("errors", "Choose a number of groups that divides both."),
          {{"in", std::to_string(given[0])}, {"out", std::to_string(out)}, {"groups", std::to_string(groups)}});
    const auto height = windowed(given[1], w.kernel.first, w.stride.first, w.padding.first, w.dilation.first);
    const auto width = windowed(given[2], w.kernel.second, w.stride.second, w.padding.second, w.dilation.second);
    if (height < 1 || width < 1)
      return shapeError(
          given, LATHE_TEXT("errors", "The kernel of layer {layer}, {kernel}, is larger than its input, {given}."),
          LATHE_TEXT("errors", "Use a smaller kernel, more padding or fewer pools before it."),
          {{"kernel", shapeText({w.kernel.first, w.kernel.second})}});
    return Shape{out, height, width};
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& output) const override {
    const auto w = windowOf(node);
    const auto taps = saturatingMultiply(inputs[0].shape[0] / attribute(node, "groups").toInteger(),
                                         w.kernel.first * w.kernel.second);
    return saturatingMultiply(saturatingMultiply(2, taps), elementCount(output));
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto& given = inputs[0].shape;
    const auto w = windowOf(node);
    const auto groups = attribute(node, "groups").toInteger();
    const auto out = attribute(node, "out").toInteger();
    const Shape shape{out, windowed(given[1], w.kernel.first, w.stride.first, w.padding.first, w.dilation.first),
                      windowed(given[2], w.kernel.second, w.stride.second, w.padding.second, w.dilation.second)};
    const auto fanIn = saturatingMultiply(given[0] / groups, w.kernel.first * w.kernel.second);
    std::vector<int> parameters{
        builder.parameter("weight", {out, given[0] / groups, w.kernel.first, w.kernel.second}, fanInUniform(fanIn))};
    if (attribute(node, "bias").toBool())
      parameters.push_back(builder.parameter("bias", {out}, fanInUniform(fanIn), true, false));
    return builder.add(Primitive::Conv2d, {inputs[0]}, shape, parameters, {},
                       {w.stride.first, w.stride.second, w.padding.first, w.padding.second, w.dilation.first,
                        w.dilation.second, groups});
  }
};

}  // namespace

const LayerKind& conv2dKind() {
  static const Conv2dKind kind;
  return kind;
}

}  // namespace lathe::spec
