// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/pooling.h"

#include <algorithm>

namespace lathe::spec {
namespace {

PoolWindow imageWindow(const LayerNode& node) {
  PoolWindow w{heightAndWidth(node, "kernel"), heightAndWidth(node, "stride"), heightAndWidth(node, "padding")};
  if (w.stride.first == 0) w.stride.first = w.kernel.first;
  if (w.stride.second == 0) w.stride.second = w.kernel.second;
  return w;
}

PoolWindow sequenceWindow(const LayerNode& node) {
  const auto kernel = attribute(node, "kernel").toInteger();
  const auto stride = attribute(node, "stride").toInteger();
  return {{1, kernel}, {1, stride == 0 ? kernel : stride}, {0, attribute(node, "padding").toInteger()}};
}

Shape pooledShape(const PoolWindow& w, const Shape& image) {
  return {image[0], windowed(image[1], w.kernel.first, w.stride.first, w.padding.first, 1),
          windowed(image[2], w.kernel.second, w.stride.second, w.padding.second, 1)};
}

Result<Shape> checkedShape(const PoolWindow& w, const Shape& image, const Shape& given) {
  const auto kernel =
      isSequence(given) ? std::to_string(w.kernel.second) : shapeText({w.kernel.first, w.kernel.second});
  if (2 * w.padding.first > w.kernel.first || 2 * w.padding.second > w.kernel.second)
    return shapeError(given,
                      LATHE_TEXT("errors", "The padding of layer {layer} is more than half of its kernel, {kernel}."),
                      LATHE_TEXT("errors", "Use less padding."), {{"kernel", kernel}});
  auto shape = pooledShape(w, image);
  if (shape[1] < 1 || shape[2] < 1)
    return shapeError(given,
                      LATHE_TEXT("errors", "The kernel of layer {layer}, {kernel}, is larger than its input, {given}."),
                      LATHE_TEXT("errors", "Use a smaller kernel or fewer pools before it."), {{"kernel", kernel}});
  return shape;
}

std::vector<std::int64_t> numbersOf(const PoolWindow& w, const std::vector<std::int64_t>& more) {
  std::vector<std::int64_t> ints{w.kernel.first,  w.kernel.second, w.stride.first,
                                 w.stride.second, w.padding.first, w.padding.second};
  ints.insert(ints.end(), more.begin(), more.end());
  return ints;
}

Shape asImage(const Shape& sequence) { return {sequence[1], 1, sequence[0]}; }

}  // namespace

AttributeInfo countPaddingAttribute() {
  return booleanAttribute("count_padding", true, LATHE_TEXT("layers", "Count padding"),
                          LATHE_TEXT("layers", "Whether the added edges count as zeros in the average."));
}

std::string Pool2dKind::category() const { return LATHE_TEXT("layers", "Convolution"); }

std::vector<AttributeInfo> Pool2dKind::attributes() const {
  return {integersAttribute("kernel", {2}, 1, 1024, LATHE_TEXT("layers", "Kernel"),
                            LATHE_TEXT("layers", "Size of the window in pixels: one number, or height and width.")),
          integersAttribute("stride", {0}, 0, 1024, LATHE_TEXT("layers", "Stride"),
                            LATHE_TEXT("layers", "Pixels between two windows; 0 puts them side by side.")),
          integersAttribute("padding", {0}, 0, 512, LATHE_TEXT("layers", "Padding"),
                            LATHE_TEXT("layers", "Pixels added at each edge, at most half the kernel."))};
}

Result<Shape> Pool2dKind::infer(const LayerNode& node, Inputs inputs) const {
  const auto& given = inputs[0].shape;
  LATHE_TRY(needImage(given, LATHE_TEXT("errors", "Pools belong before a Flatten or a Global average pool.")));
  for (const auto* name : {"kernel", "stride", "padding"}) LATHE_TRY(checkPair(node, name));
  return checkedShape(imageWindow(node), given, given);
}

std::int64_t Pool2dKind::flops(const LayerNode& node, Inputs /*inputs*/, const Shape& output) const {
  const auto w = imageWindow(node);
  return saturatingMultiply(w.kernel.first * w.kernel.second, elementCount(output));
}

LoweredValue Pool2dKind::lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const {
  const auto w = imageWindow(node);
  return builder.add(primitive(), {inputs[0]}, pooledShape(w, inputs[0].shape), {}, {}, numbersOf(w, more(node)));
}

std::vector<AttributeInfo> Pool1dKind::attributes() const {
  return {integerAttribute("kernel", 2, 1, 4096, LATHE_TEXT("layers", "Kernel"),
                           LATHE_TEXT("layers", "Steps that a window holds.")),
          integerAttribute("stride", 0, 0, 4096, LATHE_TEXT("layers", "Stride"),
                           LATHE_TEXT("layers", "Steps between two windows; 0 puts them side by side.")),
          integerAttribute("padding", 0, 0, 2048, LATHE_TEXT("layers", "Padding"),
                           LATHE_TEXT("layers", "Steps added at each end, at most half the kernel."))};
}

Result<Shape> Pool1dKind::infer(const LayerNode& node, Inputs inputs) const {
  const auto& given = inputs[0].shape;
  LATHE_TRY(needSequence(given));
  LATHE_ASSIGN(shape, checkedShape(sequenceWindow(node), asImage(given), given));
  return Shape{shape[2], shape[0]};
}

std::int64_t Pool1dKind::flops(const LayerNode& node, Inputs /*inputs*/, const Shape& output) const {
  return saturatingMultiply(attribute(node, "kernel").toInteger(), elementCount(output));
}

LoweredValue Pool1dKind::lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const {
  const auto w = sequenceWindow(node);
  const auto image = asImage(inputs[0].shape);
  const auto shape = pooledShape(w, image);
  const auto given = reshaped(builder, channelsFirst(builder, inputs[0]), image);
  const auto pooled = builder.add(primitive(), {given}, shape, {}, {}, numbersOf(w, more(node)));
  return timeFirst(builder, reshaped(builder, pooled, {shape[0], shape[2]}), true);
}

std::string AdaptivePool2dKind::category() const { return LATHE_TEXT("layers", "Convolution"); }

std::vector<AttributeInfo> AdaptivePool2dKind::attributes() const {
  return {integersAttribute("size", {1}, 1, 1024, LATHE_TEXT("layers", "Size"),
                            LATHE_TEXT("layers", "Height and width afterwards, in pixels: one number, or both."))};
}

Result<Shape> AdaptivePool2dKind::infer(const LayerNode& node, Inputs inputs) const {
  const auto& given = inputs[0].shape;
  LATHE_TRY(needImage(given, LATHE_TEXT("errors", "Pools belong before a Flatten or a Global average pool.")));
  LATHE_TRY(checkPair(node, "size"));
  const auto [height, width] = heightAndWidth(node, "size");
  return Shape{given[0], height, width};
}

std::int64_t AdaptivePool2dKind::flops(const LayerNode& /*node*/, Inputs inputs, const Shape& output) const {
  // Each pixel is read once when the image shrinks, each result written once when it grows.
  return std::max(elementCount(inputs[0].shape), elementCount(output));
}

LoweredValue AdaptivePool2dKind::lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const {
  const auto [height, width] = heightAndWidth(node, "size");
  return builder.add(primitive(), {inputs[0]}, {inputs[0].shape[0], height, width}, {}, {}, {height, width});
}

}  // namespace lathe::spec
