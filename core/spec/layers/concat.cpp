// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

Shape joined(Inputs inputs) {
  auto out = inputs[0].shape;
  out[0] = 0;
  for (const auto& input : inputs) out[0] = saturatingAdd(out[0], input.shape[0]);
  return out;
}

class ConcatKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "concat"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Concat"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Shape"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers", "Puts its inputs side by side: features next to features, channels next to channels.");
  }
  [[nodiscard]] std::pair<int, int> inputCount() const override { return {2, 64}; }

  Result<Shape> infer(const LayerNode& /*node*/, Inputs inputs) const override {
    for (const auto& other : inputs)
      if (other.shape.empty() || other.shape.size() != inputs[0].shape.size() ||
          !std::equal(other.shape.begin() + 1, other.shape.end(), inputs[0].shape.begin() + 1))
        return shapeError(
            other.shape,
            LATHE_TEXT(
                "errors",
                "Layer {layer} joins inputs that agree in all but the first size, but is given {first} and {given}."),
            LATHE_TEXT("errors", "Flatten the inputs first, or make the branches end in the same height and width."),
            {{"first", shapeText(inputs[0].shape)}});
    return joined(inputs);
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs /*inputs*/,
                                   const Shape& /*output*/) const override {
    return 0;
  }

  LoweredValue lower(const LayerNode& /*node*/, Inputs inputs, ProgramBuilder& builder) const override {
    return builder.add(Primitive::Concat, {inputs.begin(), inputs.end()}, joined(inputs));
  }
};

}  // namespace

const LayerKind& concatKind() {
  static const ConcatKind kind;
  return kind;
}

}  // namespace lathe::spec
