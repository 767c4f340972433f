// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <torch/torch.h>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace tensorflow {
class GraphDef;
class SavedModel;
}  // namespace tensorflow

namespace lathe::engine {

/// Runs the predict_signature of SavedModels as Lathe writes them (core/exporting/tensorflow/saved_model.h), on
/// LibTorch, from the file alone: the check of an export where no TensorFlow is installed. Operation by operation,
/// nothing is rewritten, but weights of fewer bits become float32 once. What is read is not trusted: sizes are compared
/// with what is there, unknown operations are refused, and so are nodes that read what stands behind them. Thread-safe.
class SavedModelRunner {
 public:
  /// `file`: the bytes of saved_model.pb. Null with what is wrong in `problem`.
  static std::shared_ptr<const SavedModelRunner> read(const std::string& file, std::string& problem);

  /// The output for one input, images with their channels last; throws c10::Error on what does not fit.
  [[nodiscard]] torch::Tensor run(const torch::Tensor& input) const;
  /// The constants that are one string, by name.
  [[nodiscard]] const std::map<std::string, std::string>& texts() const { return m_texts; }

 private:
  using Place = std::pair<std::size_t, std::size_t>;  ///< node and which of its outputs
  struct Step {
    std::size_t node = 0;
    std::vector<Place> inputs;
    std::vector<std::size_t> done;  ///< nodes whose values nobody needs behind this step
  };

  SavedModelRunner() = default;
  std::string take(const tensorflow::SavedModel& model);
  std::string takeNodes(std::size_t output);
  void widenConstants();

  std::map<std::string, std::string> m_texts;
  std::shared_ptr<tensorflow::GraphDef> m_graph;
  std::map<std::size_t, torch::Tensor> m_constants;
  std::vector<Step> m_steps;
  std::size_t m_input = 0, m_output = 0;
};

}  // namespace lathe::engine
