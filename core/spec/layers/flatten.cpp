// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class FlattenKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "flatten"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Flatten"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Shape"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers", "Lays an image out as one row of numbers, so that a Linear layer can read it.");
  }

  Result<Shape> infer(const LayerNode& /*node*/, Inputs inputs) const override {
    return Shape{elementCount(inputs[0].shape)};
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs /*inputs*/,
                                   const Shape& /*output*/) const override {
    return 0;
  }

  LoweredValue lower(const LayerNode& /*node*/, Inputs inputs, ProgramBuilder& builder) const override {
    return builder.add(Primitive::Flatten, {inputs[0]}, {elementCount(inputs[0].shape)});
  }
};

}  // namespace

const LayerKind& flattenKind() {
  static const FlattenKind kind;
  return kind;
}

}  // namespace lathe::spec
