// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class DropoutKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "dropout"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Dropout"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Regularise"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Sets a random part of the numbers to zero while training, so that no single one is relied on; "
                      "does nothing when predicting.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {realAttribute("p", 0.1, 0, 0.95, LATHE_TEXT("layers", "Probability"),
                          LATHE_TEXT("layers",
                                     "Part of the numbers that is dropped; raise it when validation gets worse while "
                                     "training still improves."))};
  }

  Result<Shape> infer(const LayerNode& /*node*/, Inputs inputs) const override { return inputs[0].shape; }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs /*inputs*/, const Shape& output) const override {
    return elementCount(output);
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    return builder.add(Primitive::Dropout, {inputs[0]}, inputs[0].shape, {}, {}, {}, {attribute(node, "p").toReal()});
  }
};

}  // namespace

const LayerKind& dropoutKind() {
  static const DropoutKind kind;
  return kind;
}

}  // namespace lathe::spec
