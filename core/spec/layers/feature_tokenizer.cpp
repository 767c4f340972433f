// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/spec/layers/numeric_tokens.h"

namespace lathe::spec {
namespace {

/// Which of one or two inputs is the row of numbers, and which the codes; null where there is none.
struct Columns {
  const LoweredValue* numbers = nullptr;
  const LoweredValue* codes = nullptr;
};

Columns columnsOf(Inputs inputs) {
  Columns columns;
  for (const auto& input : inputs) (input.cardinalities.empty() ? columns.numbers : columns.codes) = &input;
  return columns;
}

/// Feature tokenizer and class token of Gorishniy et al. 2021, section 3.3. Starts and the sparing from decay are the
/// authors'.
class FeatureTokenizerKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "feature_tokenizer"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Feature tokenizer"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Dense"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Makes a token of every column of a table, and one more that gathers what the others say "
                      "(Gorishniy et al. 2021): the start of an FT-Transformer. Reads features, categories or both.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {integerAttribute("width", 192, 1, 4096, LATHE_TEXT("layers", "Width"),
                             LATHE_TEXT("layers", "Numbers of each token, a multiple of the heads.")),
            choiceAttribute("numbers", "linear", {"linear", "periodic", "piecewise_linear"},
                            LATHE_TEXT("layers", "Numbers"),
                            LATHE_TEXT("layers",
                                       "linear scales a token by the number, as the paper does; periodic and "
                                       "piecewise_linear embed it (Gorishniy et al. 2022), which follows bumps and "
                                       "thresholds."))};
  }
  [[nodiscard]] bool takesCodes() const override { return true; }
  [[nodiscard]] std::pair<int, int> inputCount() const override { return {1, 2}; }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto columns = columnsOf(inputs);
    if (inputs.size() == 2 && (columns.numbers == nullptr || columns.codes == nullptr))
      return shapeError(inputs[1].shape,
                        LATHE_TEXT("errors", "Layer {layer} joins numbers with categories, but both inputs are alike."),
                        LATHE_TEXT("errors", "Let it read features and categories."));
    std::int64_t count = 1;
    if (columns.numbers != nullptr) {
      LATHE_TRY(needNumbers(columns.numbers->shape));
      if (attribute(node, "numbers").toText() == "piecewise_linear") LATHE_TRY(needBins(*columns.numbers));
      count = saturatingAdd(count, columns.numbers->shape[0]);
    }
    if (columns.codes != nullptr) count = saturatingAdd(count, columns.codes->shape[0]);
    return Shape{count, attribute(node, "width").toInteger()};
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& output) const override {
    const auto columns = columnsOf(inputs);
    const auto mode = attribute(node, "numbers").toText();
    if (columns.numbers == nullptr || mode == "linear") return saturatingMultiply(2, elementCount(output));
    const auto places = mode == "periodic" ? 2 * NumericTokens().waves : mostBins(*columns.numbers);
    return saturatingMultiply(saturatingMultiply(2, places), elementCount(output));
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto width = attribute(node, "width").toInteger();
    const auto columns = columnsOf(inputs);
    std::vector<LoweredValue> parts;
    if (columns.numbers != nullptr) numberTokens(node, *columns.numbers, builder, parts);
    if (columns.codes != nullptr) parts.push_back(codeTokens(*columns.codes, width, builder));
    auto tokens = parts.front();
    if (parts.size() > 1) {
      std::int64_t count = 0;
      for (const auto& part : parts) count += part.shape[0];
      tokens = builder.add(Primitive::Concat, parts, {count, width});
    }
    const auto cls = builder.parameter("cls", {width}, fanInUniform(width), true, false);
    return builder.add(Primitive::ClassToken, {tokens}, {tokens.shape[0] + 1, width}, {cls});
  }

 private:
  static LoweredValue linearTokens(const LoweredValue& x, std::int64_t width, ProgramBuilder& builder) {
    const Shape shape{x.shape[0], width};
    const std::vector<int> parameters{builder.parameter("token_weight", shape, fanInUniform(width), true, false),
                                      builder.parameter("token_bias", shape, fanInUniform(width), true, false)};
    return builder.add(Primitive::FeatureTokens, {x}, shape, parameters);
  }

  static void numberTokens(const LayerNode& node, const LoweredValue& x, ProgramBuilder& builder,
                           std::vector<LoweredValue>& parts) {
    const auto width = attribute(node, "width").toInteger();
    const auto mode = attribute(node, "numbers").toText();
    if (mode == "linear" || numbersIn(x) == 0) {
      parts.push_back(linearTokens(x, width, builder));
      return;
    }
    NumericTokens tokens;
    tokens.size = width;
    tokens.decay = false;
    parts.push_back(mode == "periodic" ? lowerPeriodic(builder, x, tokens) : lowerPiecewise(builder, x, tokens));
    if (x.shape[0] > numbersIn(x)) parts.push_back(linearTokens(behindNumbers(builder, x), width, builder));
  }

  static LoweredValue codeTokens(const LoweredValue& codes, std::int64_t width, ProgramBuilder& builder) {
    std::vector<int> weights;
    for (std::size_t k = 0; k < codes.cardinalities.size(); ++k)
      weights.push_back(builder.parameter("category" + std::to_string(k), {codes.cardinalities[k], width},
                                          fanInUniform(width), true, false));
    const auto count = codes.shape[0];
    const auto row = builder.add(Primitive::Embedding, {codes}, {saturatingMultiply(count, width)}, weights, {},
                                 codes.cardinalities);
    const auto tokens = reshaped(builder, row, {count, width});
    const auto bias = builder.parameter("category_bias", {count, width}, fanInUniform(width), true, false);
    return builder.add(Primitive::Offset, {tokens}, tokens.shape, {bias});
  }
};

}  // namespace

const LayerKind& featureTokenizerKind() {
  static const FeatureTokenizerKind kind;
  return kind;
}

}  // namespace lathe::spec
