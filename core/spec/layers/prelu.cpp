// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

/// He 2015; one slope by default, as PyTorch's torch.nn.PReLU.
class PreluKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "prelu"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "PReLU"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Activation"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT(
        "layers", "LeakyReLU whose slope is learnt: lets the network choose how much of the negative side it keeps.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {booleanAttribute("per_channel", false, LATHE_TEXT("layers", "For each channel"),
                             LATHE_TEXT("layers", "Learns one slope a channel instead of one for all."))};
  }

  Result<Shape> infer(const LayerNode& /*node*/, Inputs inputs) const override { return inputs[0].shape; }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs /*inputs*/, const Shape& output) const override {
    return elementCount(output);
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const bool each = attribute(node, "per_channel").toBool();
    const Shape slopes{each ? channelsOf(inputs[0].shape) : 1};
    const auto weight = builder.parameter("weight", slopes, {Initialiser::Kind::Fill, 0.25}, true, false);
    const auto given = each ? channelsFirst(builder, inputs[0]) : inputs[0];
    const auto bent = builder.add(Primitive::Prelu, {given}, given.shape, {weight});
    return timeFirst(builder, bent, each && isSequence(inputs[0].shape));
  }
};

}  // namespace

const LayerKind& preluKind() {
  static const PreluKind kind;
  return kind;
}

}  // namespace lathe::spec
