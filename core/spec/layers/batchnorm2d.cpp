// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class BatchNorm2dKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "batchnorm2d"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "BatchNorm2d"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Normalise"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Brings each channel of a batch of images to mean 0 and variance 1, then scales it: faster and "
                      "steadier training.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {
        realAttribute(
            "epsilon", 1e-5, 1e-12, 1, LATHE_TEXT("layers", "Epsilon"),
            LATHE_TEXT("layers", "Added to the variance so that nothing is divided by zero; rarely changed.")),
        realAttribute("momentum", 0.1, 0, 1, LATHE_TEXT("layers", "Momentum"),
                      LATHE_TEXT("layers", "How fast the running averages that prediction uses follow the batches."))};
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

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs /*inputs*/, const Shape& output) const override {
    return saturatingMultiply(2, elementCount(output));
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto& given = inputs[0].shape;
    const Shape channels{given[0]};
    const std::vector<int> parameters{
        builder.parameter("weight", channels, {Initialiser::Kind::Ones, 0}, true, false),
        builder.parameter("bias", channels, {Initialiser::Kind::Zeros, 0}, true, false),
        builder.parameter("running_mean", channels, {Initialiser::Kind::Zeros, 0}, false, false),
        builder.parameter("running_var", channels, {Initialiser::Kind::Ones, 0}, false, false)};
    return builder.add(Primitive::BatchNorm, {inputs[0]}, given, parameters, {}, {},
                       {attribute(node, "epsilon").toReal(), attribute(node, "momentum").toReal()});
  }
};

}  // namespace

const LayerKind& batchNorm2dKind() {
  static const BatchNorm2dKind kind;
  return kind;
}

}  // namespace lathe::spec
