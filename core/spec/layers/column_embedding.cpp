// SPDX-License-Identifier: GPL-3.0-or-later
// Numeric embeddings of a whole row: piecewise_embedding and periodic_embedding.
#include "core/spec/layers/numeric_tokens.h"

namespace lathe::spec {
namespace {

/// What both have: the numbers' tokens side by side, then what stood behind the numbers as it was.
class ColumnEmbeddingKind : public LayerKind {
 public:
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Dense"); }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& x = inputs[0];
    LATHE_TRY(needNumbers(x.shape));
    LATHE_TRY(check(x));
    const auto made = saturatingMultiply(numbersIn(x), attribute(node, "size").toInteger());
    return Shape{saturatingAdd(made, x.shape[0] - numbersIn(x))};
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs inputs, const Shape& /*output*/) const override {
    const auto& x = inputs[0];
    const auto places = saturatingMultiply(numbersIn(x), placesOf(node, x));
    // Three for each place of the encoding, then a linear layer and a bend for each number.
    const auto size = attribute(node, "size").toInteger();
    return saturatingAdd(saturatingMultiply(saturatingAdd(3, saturatingMultiply(2, size)), places),
                         saturatingMultiply(size, numbersIn(x)));
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto& x = inputs[0];
    const auto tokens = embed(node, x, builder);
    const auto row = reshaped(builder, tokens, {elementCount(tokens.shape)});
    if (x.shape[0] == numbersIn(x)) return row;
    const auto rest = behindNumbers(builder, x);
    return builder.add(Primitive::Concat, {row, rest}, {row.shape[0] + rest.shape[0]});
  }

 protected:
  [[nodiscard]] virtual Result<void> check(const LoweredValue& x) const = 0;
  [[nodiscard]] virtual std::int64_t placesOf(const LayerNode& node, const LoweredValue& x) const = 0;
  virtual LoweredValue embed(const LayerNode& node, const LoweredValue& x, ProgramBuilder& builder) const = 0;

  static AttributeInfo sizeAttribute(std::int64_t value) {
    return integerAttribute("size", value, 1, 1024, LATHE_TEXT("layers", "Size"),
                            LATHE_TEXT("layers", "Numbers made of each number."));
  }
};

class PiecewiseEmbeddingKind final : public ColumnEmbeddingKind {
 public:
  [[nodiscard]] std::string name() const override { return "piecewise_embedding"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Piecewise-linear embedding"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Turns each number of a table into several by the bins it has passed, equally full in the "
                      "training rows (Gorishniy et al. 2022): thresholds and steps along a column become easy to "
                      "learn. Reads the input named features.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override { return {sizeAttribute(16)}; }

 protected:
  [[nodiscard]] Result<void> check(const LoweredValue& x) const override { return needBins(x); }
  [[nodiscard]] std::int64_t placesOf(const LayerNode& /*node*/, const LoweredValue& x) const override {
    return mostBins(x);
  }
  LoweredValue embed(const LayerNode& node, const LoweredValue& x, ProgramBuilder& builder) const override {
    NumericTokens tokens;
    tokens.size = attribute(node, "size").toInteger();
    return lowerPiecewise(builder, x, tokens);
  }
};

class PeriodicEmbeddingKind final : public ColumnEmbeddingKind {
 public:
  [[nodiscard]] std::string name() const override { return "periodic_embedding"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Periodic embedding"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Turns each number of a row into several by sines and cosines of learnt frequencies and a small "
                      "linear layer (Gorishniy et al. 2022, PLR): follows bumps and waves along a column.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {sizeAttribute(24),
            integerAttribute("waves", 48, 1, 512, LATHE_TEXT("layers", "Waves"),
                             LATHE_TEXT("layers", "Waves that each number's embedding is made of.")),
            realAttribute("sigma", 0.01, 1e-4, 100, LATHE_TEXT("layers", "Frequency"),
                          LATHE_TEXT("layers",
                                     "Spread of the waves' first frequencies; more follows finer structure, and "
                                     "noise."))};
  }

 protected:
  [[nodiscard]] Result<void> check(const LoweredValue& x) const override {
    if (numbersIn(x) > 0) return {};
    return shapeError(x.shape, LATHE_TEXT("errors", "Layer {layer} embeds numbers, but the table has none."),
                      LATHE_TEXT("errors", "Remove it, or give a numeric column the role feature."));
  }
  [[nodiscard]] std::int64_t placesOf(const LayerNode& node, const LoweredValue& /*x*/) const override {
    return saturatingMultiply(2, attribute(node, "waves").toInteger());
  }
  LoweredValue embed(const LayerNode& node, const LoweredValue& x, ProgramBuilder& builder) const override {
    NumericTokens tokens;
    tokens.size = attribute(node, "size").toInteger();
    tokens.waves = attribute(node, "waves").toInteger();
    tokens.sigma = attribute(node, "sigma").toReal();
    return lowerPeriodic(builder, x, tokens);
  }
};

}  // namespace

const LayerKind& piecewiseEmbeddingKind() {
  static const PiecewiseEmbeddingKind kind;
  return kind;
}

const LayerKind& periodicEmbeddingKind() {
  static const PeriodicEmbeddingKind kind;
  return kind;
}

}  // namespace lathe::spec
