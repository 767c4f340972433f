// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

struct Window {
  std::int64_t out, kernel, stride, padding, dilation, groups;
};

Window windowOf(const LayerNode& node) {
  const auto number = [&](const char* name) { return attribute(node, name).toInteger(); };
  Window w{number("out"), number("kernel"), number("stride"), number("padding"), number("dilation"), number("groups")};
  if (w.padding < 0) w.padding = w.dilation * (w.kernel - 1) / 2;
  return w;
}

std::int64_t steps(const Window& w, const Shape& given) {
  return windowed(given[0], w.kernel, w.stride, w.padding, w.dilation);
}

class Conv1dKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "conv1d"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Conv1d"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Convolution"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Slides small filters along a sequence (steps x features): each output feature looks for one "
                      "short pattern at every time. Fast, and a good first choice for sensor data.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {
        integerAttribute("out", 32, 1, 65536, LATHE_TEXT("layers", "Channels"),
                         LATHE_TEXT("layers", "Number of filters, and so of features of each step afterwards.")),
        integerAttribute("kernel", 3, 1, 4096, LATHE_TEXT("layers", "Kernel"),
                         LATHE_TEXT("layers", "Steps that a filter sees at once; 3 to 9 are usual.")),
        integerAttribute("stride", 1, 1, 4096, LATHE_TEXT("layers", "Stride"),
                         LATHE_TEXT("layers", "Steps between two positions of a filter; 2 halves the sequence.")),
        integerAttribute(
            "padding", -1, -1, 4096, LATHE_TEXT("layers", "Padding"),
            LATHE_TEXT("layers",
                       "Zeros added at each end; -1 adds half the kernel, which keeps the length at stride 1.")),
        integerAttribute(
            "dilation", 1, 1, 4096, LATHE_TEXT("layers", "Dilation"),
            LATHE_TEXT("layers", "Steps between two taps of a filter; above 1 it sees further back at the same cost.")),
        integerAttribute("groups", 1, 1, 65536, LATHE_TEXT("layers", "Groups"),
                         LATHE_TEXT("layers", "Splits the features into groups that do not see each other.")),
        channelBiasAttribute()};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    LATHE_TRY(needSequence(given));
    const auto w = windowOf(node);
    LATHE_TRY(checkGroups(given, given[1], w.out, w.groups));
    if (steps(w, given) < 1)
      return shapeError(
          given, LATHE_TEXT("errors", "The kernel of layer {layer}, {kernel}, is larger than its input, {given}."),
          LATHE_TEXT("errors", "Use a smaller kernel, more padding or fewer pools before it."),
          {{"kernel", std::to_string(w.kernel)}});
    return Shape{steps(w, given), w.out};
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& output) const override {
    const auto w = windowOf(node);
    const auto taps = saturatingMultiply(inputs[0].shape[1] / w.groups, w.kernel);
    return saturatingMultiply(saturatingMultiply(2, taps), elementCount(output));
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto& given = inputs[0].shape;
    const auto w = windowOf(node);
    const auto fanIn = saturatingMultiply(given[1] / w.groups, w.kernel);
    std::vector<int> parameters{
        builder.parameter("weight", {w.out, given[1] / w.groups, w.kernel}, fanInUniform(fanIn))};
    if (attribute(node, "bias").toBool())
      parameters.push_back(builder.parameter("bias", {w.out}, fanInUniform(fanIn), true, false));
    const auto convolved = builder.add(Primitive::Conv1d, {channelsFirst(builder, inputs[0])}, {w.out, steps(w, given)},
                                       parameters, {}, {w.stride, w.padding, w.dilation, w.groups});
    return timeFirst(builder, convolved, true);
  }
};

}  // namespace

const LayerKind& conv1dKind() {
  static const Conv1dKind kind;
  return kind;
}

}  // namespace lathe::spec
