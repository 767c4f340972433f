// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/lowering.h"

#include <cmath>

namespace lathe::spec {

Result<void> needImage(const Shape& given, const char* hint) {
  if (isImage(given)) return {};
  return shapeError(
      given, LATHE_TEXT("errors", "Layer {layer} needs an image (channels x height x width), but is given {given}."),
      hint);
}

Result<void> needSequence(const Shape& given) {
  if (isSequence(given)) return {};
  return shapeError(given,
                    LATHE_TEXT("errors", "Layer {layer} needs a sequence (steps x features), but is given {given}."),
                    LATHE_TEXT("errors", "Let it read the input named sequence, or put a Reshape before it."));
}

Result<void> needImageOrSequence(const Shape& given, const char* hint) {
  if (isImage(given) || isSequence(given)) return {};
  return shapeError(given, LATHE_TEXT("errors", "Layer {layer} needs an image or a sequence, but is given {given}."),
                    hint);
}

LoweredValue permuted(ProgramBuilder& builder, const LoweredValue& x, std::vector<std::int64_t> order) {
  Shape shape;
  for (const auto dimension : order) shape.push_back(x.shape[static_cast<std::size_t>(dimension)]);
  return builder.add(Primitive::Permute, {x}, std::move(shape), {}, {}, std::move(order));
}

LoweredValue reshaped(ProgramBuilder& builder, const LoweredValue& x, Shape shape) {
  auto sizes = shape;
  return builder.add(Primitive::Reshape, {x}, std::move(shape), {}, {}, std::move(sizes));
}

LoweredValue channelsFirst(ProgramBuilder& builder, const LoweredValue& x) {
  return isSequence(x.shape) ? permuted(builder, x, {1, 0}) : x;
}

LoweredValue timeFirst(ProgramBuilder& builder, const LoweredValue& x, bool sequence) {
  return sequence ? permuted(builder, x, {1, 0}) : x;
}

std::int64_t channelsOf(const Shape& shape) { return isSequence(shape) ? shape[1] : shape[0]; }

std::string roleOf(const std::string& part, const char* role) { return part.empty() ? role : part + "." + role; }

LoweredValue lowerLinear(ProgramBuilder& builder, const LoweredValue& x, const std::string& part, std::int64_t out,
                         bool bias) {
  const auto in = x.shape.back();
  auto shape = x.shape;
  shape.back() = out;
  std::vector<int> parameters{builder.parameter(roleOf(part, "weight"), {out, in}, fanInUniform(in))};
  if (bias) parameters.push_back(builder.parameter(roleOf(part, "bias"), {out}, fanInUniform(in), true, false));
  return builder.add(Primitive::Linear, {x}, std::move(shape), parameters);
}

LoweredValue lowerLayerNorm(ProgramBuilder& builder, const LoweredValue& x, const std::string& part) {
  const Shape features{x.shape.back()};
  const std::vector<int> parameters{
      builder.parameter(roleOf(part, "weight"), features, {Initialiser::Kind::Ones, 0}, true, false),
      builder.parameter(roleOf(part, "bias"), features, {Initialiser::Kind::Zeros, 0}, true, false)};
  return builder.add(Primitive::LayerNorm, {x}, x.shape, parameters, {}, {1}, {1e-5});
}

LoweredValue lowerDropout(ProgramBuilder& builder, const LoweredValue& x, double p) {
  return p > 0 ? builder.add(Primitive::Dropout, {x}, x.shape, {}, {}, {}, {p}) : x;
}

LoweredValue lowerAttention(ProgramBuilder& builder, const LoweredValue& x, const std::string& part, std::int64_t heads,
                            double dropout) {
  const auto width = x.shape.back();
  const auto three = saturatingMultiply(3, width);
  const Initialiser xavier{Initialiser::Kind::Uniform, std::sqrt(6.0 / static_cast<double>(width + three))};
  const Initialiser zeros{Initialiser::Kind::Zeros, 0};
  const std::vector<int> parameters{
      builder.parameter(roleOf(part, "in_proj_weight"), {three, width}, xavier),
      builder.parameter(roleOf(part, "in_proj_bias"), {three}, zeros, true, false),
      builder.parameter(roleOf(part, "out_proj.weight"), {width, width}, fanInUniform(width)),
      builder.parameter(roleOf(part, "out_proj.bias"), {width}, zeros, true, false)};
  return builder.add(Primitive::Attention, {x}, x.shape, parameters, {}, {heads}, {dropout});
}

std::int64_t attentionFlops(const Shape& given, std::int64_t heads) {
  const auto steps = given[0], width = given[1];
  // Four projections, scores and their use, and five a number for the softmax as everywhere.
  const auto projections = saturatingMultiply(saturatingMultiply(8, width), saturatingMultiply(steps, width));
  const auto pairs = saturatingMultiply(steps, steps);
  const auto products = saturatingMultiply(saturatingMultiply(4, pairs), width);
  const auto softmax = saturatingMultiply(saturatingMultiply(5, heads), pairs);
  return saturatingAdd(projections, saturatingAdd(products, softmax));
}

Result<void> checkHeads(const LayerNode& node, const Shape& given) {
  const auto heads = attribute(node, "heads").toInteger();
  if (given[1] % heads == 0) return {};
  return shapeError(
      given, LATHE_TEXT("errors", "Layer {layer} cannot split the {features} features of {given} among {heads} heads."),
      LATHE_TEXT("errors", "Choose a number of heads that divides the features, or put a Linear layer before it."),
      {{"features", std::to_string(given[1])}, {"heads", std::to_string(heads)}});
}

AttributeInfo headsAttribute() {
  return integerAttribute("heads", 4, 1, 256, LATHE_TEXT("layers", "Heads"),
                          LATHE_TEXT("layers",
                                     "How many patterns are looked for side by side; must divide the features. 4 or 8 "
                                     "are usual."));
}

AttributeInfo epsilonAttribute() {
  return realAttribute(
      "epsilon", 1e-5, 1e-12, 1, LATHE_TEXT("layers", "Epsilon"),
      LATHE_TEXT("layers", "Added to the variance so that nothing is divided by zero; rarely changed."));
}

}  // namespace lathe::spec
