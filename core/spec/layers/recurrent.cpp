// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/recurrent.h"

#include <cmath>

namespace lathe::spec {
namespace {

struct Sizes {
  std::int64_t hidden, layers, directions;
  bool last;
};

Sizes sizesOf(const LayerNode& node) {
  return {attribute(node, "hidden").toInteger(), attribute(node, "layers").toInteger(),
          attribute(node, "bidirectional").toBool() ? 2 : 1, attribute(node, "output").toText() == "last"};
}

std::vector<int> parametersOf(const Sizes& sizes, std::int64_t gates, std::int64_t features, ProgramBuilder& builder) {
  const Initialiser init{Initialiser::Kind::Uniform, 1 / std::sqrt(static_cast<double>(sizes.hidden))};
  const auto rows = gates * sizes.hidden;
  std::vector<int> parameters;
  for (std::int64_t layer = 0; layer < sizes.layers; ++layer)
    for (std::int64_t direction = 0; direction < sizes.directions; ++direction) {
      const auto end = "_l" + std::to_string(layer) + (direction == 1 ? "_reverse" : "");
      const auto in = layer == 0 ? features : sizes.hidden * sizes.directions;
      parameters.push_back(builder.parameter("weight_ih" + end, {rows, in}, init));
      parameters.push_back(builder.parameter("weight_hh" + end, {rows, sizes.hidden}, init));
      parameters.push_back(builder.parameter("bias_ih" + end, {rows}, init, true, false));
      parameters.push_back(builder.parameter("bias_hh" + end, {rows}, init, true, false));
    }
  return parameters;
}

LoweredValue stepOf(ProgramBuilder& builder, const LoweredValue& x, std::int64_t step) {
  const auto row = builder.add(Primitive::Slice, {x}, {1, x.shape[1]}, {}, {}, {0, step, 1});
  return reshaped(builder, row, {x.shape[1]});
}

}  // namespace

std::string RecurrentKind::category() const { return LATHE_TEXT("layers", "Sequence"); }

std::vector<AttributeInfo> RecurrentKind::attributes() const {
  return {
      integerAttribute("hidden", 64, 1, 65536, LATHE_TEXT("layers", "Hidden size"),
                       LATHE_TEXT("layers", "Numbers that it remembers from step to step; 32 to 256 are usual.")),
      integerAttribute("layers", 1, 1, 16, LATHE_TEXT("layers", "Layers"),
                       LATHE_TEXT("layers", "How many are stacked on each other; 2 can find slower patterns than 1.")),
      booleanAttribute("bidirectional", false, LATHE_TEXT("layers", "Both directions"),
                       LATHE_TEXT("layers",
                                  "Also reads the sequence backwards, at twice the cost. Good where the whole sequence "
                                  "is known before the answer is needed.")),
      realAttribute("dropout", 0.0, 0, 0.95, LATHE_TEXT("layers", "Dropout"),
                    LATHE_TEXT("layers", "Part of the numbers that is dropped between stacked layers while training.")),
      choiceAttribute("output", "sequence", {"sequence", "last"}, LATHE_TEXT("layers", "Output"),
                      LATHE_TEXT("layers",
                                 "sequence gives what is remembered at every step, last only what remains at the end: "
                                 "one row for a Linear layer."))};
}

Result<Shape> RecurrentKind::infer(const LayerNode& node, Inputs inputs) const {
  const auto& given = inputs[0].shape;
  LATHE_TRY(needSequence(given));
  const auto sizes = sizesOf(node);
  const auto width = sizes.hidden * sizes.directions;
  return sizes.last ? Shape{width} : Shape{given[0], width};
}

std::int64_t RecurrentKind::flops(const LayerNode& node, Inputs inputs, const Shape& /*output*/) const {
  const auto& given = inputs[0].shape;
  const auto sizes = sizesOf(node);
  const auto rows = gates() * sizes.hidden * sizes.directions;
  std::int64_t total = 0;
  for (std::int64_t layer = 0; layer < sizes.layers; ++layer) {
    const auto in = layer == 0 ? given[1] : sizes.hidden * sizes.directions;
    total = saturatingAdd(total, saturatingMultiply(2 * rows, saturatingAdd(in, sizes.hidden)));
  }
  return saturatingMultiply(given[0], total);
}

LoweredValue RecurrentKind::lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const {
  const auto& given = inputs[0].shape;
  const auto sizes = sizesOf(node);
  const auto width = sizes.hidden * sizes.directions;
  auto all = builder.add(primitive(), {inputs[0]}, {given[0], width}, parametersOf(sizes, gates(), given[1], builder),
                         {}, {sizes.hidden, sizes.layers, sizes.directions - 1}, {attribute(node, "dropout").toReal()});
  if (!sizes.last) return all;
  if (sizes.directions == 1) return stepOf(builder, all, given[0] - 1);
  // What reads backwards ends at the first step.
  const Shape half{given[0], sizes.hidden};
  const auto forward = builder.add(Primitive::Slice, {all}, half, {}, {}, {1, 0, sizes.hidden});
  const auto backward = builder.add(Primitive::Slice, {all}, half, {}, {}, {1, sizes.hidden, sizes.hidden});
  return builder.add(Primitive::Concat, {stepOf(builder, forward, given[0] - 1), stepOf(builder, backward, 0)},
                     {width});
}

}  // namespace lathe::spec
