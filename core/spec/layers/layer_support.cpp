// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/layers/layer_support.h"

#include <algorithm>
#include <cmath>

namespace lathe::spec {

tl::unexpected<Error> shapeError(const Shape& given, const char* message, const char* hint, TextArgs args) {
  args.emplace_back("given", shapeText(given));
  return fail("spec.shape", message, hint, std::move(args));
}

AttributeInfo integerAttribute(std::string name, std::int64_t value, double low, double high, std::string label,
                               std::string help) {
  return {std::move(name), AttributeType::Integer, value, low, high, {}, std::move(label), std::move(help)};
}

AttributeInfo integersAttribute(std::string name, const std::vector<std::int64_t>& value, double low, double high,
                                std::string label, std::string help) {
  return {std::move(name), AttributeType::Integers, value, low, high, {}, std::move(label), std::move(help)};
}

AttributeInfo realAttribute(std::string name, double value, double low, double high, std::string label,
                            std::string help) {
  return {std::move(name), AttributeType::Real, value, low, high, {}, std::move(label), std::move(help)};
}

AttributeInfo booleanAttribute(std::string name, bool value, std::string label, std::string help) {
  return {std::move(name), AttributeType::Boolean, value, 0, 1, {}, std::move(label), std::move(help)};
}

AttributeInfo choiceAttribute(std::string name, std::string value, std::vector<std::string> choices, std::string label,
                              std::string help) {
  return {std::move(name),    AttributeType::Choice, std::move(value), 0, 0,
          std::move(choices), std::move(label),      std::move(help)};
}

std::pair<std::int64_t, std::int64_t> heightAndWidth(const LayerNode& node, std::string_view name) {
  const auto numbers = attribute(node, name).toIntegers();
  if (numbers.empty()) return {1, 1};
  return {numbers.front(), numbers.back()};
}

Result<void> checkPair(const LayerNode& node, std::string_view name) {
  const auto count = attribute(node, name).toIntegers().size();
  if (count == 1 || count == 2) return {};
  return fail("spec.range", LATHE_TEXT("errors", "{layer}.{attribute} has {count} numbers."),
              LATHE_TEXT("errors", "Give one number for both directions, or height and width."),
              {{"attribute", std::string(name)}, {"count", std::to_string(count)}});
}

std::int64_t windowed(std::int64_t length, std::int64_t kernel, std::int64_t stride, std::int64_t padding,
                      std::int64_t dilation) {
  const auto span = saturatingAdd(saturatingMultiply(dilation, kernel - 1), 1);
  const auto padded = saturatingAdd(length, saturatingMultiply(2, padding));
  if (padded < span || stride < 1) return 0;
  return (padded - span) / stride + 1;
}

Initialiser fanInUniform(std::int64_t fanIn) {
  return {Initialiser::Kind::Uniform, 1.0 / std::sqrt(static_cast<double>(std::max<std::int64_t>(fanIn, 1)))};
}

std::string ActivationKind::category() const { return LATHE_TEXT("layers", "Activation"); }

Result<Shape> ActivationKind::infer(const LayerNode& /*node*/, Inputs inputs) const { return inputs[0].shape; }

std::int64_t ActivationKind::flops(const LayerNode& /*node*/, Inputs /*inputs*/, const Shape& output) const {
  return elementCount(output);
}

LoweredValue ActivationKind::lower(const LayerNode& /*node*/, Inputs inputs, ProgramBuilder& builder) const {
  return builder.add(primitive(), {inputs[0]}, inputs[0].shape);
}

}  // namespace lathe::spec
