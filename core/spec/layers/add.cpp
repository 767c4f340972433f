// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class AddKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "add"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Add"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Shape"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers", "Adds its inputs number by number: the shortcut of residual networks.");
  }
  [[nodiscard]] std::pair<int, int> inputCount() const override { return {2, 64}; }

  Result<Shape> infer(const LayerNode& /*node*/, Inputs inputs) const override {
    for (const auto& other : inputs)
      if (other.shape != inputs[0].shape)
        return shapeError(
            other.shape,
            LATHE_TEXT("errors", "Layer {layer} adds inputs of equal shape, but is given {first} and {given}."),
            LATHE_TEXT("errors", "Make the two branches end in the same shape."),
            {{"first", shapeText(inputs[0].shape)}});
    return inputs[0].shape;
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs inputs, const Shape& output) const override {
    return saturatingMultiply(static_cast<std::int64_t>(inputs.size()) - 1, elementCount(output));
  }

  LoweredValue lower(const LayerNode& /*node*/, Inputs inputs, ProgramBuilder& builder) const override {
    return builder.add(Primitive::Add, {inputs.begin(), inputs.end()}, inputs[0].shape);
  }
};

}  // namespace

const LayerKind& addKind() {
  static const AddKind kind;
  return kind;
}

}  // namespace lathe::spec
