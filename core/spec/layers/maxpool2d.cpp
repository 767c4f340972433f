// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

using Pair = std::pair<std::int64_t, std::int64_t>;

struct Window {
  Pair kernel, stride, padding;
};

Window windowOf(const LayerNode& node) {
  Window w{heightAndWidth(node, "kernel"), heightAndWidth(node, "stride"), heightAndWidth(node, "padding")};
  if (w.stride.first == 0) w.stride.first = w.kernel.first;
  if (w.stride.second == 0) w.stride.second = w.kernel.second;
  return w;
}

class MaxPool2dKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "maxpool2d"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "MaxPool2d"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Convolution"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT(
        "layers", "Keeps the largest value of each small window: halves an image and makes small shifts matter less.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {integersAttribute("kernel", {2}, 1, 1024, LATHE_TEXT("layers", "Kernel"),
                              LATHE_TEXT("layers", "Size of the window in pixels: one number, or height and width.")),
            integersAttribute("stride", {0}, 0, 1024, LATHE_TEXT("layers", "Stride"),
                              LATHE_TEXT("layers", "Pixels between two windows; 0 puts them side by side.")),
            integersAttribute("padding", {0}, 0, 512, LATHE_TEXT("layers", "Padding"),
                              LATHE_TEXT("layers", "Pixels added at each edge, at most half the kernel."))};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    if (given.size() != 3)
      return shapeError(
          given,
          LATHE_TEXT("errors", "Layer {layer} needs an image (channels x height x width), but is given {given}."),
          LATHE_TEXT("errors", "Pools belong before a Flatten or a Global average pool."));
    for (const auto* name : {"kernel", "stride", "padding"}) LATHE_TRY(checkPair(node, name));
    const auto w = windowOf(node);
    if (2 * w.padding.first > w.kernel.first || 2 * w.padding.second > w.kernel.second)
      return shapeError(
          given, LATHE_TEXT("errors", "The padding of layer {layer} is more than half of its kernel, {kernel}."),
          LATHE_TEXT("errors", "Use less padding."), {{"kernel", shapeText({w.kernel.first, w.kernel.second})}});
    const auto height = windowed(given[1], w.kernel.first, w.stride.first, w.padding.first, 1);
    const auto width = windowed(given[2], w.kernel.second, w.stride.second, w.padding.second, 1);
    if (height < 1 || width < 1)
      return shapeError(
          given, LATHE_TEXT("errors", "The kernel of layer {layer}, {kernel}, is larger than its input, {given}."),
          LATHE_TEXT("errors", "Use a smaller kernel or fewer pools before it."),
          {{"kernel", shapeText({w.kernel.first, w.kernel.second})}});
    return Shape{given[0], height, width};
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs /*inputs*/, const Shape& output) const override {
    const auto w = windowOf(node);
    return saturatingMultiply(w.kernel.first * w.kernel.second, elementCount(output));
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto& given = inputs[0].shape;
    const auto w = windowOf(node);
    const Shape shape{given[0], windowed(given[1], w.kernel.first, w.stride.first, w.padding.first, 1),
                      windowed(given[2], w.kernel.second, w.stride.second, w.padding.second, 1)};
    return builder.add(
        Primitive::MaxPool2d, {inputs[0]}, shape, {}, {},
        {w.kernel.first, w.kernel.second, w.stride.first, w.stride.second, w.padding.first, w.padding.second});
  }
};

}  // namespace

const LayerKind& maxPool2dKind() {
  static const MaxPool2dKind kind;
  return kind;
}

}  // namespace lathe::spec
