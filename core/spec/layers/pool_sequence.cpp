// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

class PoolSequenceKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "pool_sequence"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Pool sequence"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Sequence"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers", "Makes one row of numbers of a whole sequence, for a Linear layer to read.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {choiceAttribute("mode", "mean", {"mean", "max", "first", "last"}, LATHE_TEXT("layers", "Mode"),
                            LATHE_TEXT("layers",
                                       "mean averages the steps, max asks whether a pattern is anywhere, first and "
                                       "last take that one step."))};
  }

  Result<Shape> infer(const LayerNode& /*node*/, Inputs inputs) const override {
    LATHE_TRY(needSequence(inputs[0].shape));
    return Shape(1, inputs[0].shape[1]);
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& /*output*/) const override {
    const auto mode = attribute(node, "mode").toText();
    return mode == "mean" || mode == "max" ? elementCount(inputs[0].shape) : 0;
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto& given = inputs[0].shape;
    const auto mode = attribute(node, "mode").toText();
    const Shape row{given[1]};
    if (mode == "mean") return builder.add(Primitive::ReduceMean, {inputs[0]}, row, {}, {}, {0});
    if (mode == "max") return builder.add(Primitive::ReduceMax, {inputs[0]}, row, {}, {}, {0});
    const auto step = mode == "first" ? 0 : given[0] - 1;
    return reshaped(builder, builder.add(Primitive::Slice, {inputs[0]}, {1, given[1]}, {}, {}, {0, step, 1}), row);
  }
};

}  // namespace

const LayerKind& poolSequenceKind() {
  static const PoolSequenceKind kind;
  return kind;
}

}  // namespace lathe::spec
