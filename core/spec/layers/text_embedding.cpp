// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/text_bag.h"

namespace lathe::spec {
namespace {

class TextEmbeddingKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "text_embedding"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Text embedding"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Dense"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Learns a short row of numbers for each hashed word and part of a word, and gives the mean of "
                      "those that a text has (Joulin et al. 2017), and 1 where it has none. Reads the input named "
                      "text.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {integerAttribute("size", usualTextSize, 1, 1024, LATHE_TEXT("layers", "Size"),
                             LATHE_TEXT("layers",
                                        "Numbers learnt for each code. All codes are updated in every step, so time "
                                        "and memory grow with it and with data.preprocessing.text_buckets."))};
  }
  [[nodiscard]] bool takesCodes() const override { return true; }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    if (!isText(inputs[0]))
      return shapeError(inputs[0].shape,
                        LATHE_TEXT("errors", "Layer {layer} needs the codes of text, but is given shape {given}."),
                        LATHE_TEXT("errors", "Let it read the input named text."));
    return Shape{saturatingMultiply(inputs[0].shape[0], attribute(node, "size").toInteger() + 1)};
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& /*output*/) const override {
    return saturatingMultiply(elementCount(inputs[0].shape), attribute(node, "size").toInteger());
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto bag = lowerTextBag(inputs[0], attribute(node, "size").toInteger(), builder);
    return builder.add(Primitive::Flatten, {bag}, {elementCount(bag.shape)});
  }
};

}  // namespace

bool isText(const LoweredValue& value) { return !value.cardinalities.empty() && value.shape.size() == 2; }

// The start is fastText's (Bojanowski et al. 2017): a mean of many starts near zero, and says nothing yet.
LoweredValue lowerTextBag(const LoweredValue& text, std::int64_t size, ProgramBuilder& builder) {
  std::vector<int> weights;
  for (std::size_t k = 0; k < text.cardinalities.size(); ++k)
    weights.push_back(builder.parameter("text" + std::to_string(k), {text.cardinalities[k], size},
                                        {Initialiser::Kind::Uniform, 1.0 / static_cast<double>(size)}));
  return builder.add(Primitive::EmbeddingBag, {text}, {text.shape[0], size + 1}, weights);
}

const LayerKind& textEmbeddingKind() {
  static const TextEmbeddingKind kind;
  return kind;
}

}  // namespace lathe::spec
