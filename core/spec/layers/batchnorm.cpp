// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/lowering.h"

namespace lathe::spec {

std::string BatchNormKind::category() const { return LATHE_TEXT("layers", "Normalise"); }

std::vector<AttributeInfo> BatchNormKind::attributes() const {
  return {
      realAttribute("epsilon", 1e-5, 1e-12, 1, LATHE_TEXT("layers", "Epsilon"),
                    LATHE_TEXT("layers", "Added to the variance so that nothing is divided by zero; rarely changed.")),
      realAttribute("momentum", 0.1, 0, 1, LATHE_TEXT("layers", "Momentum"),
                    LATHE_TEXT("layers", "How fast the running averages that prediction uses follow the batches."))};
}

std::int64_t BatchNormKind::flops(const LayerNode& /*node*/, Inputs /*inputs*/, const Shape& output) const {
  return saturatingMultiply(2, elementCount(output));
}

LoweredValue BatchNormKind::lower(const LayerNode& node, Inputs inputs, ProgramBuilder& builder) const {
  const auto given = channelsFirst(builder, inputs[0]);
  const Shape channels{given.shape[0]};
  const std::vector<int> parameters{
      builder.parameter("weight", channels, {Initialiser::Kind::Ones, 0}, true, false),
      builder.parameter("bias", channels, {Initialiser::Kind::Zeros, 0}, true, false),
      builder.parameter("running_mean", channels, {Initialiser::Kind::Zeros, 0}, false, false),
      builder.parameter("running_var", channels, {Initialiser::Kind::Ones, 0}, false, false)};
  const auto normalised = builder.add(Primitive::BatchNorm, {given}, given.shape, parameters, {}, {},
                                      {attribute(node, "epsilon").toReal(), attribute(node, "momentum").toReal()});
  return timeFirst(builder, normalised, isSequence(inputs[0].shape));
}

}  // namespace lathe::spec
