// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class BatchNorm2dKind final : public BatchNormKind {
 public:
  [[nodiscard]] std::string name() const override { return "batchnorm2d"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "BatchNorm2d"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Brings each channel of a batch of images to mean 0 and variance 1, then scales it: faster and "
                      "steadier training.");
  }

  Result<Shape> infer(const LayerNode& /*node*/, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    if (given.size() != 3)
      return shapeError(
          given,
          LATHE_TEXT("errors", "Layer {layer} needs an image (channels x height x width), but is given {given}."),
          LATHE_TEXT("errors", "Use BatchNorm1d for rows of numbers."));
    return given;
  }
};

}  // namespace

const LayerKind& batchNorm2dKind() {
  static const BatchNorm2dKind kind;
  return kind;
}

}  // namespace lathe::spec
