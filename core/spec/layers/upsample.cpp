// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

class UpsampleKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "upsample"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Upsample"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Shape"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT(
        "layers",
        "Enlarges an image by a whole factor without learning anything: in decoders, followed by a convolution.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {integersAttribute("factor", {2}, 1, 64, LATHE_TEXT("layers", "Factor"),
                              LATHE_TEXT("layers", "How many times larger: one number, or height and width.")),
            choiceAttribute("mode", "nearest", {"nearest", "bilinear"}, LATHE_TEXT("layers", "Mode"),
                            LATHE_TEXT("layers", "nearest repeats pixels and is fast, bilinear blends them."))};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    LATHE_TRY(needImage(
        given, LATHE_TEXT("errors", "Put a Reshape to channels, height and width before it when it follows a row.")));
    LATHE_TRY(checkPair(node, "factor"));
    const auto [height, width] = heightAndWidth(node, "factor");
    return Shape{given[0], saturatingMultiply(given[1], height), saturatingMultiply(given[2], width)};
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs /*inputs*/, const Shape& output) const override {
    // Four weighted pixels each.
    return attribute(node, "mode").toText() == "bilinear" ? saturatingMultiply(8, elementCount(output)) : 0;
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto& given = inputs[0].shape;
    const auto [h, w] = heightAndWidth(node, "factor");
    const bool bilinear = attribute(node, "mode").toText() == "bilinear";
    const Shape shape{given[0], given[1] * h, given[2] * w};
    return builder.add(Primitive::Upsample2d, {inputs[0]}, shape, {}, {}, {shape[1], shape[2], bilinear ? 1 : 0});
  }
};

}  // namespace

const LayerKind& upsampleKind() {
  static const UpsampleKind kind;
  return kind;
}

}  // namespace lathe::spec
