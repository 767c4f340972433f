// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

class AttentionKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "attention"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Self-attention"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Sequence"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Every step of a sequence looks at all others and takes what it needs (Vaswani 2017). It does "
                      "not see the order: add a Positional encoding before it.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {headsAttribute(),
            realAttribute("dropout", 0.0, 0, 0.95, LATHE_TEXT("layers", "Dropout"),
                          LATHE_TEXT("layers", "Part of what a step looks at that is hidden from it while training."))};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    LATHE_TRY(needSequence(given));
    LATHE_TRY(checkHeads(node, given));
    return given;
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& /*output*/) const override {
    return attentionFlops(inputs[0].shape, attribute(node, "heads").toInteger());
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    return lowerAttention(builder, inputs[0], "", attribute(node, "heads").toInteger(),
                          attribute(node, "dropout").toReal());
  }
};

}  // namespace

const LayerKind& attentionKind() {
  static const AttentionKind kind;
  return kind;
}

}  // namespace lathe::spec
