// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <onnx/onnx_pb.h>
#include <optional>
#include <string>
#include <torch/torch.h>
#include <vector>

/// Operations of OnnxRunner. For its files only.
namespace lathe::engine {

[[nodiscard]] std::optional<torch::ScalarType> onnxScalarType(std::int64_t type);

/// One node with what it reads. Inputs that are left out are undefined.
class OnnxCall {
 public:
  OnnxCall(const onnx::NodeProto& node, std::vector<torch::Tensor> inputs)
      : m_node(node), m_inputs(std::move(inputs)) {}

  [[nodiscard]] const std::string& type() const { return m_node.op_type(); }
  [[nodiscard]] bool has(std::size_t i) const { return i < m_inputs.size() && m_inputs[i].defined(); }
  [[nodiscard]] const torch::Tensor& x(std::size_t i = 0) const {
    TORCH_CHECK(has(i), type(), " lacks input ", i);
    return m_inputs[i];
  }
  [[nodiscard]] const std::vector<torch::Tensor>& all() const { return m_inputs; }
  [[nodiscard]] std::vector<std::int64_t> list(std::size_t i) const {
    TORCH_CHECK(x(i).scalar_type() == torch::kInt64 && x(i).numel() <= 64, "input ", i, " of ", type(), " is no list");
    const auto flat = x(i).contiguous();
    return {flat.data_ptr<std::int64_t>(), flat.data_ptr<std::int64_t>() + flat.numel()};
  }
  [[nodiscard]] std::int64_t whole(const char* name, std::int64_t fallback) const {
    const auto* found = find(name);
    return found == nullptr ? fallback : found->i();
  }
  [[nodiscard]] double real(const char* name, double fallback) const {
    const auto* found = find(name);
    return found == nullptr ? fallback : static_cast<double>(found->f());
  }
  [[nodiscard]] std::string text(const char* name, const char* fallback) const {
    const auto* found = find(name);
    return found == nullptr ? fallback : found->s();
  }
  [[nodiscard]] std::vector<std::int64_t> ints(const char* name, std::vector<std::int64_t> fallback = {}) const {
    const auto* found = find(name);
    return found == nullptr ? std::move(fallback)
                            : std::vector<std::int64_t>(found->ints().begin(), found->ints().end());
  }

 private:
  [[nodiscard]] const onnx::AttributeProto* find(const char* name) const {
    for (const auto& attribute : m_node.attribute())
      if (attribute.name() == name) return &attribute;
    return nullptr;
  }
  const onnx::NodeProto& m_node;
  std::vector<torch::Tensor> m_inputs;
};

/// Operations of graphs with quantised weights, by their names: all that they give.
using OnnxFunction = std::vector<torch::Tensor> (*)(const OnnxCall& call);
[[nodiscard]] const std::map<std::string, OnnxFunction>& quantizedOnnxFunctions();

/// The weights of MatMulInteger as the function above takes them at any time: float32, zero point taken off, so that
/// it is not done anew for every batch. Undefined where they do not fit each other.
[[nodiscard]] torch::Tensor preparedIntegers(const torch::Tensor& weights, const torch::Tensor& zeroPoint);

}  // namespace lathe::engine
