// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

/// The common shape, a size of 1 stretching; empty when there is none.
Shape stretched(Inputs inputs) {
  auto shape = inputs[0].shape;
  for (const auto& input : inputs) {
    if (input.shape.size() != shape.size()) return {};
    for (std::size_t d = 0; d < shape.size(); ++d) {
      if (input.shape[d] != shape[d] && input.shape[d] != 1 && shape[d] != 1) return {};
      shape[d] = std::max(shape[d], input.shape[d]);
    }
  }
  return shape;
}

class MultiplyKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "multiply"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Multiply"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Shape"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Multiplies its inputs number by number: a gate that lets the other branch through or not. A "
                      "size of 1 stretches.");
  }
  [[nodiscard]] std::pair<int, int> inputCount() const override { return {2, 64}; }

  Result<Shape> infer(const LayerNode& /*node*/, Inputs inputs) const override {
    auto shape = stretched(inputs);
    if (!shape.empty()) return shape;
    const auto other = std::find_if(inputs.begin(), inputs.end(), [&](const auto& input) {
      const LoweredValue both[]{inputs[0], input};
      return stretched(both).empty();
    });
    return shapeError(
        other == inputs.end() ? inputs.back().shape : other->shape,
        LATHE_TEXT("errors",
                   "Layer {layer} multiplies inputs whose sizes are equal or 1, but is given {first} and {given}."),
        LATHE_TEXT("errors", "Make the two branches end in the same shape, or put a Reshape before one."),
        {{"first", shapeText(inputs[0].shape)}});
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs inputs, const Shape& output) const override {
    return saturatingMultiply(static_cast<std::int64_t>(inputs.size()) - 1, elementCount(output));
  }

  LoweredValue lower(const LayerNode& /*node*/, Inputs inputs, ProgramBuilder& builder) const override {
    return builder.add(Primitive::Multiply, {inputs.begin(), inputs.end()}, stretched(inputs));
  }
};

}  // namespace

const LayerKind& multiplyKind() {
  static const MultiplyKind kind;
  return kind;
}

}  // namespace lathe::spec
