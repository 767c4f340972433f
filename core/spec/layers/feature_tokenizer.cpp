// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/spec/layers/numeric_tokens.h"
#include "core/spec/layers/text_bag.h"

namespace lathe::spec {
namespace {

/// Which of the inputs is the row of numbers, which the codes of categories and which those of text; null where there
/// is none.
struct Columns {
  const LoweredValue* numbers = nullptr;
  const LoweredValue* codes = nullptr;
  const LoweredValue* text = nullptr;
  [[nodiscard]] std::size_t count() const {
    return (numbers != nullptr ? 1U : 0U) + (codes != nullptr ? 1U : 0U) + (text != nullptr ? 1U : 0U);
  }
};

Columns columnsOf(Inputs inputs) {
  Columns columns;
  for (const auto& input : inputs)
    (isText(input) ? columns.text : input.cardinalities.empty() ? columns.numbers : columns.codes) = &input;
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
    return LATHE_TEXT(
        "layers",
        "Makes a token of every column of a table, and one more that gathers what the others say "
        "(Gorishniy et al. 2021): the start of an FT-Transformer. Reads features, categories, text, or any of "
        "them together.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {integerAttribute("width", 192, 1, 4096, LATHE_TEXT("layers", "Width"),
                             LATHE_TEXT("layers", "Numbers of each token, a multiple of the heads.")),
            choiceAttribute("numbers", "linear", {"linear", "periodic", "piecewise_linear"},
                            LATHE_TEXT("layers", "Numbers"),
                            LATHE_TEXT("layers",
                                       "linear scales a token by the number, as the paper does; periodic and "
                                       "piecewise_linear embed it (Gorishniy et al. 2022), which follows bumps and "
                                       "thresholds.")),
            integerAttribute("text_size", usualTextSize, 1, 1024, LATHE_TEXT("layers", "Size of text codes"),
                             LATHE_TEXT("layers",
                                        "Numbers learnt for each code of a text; a linear layer makes the token of "
                                        "their mean. Without text it does nothing."))};
  }
  [[nodiscard]] bool takesCodes() const override { return true; }
  [[nodiscard]] std::pair<int, int> inputCount() const override { return {1, 3}; }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto columns = columnsOf(inputs);
    if (columns.count() < inputs.size())
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
    if (columns.text != nullptr) count = saturatingAdd(count, columns.text->shape[0]);
    return Shape{count, attribute(node, "width").toInteger()};
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& output) const override {
    const auto columns = columnsOf(inputs);
    const auto mode = attribute(node, "numbers").toText();
    std::int64_t text = 0;
    if (columns.text != nullptr)
      text = saturatingMultiply(attribute(node, "text_size").toInteger(),
                                saturatingAdd(elementCount(columns.text->shape), 2 * elementCount(output)));
    if (columns.numbers == nullptr || mode == "linear")
      return saturatingAdd(text, saturatingMultiply(2, elementCount(output)));
    const auto places = mode == "periodic" ? 2 * NumericTokens().waves : mostBins(*columns.numbers);
    return saturatingAdd(text, saturatingMultiply(saturatingMultiply(2, places), elementCount(output)));
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto width = attribute(node, "width").toInteger();
    const auto columns = columnsOf(inputs);
    std::vector<LoweredValue> parts;
    if (columns.numbers != nullptr) numberTokens(node, *columns.numbers, builder, parts);
    if (columns.codes != nullptr) parts.push_back(codeTokens(*columns.codes, width, builder));
    if (columns.text != nullptr)
      parts.push_back(textTokens(*columns.text, attribute(node, "text_size").toInteger(), width, builder));
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

  // A table as wide as the tokens would be most of the model's weights.
  static LoweredValue textTokens(const LoweredValue& text, std::int64_t size, std::int64_t width,
                                 ProgramBuilder& builder) {
    const auto bag = lowerTextBag(text, size, builder);
    const auto count = text.shape[0];
    const std::vector<int> parameters{
        builder.parameter("text_weight", {count, width, size + 1}, fanInUniform(size + 1), true, false),
        builder.parameter("text_bias", {count, width}, fanInUniform(width), true, false)};
    return builder.add(Primitive::EnsembleLinear, {bag}, {count, width}, parameters);
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
