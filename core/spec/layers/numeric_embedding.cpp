// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class NumericEmbeddingKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "numeric_embedding"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Numeric embedding"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Dense"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT(
        "layers",
        "Turns every number of a row into a few, by learnt waves of it, so that thresholds and bumps along a "
        "column are easy to learn (Gorishniy et al. 2022, in RealMLP's form).");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {
        integerAttribute("size", 4, 2, 256, LATHE_TEXT("layers", "Size"),
                         LATHE_TEXT("layers", "Numbers made of each number, itself included.")),
        integerAttribute("waves", 16, 1, 512, LATHE_TEXT("layers", "Waves"),
                         LATHE_TEXT("layers", "Waves that each number's embedding is made of.")),
        realAttribute(
            "sigma", 0.1, 1e-4, 100, LATHE_TEXT("layers", "Frequency"),
            LATHE_TEXT("layers", "Spread of the waves' first frequencies; more follows finer structure, and noise.")),
        realAttribute("rate", 0.1, 0, 1000, LATHE_TEXT("layers", "Rate factor"),
                      LATHE_TEXT("layers", "What the learning rate is multiplied by for this layer."))};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    if (given.size() != 1)
      return shapeError(given, LATHE_TEXT("errors", "Layer {layer} needs one row of numbers, but is given {given}."),
                        LATHE_TEXT("errors", "Let it read the features of a table."));
    return Shape{saturatingMultiply(given[0], attribute(node, "size").toInteger())};
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& output) const override {
    const auto waves = saturatingMultiply(inputs[0].shape[0], attribute(node, "waves").toInteger());
    return saturatingAdd(saturatingMultiply(3, waves),
                         saturatingMultiply(2 * attribute(node, "waves").toInteger(), elementCount(output)));
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto columns = inputs[0].shape[0];
    const auto waves = attribute(node, "waves").toInteger();
    const auto made = attribute(node, "size").toInteger() - 1;
    const auto rate = attribute(node, "rate").toReal();
    using Kind = Initialiser::Kind;
    // Frequencies around zero, phases over the whole turn, and the mixture as a linear layer of so many inputs.
    const std::vector<int> parameters{
        builder.parameter("frequency", {columns, waves}, {Kind::Normal, attribute(node, "sigma").toReal()}, true, false,
                          rate),
        builder.parameter("phase", {columns, waves}, {Kind::Uniform, 0.5}, true, false, rate),
        builder.parameter("weight", {columns, made, waves}, fanInUniform(waves), true, true, rate),
        builder.parameter("bias", {columns, made}, fanInUniform(waves), true, false, rate)};
    return builder.add(Primitive::PeriodicEmbedding, {inputs[0]}, {columns * (made + 1)}, parameters);
  }
};

}  // namespace

const LayerKind& numericEmbeddingKind() {
  static const NumericEmbeddingKind kind;
  return kind;
}

}  // namespace lathe::spec
