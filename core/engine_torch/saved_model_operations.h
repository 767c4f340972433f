// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <torch/torch.h>
#include <vector>

namespace tensorflow {
class AttrValue;
class NodeDef;
}  // namespace tensorflow

/// TensorFlow's operations on LibTorch's tensors, as far as Lathe writes them. For SavedModelRunner only.
namespace lathe::engine::saved_model {

using Tensors = std::vector<torch::Tensor>;
using Ints = std::vector<std::int64_t>;

/// Tensors have at most so many numbers.
constexpr std::int64_t mostNumbers = std::int64_t{1} << 31;

[[nodiscard]] std::optional<torch::ScalarType> scalarTypeOf(int type);

/// One node with what it reads. What is asked of it and is not there throws c10::Error.
class Call {
 public:
  Call(const tensorflow::NodeDef& node, Tensors inputs) : m_node(node), m_inputs(std::move(inputs)) {}

  [[nodiscard]] const std::string& operation() const;
  [[nodiscard]] const torch::Tensor& x(std::size_t i = 0) const;
  [[nodiscard]] std::size_t count() const { return m_inputs.size(); }
  /// An input that holds sizes, axes or places, at most 64.
  [[nodiscard]] Ints list(std::size_t i) const;
  [[nodiscard]] std::int64_t whole(std::size_t i) const;
  /// The first `count` inputs.
  [[nodiscard]] Tensors all(std::size_t count) const;
  [[nodiscard]] std::int64_t integer(const char* name) const;
  [[nodiscard]] bool flag(const char* name) const;
  [[nodiscard]] double real(const char* name) const;
  [[nodiscard]] std::string text(const char* name) const;
  [[nodiscard]] Ints integers(const char* name) const;
  [[nodiscard]] int type(const char* name) const;

 private:
  [[nodiscard]] const tensorflow::AttrValue& attribute(const char* name) const;
  const tensorflow::NodeDef& m_node;
  Tensors m_inputs;
};

/// Whether run() has it, or an export has it in other signatures, where it is not run.
[[nodiscard]] bool isRun(const std::string& operation);
[[nodiscard]] bool isWritten(const std::string& operation);
[[nodiscard]] Tensors run(const Call& call);

}  // namespace lathe::engine::saved_model
