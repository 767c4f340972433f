// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <onnx/onnx_pb.h>
#include <optional>
#include <string>
#include <torch/torch.h>
#include <unordered_map>
#include <vector>

#include "core/exporting/table_columns.h"

namespace lathe::engine {

/// Tensors of one graph's inputs, in its order. Those of text hold places in a list of words.
struct OnnxInputs {
  std::vector<torch::Tensor> tensors;
  std::vector<std::string> words;
};

/// Raw rows [N, F] or [N, W, F] as the inputs of a graph with one a column.
[[nodiscard]] OnnxInputs columnTensors(const spec::DataSchema& schema, const torch::Tensor& rows);

/// The LabelEncoder of ai.onnx.ml, from words to numbers.
class OnnxLabels {
 public:
  /// Nothing where the node is anything else.
  static std::optional<OnnxLabels> read(const onnx::NodeProto& node);
  /// The number of each word; `places` are those of words.
  [[nodiscard]] torch::Tensor numbers(const torch::Tensor& places, const std::vector<std::string>& words) const;

 private:
  std::unordered_map<std::string, float> m_numbers;
  float m_otherwise = 0;
};

}  // namespace lathe::engine
