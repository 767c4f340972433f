// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/exporting/tensorflow/tensorflow_values.h"

namespace tensorflow {
class GraphDef;
}

/// For the files of this folder only.
namespace lathe::exporting {

/// Nodes of a GraphDef, one after another: each stands behind those that it reads.
class TensorflowGraph {
 public:
  using Ints = std::vector<std::int64_t>;

  explicit TensorflowGraph(tensorflow::GraphDef& graph) : m_graph(graph) {}

  /// A node of a name, or of one made from its operation; `result` is the type of its first output.
  TfValue node(const std::string& name, const char* operation, const TfValues& inputs, TfType result,
               const TfAttributes& attributes);
  TfValue node(const char* operation, const TfValues& inputs, TfType result, const TfAttributes& attributes);
  /// One whose only attribute T is the type of its first input and of its output; and others.
  TfValue same(const char* operation, const TfValues& inputs, TfAttributes attributes = {});
  TfValue compare(const char* operation, const TfValue& a, const TfValue& b) {
    return node(operation, {a, b}, TfType::Bool, {{"T", a.type}});
  }
  /// Output `i` of a node that has several.
  [[nodiscard]] static TfValue output(const TfValue& first, std::size_t i, TfType type);

  /// What callers feed: rows of this shape, -1 rows.
  TfValue placeholder(const std::string& name, TfType type, const spec::Shape& row);
  /// The same, computed where nobody feeds it.
  TfValue placeholder(const std::string& name, const TfValue& otherwise, const spec::Shape& row);

  /// Numbers that belong to the model.
  TfValue tensor(const std::string& name, const spec::Shape& shape, std::span<const float> values);
  /// The same as other types have them in memory.
  TfValue packed(const std::string& name, TfType type, const spec::Shape& shape, std::span<const std::byte> values) {
    return constant(fresh(name), type, shape, values.data(), values.size());
  }
  TfValue texts(const std::string& name, const spec::Shape& shape, std::span<const std::string> values);
  // equal ones are kept once
  TfValue number(double value);      ///< float32
  TfValue wide(std::int64_t value);  ///< int64
  TfValue wideList(const Ints& values);
  TfValue whole(std::int64_t value);  ///< int32, as sizes and axes are
  TfValue list(const Ints& values);

  // what is needed all the time
  TfValue add(const TfValue& a, const TfValue& b) { return same("AddV2", {a, b}); }
  TfValue subtract(const TfValue& a, const TfValue& b) { return same("Sub", {a, b}); }
  TfValue multiply(const TfValue& a, const TfValue& b) { return same("Mul", {a, b}); }
  TfValue divide(const TfValue& a, const TfValue& b) { return same("RealDiv", {a, b}); }
  TfValue square(const TfValue& x) { return same("Square", {x}); }
  TfValue clip(const TfValue& x, const TfValue& low, const TfValue& high) {
    return same("Minimum", {same("Maximum", {x, low}), high});
  }
  TfValue clip(const TfValue& x, double low, double high) { return clip(x, number(low), number(high)); }
  TfValue choose(const TfValue& condition, const TfValue& a, const TfValue& b) {
    return node("SelectV2", {condition, a, b}, a.type, {{"T", a.type}});
  }
  TfValue cast(const TfValue& x, TfType type) { return node("Cast", {x}, type, {{"SrcT", x.type}, {"DstT", type}}); }
  TfValue reshape(const TfValue& x, const Ints& sizes) {
    return same("Reshape", {x, list(sizes)}, {{"Tshape", TfType::Int32}});
  }
  TfValue expand(const TfValue& x, std::int64_t axis) {
    return same("ExpandDims", {x, whole(axis)}, {{"Tdim", TfType::Int32}});
  }
  TfValue squeeze(const TfValue& x, std::int64_t axis) { return same("Squeeze", {x}, {{"squeeze_dims", Ints{axis}}}); }
  TfValue transpose(const TfValue& x, const Ints& order) {
    return same("Transpose", {x, list(order)}, {{"Tperm", TfType::Int32}});
  }
  /// A range of a dimension, or one place of it, which goes.
  TfValue slice(const TfValue& x, std::int64_t axis, std::int64_t start, std::int64_t length);
  TfValue select(const TfValue& x, std::int64_t axis, std::int64_t place);
  TfValue joined(const TfValues& parts, std::int64_t axis = 1);
  TfValue gather(const TfValue& x, const TfValue& places, std::int64_t axis);
  /// "Mean", "Sum", "Max"; "All" of truth values.
  TfValue reduce(const char* operation, const TfValue& x, const Ints& axes, bool keep);
  TfValue mean(const TfValue& x, const Ints& axes, bool keep) { return reduce("Mean", x, axes, keep); }
  TfValue sum(const TfValue& x, std::int64_t axis, bool keep) { return reduce("Sum", x, {axis}, keep); }
  /// Of matrices, the second one turned if asked to.
  TfValue product(const TfValue& a, const TfValue& b, bool turned);
  /// The same of matrices in the last two dimensions.
  TfValue products(const TfValue& a, const TfValue& b, bool turned);
  TfValue biased(const TfValue& x, const TfValue& bias) {
    return same("BiasAdd", {x, bias}, {{"data_format", std::string("NHWC")}});
  }
  /// An operation on images [N,H,W,C] with a stride down and across, and edges on both sides where it can have any.
  TfValue onImage(const char* operation, const TfValues& inputs, const Ints& stride, const Ints& edges,
                  TfAttributes attributes = {});
  /// Zeros around images.
  TfValue framed(const TfValue& x, std::int64_t top, std::int64_t bottom, std::int64_t left, std::int64_t right);
  TfValue sizes(const TfValue& x);

 private:
  template <class T>
  TfValue known(TfType type, const Ints& shape, const std::vector<T>& values);
  TfValue constant(const std::string& name, TfType type, const spec::Shape& shape, const void* values,
                   std::size_t bytes);
  TfValue strided(const TfValue& x, std::int64_t axis, std::int64_t start, std::int64_t end, bool drop);
  std::string fresh(const std::string& kind);

  tensorflow::GraphDef& m_graph;
  std::map<std::string, TfValue> m_known;  ///< by type, dimensions and numbers
  int m_count = 0;
};

}  // namespace lathe::exporting
