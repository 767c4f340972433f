// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class EluKind final : public ActivationKind {
 public:
  [[nodiscard]] std::string name() const override { return "elu"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "ELU"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Negative numbers approach a limit smoothly instead of being cut (Clevert 2016): keeps means "
                      "near zero without normalisation.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {realAttribute("alpha", 1.0, 0, 100, LATHE_TEXT("layers", "Alpha"),
                          LATHE_TEXT("layers", "The limit of negative numbers, below zero."))};
  }
  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    return builder.add(primitive(), {inputs[0]}, inputs[0].shape, {}, {}, {}, {attribute(node, "alpha").toReal()});
  }

 protected:
  [[nodiscard]] Primitive primitive() const override { return Primitive::Elu; }
};

}  // namespace

const LayerKind& eluKind() {
  static const EluKind kind;
  return kind;
}

}  // namespace lathe::spec
