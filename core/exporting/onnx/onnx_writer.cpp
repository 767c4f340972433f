// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/onnx/onnx_writer.h"

#include <fmt/format.h>
#include <numbers>
#include <numeric>
#include <stdexcept>

namespace lathe::exporting {

using spec::Primitive;

OnnxWriter::Name OnnxWriter::parameter(const Operation& operation, std::size_t i) {
  return parameter(operation, i, parameterOf(operation, i).shape);
}

OnnxWriter::Name OnnxWriter::parameter(const Operation& operation, std::size_t i, const spec::Shape& shape) {
  if (isQuantized(operation, i) && shape == parameterOf(operation, i).shape)
    return stored(parameterOf(operation, i).name, shape, numbersOf(operation, i), axisOf(operation, i));
  return m_graph.tensor(parameterOf(operation, i).name, shape, numbersOf(operation, i));
}

OnnxWriter::Name OnnxWriter::transposed(const Operation& operation, std::size_t i) {
  return transposed(operation, i, numbersOf(operation, i), 1);
}

OnnxWriter::Name OnnxWriter::transposed(const Operation& operation, std::size_t i, const Floats& numbers,
                                        double factor) {
  auto shape = parameterOf(operation, i).shape;
  const auto columns = static_cast<std::size_t>(shape.back()), rows = static_cast<std::size_t>(shape[shape.size() - 2]);
  Floats turned(numbers.size());
  for (std::size_t at = 0; at < numbers.size(); ++at) {
    const auto within = at % (rows * columns);
    turned[at - within + within % columns * rows + within / columns] =
        factor == 1 ? numbers[at] : static_cast<float>(factor * static_cast<double>(numbers[at]));
  }
  std::swap(shape.back(), shape[shape.size() - 2]);
  if (isQuantized(operation, i)) {
    // The two last axes have changed places.
    const int axis = axisOf(operation, i), rank = static_cast<int>(shape.size());
    return stored(parameterOf(operation, i).name, shape, turned, axis + 2 < rank ? axis : 2 * rank - 3 - axis);
  }
  return m_graph.tensor(parameterOf(operation, i).name, shape, turned);
}

OnnxWriter::Name OnnxWriter::constant(const Operation& operation, std::size_t i) {
  return constant(operation, i, constantOf(operation, i).shape);
}

OnnxWriter::Name OnnxWriter::constant(const Operation& operation, std::size_t i, const spec::Shape& shape) {
  return m_graph.tensor(constantOf(operation, i).name, shape, constantOf(operation, i).data);
}

OnnxWriter::Name OnnxWriter::gelu(const Name& x) {
  auto& g = m_graph;
  const auto error = g.node("Erf", {g.multiply(x, g.number(1 / std::numbers::sqrt2))});
  return g.multiply(g.multiply(x, g.number(0.5)), g.add(error, g.number(1)));
}

void OnnxWriter::write(const Name& input, const Name& output) {
  m_values[static_cast<std::size_t>(m_program.input)] = inSteps(input, m_program.input);
  for (const auto* section : {&m_program.preprocess, &m_program.model, &m_program.head})
    for (const auto& operation : *section) write(operation);
  const int last = m_program.output >= 0 ? m_program.output : m_program.logits;
  m_graph.node("Identity", {m_values[static_cast<std::size_t>(last)]}, Names{output}, {});
}

bool OnnxWriter::writeActivation(const Operation& operation) {
  auto& g = m_graph;
  const Name x = operation.inputs.empty() ? Name() : in(operation);
  const auto plain = [&](const char* type, const std::vector<OnnxAttribute>& attributes = {}) {
    set(operation, g.node(type, {x}, attributes));
    return true;
  };
  const auto real = [&](std::size_t i) { return static_cast<float>(operation.reals.at(i)); };
  switch (operation.primitive) {
    case Primitive::Relu:
      return plain("Relu");
    case Primitive::Tanh:
      return plain("Tanh");
    case Primitive::Sigmoid:
      return plain("Sigmoid");
    case Primitive::Exp:
      return plain("Exp");
    case Primitive::Selu:
      return plain("Selu");
    case Primitive::Softplus:
      return plain("Softplus");
    case Primitive::Hardswish:
      return plain("HardSwish");
    case Primitive::Elu:
      return plain("Elu", {{"alpha", real(0)}});
    case Primitive::LeakyRelu:
      return plain("LeakyRelu", {{"alpha", real(0)}});
    case Primitive::Hardsigmoid:
      return plain("HardSigmoid", {{"alpha", 1.0F / 6}, {"beta", 0.5F}});
    case Primitive::Softmax:
      return plain("Softmax", {{"axis", std::int64_t{-1}}});
    case Primitive::Relu6:
      set(operation, g.clip(x, 0, 6));
      return true;
    case Primitive::Gelu:
      set(operation, gelu(x));
      return true;
    case Primitive::Silu:
      set(operation, silu(x));
      return true;
    case Primitive::Mish:
      set(operation, mish(x));
      return true;
    case Primitive::Prelu: {
      spec::Shape shape(shapeOut(operation).size(), 1);
      shape.front() = parameterOf(operation, 0).shape.at(0);
      set(operation, g.node("PRelu", {x, parameter(operation, 0, shape)}));
      return true;
    }
    default:
      return false;
  }
}

void OnnxWriter::write(const Operation& operation) {
  if (writePreprocessing(operation) || writeActivation(operation) || writeImage(operation) ||
      writeSequence(operation) || writeTable(operation))
    return;
  auto& g = m_graph;
  switch (operation.primitive) {
    case Primitive::Dropout:
    case Primitive::StochasticDepth:
      set(operation, in(operation));
      return;
    case Primitive::Flatten:
      set(operation, g.node("Flatten", {in(operation)}, {{"axis", std::int64_t{1}}}));
      return;
    case Primitive::Reshape: {
      std::vector<std::int64_t> sizes{-1};
      sizes.insert(sizes.end(), operation.ints.begin(), operation.ints.end());
      set(operation, g.reshape(in(operation), sizes));
      return;
    }
    case Primitive::Add: {
      Name total = in(operation);
      for (std::size_t i = 1; i < operation.inputs.size(); ++i) total = g.add(total, in(operation, i));
      set(operation, total);
      return;
    }
    case Primitive::Concat: {
      Names parts;
      for (std::size_t i = 0; i < operation.inputs.size(); ++i) parts.push_back(in(operation, i));
      set(operation, g.joined(parts));
      return;
    }
    default:
      throw std::logic_error(fmt::format("no ONNX for {}", spec::name(operation.primitive)));
  }
}

}  // namespace lathe::exporting
