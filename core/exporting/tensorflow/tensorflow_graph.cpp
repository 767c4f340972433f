// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/tensorflow/tensorflow_graph.h"

#include <fmt/format.h>

#include "core/exporting/tensorflow/proto/tensorflow.pb.h"

namespace lathe::exporting {
namespace {

tensorflow::DataType protoType(TfType type) { return static_cast<tensorflow::DataType>(type); }

void setShape(tensorflow::TensorShapeProto& out, const spec::Shape& shape) {
  for (const auto size : shape) out.add_dim()->set_size(size);
}

struct AttributeSetter {
  tensorflow::AttrValue& out;
  void operator()(TfType value) const { out.set_type(protoType(value)); }
  void operator()(bool value) const { out.set_b(value); }
  void operator()(std::int64_t value) const { out.set_i(value); }
  void operator()(float value) const { out.set_f(value); }
  void operator()(const std::string& value) const { out.set_s(value); }
  void operator()(const std::vector<std::int64_t>& values) const {
    auto& list = *out.mutable_list();
    for (const auto value : values) list.add_i(value);
  }
  void operator()(const std::vector<TfType>& values) const {
    auto& list = *out.mutable_list();
    for (const auto value : values) list.add_type(protoType(value));
  }
  void operator()(const TfShape& value) const { setShape(*out.mutable_shape(), value.sizes); }
  void operator()(const std::vector<TfShape>& values) const {
    auto& list = *out.mutable_list();
    for (const auto& value : values) setShape(*list.add_shape(), value.sizes);
  }
};

// Names of nodes are ASCII.
std::string nodeName(const std::string& text) {
  std::string name;
  for (const char c : text) {
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '/';
    name += plain ? c : '_';
  }
  return name;
}

}  // namespace

std::string TensorflowGraph::fresh(const std::string& kind) { return fmt::format("n{}_{}", m_count++, nodeName(kind)); }

TfValue TensorflowGraph::node(const std::string& name, const char* operation, const TfValues& inputs, TfType result,
                              const TfAttributes& attributes) {
  auto& made = *m_graph.add_node();
  made.set_name(name);
  made.set_op(operation);
  for (const auto& input : inputs) made.add_input(input.name);
  for (const auto& [key, value] : attributes) std::visit(AttributeSetter{(*made.mutable_attr())[key]}, value);
  return {name, result};
}

TfValue TensorflowGraph::node(const char* operation, const TfValues& inputs, TfType result,
                              const TfAttributes& attributes) {
  return node(fresh(operation), operation, inputs, result, attributes);
}

TfValue TensorflowGraph::same(const char* operation, const TfValues& inputs, TfAttributes attributes) {
  attributes.emplace_back("T", inputs.front().type);
  return node(operation, inputs, inputs.front().type, attributes);
}

TfValue TensorflowGraph::output(const TfValue& first, std::size_t i, TfType type) {
  return {i == 0 ? first.name : fmt::format("{}:{}", first.name, i), type};
}

TfValue TensorflowGraph::placeholder(const std::string& name, TfType type, const spec::Shape& row) {
  return node(name, "Placeholder", {}, type, {{"dtype", type}, {"shape", TfShape::ofRows(row)}});
}

TfValue TensorflowGraph::placeholder(const std::string& name, const TfValue& otherwise, const spec::Shape& row) {
  return node(name, "PlaceholderWithDefault", {otherwise}, otherwise.type,
              {{"dtype", otherwise.type}, {"shape", TfShape::ofRows(row)}});
}

TfValue TensorflowGraph::constant(const std::string& name, TfType type, const spec::Shape& shape, const void* values,
                                  std::size_t bytes) {
  const auto made = node(name, "Const", {}, type, {{"dtype", type}});
  auto& attributes = *m_graph.mutable_node(m_graph.node_size() - 1)->mutable_attr();
  auto& tensor = *attributes["value"].mutable_tensor();
  tensor.set_dtype(protoType(type));
  setShape(*tensor.mutable_tensor_shape(), shape);
  if (bytes > 0) tensor.set_tensor_content(values, bytes);
  return made;
}

TfValue TensorflowGraph::tensor(const std::string& name, const spec::Shape& shape, std::span<const float> values) {
  return constant(fresh(name), TfType::Float, shape, values.data(), values.size_bytes());
}

TfValue TensorflowGraph::texts(const std::string& name, const spec::Shape& shape, std::span<const std::string> values) {
  const auto made = constant(name.empty() ? fresh("texts") : name, TfType::String, shape, nullptr, 0);
  auto& attributes = *m_graph.mutable_node(m_graph.node_size() - 1)->mutable_attr();
  for (const auto& value : values) attributes["value"].mutable_tensor()->add_string_val(value);
  return made;
}

template <class T>
TfValue TensorflowGraph::known(TfType type, const Ints& shape, const std::vector<T>& values) {
  auto& found = m_known[fmt::format("{}:{}:{}", static_cast<int>(type), fmt::join(shape, ","), fmt::join(values, ","))];
  if (!found.known()) found = constant(fresh("Const"), type, shape, values.data(), values.size() * sizeof(T));
  return found;
}

TfValue TensorflowGraph::number(double value) {
  return known(TfType::Float, {}, std::vector<float>{static_cast<float>(value)});
}
TfValue TensorflowGraph::wide(std::int64_t value) { return known(TfType::Int64, {}, Ints{value}); }
TfValue TensorflowGraph::wideList(const Ints& values) {
  return known(TfType::Int64, {static_cast<std::int64_t>(values.size())}, values);
}
TfValue TensorflowGraph::whole(std::int64_t value) {
  return known(TfType::Int32, {}, std::vector<std::int32_t>{static_cast<std::int32_t>(value)});
}
TfValue TensorflowGraph::list(const Ints& values) {
  return known(TfType::Int32, {static_cast<std::int64_t>(values.size())},
               std::vector<std::int32_t>(values.begin(), values.end()));
}

TfValue TensorflowGraph::strided(const TfValue& x, std::int64_t axis, std::int64_t start, std::int64_t end, bool drop) {
  Ints begins(static_cast<std::size_t>(axis) + 1, 0), ends = begins;
  const Ints steps(begins.size(), 1);
  begins.back() = start;
  ends.back() = end;
  const std::int64_t whole = (std::int64_t{1} << axis) - 1;  // the dimensions before
  return same("StridedSlice", {x, list(begins), list(ends), list(steps)},
              {{"Index", TfType::Int32},
               {"begin_mask", whole},
               {"end_mask", whole},
               {"shrink_axis_mask", drop ? std::int64_t{1} << axis : std::int64_t{0}}});
}

TfValue TensorflowGraph::slice(const TfValue& x, std::int64_t axis, std::int64_t start, std::int64_t length) {
  return strided(x, axis, start, start + length, false);
}

TfValue TensorflowGraph::select(const TfValue& x, std::int64_t axis, std::int64_t place) {
  return strided(x, axis, place, place + 1, true);
}

TfValue TensorflowGraph::joined(const TfValues& parts, std::int64_t axis) {
  if (parts.size() == 1) return parts.front();
  auto inputs = parts;
  inputs.push_back(whole(axis));
  return same("ConcatV2", inputs, {{"N", static_cast<std::int64_t>(parts.size())}, {"Tidx", TfType::Int32}});
}

TfValue TensorflowGraph::gather(const TfValue& x, const TfValue& places, std::int64_t axis) {
  return node("GatherV2", {x, places, whole(axis)}, x.type,
              {{"Tparams", x.type}, {"Tindices", places.type}, {"Taxis", TfType::Int32}});
}

TfValue TensorflowGraph::reduce(const char* operation, const TfValue& x, const Ints& axes, bool keep) {
  TfAttributes attributes{{"Tidx", TfType::Int32}, {"keep_dims", keep}};
  if (x.type != TfType::Bool) attributes.emplace_back("T", x.type);
  return node(operation, {x, list(axes)}, x.type, attributes);
}

TfValue TensorflowGraph::product(const TfValue& a, const TfValue& b, bool turned) {
  return same("MatMul", {a, b}, {{"transpose_a", false}, {"transpose_b", turned}});
}

TfValue TensorflowGraph::products(const TfValue& a, const TfValue& b, bool turned) {
  return same("BatchMatMulV2", {a, b}, {{"adj_x", false}, {"adj_y", turned}});
}

// TensorFlow's optimiser copies attributes from operation to operation without asking whether they are there, so those
// with a default are written too.
TfValue TensorflowGraph::onImage(const char* operation, const TfValues& inputs, const Ints& stride, const Ints& edges,
                                 TfAttributes attributes) {
  Ints listed;
  if (!edges.empty() && edges[0] + edges[1] > 0) listed = {0, 0, edges[0], edges[0], edges[1], edges[1], 0, 0};
  attributes.emplace_back("T", TfType::Float);
  attributes.emplace_back("strides", Ints{1, stride[0], stride[1], 1});
  attributes.emplace_back("padding", std::string(listed.empty() ? "VALID" : "EXPLICIT"));
  if (!edges.empty()) attributes.emplace_back("explicit_paddings", listed);
  attributes.emplace_back("data_format", std::string("NHWC"));
  return node(operation, inputs, TfType::Float, attributes);
}

TfValue TensorflowGraph::framed(const TfValue& x, std::int64_t top, std::int64_t bottom, std::int64_t left,
                                std::int64_t right) {
  if (top + bottom + left + right == 0) return x;
  std::vector<std::int32_t> each;
  for (const auto edge : {std::int64_t{0}, std::int64_t{0}, top, bottom, left, right, std::int64_t{0}, std::int64_t{0}})
    each.push_back(static_cast<std::int32_t>(edge));
  const auto edges = known(TfType::Int32, {4, 2}, each);
  return same("PadV2", {x, edges, number(0)}, {{"Tpaddings", TfType::Int32}});
}

TfValue TensorflowGraph::sizes(const TfValue& x) {
  return node("Shape", {x}, TfType::Int32, {{"T", x.type}, {"out_type", TfType::Int32}});
}

}  // namespace lathe::exporting
