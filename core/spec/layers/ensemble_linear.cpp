// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class EnsembleLinearKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "ensemble_linear"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Ensemble linear"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Ensemble"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT(
        "layers",
        "A linear layer with weights of its own for each member of an ensemble. As the last layer it makes "
        "every member learn by itself and predict together with the others.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {integerAttribute("out", 1, 1, 65536, LATHE_TEXT("layers", "Outputs"),
                             LATHE_TEXT("layers", "How many numbers each member gives."))};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    if (given.size() != 2)
      return shapeError(given,
                        LATHE_TEXT("errors", "Layer {layer} needs rows of several members, but is given {given}."),
                        LATHE_TEXT("errors", "Put an Ensemble scale before it."));
    return Shape{given[0], attribute(node, "out").toInteger()};
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs inputs, const Shape& output) const override {
    return saturatingMultiply(2 * inputs[0].shape.back(), elementCount(output));
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto& given = inputs[0].shape;
    const auto out = attribute(node, "out").toInteger();
    const std::vector<int> parameters{builder.parameter("weight", {given[0], out, given[1]}, fanInUniform(given[1])),
                                      builder.parameter("bias", {given[0], out}, fanInUniform(given[1]), true, false)};
    return builder.add(Primitive::EnsembleLinear, {inputs[0]}, {given[0], out}, parameters);
  }
};

}  // namespace

const LayerKind& ensembleLinearKind() {
  static const EnsembleLinearKind kind;
  return kind;
}

}  // namespace lathe::spec
