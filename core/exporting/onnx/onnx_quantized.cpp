// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <optional>

#include "core/exporting/onnx/onnx_writer.h"

namespace lathe::exporting {
namespace {

/// Rows of zeros have a largest magnitude too.
constexpr double smallestRange = 1e-30;
/// What uint8 weights count as zero.
constexpr std::uint8_t middle = 128;

std::vector<std::uint8_t> aroundMiddle(const std::vector<std::int8_t>& codes) {
  std::vector<std::uint8_t> bytes(codes.size());
  std::transform(codes.begin(), codes.end(), bytes.begin(),
                 [](std::int8_t code) { return static_cast<std::uint8_t>(code + middle); });
  return bytes;
}

}  // namespace

OnnxWriter::Name OnnxWriter::half(const std::string& name, const spec::Shape& shape, const Floats& numbers) {
  const bool brain = m_storage.precision == Precision::BFloat16;
  const auto bits = halfNumbers(numbers, m_storage.precision);
  return m_graph.packed(name, brain ? OnnxType::BFloat16 : OnnxType::Float16, shape,
                        std::as_bytes(std::span<const std::uint16_t>(bits)));
}

// "int8" casts and multiplies, which readers do once when they load the file; "int8-static" has the pairs of operations
// that they replace by integer ones.
OnnxWriter::Name OnnxWriter::stored(const std::string& name, const spec::Shape& shape, const Floats& numbers,
                                    int axis) {
  auto& g = m_graph;
  if (isHalf()) return g.cast(half(name, shape, numbers), OnnxType::Float);
  const auto channels = static_cast<std::size_t>(axis);
  const auto [codes, scales] = int8Weights(numbers, shape, channels);
  if (m_storage.precision == Precision::Int8) {
    spec::Shape beside(shape.size(), 1);
    beside[channels] = shape[channels];
    const auto whole = g.packed(name, OnnxType::Int8, shape, std::as_bytes(std::span<const std::int8_t>(codes)));
    return g.multiply(g.cast(whole, OnnxType::Float), g.tensor(name + ".scale", beside, scales));
  }
  const auto bytes = aroundMiddle(codes);
  const std::vector<std::uint8_t> zeros(scales.size(), middle);
  const auto whole = g.packed(name, OnnxType::UInt8, shape, std::as_bytes(std::span<const std::uint8_t>(bytes)));
  const auto zero =
      g.packed(name + ".zero", OnnxType::UInt8, {shape[channels]}, std::as_bytes(std::span<const std::uint8_t>(zeros)));
  return g.node("DequantizeLinear", {whole, g.tensor(name + ".scale", {shape[channels]}, scales), zero},
                {{"axis", std::int64_t{axis}}});
}

// Only the rows that are taken become float32.
OnnxWriter::Name OnnxWriter::rowsAt(const Operation& operation, std::size_t i, const Name& places) {
  auto& g = m_graph;
  if (!isQuantized(operation, i)) return g.node("Gather", {parameter(operation, i), places});
  const auto& name = parameterOf(operation, i).name;
  const auto& shape = parameterOf(operation, i).shape;
  const auto& numbers = numbersOf(operation, i);
  if (isHalf()) return g.cast(g.node("Gather", {half(name, shape, numbers), places}), OnnxType::Float);
  const auto [codes, scales] = int8Weights(numbers, shape, 1);
  const auto whole = g.packed(name, OnnxType::Int8, shape, std::as_bytes(std::span<const std::int8_t>(codes)));
  const auto taken = g.cast(g.node("Gather", {whole, places}), OnnxType::Float);
  return g.multiply(taken, g.tensor(name + ".scale", {shape.at(1)}, scales));
}

OnnxWriter::Name OnnxWriter::product(const Name& x, const Operation& operation, std::size_t i, const Floats& numbers,
                                     double factor) {
  auto& g = m_graph;
  if (!isQuantized(operation, i)) return g.node("MatMul", {x, transposed(operation, i, numbers, factor)});
  if (m_storage.precision == Precision::Int8) return integerProduct(x, operation, i, numbers, factor);
  const auto sums = g.node("MatMul", {x, transposed(operation, i, numbers, 1)});
  return factor == 1 ? sums : g.multiply(sums, g.number(factor));
}

// Each row is first brought to its own largest number, so that an outlier in one row does not take the precision of the
// others that happen to be in the same batch. The weights are uint8: signed ones overflow in the 16-bit sums of
// processors without VNNI.
OnnxWriter::Name OnnxWriter::integerProduct(const Name& x, const Operation& operation, std::size_t i,
                                            const Floats& numbers, double factor) {
  auto& g = m_graph;
  const auto& name = parameterOf(operation, i).name;
  const auto& shape = parameterOf(operation, i).shape;
  auto [codes, scales] = int8Weights(numbers, shape, 0);
  const auto bytesOf = aroundMiddle(codes);
  const auto rows = static_cast<std::size_t>(shape.at(0)), columns = static_cast<std::size_t>(shape.at(1));
  std::vector<std::uint8_t> turned(bytesOf.size());
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      turned[column * rows + row] = bytesOf[row * columns + column];
  for (float& scale : scales) scale = static_cast<float>(static_cast<double>(scale) * factor);
  const auto weights =
      g.packed(name, OnnxType::UInt8, {shape[1], shape[0]}, std::as_bytes(std::span<const std::uint8_t>(turned)));
  const auto largest = g.node("Max", {g.node("ReduceMax", {g.node("Abs", {x})},
                                             {{"axes", std::vector<std::int64_t>{-1}}, {"keepdims", std::int64_t{1}}}),
                                      g.number(smallestRange)});
  const auto bytes = g.fresh(), step = g.fresh(), zero = g.fresh();
  g.node("DynamicQuantizeLinear", {g.divide(x, largest)}, {bytes, step, zero}, {});
  const auto sums = g.node("MatMulInteger", {bytes, weights, zero, g.byte(middle)});
  const auto whole = g.cast(sums, OnnxType::Float);
  const auto steps = g.multiply(step, g.tensor(name + ".scale", {shape[0]}, scales));
  return g.multiply(g.multiply(whole, steps), largest);
}

std::optional<OnnxStorage::Steps> OnnxStorage::stepsOf(int value) const {
  const auto found = ranges.find(value);
  if (precision != Precision::Int8Static || found == ranges.end()) return std::nullopt;
  // Zero is always one of the steps.
  const double low = std::min(0.0, static_cast<double>(found->second.first));
  const double high = std::max(0.0, static_cast<double>(found->second.second));
  const auto size = static_cast<float>(std::max((high - low) / 255, smallestRange));
  return Steps{size,
               static_cast<std::uint8_t>(std::clamp(std::nearbyint(-low / static_cast<double>(size)), 0.0, 255.0))};
}

OnnxWriter::Name OnnxWriter::inSteps(Name x, int value) {
  const auto steps = m_storage.stepsOf(value);
  if (!steps) return x;
  const auto scale = m_graph.number(static_cast<double>(steps->size)), zero = m_graph.byte(steps->zero);
  return m_graph.node("DequantizeLinear", {m_graph.node("QuantizeLinear", {x, scale, zero}), scale, zero});
}

// Integer convolutions and products add it to their sums: in their steps, which are those of the input times those of
// the weights.
OnnxWriter::Name OnnxWriter::biasInSteps(const Operation& operation) {
  auto& g = m_graph;
  const auto& name = parameterOf(operation, 1).name;
  const auto& bias = numbersOf(operation, 1);
  const auto channels = static_cast<std::int64_t>(bias.size());
  const auto steps = m_storage.stepsOf(operation.inputs.at(0));
  const bool scaled = operation.primitive == spec::Primitive::Linear && !operation.reals.empty();
  if (!steps || scaled || !isQuantized(operation, 0)) return g.tensor(name, {channels}, bias);
  auto scales = int8Weights(numbersOf(operation, 0), parameterOf(operation, 0).shape, 0).scales;
  std::vector<std::int32_t> whole(bias.size());
  constexpr double most = 2147483392;  // in float32 as well
  for (std::size_t i = 0; i < whole.size(); ++i) {
    scales[i] *= steps->size;
    const double place = static_cast<double>(bias[i]) / static_cast<double>(scales[i]);
    whole[i] = std::isnan(place) ? 0 : static_cast<std::int32_t>(std::clamp(std::nearbyint(place), -most, most));
  }
  const auto numbers = g.packed(name, OnnxType::Int32, {channels}, std::as_bytes(std::span<const std::int32_t>(whole)));
  return g.node("DequantizeLinear", {numbers, g.tensor(name + ".scale", {channels}, scales)},
                {{"axis", std::int64_t{0}}});
}

}  // namespace lathe::exporting
