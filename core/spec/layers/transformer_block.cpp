// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

std::int64_t innerWidth(const LayerNode& node, const Shape& given) {
  const auto width = attribute(node, "feed_forward").toInteger();
  return width > 0 ? width : saturatingMultiply(4, given[1]);
}

/// Encoder block of Vaswani 2017; "pre" normalises inside the branches (Xiong 2020). Parameter names are those of
/// PyTorch's torch.nn.TransformerEncoderLayer.
class TransformerBlockKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "transformer_block"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Transformer block"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Sequence"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Self-attention and a small perceptron for each step, each with a shortcut and a normalisation: "
                      "the unit that transformers repeat. Add a Positional encoding before the first.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {
        headsAttribute(),
        integerAttribute("feed_forward", 0, 0, 65536, LATHE_TEXT("layers", "Feed-forward size"),
                         LATHE_TEXT("layers", "Width of the perceptron inside; 0 is four times the features.")),
        realAttribute("dropout", 0.1, 0, 0.95, LATHE_TEXT("layers", "Dropout"),
                      LATHE_TEXT("layers",
                                 "Part of the numbers that is dropped in the attention and after each part while "
                                 "training.")),
        choiceAttribute("activation", "relu", {"relu", "gelu", "silu"}, LATHE_TEXT("layers", "Activation"),
                        LATHE_TEXT("layers", "The bend inside the perceptron; gelu is usual in newer models.")),
        choiceAttribute("norm", "pre", {"pre", "post"}, LATHE_TEXT("layers", "Normalisation"),
                        LATHE_TEXT("layers",
                                   "pre normalises before each part and trains steadily without a warm-up; post is the "
                                   "original and wants one."))};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    LATHE_TRY(needSequence(given));
    LATHE_TRY(checkHeads(node, given));
    return given;
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& output) const override {
    const auto& given = inputs[0].shape;
    const auto inner = saturatingMultiply(innerWidth(node, given), given[0]);
    const auto perceptron = saturatingAdd(saturatingMultiply(saturatingMultiply(4, given[1]), inner), inner);
    // Two normalisations of seven and two sums.
    const auto rest = saturatingMultiply(16, elementCount(output));
    return saturatingAdd(attentionFlops(given, attribute(node, "heads").toInteger()), saturatingAdd(perceptron, rest));
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto& x = inputs[0];
    const bool before = attribute(node, "norm").toText() == "pre";
    const auto branch = [&](const LoweredValue& from, const std::string& norm, const auto& work) {
      const auto out = work(before ? lowerLayerNorm(builder, from, norm) : from);
      const auto sum = builder.add(Primitive::Add, {from, out}, x.shape);
      return before ? sum : lowerLayerNorm(builder, sum, norm);
    };
    const auto attended = branch(x, "norm1", [&](const LoweredValue& from) { return attend(node, from, builder); });
    return branch(attended, "norm2", [&](const LoweredValue& from) { return perceive(node, from, builder); });
  }

 private:
  static LoweredValue attend(const LayerNode& node, const LoweredValue& x, ProgramBuilder& builder) {
    const auto dropout = attribute(node, "dropout").toReal();
    const auto attended = lowerAttention(builder, x, "self_attn", attribute(node, "heads").toInteger(), dropout);
    return lowerDropout(builder, attended, dropout);
  }

  static LoweredValue perceive(const LayerNode& node, const LoweredValue& x, ProgramBuilder& builder) {
    const auto dropout = attribute(node, "dropout").toReal();
    const auto activation = attribute(node, "activation").toText();
    const auto bend = activation == "gelu" ? Primitive::Gelu : activation == "silu" ? Primitive::Silu : Primitive::Relu;
    const auto wide = lowerLinear(builder, x, "linear1", innerWidth(node, x.shape));
    const auto bent = lowerDropout(builder, builder.add(bend, {wide}, wide.shape), dropout);
    return lowerDropout(builder, lowerLinear(builder, bent, "linear2", x.shape[1]), dropout);
  }
};

}  // namespace

const LayerKind& transformerBlockKind() {
  static const TransformerBlockKind kind;
  return kind;
}

}  // namespace lathe::spec
