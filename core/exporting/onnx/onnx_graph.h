// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/spec/graph.h"

namespace onnx {
class GraphProto;
}

/// For the files of this folder only.
namespace lathe::exporting {

/// The standard's numbers of element types.
enum class OnnxType {
  Float = 1,
  UInt8 = 2,
  Int8 = 3,
  Int32 = 6,
  Int64 = 7,
  String = 8,
  Bool = 9,
  Float16 = 10,
  Double = 11,
  BFloat16 = 16
};

using OnnxAttribute = std::pair<const char*, std::variant<std::int64_t, float, std::string, std::vector<std::int64_t>,
                                                          std::vector<float>, std::vector<std::string>>>;
/// The domain of what older learners need, and its version that is written.
inline constexpr const char* onnxMlDomain = "ai.onnx.ml";
inline constexpr int onnxMlOpset = 2;

/// Nodes and numbers of an ONNX graph, one after another. Values go by their names.
class OnnxGraph {
 public:
  using Name = std::string;
  using Names = std::vector<Name>;

  explicit OnnxGraph(onnx::GraphProto& graph) : m_graph(graph) {}

  Name node(const char* type, const Names& inputs, const std::vector<OnnxAttribute>& attributes = {});
  /// One with several outputs; those called "" are left out.
  void node(const char* type, const Names& inputs, const Names& outputs, const std::vector<OnnxAttribute>& attributes);
  /// A name that nothing else has.
  [[nodiscard]] Name fresh() { return unused("v", ""); }
  /// What callers feed: [N, row]. `about` is told beside it. Before anything else is made.
  void input(const Name& name, OnnxType type, const spec::Shape& row, const std::string& about = {});
  /// float32 [N, row]; a node makes it.
  void output(const Name& name, const spec::Shape& row);
  /// Each word's number, `otherwise` for all others.
  Name numbersOfWords(const Name& words, const std::vector<std::string>& keys, const std::vector<float>& values,
                      float otherwise);

  /// Numbers that belong to the model. Equal single ones and lists are kept once.
  Name tensor(const std::string& name, const spec::Shape& shape, std::span<const float> values);
  /// The same as other types have them in memory.
  Name packed(const std::string& name, OnnxType type, const spec::Shape& shape, std::span<const std::byte> values);
  Name number(double value);       ///< float32
  Name wideNumber(double value);   ///< float64
  Name whole(std::int64_t value);  ///< int64, no dimension
  Name byte(std::uint8_t value);   ///< uint8, no dimension
  Name list(const std::vector<std::int64_t>& values);

  // what is needed all the time
  Name add(const Name& a, const Name& b) { return node("Add", {a, b}); }
  Name subtract(const Name& a, const Name& b) { return node("Sub", {a, b}); }
  Name multiply(const Name& a, const Name& b) { return node("Mul", {a, b}); }
  Name divide(const Name& a, const Name& b) { return node("Div", {a, b}); }
  Name cast(const Name& x, OnnxType type) { return node("Cast", {x}, {{"to", static_cast<std::int64_t>(type)}}); }
  Name clip(const Name& x, double low, double high) { return node("Clip", {x, number(low), number(high)}); }
  Name clip(const Name& x, const Name& low, const Name& high) { return node("Min", {node("Max", {x, low}), high}); }
  Name reshape(const Name& x, const std::vector<std::int64_t>& sizes) { return node("Reshape", {x, list(sizes)}); }
  Name unsqueeze(const Name& x, std::int64_t axis) { return node("Unsqueeze", {x, list({axis})}); }
  Name squeeze(const Name& x, std::int64_t axis) { return node("Squeeze", {x, list({axis})}); }
  Name transpose(const Name& x, const std::vector<std::int64_t>& order) {
    return node("Transpose", {x}, {{"perm", order}});
  }
  Name slice(const Name& x, std::int64_t axis, std::int64_t start, std::int64_t length) {
    return node("Slice", {x, list({start}), list({start + length}), list({axis})});
  }
  /// One place of a dimension, which goes.
  Name select(const Name& x, std::int64_t axis, std::int64_t place) {
    return node("Gather", {x, whole(place)}, {{"axis", axis}});
  }
  Name joined(const Names& parts, std::int64_t axis = 1) {
    return parts.size() == 1 ? parts[0] : node("Concat", parts, {{"axis", axis}});
  }
  Name mean(const Name& x, const std::vector<std::int64_t>& axes, bool keep) {
    return node("ReduceMean", {x}, {{"axes", axes}, {"keepdims", std::int64_t{keep}}});
  }
  Name sum(const Name& x, std::int64_t axis, bool keep) {
    return node("ReduceSum", {x, list({axis})}, {{"keepdims", std::int64_t{keep}}});
  }

 private:
  template <class T>
  Name scalar(OnnxType type, T value);
  Name unused(const char* prefix, const std::string& rest);

  onnx::GraphProto& m_graph;
  std::map<std::string, Name> m_known;  ///< by type, dimensions and bytes
  std::set<Name> m_inputs;
  int m_count = 0;
};

}  // namespace lathe::exporting
