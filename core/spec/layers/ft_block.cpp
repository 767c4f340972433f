// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

std::int64_t innerWidth(const LayerNode& node, const Shape& given) {
  const auto wanted = static_cast<double>(given[1]) * attribute(node, "expansion").toReal();
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::floor(wanted + 1e-9)));
}

AttributeInfo dropoutAttribute(const char* name, double value, std::string label, std::string help) {
  return realAttribute(name, value, 0, 0.95, std::move(label), std::move(help));
}

/// Block of the FT-Transformer (Gorishniy et al. 2021, section 3.3 and supplement E): normalisation before each branch,
/// ReGLU (Shazeer 2020) in the feed-forward.
class FtBlockKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "ft_block"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "FT-Transformer block"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Sequence"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Self-attention between the tokens of a table's columns and a gated perceptron for each, both "
                      "with a shortcut: the unit that an FT-Transformer repeats behind its feature tokenizer.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {
        headsAttribute(),
        realAttribute("expansion", 4.0 / 3.0, 0.125, 16, LATHE_TEXT("layers", "Expansion"),
                      LATHE_TEXT("layers", "How much wider the gated perceptron is than a token.")),
        dropoutAttribute("attention_dropout", 0.2, LATHE_TEXT("layers", "Attention dropout"),
                         LATHE_TEXT("layers", "Part of what a token looks at that is hidden from it while training.")),
        dropoutAttribute("ffn_dropout", 0.1, LATHE_TEXT("layers", "Feed-forward dropout"),
                         LATHE_TEXT("layers", "Part of the perceptron's inner numbers that is dropped in training.")),
        dropoutAttribute("residual_dropout", 0.0, LATHE_TEXT("layers", "Residual dropout"),
                         LATHE_TEXT("layers", "Part of what each branch adds that is dropped in training.")),
        booleanAttribute("first_norm", true, LATHE_TEXT("layers", "Normalise before attention"),
                         LATHE_TEXT("layers", "Off in the first block, which its authors found easier to train.")),
        choiceAttribute("keep", "all", {"all", "first"}, LATHE_TEXT("layers", "Keep"),
                        LATHE_TEXT("layers",
                                   "first gives the first token alone: for the last block, whose other tokens nobody "
                                   "reads, which saves their perceptron."))};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    LATHE_TRY(needSequence(given));
    LATHE_TRY(checkHeads(node, given));
    return Shape{kept(node, given), given[1]};
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& output) const override {
    const auto& given = inputs[0].shape;
    const auto inner = saturatingMultiply(innerWidth(node, given), output[0]);
    // Two halves in, one out, the gate; two normalisations of seven and two sums.
    const auto perceptron = saturatingMultiply(inner, saturatingAdd(saturatingMultiply(6, given[1]), 2));
    const auto rest =
        saturatingAdd(saturatingMultiply(7, elementCount(given)), saturatingMultiply(9, elementCount(output)));
    return saturatingAdd(attentionFlops(given, attribute(node, "heads").toInteger()), saturatingAdd(perceptron, rest));
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto& x = inputs[0];
    const double residual = attribute(node, "residual_dropout").toReal();
    const auto seen = attribute(node, "first_norm").toBool() ? lowerLayerNorm(builder, x, "norm1") : x;
    const auto attended = keep(node, lowerDropout(builder, attend(node, seen, builder), residual), builder);
    const auto own = keep(node, x, builder);
    const auto sum = builder.add(Primitive::Add, {own, attended}, own.shape);
    const auto perceived = perceive(node, lowerLayerNorm(builder, sum, "norm2"), builder);
    return builder.add(Primitive::Add, {sum, lowerDropout(builder, perceived, residual)}, sum.shape);
  }

 private:
  static std::int64_t kept(const LayerNode& node, const Shape& given) {
    return attribute(node, "keep").toText() == "first" ? 1 : given[0];
  }

  static LoweredValue keep(const LayerNode& node, const LoweredValue& x, ProgramBuilder& builder) {
    const auto count = kept(node, x.shape);
    if (count == x.shape[0]) return x;
    return builder.add(Primitive::Slice, {x}, {count, x.shape[1]}, {}, {}, {0, 0, count});
  }

  // Projections start as plain linear layers, as the authors' do.
  static LoweredValue attend(const LayerNode& node, const LoweredValue& x, ProgramBuilder& builder) {
    const auto width = x.shape[1];
    const auto three = saturatingMultiply(3, width);
    const Initialiser zeros{Initialiser::Kind::Zeros, 0};
    const std::vector<int> parameters{
        builder.parameter("self_attn.in_proj_weight", {three, width}, fanInUniform(width)),
        builder.parameter("self_attn.in_proj_bias", {three}, zeros, true, false),
        builder.parameter("self_attn.out_proj.weight", {width, width}, fanInUniform(width)),
        builder.parameter("self_attn.out_proj.bias", {width}, zeros, true, false)};
    return builder.add(Primitive::Attention, {x}, x.shape, parameters, {}, {attribute(node, "heads").toInteger()},
                       {attribute(node, "attention_dropout").toReal()});
  }

  static LoweredValue perceive(const LayerNode& node, const LoweredValue& x, ProgramBuilder& builder) {
    const auto inner = innerWidth(node, x.shape);
    const auto wide = lowerLinear(builder, x, "linear1", saturatingMultiply(2, inner));
    const Shape shape{x.shape[0], inner};
    const auto value = builder.add(Primitive::Slice, {wide}, shape, {}, {}, {1, 0, inner});
    const auto gate = builder.add(Primitive::Slice, {wide}, shape, {}, {}, {1, inner, inner});
    const auto open = builder.add(Primitive::Relu, {gate}, shape);
    const auto gated = builder.add(Primitive::Multiply, {value, open}, shape);
    const auto dropped = lowerDropout(builder, gated, attribute(node, "ffn_dropout").toReal());
    return lowerLinear(builder, dropped, "linear2", x.shape[1]);
  }
};

}  // namespace

const LayerKind& ftBlockKind() {
  static const FtBlockKind kind;
  return kind;
}

}  // namespace lathe::spec
