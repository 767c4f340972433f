// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

namespace lathe::spec {
namespace {

class EnsembleScaleKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "ensemble_scale"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "Ensemble scale"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Ensemble"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Gives each member of an ensemble factors of its own for the same numbers, so that many networks "
                      "share their large weights (BatchEnsemble, Wen et al. 2020; TabM, Gorishniy et al. 2024).");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {integerAttribute("members", 32, 1, 512, LATHE_TEXT("layers", "Members"),
                             LATHE_TEXT("layers", "Networks in the ensemble; 32 is TabM's.")),
            choiceAttribute("start", "ones", {"ones", "signs"}, LATHE_TEXT("layers", "Start"),
                            LATHE_TEXT("layers",
                                       "signs makes the members differ from the first step on and belongs to the first "
                                       "such layer; ones to all others.")),
            booleanAttribute("bias", false, LATHE_TEXT("layers", "Bias"),
                             LATHE_TEXT("layers", "Adds a learnt constant to each number of each member."))};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    const auto members = attribute(node, "members").toInteger();
    if (given.empty() || given.size() > 2)
      return shapeError(given, LATHE_TEXT("errors", "Layer {layer} needs one row of numbers, but is given {given}."),
                        LATHE_TEXT("errors", "Put a Flatten or a Global average pool before it."));
    if (given.size() == 2 && given[0] != members)
      return shapeError(given, LATHE_TEXT("errors", "Layer {layer} has {members} members, but is given {given}."),
                        LATHE_TEXT("errors", "Give every ensemble layer the same number of members."),
                        {{"members", std::to_string(members)}});
    return Shape{members, given.back()};
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& node, Inputs /*inputs*/, const Shape& output) const override {
    return saturatingMultiply(attribute(node, "bias").toBool() ? 2 : 1, elementCount(output));
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    const Shape shape{attribute(node, "members").toInteger(), inputs[0].shape.back()};
    const bool signs = attribute(node, "start").toText() == "signs";
    const auto weight = builder.parameter("weight", shape,
                                          {signs ? Initialiser::Kind::Signs : Initialiser::Kind::Ones, 0}, true, false);
    auto scaled = builder.add(Primitive::EnsembleScale, {inputs[0]}, shape, {weight});
    if (!attribute(node, "bias").toBool()) return scaled;
    const auto bias = builder.parameter("bias", shape, {Initialiser::Kind::Zeros, 0}, true, false);
    return builder.add(Primitive::EnsembleShift, {scaled}, shape, {bias});
  }
};

}  // namespace

const LayerKind& ensembleScaleKind() {
  static const EnsembleScaleKind kind;
  return kind;
}

}  // namespace lathe::spec
