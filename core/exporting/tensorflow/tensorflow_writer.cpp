// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/tensorflow/tensorflow_writer.h"

#include <algorithm>
#include <fmt/format.h>
#include <numbers>
#include <stdexcept>

namespace lathe::exporting {

using spec::Primitive;

TfValue TensorflowWriter::in(const Operation& operation, std::size_t i) {
  auto& value = kept(operation, i);
  if (!value.plain.known()) {
    const auto rank = static_cast<std::int64_t>(shapeIn(operation, i).size());
    Ints order{0, rank};
    for (std::int64_t axis = 1; axis < rank; ++axis) order.push_back(axis);
    value.plain = m_graph.transpose(value.last, order);
  }
  return value.plain;
}

TfValue TensorflowWriter::last(const Operation& operation, std::size_t i) {
  auto& value = kept(operation, i);
  const auto rank = static_cast<std::int64_t>(shapeIn(operation, i).size());
  if (rank < 2) return value.plain;
  if (!value.last.known()) {
    Ints order{0};
    for (std::int64_t axis = 2; axis <= rank; ++axis) order.push_back(axis);
    order.push_back(1);
    value.last = m_graph.transpose(value.plain, order);
  }
  return value.last;
}

bool TensorflowWriter::prefersLast(const Operation& operation) {
  for (std::size_t i = 0; i < operation.inputs.size(); ++i)
    if (!kept(operation, i).plain.known()) return true;
  return false;
}

void TensorflowWriter::setLast(const Operation& operation, TfValue value) {
  auto& out = m_values[static_cast<std::size_t>(operation.output)];
  if (shapeOut(operation).size() < 2)
    out = {std::move(value), {}};
  else
    out = {{}, std::move(value)};
}

TfValue TensorflowWriter::parameter(const Operation& operation, std::size_t i) {
  return parameter(operation, i, parameterOf(operation, i).shape);
}

TfValue TensorflowWriter::parameter(const Operation& operation, std::size_t i, const spec::Shape& shape) {
  const bool whole = shape == parameterOf(operation, i).shape;
  const int axis = m_axes[static_cast<std::size_t>(operation.parameters.at(i))];
  return stored(operation, i, shape, numbersOf(operation, i), whole ? axis : -1);
}

bool TensorflowWriter::isQuantized(const Operation& operation, std::size_t i) const {
  return m_precision != Precision::Float32 && m_axes[static_cast<std::size_t>(operation.parameters.at(i))] >= 0;
}

// TensorFlow widens constants once, when it loads the file.
TfValue TensorflowWriter::stored(const Operation& operation, std::size_t i, const spec::Shape& shape,
                                 const Floats& numbers, int axis) {
  auto& g = m_graph;
  const auto& name = parameterOf(operation, i).name;
  if (!isQuantized(operation, i) || (axis < 0 && isInt8(m_precision))) return g.tensor(name, shape, numbers);
  if (isHalf(m_precision)) return g.cast(half(name, shape, numbers), TfType::Float);
  const auto channels = static_cast<std::size_t>(axis);
  const auto [codes, scales] = int8Weights(numbers, shape, channels);
  spec::Shape beside(shape.size(), 1);
  beside[channels] = shape[channels];
  const auto whole = g.packed(name, TfType::Int8, shape, std::as_bytes(std::span<const std::int8_t>(codes)));
  return g.multiply(g.cast(whole, TfType::Float), g.tensor(name + ".scale", beside, scales));
}

TfValue TensorflowWriter::half(const std::string& name, const spec::Shape& shape, const Floats& numbers) {
  const bool brain = m_precision == Precision::BFloat16;
  const auto bits = halfNumbers(numbers, m_precision);
  return m_graph.packed(name, brain ? TfType::BFloat16 : TfType::Half, shape,
                        std::as_bytes(std::span<const std::uint16_t>(bits)));
}

TfValue TensorflowWriter::rowsAt(const Operation& operation, std::size_t i, const TfValue& places) {
  auto& g = m_graph;
  if (!isQuantized(operation, i)) return g.gather(parameter(operation, i), places, 0);
  const auto& name = parameterOf(operation, i).name;
  const auto& shape = parameterOf(operation, i).shape;
  const auto& numbers = numbersOf(operation, i);
  if (isHalf(m_precision)) return g.cast(g.gather(half(name, shape, numbers), places, 0), TfType::Float);
  const auto [codes, scales] = int8Weights(numbers, shape, 1);
  const auto whole = g.packed(name, TfType::Int8, shape, std::as_bytes(std::span<const std::int8_t>(codes)));
  return g.multiply(g.cast(g.gather(whole, places, 0), TfType::Float),
                    g.tensor(name + ".scale", {shape.at(1)}, scales));
}

TfValue TensorflowWriter::constant(const Operation& operation, std::size_t i) {
  return constant(operation, i, constantOf(operation, i).shape);
}

TfValue TensorflowWriter::constant(const Operation& operation, std::size_t i, const spec::Shape& shape) {
  return m_graph.tensor(constantOf(operation, i).name, shape, constantOf(operation, i).data);
}

spec::Shape TensorflowWriter::ofChannels(std::int64_t channels, const spec::Shape& row, bool channelsLast) {
  if (channelsLast) return {channels};
  spec::Shape shape(row.size(), 1);
  shape.front() = channels;
  return shape;
}

TfValue TensorflowWriter::gelu(const TfValue& x) {
  auto& g = m_graph;
  const auto error = g.same("Erf", {g.multiply(x, g.number(1 / std::numbers::sqrt2))});
  return g.multiply(g.multiply(x, g.number(0.5)), g.add(error, g.number(1)));
}

TfValue TensorflowWriter::mish(const TfValue& x) {
  return m_graph.multiply(x, m_graph.same("Tanh", {m_graph.same("Softplus", {x})}));
}

TfValue TensorflowWriter::dense(const TfValue& x, const spec::Shape& row, const TfValue& weight, std::int64_t outputs,
                                const TfValue& bias) {
  const bool flat = row.size() == 1;
  auto sums = m_graph.product(flat ? x : m_graph.reshape(x, {-1, row.back()}), weight, true);
  if (bias.known()) sums = m_graph.biased(sums, bias);
  if (flat) return sums;
  Ints sizes{-1};
  sizes.insert(sizes.end(), row.begin(), row.end() - 1);
  sizes.push_back(outputs);
  return m_graph.reshape(sums, sizes);
}

TfValue TensorflowWriter::write(const TfValue& input) {
  auto& raw = m_values[static_cast<std::size_t>(m_program.input)];
  (shapeOf(m_program.input).size() == 3 ? raw.last : raw.plain) = input;
  for (const auto* section : {&m_program.preprocess, &m_program.model, &m_program.head})
    for (const auto& operation : *section) write(operation);
  Operation end;
  end.inputs = {m_program.output >= 0 ? m_program.output : m_program.logits};
  return m_graph.node("output_tensor", "Identity", {in(end)}, TfType::Float, {{"T", TfType::Float}});
}

TfValue TensorflowWriter::prelu(const Operation& operation, const TfValue& x, bool channelsLast) {
  auto& g = m_graph;
  const auto shape = ofChannels(parameterOf(operation, 0).shape.at(0), shapeOut(operation), channelsLast);
  const auto below = g.multiply(g.same("Minimum", {x, g.number(0)}), parameter(operation, 0, shape));
  return g.add(g.same("Relu", {x}), below);
}

// Unknown when the operation is no activation.
TfValue TensorflowWriter::activated(const Operation& operation, const TfValue& x) {
  auto& g = m_graph;
  const auto real = [&](std::size_t i) { return operation.reals.at(i); };
  const auto sixth = [&] { return g.multiply(g.same("Relu6", {g.add(x, g.number(3))}), g.number(1.0 / 6)); };
  switch (operation.primitive) {
    case Primitive::Relu:
    case Primitive::Tanh:
    case Primitive::Sigmoid:
    case Primitive::Exp:
    case Primitive::Selu:
    case Primitive::Softplus:
    case Primitive::Relu6: {
      static const std::map<Primitive, const char*> names{
          {Primitive::Relu, "Relu"},  {Primitive::Tanh, "Tanh"}, {Primitive::Sigmoid, "Sigmoid"},
          {Primitive::Exp, "Exp"},    {Primitive::Selu, "Selu"}, {Primitive::Softplus, "Softplus"},
          {Primitive::Relu6, "Relu6"}};
      return g.same(names.at(operation.primitive), {x});
    }
    case Primitive::Elu: {
      if (real(0) == 1) return g.same("Elu", {x});
      const auto below = g.same("Expm1", {g.same("Minimum", {x, g.number(0)})});
      return g.add(g.same("Relu", {x}), g.multiply(below, g.number(real(0))));
    }
    case Primitive::LeakyRelu:
      return g.same("LeakyRelu", {x}, {{"alpha", static_cast<float>(real(0))}});
    case Primitive::Hardswish:
      return g.multiply(x, sixth());
    case Primitive::Hardsigmoid:
      return sixth();
    case Primitive::Gelu:
      return gelu(x);
    case Primitive::Silu:
      return silu(x);
    case Primitive::Mish:
      return mish(x);
    case Primitive::SmoothClip: {
      const auto third = g.divide(x, g.number(3));
      return g.divide(x, g.same("Sqrt", {g.add(g.square(third), g.number(1))}));
    }
    default:
      return {};
  }
}

bool TensorflowWriter::writeActivation(const Operation& operation) {
  if (operation.inputs.empty()) return false;
  if (operation.primitive == Primitive::Softmax) {
    set(operation, m_graph.same("Softmax", {in(operation)}));
    return true;
  }
  const bool channelsLast = prefersLast(operation);
  const auto& value = kept(operation);
  const TfValue x = channelsLast ? value.last : value.plain;
  const auto result =
      operation.primitive == Primitive::Prelu ? prelu(operation, x, channelsLast) : activated(operation, x);
  if (result.known()) set(operation, result, channelsLast);
  return result.known();
}

void TensorflowWriter::writeShape(const Operation& operation) {
  auto& g = m_graph;
  const bool channelsLast = prefersLast(operation);
  TfValues parts;
  const auto all = [&]() -> const TfValues& {
    for (std::size_t i = 0; i < operation.inputs.size(); ++i)
      parts.push_back(channelsLast ? last(operation, i) : in(operation, i));
    return parts;
  };
  switch (operation.primitive) {
    case Primitive::Dropout:
    case Primitive::StochasticDepth:
      m_values[static_cast<std::size_t>(operation.output)] = kept(operation);
      return;
    case Primitive::Flatten:
    case Primitive::Reshape: {
      Ints sizes{-1};
      sizes.insert(sizes.end(), shapeOut(operation).begin(), shapeOut(operation).end());
      set(operation, g.reshape(in(operation), sizes));
      return;
    }
    case Primitive::Add:
    case Primitive::Multiply: {
      TfValue total = all().front();
      for (std::size_t i = 1; i < parts.size(); ++i)
        total = operation.primitive == Primitive::Add ? g.add(total, parts[i]) : g.multiply(total, parts[i]);
      set(operation, total, channelsLast);
      return;
    }
    case Primitive::Concat:
      set(operation, g.joined(all(), channelsLast ? static_cast<std::int64_t>(shapeOut(operation).size()) : 1),
          channelsLast);
      return;
    default:
      throw std::logic_error(fmt::format("no TensorFlow for {}", spec::name(operation.primitive)));
  }
}

void TensorflowWriter::write(const Operation& operation) {
  if (writePreprocessing(operation) || writeImage(operation) || writeResizing(operation) || writeSequence(operation) ||
      writeTable(operation) || writeActivation(operation))
    return;
  writeShape(operation);
}

}  // namespace lathe::exporting
