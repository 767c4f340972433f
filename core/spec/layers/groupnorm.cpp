// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/lowering.h"

namespace lathe::spec {
namespace {

class GroupNormKind final : public LayerKind {
 public:
  [[nodiscard]] std::string name() const override { return "groupnorm"; }
  [[nodiscard]] std::string label() const override { return LATHE_TEXT("layers", "GroupNorm"); }
  [[nodiscard]] std::string category() const override { return LATHE_TEXT("layers", "Normalise"); }
  [[nodiscard]] std::string help() const override {
    return LATHE_TEXT("layers",
                      "Normalises the channels of each row in groups: like batch normalisation, but independent of the "
                      "batch. Use it when batches are small.");
  }
  [[nodiscard]] std::vector<AttributeInfo> attributes() const override {
    return {integerAttribute("groups", 8, 1, 65536, LATHE_TEXT("layers", "Groups"),
                             LATHE_TEXT("layers",
                                        "How many groups the channels form; must divide them. 1 normalises all "
                                        "together, 8 to 32 are usual.")),
            epsilonAttribute()};
  }

  Result<Shape> infer(const LayerNode& node, Inputs inputs) const override {
    const auto& given = inputs[0].shape;
    const auto groups = attribute(node, "groups").toInteger();
    if (given.size() <= 3 && channelsOf(given) % groups == 0) return given;
    return shapeError(
        given,
        LATHE_TEXT("errors", "Layer {layer} cannot split the {channels} channels of {given} into {groups} groups."),
        LATHE_TEXT("errors", "Choose a number of groups that divides the channels."),
        {{"channels", std::to_string(channelsOf(given))}, {"groups", std::to_string(groups)}});
  }

  [[nodiscard]] std::int64_t flops(const LayerNode& /*node*/, Inputs /*inputs*/, const Shape& output) const override {
    return saturatingMultiply(7, elementCount(output));
  }

  LoweredValue lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const override {
    return lowerGroupNorm(builder, inputs[0], attribute(node, "groups").toInteger(),
                          attribute(node, "epsilon").toReal());
  }
};

}  // namespace

LoweredValue lowerGroupNorm(ProgramBuilder& builder, const LoweredValue& x, std::int64_t groups, double epsilon) {
  const Shape channels{channelsOf(x.shape)};
  const std::vector<int> parameters{builder.parameter("weight", channels, {Initialiser::Kind::Ones, 0}, true, false),
                                    builder.parameter("bias", channels, {Initialiser::Kind::Zeros, 0}, true, false)};
  const auto given = channelsFirst(builder, x);
  const auto normalised = builder.add(Primitive::GroupNorm, {given}, given.shape, parameters, {}, {groups}, {epsilon});
  return timeFirst(builder, normalised, isSequence(x.shape));
}

const LayerKind& groupNormKind() {
  static const GroupNormKind kind;
  return kind;
}

}  // namespace lathe::spec
