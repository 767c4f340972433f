// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

/// Huang 2016, row by row ("drop path").
class StochasticDepthKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "stochastic_depth"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Stochastic depth"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Regularise"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Leaves out a whole branch for a random part of the rows while training: put it at the end of a "
                      "branch, before the Add. Helps deep residual networks that overfit.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {realAttribute("p", 0.1, 0, 0.95, LATHE_TEXT("layers", "Probability"),
                          LATHE_TEXT("layers",
                                     "How often the branch is left out; commonly rises from 0 at the first block to "
                                     "0.1 or 0.2 at the last."))};
  }

  Result<Shape> infer(const LayerNode& /*node*/, Inputs inputs) const override { return inputs[0].shape; }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs /*inputs*/, const Shape& output) const override {
    return elementCount(output);
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    return builder.add(Primitive::StochasticDepth, {inputs[0]}, inputs[0].shape, {}, {}, {},
                       {attribute(node, "p").toReal()});
  }
};

}  // namespace

const LayerKind& stochasticDepthKind() {
  static const StochasticDepthKind kind;
  return kind;
}

}  // namespace lathe::spec
