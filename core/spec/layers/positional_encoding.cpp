// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

constexpr std::int64_t mostConstants = std::int64_t{1} << 24;
/// About what a Linear layer makes of features with variance 1. The 0.02 of language models is lost beside them: a
/// table's columns, read as steps, could not be told apart for many epochs.
constexpr double learntStart = 0.5;

/// sin and cos of pos / 10000^(2i/D) in turn (Vaswani 2017, section 3.5).
std::vector<float> sinusoids(const Shape& shape) {
  std::vector<float> values(static_cast<std::size_t>(elementCount(shape)));
  const auto width = static_cast<double>(shape[1]);
  for (std::int64_t step = 0; step < shape[0]; ++step)
    for (std::int64_t i = 0; i < shape[1]; ++i) {
      const auto even = i - i % 2;
      const double angle = static_cast<double>(step) / std::pow(10000.0, static_cast<double>(even) / width);
      values[static_cast<std::size_t>(step * shape[1] + i)] =
          static_cast<float>(i % 2 == 0 ? std::sin(angle) : std::cos(angle));
    }
  return values;
}

class PositionalEncodingKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "positional_encoding"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Positional encoding"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Sequence"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT(
        "layers",
        "Adds to each step of a sequence where it stands, so that attention and pooling can tell first from last.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {choiceAttribute("mode", "sinusoidal", {"sinusoidal", "learnt"}, LATHE_TEXT("layers", "Mode"),
                            LATHE_TEXT("layers",
                                       "sinusoidal adds fixed waves and learns nothing; learnt finds a row for each "
                                       "step, better when every step means something of its own."))};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    LATHE_TRY(needSequence(given));
    if (attribute(node, "mode").toText() == "learnt" || elementCount(given) <= mostConstants) return given;
    return fail("spec.layer_too_large",
                LATHE_TEXT("errors", "Layer {layer} would store {count} fixed numbers for a sequence of {given}."),
                LATHE_TEXT("errors", "Shorten the sequence with a pool or a stride before it."),
                {{"count", std::to_string(elementCount(given))}, {"given", shapeText(given)}});
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs /*inputs*/, const Shape& output) const override {
    return elementCount(output);
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const auto& shape = inputs[0].shape;
    if (attribute(node, "mode").toText() == "learnt")
      return builder.add(Primitive::Offset, {inputs[0]}, shape,
                         {builder.parameter("weight", shape, {Initialiser::Kind::Normal, learntStart}, true, false)});
    return builder.add(Primitive::Offset, {inputs[0]}, shape, {}, {builder.constant("waves", shape, sinusoids(shape))});
  }
};

}  // namespace

const LayerKind& positionalEncodingKind() {
  static const PositionalEncodingKind kind;
  return kind;
}

}  // namespace lathe::spec
