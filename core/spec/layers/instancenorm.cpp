// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

class InstanceNormKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "instancenorm"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "InstanceNorm"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Normalise"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Normalises each channel of each image (or each feature of each sequence) by itself: takes away "
                      "contrast and level. Use it where these differ from row to row and say nothing.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override { return {epsilonAttribute()}; }

  Result<Shape> infer(const LayerNode& /*node*/, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    LATHE_TRY(needImageOrSequence(given, LATHE_TEXT("errors", "Use LayerNorm or BatchNorm1d for rows of numbers.")));
    if (elementCount(given) > channelsOf(given)) return given;
    return shapeError(given,
                      LATHE_TEXT("errors", "Layer {layer} needs more than one value a channel, but is given {given}."),
                      LATHE_TEXT("errors", "Put it before the last pool, or use GroupNorm."));
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs /*inputs*/, const Shape& output) const override {
    return saturatingMultiply(7, elementCount(output));
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    return lowerGroupNorm(builder, inputs[0], channelsOf(inputs[0].shape), attribute(node, "epsilon").toReal());
  }
};

}  // namespace

const LayerKind& instanceNormKind() {
  static const InstanceNormKind kind;
  return kind;
}

}  // namespace lathe::spec
