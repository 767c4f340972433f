// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

constexpr int constantMode = 0, reflectMode = 1, replicateMode = 2;

int modeOf(const LayerNode& node) {
  const auto mode = attribute(node, "mode").toText();
  return mode == "reflect" ? reflectMode : mode == "replicate" ? replicateMode : constantMode;
}

/// Before and after: left, right, top, bottom of an image; of the steps of a sequence. Empty when the count is wrong.
std::vector<std::int64_t> edgesOf(const LayerNode& node, bool sequence) {
  auto edges = attribute(node, "padding").toIntegers();
  const std::size_t wanted = sequence ? 2 : 4;
  if (edges.size() == 1) return std::vector<std::int64_t>(wanted, edges[0]);
  if (edges.size() != wanted) return {};
  return edges;
}

Shape paddedShape(const std::vector<std::int64_t>& edges, const Shape& given) {
  if (isSequence(given)) return {given[0] + edges[0] + edges[1], given[1]};
  return {given[0], given[1] + edges[2] + edges[3], given[2] + edges[0] + edges[1]};
}

class PadKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "pad"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Pad"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Shape"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Adds an edge around an image, or steps at the ends of a sequence: for filters of even size, or "
                      "edges other than zeros.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {integersAttribute("padding", {1}, 0, 1024, LATHE_TEXT("layers", "Padding"),
                              LATHE_TEXT("layers",
                                         "One number for all sides; left, right, top and bottom of an image; or before "
                                         "and after a sequence.")),
            choiceAttribute("mode", "constant", {"constant", "reflect", "replicate"}, LATHE_TEXT("layers", "Mode"),
                            LATHE_TEXT("layers",
                                       "constant adds one value, reflect mirrors at the edge, replicate repeats the "
                                       "edge.")),
            realAttribute("value", 0.0, -1e9, 1e9, LATHE_TEXT("layers", "Value"),
                          LATHE_TEXT("layers", "What constant adds."))};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    LATHE_TRY(needImageOrSequence(given, LATHE_TEXT("errors", "Rows of numbers cannot be padded.")));
    const auto edges = edgesOf(node, isSequence(given));
    if (edges.empty())
      return fail(
          "spec.range", LATHE_TEXT("errors", "{layer}.{attribute} has {count} numbers."),
          LATHE_TEXT("errors",
                     "Give one number, four for an image (left, right, top, bottom), or two for a "
                     "sequence (before, after)."),
          {{"attribute", "padding"}, {"count", std::to_string(attribute(node, "padding").toIntegers().size())}});
    if (modeOf(node) == reflectMode && !mirrors(edges, given))
      return shapeError(given, LATHE_TEXT("errors", "Layer {layer} mirrors more than there is of {given}."),
                        LATHE_TEXT("errors", "Pad less than the size, or use another mode."));
    return paddedShape(edges, given);
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs /*inputs*/,
                                   const Shape& /*output*/) const override {
    return 0;
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const bool sequence = isSequence(inputs[0].shape);
    auto ints = edgesOf(node, sequence);
    auto shape = paddedShape(ints, inputs[0].shape);
    ints.push_back(modeOf(node));
    if (sequence) std::swap(shape[0], shape[1]);
    const auto padded = builder.add(Primitive::Pad, {channelsFirst(builder, inputs[0])}, shape, {}, {}, ints,
                                    {attribute(node, "value").toReal()});
    return timeFirst(builder, padded, sequence);
  }

 private:
  static bool mirrors(const std::vector<std::int64_t>& edges, const Shape& given) {
    const bool sequence = isSequence(given);
    const auto last = sequence ? given[0] : given[2];
    if (std::max(edges[0], edges[1]) >= last) return false;
    return sequence || std::max(edges[2], edges[3]) < given[1];
  }
};

}  // namespace

const LayerKind& padKind() {
  static const PadKind kind;
  return kind;
}

}  // namespace lathe::spec
