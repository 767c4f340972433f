// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class SoftmaxKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "softmax"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Softmax"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Activation"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Turns numbers into shares that sum to 1 over the last dimension. Lathe adds the one for class "
                      "probabilities by itself.");
  }

  Result<Shape> infer(const LayerNode& /*node*/, Inputs inputs) const override { return inputs[0].shape; }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs /*inputs*/, const Shape& output) const override {
    // Largest, difference, exponential, sum, quotient.
    return saturatingMultiply(5, elementCount(output));
  }

  LoweredValue lower(const LayerNode& /*node*/, Inputs inputs, ProgramBuilder& builder) const override {
    return builder.add(Primitive::Softmax, {inputs[0]}, inputs[0].shape);
  }
};

}  // namespace

const LayerKind& softmaxKind() {
  static const SoftmaxKind kind;
  return kind;
}

}  // namespace lathe::spec
