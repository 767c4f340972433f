// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class BatchNorm1dKind final : public BatchNormKind {
 public:
  [[nodiscard]] std::string name() const override { return "batchnorm1d"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "BatchNorm1d"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT(
        "layers",
        "Brings each feature of a batch of rows or sequences to mean 0 and variance 1, then scales it: faster and "
        "steadier training.");
  }

  Result<Shape> infer(const LayerNode& /*node*/, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    if (given.size() > 2)
      return shapeError(
          given, LATHE_TEXT("errors", "Layer {layer} needs one row of numbers or a sequence, but is given {given}."),
          LATHE_TEXT("errors", "Use BatchNorm2d for images."));
    return given;
  }
};

}  // namespace

const LayerKind& batchNorm1dKind() {
  static const BatchNorm1dKind kind;
  return kind;
}

}  // namespace lathe::spec
