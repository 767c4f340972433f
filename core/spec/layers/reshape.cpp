// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

/// The sizes with what -1 stands for; empty when they do not multiply to the given count.
Shape sizesFor(const LayerNode& node, std::int64_t count) {
  auto sizes = attribute(node, "sizes").toIntegers();
  std::int64_t known = 1;
  std::int64_t* open = nullptr;
  for (auto& size : sizes) {
    if (size == 0 || (size < 0 && open != nullptr)) return {};
    if (size < 0)
      open = &size;
    else
      known = saturatingMultiply(known, size);
  }
  if (open != nullptr && count % known == 0) {
    *open = count / known;
    known = count;
  }
  const bool fits = !sizes.empty() && sizes.size() <= 4 && known == count && (open == nullptr || *open > 0);
  return fits ? sizes : Shape{};
}

class ReshapeKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "reshape"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Reshape"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Shape"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT(
        "layers",
        "Lays the same numbers out in other sizes, such as a row as a sequence of steps. Nothing is computed.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {integersAttribute("sizes", {-1}, -1, 1e9, LATHE_TEXT("layers", "Sizes"),
                              LATHE_TEXT("layers",
                                         "Sizes afterwards, up to four: [10, 3] for a sequence of 10 steps with 3 "
                                         "features. One of them may be -1, which takes what is left."))};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    const auto count = elementCount(given);
    auto shape = sizesFor(node, count);
    if (!shape.empty()) return shape;
    return shapeError(
        given, LATHE_TEXT("errors", "Layer {layer} cannot lay {given} out as {sizes}: these are {count} numbers."),
        LATHE_TEXT("errors", "Give up to four sizes that multiply to {count}; one of them may be -1."),
        {{"sizes", attribute(node, "sizes").json()}, {"count", std::to_string(count)}});
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs /*inputs*/,
                                   const Shape& /*output*/) const override {
    return 0;
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    return reshaped(builder, inputs[0], sizesFor(node, elementCount(inputs[0].shape)));
  }
};

}  // namespace

const LayerKind& reshapeKind() {
  static const ReshapeKind kind;
  return kind;
}

}  // namespace lathe::spec
