// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <torch/torch.h>
#include <vector>

#include "core/base/result.h"
#include "core/engine_torch/onnx_labels.h"

namespace onnx {
class GraphProto;
class ModelProto;
}  // namespace onnx

namespace lathe::engine {

/// Runs ONNX graphs of the operations that Lathe writes (core/exporting/onnx/onnx_model.h), on LibTorch, from the file
/// alone: the check of an export where no other runtime is installed. Operation by operation, nothing is rewritten, but
/// what only depends on the file's own numbers is computed once. What is read is not trusted: sizes are compared with
/// what is there, unknown operations and attributes are refused. Thread-safe.
class OnnxRunner {
 public:
  /// `file`: its bytes. "" or what is wrong in `problem`.
  static std::shared_ptr<const OnnxRunner> read(const std::string& file, std::string& problem);

  /// The output for the graph's inputs; throws c10::Error on what does not fit.
  [[nodiscard]] torch::Tensor run(const OnnxInputs& inputs) const;
  [[nodiscard]] torch::Tensor run(const torch::Tensor& input) const { return run(OnnxInputs{{input}, {}}); }
  /// Whether there is one input a column instead of the raw rows.
  [[nodiscard]] bool byColumn() const { return m_byColumn; }
  [[nodiscard]] const std::vector<std::string>& inputs() const { return m_inputs; }
  [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return m_metadata; }

 private:
  OnnxRunner() = default;
  std::string take(const onnx::ModelProto& model);
  void computeConstants(onnx::GraphProto& graph);

  std::map<std::string, std::string> m_metadata;
  std::shared_ptr<const onnx::ModelProto> m_model;
  std::map<std::string, torch::Tensor> m_weights;
  std::vector<std::string> m_inputs;
  bool m_byColumn = false;
  std::map<std::string, OnnxLabels> m_labels;    ///< by the names of what they make
  std::map<std::string, std::size_t> m_lastUse;  ///< the node after which a value is no more needed
};

}  // namespace lathe::engine
