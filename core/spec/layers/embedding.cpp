// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

// The rule of fast.ai's tabular learner: grows slower than the number of values.
std::int64_t sizeFor(const LayerNode& node, std::int64_t cardinality) {
  const auto size = attribute(node, "size").toInteger();
  if (size > 0) return size;
  const auto rule = std::llround(1.6 * std::pow(static_cast<double>(cardinality), 0.56));
  return std::clamp<std::int64_t>(rule, 1, 50);
}

std::int64_t total(const LayerNode& node, const LoweredValue& input) {
  std::int64_t sum = 0;
  for (const auto cardinality : input.cardinalities) sum = saturatingAdd(sum, sizeFor(node, cardinality));
  return sum;
}

class EmbeddingKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "embedding"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Embedding"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Dense"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Learns a short row of numbers for each value of a category, so that similar values can end up "
                      "close to each other.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {integerAttribute("size", 0, 0, 4096, LATHE_TEXT("layers", "Size"),
                             LATHE_TEXT("layers",
                                        "Numbers learnt for each value; 0 chooses by the count of values (1.6 times "
                                        "its 0.56th power, at most 50)."))};
  }
  [[nodiscard]] bool takesCodes() const override { return true; }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& input = inputs[0];
    if (input.cardinalities.empty() || input.shape.size() != 1)
      return shapeError(
          input.shape,
          LATHE_TEXT("errors", "Layer {layer} needs category codes, but is given numbers of shape {given}."),
          LATHE_TEXT("errors", "Let it read the input named categories."));
    return Shape{total(node, input)};
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs /*inputs*/,
                                   const Shape& /*output*/) const override {
    return 0;
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto& input = inputs[0];
    std::vector<int> parameters;
    for (std::size_t i = 0; i < input.cardinalities.size(); ++i)
      parameters.push_back(builder.parameter("weight" + std::to_string(i),
                                             {input.cardinalities[i], sizeFor(node, input.cardinalities[i])},
                                             {Initialiser::Kind::Normal, 1}));
    return builder.add(Primitive::Embedding, {input}, {total(node, input)}, parameters, {}, input.cardinalities);
  }
};

}  // namespace

const LayerKind& embeddingKind() {
  static const EmbeddingKind kind;
  return kind;
}

}  // namespace lathe::spec
