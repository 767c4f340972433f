// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class LeakyReluKind final : public ActivationKind {
 public:
  [[nodiscard]] std::string name() const override { return "leaky_relu"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "LeakyReLU"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers", "Negative numbers become small instead of zero, so that no neuron dies.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {realAttribute("slope", 0.01, 0, 1, LATHE_TEXT("layers", "Slope"),
                          LATHE_TEXT("layers", "What negative numbers are multiplied by."))};
  }
  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    return builder.add(primitive(), {inputs[0]}, inputs[0].shape, {}, {}, {}, {attribute(node, "slope").toReal()});
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::LeakyRelu; }
};

}  // namespace

const LayerKind& leakyReluKind() {
  static const LeakyReluKind kind;
  return kind;
}

}  // namespace lathe::spec
