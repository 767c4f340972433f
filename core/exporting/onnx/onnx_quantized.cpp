// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/exporting/onnx/onnx_writer.h"

namespace lathe::exporting {
namespace {

/// Rows of zeros have a largest magnitude too.
constexpr double smallestRange = 1e-30;
/// What uint8 weights count as zero.
constexpr std::uint8_t middle = 128;

}  // namespace

OnnxWriter::Name OnnxWriter::half(const std::string& name, const spec::Shape& shape, const Floats& numbers) {
  const bool brain = m_storage.precision == Precision::BFloat16;
  std::vector<std::uint16_t> bits(numbers.size());
  std::transform(numbers.begin(), numbers.end(), bits.begin(), brain ? bfloat16Bits : halfBits);
  return m_graph.packed(name, brain ? OnnxType::BFloat16 : OnnxType::Float16, shape,
                        std::as_bytes(std::span<const std::uint16_t>(bits)));
}

OnnxWriter::Name OnnxWriter::stored(const std::string& name, const spec::Shape& shape, const Floats& numbers,
                                    int axis) {
  auto& g = m_graph;
  if (isHalf()) return g.cast(half(name, shape, numbers), OnnxType::Float);
  const auto channels = static_cast<std::size_t>(axis);
  const auto [codes, scales] = int8Weights(numbers, shape, channels);
  const auto whole = g.packed(name, OnnxType::Int8, shape, std::as_bytes(std::span<const std::int8_t>(codes)));
  return g.node("DequantizeLinear", {whole, g.tensor(name + ".scale", {shape.at(channels)}, scales)},
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
  return g.node("DequantizeLinear",
                {g.node("Gather", {whole, places}), g.tensor(name + ".scale", {shape.at(1)}, scales)},
                {{"axis", std::int64_t{-1}}});
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
  const auto rows = static_cast<std::size_t>(shape.at(0)), columns = static_cast<std::size_t>(shape.at(1));
  std::vector<std::uint8_t> turned(codes.size());
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      turned[column * rows + row] = static_cast<std::uint8_t>(codes[row * columns + column] + middle);
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

OnnxWriter::Name OnnxWriter::inSteps(const Name& x, int value) {
  const auto found = m_storage.ranges.find(value);
  if (m_storage.precision != Precision::Int8Static || found == m_storage.ranges.end()) return x;
  // Zero is always one of the steps.
  const double low = std::min(0.0, static_cast<double>(found->second.first));
  const double high = std::max(0.0, static_cast<double>(found->second.second));
  const double step = std::max((high - low) / 255, smallestRange);
  const auto zero = static_cast<std::uint8_t>(std::clamp(std::nearbyint(-low / step), 0.0, 255.0));
  const auto scale = m_graph.number(step), offset = m_graph.byte(zero);
  return m_graph.node("DequantizeLinear", {m_graph.node("QuantizeLinear", {x, scale, offset}), scale, offset});
}

}  // namespace lathe::exporting
