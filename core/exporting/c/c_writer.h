// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/exporting/c/c_text.h"
#include "core/exporting/c/scratch_plan.h"
#include "core/spec/program.h"

/// The writer of C, operation by operation. For the files of this folder only.
namespace lathe::exporting {

/// "export.c": what of a model cannot be written, and why.
[[nodiscard]] tl::unexpected<Error> notInC(const std::string& layer, const std::string& reason);

/// The arrays' names: "w3_fc1_weight", "c0_numeric_fill".
[[nodiscard]] std::string parameterArray(const spec::Program& program, std::size_t index);
[[nodiscard]] std::string constantArray(const spec::Program& program, std::size_t index);

class CWriter {
 public:
  explicit CWriter(const spec::Program& program);

  /// Everything between the row and the output.
  Result<void> write();

  [[nodiscard]] const ScratchPlan& plan() const { return m_plan; }
  [[nodiscard]] const std::string& statements() const { return m_statements; }
  /// Definitions of arrays and shapes that the statements read, without those of parameters and constants.
  [[nodiscard]] const std::string& tables() const { return m_tables; }
  [[nodiscard]] std::string kernels() const;
  [[nodiscard]] bool readsParameter(std::size_t index) const { return m_parameters[index]; }
  [[nodiscard]] bool readsConstant(std::size_t index) const { return m_constants[index]; }

 private:
  using Operation = spec::Operation;
  using Texts = std::vector<std::string>;
  using Ints = std::vector<std::int64_t>;

  [[nodiscard]] const spec::Shape& shapeOf(int value) const {
    return m_program.values[static_cast<std::size_t>(value)];
  }
  [[nodiscard]] const spec::Shape& shapeIn(const Operation& operation, std::size_t i = 0) const {
    return shapeOf(operation.inputs.at(i));
  }
  [[nodiscard]] const spec::Shape& shapeOut(const Operation& operation) const { return shapeOf(operation.output); }
  [[nodiscard]] std::int64_t countOut(const Operation& operation) const {
    return spec::elementCount(shapeOut(operation));
  }
  [[nodiscard]] const spec::Shape& parameterShape(const Operation& operation, std::size_t i) const {
    return m_program.parameters[static_cast<std::size_t>(operation.parameters.at(i))].shape;
  }
  [[nodiscard]] const spec::Shape& constantShape(const Operation& operation, std::size_t i) const {
    return m_program.constants[static_cast<std::size_t>(operation.constants.at(i))].shape;
  }

  // pointers, as C writes them
  [[nodiscard]] std::string pointer(int value, std::int64_t offset = 0) const;
  [[nodiscard]] std::string in(const Operation& operation, std::size_t i = 0, std::int64_t offset = 0) const {
    return pointer(operation.inputs.at(i), offset);
  }
  [[nodiscard]] std::string out(const Operation& operation, std::int64_t offset = 0) const {
    return pointer(operation.output, offset);
  }
  [[nodiscard]] std::string work(std::int64_t offset = 0) const;
  std::string parameter(const Operation& operation, std::size_t i);  ///< NULL when there is none
  std::string constant(const Operation& operation, std::size_t i);
  std::string table(const Ints& numbers);
  std::string layout(const Ints& sizes, const Ints& strides);
  /// `outputs` x height x width, and kernel, stride, padding and dilation of both, then groups.
  std::string window(const spec::Shape& from, const spec::Shape& to, const Ints& numbers);

  void call(const char* kernel, const Texts& arguments);
  /// "TARGET = kernel(arguments);"
  void assign(const std::string& target, const char* kernel, const Texts& arguments);
  void copy(const std::string& from, const std::string& to, std::int64_t count);
  void statement(const std::string& start, const Texts& arguments);
  /// A function of one number, applied to each.
  void each(const Operation& operation, const char* function, bool kernel = true);
  void use(const char* kernel) { m_kernels.emplace(kernel); }

  void write(const Operation& operation);
  bool writeKernel(const Operation& operation);
  // False when the operation is of another file.
  bool writePreprocessing(const Operation& operation);
  bool writeActivation(const Operation& operation);
  bool writeTable(const Operation& operation);
  bool writeEmbedding(const Operation& operation);
  bool writeImage(const Operation& operation);
  bool writeSequence(const Operation& operation);
  bool writeShape(const Operation& operation);

  void standardize(const Operation& operation);
  void selectColumns(const Operation& operation);
  void logMel(const Operation& operation);
  void sum(const Operation& operation);
  void product(const Operation& operation);
  void concat(const Operation& operation);
  void embedding(const Operation& operation);
  void embeddingBag(const Operation& operation);
  void ensembleLinear(const Operation& operation);
  void blended(const Operation& operation);
  void reconstructionError(const Operation& operation);
  void convolution(const Operation& operation);
  void pool(const Operation& operation);
  void norm(const Operation& operation);
  void pad(const Operation& operation);
  void recurrent(const Operation& operation);
  void attention(const Operation& operation);
  void permute(const Operation& operation);
  void slice(const Operation& operation);
  void reduce(const Operation& operation, const char* kernel, const Ints& dimensions);

  const spec::Program& m_program;
  const ScratchPlan m_plan;
  std::string m_statements, m_tables, m_indent = "    ";
  std::map<std::string, std::string> m_known;  ///< tables' names by what they hold
  std::set<std::string, std::less<>> m_kernels;
  std::vector<bool> m_parameters, m_constants;  ///< which of them are read
  std::optional<Error> m_error;
  std::size_t m_place = 0;  ///< the operation under way
  std::int64_t m_rows = 1;  ///< of a window, that it is done for
  std::string m_layer;      ///< whose the last statement was
};

}  // namespace lathe::exporting
