// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class ScaleKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "scale"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Scale"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Dense"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT(
        "layers",
        "Multiplies each number of a row by a learnt factor: right behind the input it learns which columns "
        "matter (RealMLP, Holzmueller et al. 2024).");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {realAttribute(
        "rate", 1, 0, 1000, LATHE_TEXT("layers", "Rate factor"),
        LATHE_TEXT("layers", "What the learning rate is multiplied by for these factors; RealMLP takes 6."))};
  }

  Result<Shape> infer(const LayerNode& /*node*/, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    if (given.size() > 2)
      return shapeError(given, LATHE_TEXT("errors", "Layer {layer} needs one row of numbers, but is given {given}."),
                        LATHE_TEXT("errors", "Put a Flatten or a Global average pool before it."));
    return given;
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs /*inputs*/, const Shape& output) const override {
    return elementCount(output);
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto& given = inputs[0].shape;
    const auto weight = builder.parameter("weight", {given.back()}, {Initialiser::Kind::Ones, 0}, true, false,
                                          attribute(node, "rate").toReal());
    return builder.add(Primitive::ScaleFeatures, {inputs[0]}, given, {weight});
  }
};

}  // namespace

const LayerKind& scaleKind() {
  static const ScaleKind kind;
  return kind;
}

}  // namespace lathe::spec
