// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "core/exporting/torchscript_source.h"

/// The writer of TorchScript text, operation by operation. For the files of this folder only.
namespace lathe::exporting {

/// TorchScript's number of float32 and int64 among its element types.
constexpr int scriptFloat = 6;
constexpr int scriptLong = 4;

/// A number and a list as the text has them.
[[nodiscard]] std::string real(double value);
[[nodiscard]] std::string list(const std::vector<std::int64_t>& values);

class ScriptWriter {
 public:
  ScriptWriter(const spec::Program& program, Precision precision);
  TorchScriptSource write();

 private:
  /// Names the concatenation of `parts` as the operation's output. PyTorch 2 compiles neighbouring operations together,
  /// and LLVM needs minutes for what reads a concatenation within one: a reshape that changes nothing keeps them apart.
  void setJoined(const spec::Operation& operation, const std::string& parts, int dimension = 1) {
    std::vector<std::int64_t> sizes{-1};
    const auto& shape = m_program.values[static_cast<std::size_t>(operation.output)];
    sizes.insert(sizes.end(), shape.begin(), shape.end());
    set(operation, fmt::format("torch.reshape(torch.cat([{}], {}), {})", parts, dimension, list(sizes)));
  }
  void line(const std::string& text) { m_source.code += "    " + text + "\n"; }
  void set(const spec::Operation& operation, const std::string& expression) {
    line(fmt::format("v{} = {}", operation.output, expression));
  }
  [[nodiscard]] static std::string in(const spec::Operation& operation, std::size_t i = 0) {
    return fmt::format("v{}", operation.inputs.at(i));
  }
  /// As float32.
  [[nodiscard]] std::string parameter(const spec::Operation& operation, std::size_t i) const {
    if (i >= operation.parameters.size()) return "None";
    const auto at = static_cast<std::size_t>(operation.parameters[i]);
    return widened("self." + m_source.parameterNames.at(at), at);
  }
  /// The rows of a table of embeddings at these places: only they become float32.
  [[nodiscard]] std::string rowsAt(const spec::Operation& operation, std::size_t i, const std::string& places) const {
    const auto at = static_cast<std::size_t>(operation.parameters.at(i));
    return widened(fmt::format("torch.embedding(self.{}, {})", m_source.parameterNames.at(at), places), at);
  }
  [[nodiscard]] std::string widened(const std::string& numbers, std::size_t parameter) const;
  [[nodiscard]] std::string constant(const spec::Operation& operation, std::size_t i) const {
    return "self." + m_source.constantNames.at(static_cast<std::size_t>(operation.constants.at(i)));
  }
  [[nodiscard]] std::string allInputs(const spec::Operation& operation, const char* between) const {
    std::string text;
    for (std::size_t i = 0; i < operation.inputs.size(); ++i) text += (i > 0 ? between : "") + in(operation, i);
    return text;
  }

  void write(const spec::Operation& operation);
  /// False when the operation is of another file.
  bool writePreprocessing(const spec::Operation& operation);
  bool writeSequence(const spec::Operation& operation);
  bool writeActivation(const spec::Operation& operation);
  bool writeImage(const spec::Operation& operation);
  bool writeTable(const spec::Operation& operation);
  void linear(const spec::Operation& operation);
  void periodicEmbedding(const spec::Operation& operation);
  void piecewiseEncoding(const spec::Operation& operation);
  void waves(const spec::Operation& operation);
  void embeddingBag(const spec::Operation& operation);
  void reconstructionError(const spec::Operation& operation);
  void recurrent(const spec::Operation& operation);
  void attention(const spec::Operation& operation);
  void selectColumns(const spec::Operation& operation);
  void piecewiseLinear(const spec::Operation& operation);
  void codes(const spec::Operation& operation, bool oneHot);
  void dateParts(const spec::Operation& operation);
  void embedding(const spec::Operation& operation);
  void logMel(const spec::Operation& operation);

  const spec::Program& m_program;
  std::vector<int> m_axes;  ///< channelAxes(); float32: -1 for all
  TorchScriptSource m_source;
};

}  // namespace lathe::exporting
