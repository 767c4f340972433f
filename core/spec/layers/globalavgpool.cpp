// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class GlobalAvgPoolKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "globalavgpool"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Global average pool"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Convolution"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT(
        "layers",
        "Averages each channel over the whole image: from an image to one row of numbers, whatever its size.");
  }

  Result<Shape> infer(const LayerNode& /*node*/, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    if (given.size() != 3)
      return shapeError(
          given,
          LATHE_TEXT("errors", "Layer {layer} needs an image (channels x height x width), but is given {given}."),
          LATHE_TEXT("errors", "It belongs after the last convolution, instead of a Flatten."));
    return Shape{given[0]};
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs inputs, const Shape& /*output*/) const override {
    return elementCount(inputs[0].shape);
  }

  LoweredValue lower(const LayerNode& /*node*/, Inputs inputs, ProgramBuilder& builder) const override {
    return builder.add(Primitive::GlobalAvgPool, {inputs[0]}, {inputs[0].shape[0]});
  }
};

}  // namespace

const LayerKind& globalAvgPoolKind() {
  static const GlobalAvgPoolKind kind;
  return kind;
}

}  // namespace lathe::spec
