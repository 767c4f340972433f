// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/exporting/folding.h"
#include "core/exporting/onnx/onnx_graph.h"
#include "core/exporting/onnx/onnx_model.h"
#include "core/spec/program.h"

/// The writer of ONNX graphs, operation by operation, from a folded program (folding.h). For the files of this folder
/// only.
namespace lathe::exporting {

class OnnxWriter {
 public:
  using Name = OnnxGraph::Name;
  using Names = OnnxGraph::Names;

  OnnxWriter(onnx::GraphProto& graph, const spec::Program& program, std::span<const std::vector<float>> parameters,
             const OnnxStorage& storage)
      : m_graph(graph),
        m_program(program),
        m_parameters(parameters),
        m_storage(storage),
        m_axes(channelAxes(program)),
        m_values(program.values.size()) {}

  /// Everything between the names of the input and the output.
  void write(const Name& input, const Name& output);
  [[nodiscard]] OnnxGraph& graph() { return m_graph; }

 private:
  using Operation = spec::Operation;
  using Floats = std::vector<float>;

  [[nodiscard]] const Name& in(const Operation& operation, std::size_t i = 0) const {
    return m_values[static_cast<std::size_t>(operation.inputs.at(i))];
  }
  [[nodiscard]] const spec::Shape& shapeOf(int value) const {
    return m_program.values[static_cast<std::size_t>(value)];
  }
  [[nodiscard]] const spec::Shape& shapeIn(const Operation& operation, std::size_t i = 0) const {
    return shapeOf(operation.inputs.at(i));
  }
  [[nodiscard]] const spec::Shape& shapeOut(const Operation& operation) const { return shapeOf(operation.output); }
  void set(const Operation& operation, Name name) {
    m_values[static_cast<std::size_t>(operation.output)] = inSteps(std::move(name), operation.output);
  }

  [[nodiscard]] bool hasParameter(const Operation& operation, std::size_t i) const {
    return i < operation.parameters.size();
  }
  [[nodiscard]] const spec::Parameter& parameterOf(const Operation& operation, std::size_t i) const {
    return m_program.parameters[static_cast<std::size_t>(operation.parameters.at(i))];
  }
  [[nodiscard]] const Floats& numbersOf(const Operation& operation, std::size_t i) const {
    return m_parameters[static_cast<std::size_t>(operation.parameters.at(i))];
  }
  [[nodiscard]] const spec::Constant& constantOf(const Operation& operation, std::size_t i) const {
    return m_program.constants[static_cast<std::size_t>(operation.constants.at(i))];
  }
  /// As they are, or with another shape of as many numbers.
  Name parameter(const Operation& operation, std::size_t i);
  Name parameter(const Operation& operation, std::size_t i, const spec::Shape& shape);
  /// With the last two dimensions exchanged; of other numbers in its place, times a factor.
  Name transposed(const Operation& operation, std::size_t i);
  Name transposed(const Operation& operation, std::size_t i, const Floats& numbers, double factor);

  [[nodiscard]] int axisOf(const Operation& operation, std::size_t i) const {
    return m_axes[static_cast<std::size_t>(operation.parameters.at(i))];
  }
  [[nodiscard]] bool isQuantized(const Operation& operation, std::size_t i) const {
    return m_storage.precision != Precision::Float32 && axisOf(operation, i) >= 0;
  }
  [[nodiscard]] bool isHalf() const { return exporting::isHalf(m_storage.precision); }
  Name half(const std::string& name, const spec::Shape& shape, const Floats& numbers);
  /// Stored in the precision of this file, and back as float32; `axis`: the dimension of the channels.
  Name stored(const std::string& name, const spec::Shape& shape, const Floats& numbers, int axis);
  /// The rows of a table of embeddings at these places.
  Name rowsAt(const Operation& operation, std::size_t i, const Name& places);
  /// x times the transposed weights, times a factor.
  Name product(const Name& x, const Operation& operation, std::size_t i, const Floats& numbers, double factor);
  Name integerProduct(const Name& x, const Operation& operation, std::size_t i, const Floats& numbers, double factor);
  /// Rounded to the steps of the range that was measured for this value, where one was.
  Name inSteps(Name x, int value);
  Name constant(const Operation& operation, std::size_t i);
  Name constant(const Operation& operation, std::size_t i, const spec::Shape& shape);

  void write(const Operation& operation);
  /// False when the operation is of another file.
  bool writePreprocessing(const Operation& operation);
  bool writeActivation(const Operation& operation);
  bool writeImage(const Operation& operation);
  bool writeSequence(const Operation& operation);
  bool writeTable(const Operation& operation);

  Name gelu(const Name& x);
  Name silu(const Name& x) { return m_graph.multiply(x, m_graph.node("Sigmoid", {x})); }
  Name mish(const Name& x) { return m_graph.multiply(x, m_graph.node("Tanh", {m_graph.node("Softplus", {x})})); }
  Name blended(const Operation& operation);

  Name standardized(const Operation& operation);
  Name piecewiseLinear(const Operation& operation);
  Name knownCodes(const Operation& operation);
  Name oneHot(const Operation& operation);
  Name dateParts(const Operation& operation);
  Name logMel(const Operation& operation);

  Name linear(const Operation& operation);
  Name embedding(const Operation& operation);
  Name embeddingBag(const Operation& operation);
  Name periodicEmbedding(const Operation& operation);
  Name reconstructionError(const Operation& operation);
  Name classToken(const Operation& operation);

  Name biasInSteps(const Operation& operation);
  void batchNorm(const Operation& operation);
  Name convolution(const Operation& operation);
  Name transposedConvolution(const Operation& operation);
  Name groupNorm(const Operation& operation);
  Name adaptiveAverage(const Operation& operation);
  Name adaptiveMax(const Operation& operation);
  Name upsample(const Operation& operation);
  Name pad(const Operation& operation);

  Name recurrent(const Operation& operation);
  Name attention(const Operation& operation);

  OnnxGraph m_graph;
  const spec::Program& m_program;
  const std::span<const Floats> m_parameters;
  const OnnxStorage& m_storage;
  const std::vector<int> m_axes;  ///< channelAxes()
  Names m_values;                 ///< by the program's ids
};

}  // namespace lathe::exporting
