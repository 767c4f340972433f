// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

class GlobalMaxPoolKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "globalmaxpool"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Global max pool"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Convolution"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Keeps the largest value of each channel of the whole image, or of each feature of the whole "
                      "sequence: asks whether a pattern is anywhere.");
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
    const std::vector<std::int64_t> over =
        isSequence(given) ? std::vector<std::int64_t>{0} : std::vector<std::int64_t>{1, 2};
    return builder.add(Primitive::ReduceMax, {inputs[0]}, {channelsOf(given)}, {}, {}, over);
  }
};

}  // namespace

const LayerKind& globalMaxPoolKind() {
  static const GlobalMaxPoolKind kind;
  return kind;
}

}  // namespace lathe::spec
