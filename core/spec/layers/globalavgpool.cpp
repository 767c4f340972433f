// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

class GlobalAvgPoolKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "globalavgpool"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Global average pool"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Convolution"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Averages each channel over the whole image, or each feature over the whole sequence: one row of "
                      "numbers, whatever the size.");
  }

  Result<Shape> infer(const LayerNode& /*node*/, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    LATHE_TRY(needImageOrSequence(
        given, LATHE_TEXT("errors", "It belongs after the last convolution, instead of a Flatten.")));
    return Shape{channelsOf(given)};
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs inputs, const Shape& /*output*/) const override {
    return elementCount(inputs[0].shape);
  }

  LoweredValue lower(const LayerNode& /*node*/, Inputs inputs, ProgramBuilder& builder) const override {
    const auto& given = inputs[0].shape;
    const Shape shape{channelsOf(given)};
    if (isSequence(given)) return builder.add(Primitive::ReduceMean, {inputs[0]}, shape, {}, {}, {0});
    return builder.add(Primitive::GlobalAvgPool, {inputs[0]}, shape);
  }
};

}  // namespace

const LayerKind& globalAvgPoolKind() {
  static const GlobalAvgPoolKind kind;
  return kind;
}

}  // namespace lathe::spec
