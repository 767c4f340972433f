// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/exporting/folding.h"
#include "core/exporting/quantization.h"
#include "core/exporting/tensorflow/tensorflow_graph.h"
#include "core/spec/program.h"

/// The writer of TensorFlow graphs, operation by operation, from a folded program (folding.h). For the files of this
/// folder only.
namespace lathe::exporting {

/// Convolutions and pools of TensorFlow on processors want the channels last, programs have them first in a row. A
/// value is kept in the one order or the other, and turned where somebody needs that.
class TensorflowWriter {
 public:
  TensorflowWriter(TensorflowGraph& graph, const spec::Program& program, std::span<const std::vector<float>> parameters,
                   Precision precision)
      : m_graph(graph),
        m_program(program),
        m_parameters(parameters),
        m_precision(precision),
        m_axes(channelAxes(program)),
        m_values(program.values.size()) {}

  /// From raw rows to the output, called "output_tensor". Images have their channels last.
  TfValue write(const TfValue& input);

 private:
  using Operation = spec::Operation;
  using Floats = std::vector<float>;
  using Ints = std::vector<std::int64_t>;
  struct Kept {
    TfValue plain, last;
  };

  [[nodiscard]] Kept& kept(const Operation& operation, std::size_t i = 0) {
    return m_values[static_cast<std::size_t>(operation.inputs.at(i))];
  }
  [[nodiscard]] const spec::Shape& shapeOf(int value) const {
    return m_program.values[static_cast<std::size_t>(value)];
  }
  [[nodiscard]] const spec::Shape& shapeIn(const Operation& operation, std::size_t i = 0) const {
    return shapeOf(operation.inputs.at(i));
  }
  [[nodiscard]] const spec::Shape& shapeOut(const Operation& operation) const { return shapeOf(operation.output); }
  /// Inputs in the program's order, or with the row's first dimension last.
  TfValue in(const Operation& operation, std::size_t i = 0);
  TfValue last(const Operation& operation, std::size_t i = 0);
  /// Whether some input is kept with its channels last alone.
  [[nodiscard]] bool prefersLast(const Operation& operation);
  void set(const Operation& operation, TfValue value) {
    m_values[static_cast<std::size_t>(operation.output)] = {value, {}};
  }
  void setLast(const Operation& operation, TfValue value);
  void set(const Operation& operation, TfValue value, bool channelsLast) {
    channelsLast ? setLast(operation, std::move(value)) : set(operation, std::move(value));
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
  TfValue parameter(const Operation& operation, std::size_t i);
  TfValue parameter(const Operation& operation, std::size_t i, const spec::Shape& shape);
  /// Numbers of parameter i, in another order or with a factor: stored in the precision of this file where it is one of
  /// those, and back as float32. `axis`: the dimension of the channels.
  TfValue stored(const Operation& operation, std::size_t i, const spec::Shape& shape, const Floats& numbers, int axis);
  TfValue half(const std::string& name, const spec::Shape& shape, const Floats& numbers);
  /// The rows of a table of embeddings at these places: only they become float32.
  TfValue rowsAt(const Operation& operation, std::size_t i, const TfValue& places);
  [[nodiscard]] bool isQuantized(const Operation& operation, std::size_t i) const;
  TfValue constant(const Operation& operation, std::size_t i);
  TfValue constant(const Operation& operation, std::size_t i, const spec::Shape& shape);
  /// How one number a channel stands beside a value of such a row.
  [[nodiscard]] static spec::Shape ofChannels(std::int64_t channels, const spec::Shape& row, bool channelsLast);

  void write(const Operation& operation);
  // false when the operation is of another file
  bool writePreprocessing(const Operation& operation);
  bool writeActivation(const Operation& operation);
  bool writeImage(const Operation& operation);
  bool writeResizing(const Operation& operation);
  bool writeSequence(const Operation& operation);
  bool writeTable(const Operation& operation);
  void writeShape(const Operation& operation);

  TfValue gelu(const TfValue& x);
  TfValue silu(const TfValue& x) { return m_graph.multiply(x, m_graph.same("Sigmoid", {x})); }
  TfValue mish(const TfValue& x);
  TfValue blended(const Operation& operation);
  TfValue activated(const Operation& operation, const TfValue& x);
  TfValue prelu(const Operation& operation, const TfValue& x, bool channelsLast);
  /// [N,..,I] through weights [O,I] and a bias, which may be missing.
  TfValue dense(const TfValue& x, const spec::Shape& row, const TfValue& weight, std::int64_t outputs,
                const TfValue& bias);

  void standardize(const Operation& operation);
  TfValue piecewiseLinear(const Operation& operation);
  TfValue knownCodes(const Operation& operation);
  TfValue oneHot(const Operation& operation);
  TfValue dateParts(const Operation& operation);
  void logMel(const Operation& operation);

  TfValue embedding(const Operation& operation);
  TfValue embeddingBag(const Operation& operation);
  TfValue periodicEmbedding(const Operation& operation);
  TfValue ensembleLinear(const Operation& operation);
  TfValue reconstructionError(const Operation& operation);
  TfValue classToken(const Operation& operation);

  void batchNorm(const Operation& operation);
  TfValue convolved(const Operation& operation, const TfValue& x);
  TfValue transposedConvolution(const Operation& operation);
  TfValue average(const Operation& operation);
  void groupNorm(const Operation& operation);
  TfValue layerNorm(const Operation& operation);
  void adaptiveAverage(const Operation& operation);
  TfValue adaptiveMax(const Operation& operation);
  TfValue padded(const Operation& operation, TfValue x, bool channelsLast);

  TfValue recurrent(const Operation& operation);
  TfValues direction(const Operation& operation, std::size_t first, const TfValue& x, std::int64_t inputs, bool back);
  TfValue attention(const Operation& operation);
  void permute(const Operation& operation);
  void reduced(const Operation& operation, const char* kind);

  TensorflowGraph& m_graph;
  const spec::Program& m_program;
  const std::span<const Floats> m_parameters;
  const Precision m_precision;
  const std::vector<int> m_axes;  ///< channelAxes()
  std::vector<Kept> m_values;     ///< by the program's ids
};

}  // namespace lathe::exporting
