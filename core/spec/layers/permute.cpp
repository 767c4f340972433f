// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

class PermuteKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "permute"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Permute"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Shape"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Puts the dimensions into another order, such as features before steps. Nothing is computed.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {integersAttribute("order", {1, 0}, 0, 3, LATHE_TEXT("layers", "Order"),
                              LATHE_TEXT("layers",
                                         "Which dimension comes first, which second ..., counted from 0: [1, 0] swaps "
                                         "the two of a sequence."))};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    const auto order = attribute(node, "order").toIntegers();
    auto sorted = order;
    std::sort(sorted.begin(), sorted.end());
    bool each = sorted.size() == given.size();
    for (std::size_t i = 0; each && i < sorted.size(); ++i) each = sorted[i] == static_cast<std::int64_t>(i);
    if (!each)
      return shapeError(
          given, LATHE_TEXT("errors", "Layer {layer} cannot put the dimensions of {given} into the order {order}."),
          LATHE_TEXT("errors", "Name each dimension once, counted from 0."),
          {{"order", attribute(node, "order").json()}});
    Shape shape;
    for (const auto dimension : order) shape.push_back(given[static_cast<std::size_t>(dimension)]);
    return shape;
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs /*inputs*/,
                                   const Shape& /*output*/) const override {
    return 0;
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    return permuted(builder, inputs[0], attribute(node, "order").toIntegers());
  }
};

}  // namespace

const LayerKind& permuteKind() {
  static const PermuteKind kind;
  return kind;
}

}  // namespace lathe::spec
