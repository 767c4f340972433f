// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/onnx/onnx_graph.h"

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

namespace lathe::exporting {
namespace {

void fill(onnx::TensorProto& tensor, OnnxType type, const spec::Shape& shape, const void* values, std::size_t bytes) {
  for (const auto size : shape) tensor.add_dims(size);
  tensor.set_data_type(static_cast<int>(type));
  tensor.set_raw_data(values, bytes);
}

void describe(onnx::ValueInfoProto& value, const std::string& name, OnnxType type, const spec::Shape& row) {
  value.set_name(name);
  auto& tensor = *value.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(static_cast<int>(type));
  tensor.mutable_shape()->add_dim()->set_dim_param("N");
  for (const auto size : row) tensor.mutable_shape()->add_dim()->set_dim_value(size);
}

void set(onnx::AttributeProto& out, const OnnxAttribute& attribute) {
  out.set_name(attribute.first);
  struct Setter {
    onnx::AttributeProto& out;
    void operator()(std::int64_t value) const {
      out.set_type(onnx::AttributeProto::INT);
      out.set_i(value);
    }
    void operator()(float value) const {
      out.set_type(onnx::AttributeProto::FLOAT);
      out.set_f(value);
    }
    void operator()(const std::string& value) const {
      out.set_type(onnx::AttributeProto::STRING);
      out.set_s(value);
    }
    void operator()(const std::vector<std::int64_t>& values) const {
      out.set_type(onnx::AttributeProto::INTS);
      for (const auto value : values) out.add_ints(value);
    }
    void operator()(const std::vector<float>& values) const {
      out.set_type(onnx::AttributeProto::FLOATS);
      for (const float value : values) out.add_floats(value);
    }
    void operator()(const std::vector<std::string>& values) const {
      out.set_type(onnx::AttributeProto::STRINGS);
      for (const auto& value : values) out.add_strings(value);
    }
  };
  std::visit(Setter{out}, attribute.second);
}

}  // namespace

// Inputs have names of their callers' choice.
OnnxGraph::Name OnnxGraph::unused(const char* prefix, const std::string& rest) {
  Name name;
  do name = fmt::format("{}{}{}", prefix, m_count++, rest);
  while (m_inputs.contains(name));
  return name;
}

void OnnxGraph::input(const Name& name, OnnxType type, const spec::Shape& row, const std::string& about) {
  auto& value = *m_graph.add_input();
  describe(value, name, type, row);
  if (!about.empty()) value.set_doc_string(about);
  m_inputs.insert(name);
}

void OnnxGraph::output(const Name& name, const spec::Shape& row) {
  describe(*m_graph.add_output(), name, OnnxType::Float, row);
}

OnnxGraph::Name OnnxGraph::numbersOfWords(const Name& words, const std::vector<std::string>& keys,
                                          const std::vector<float>& values, float otherwise) {
  auto numbers =
      node("LabelEncoder", {words}, {{"keys_strings", keys}, {"values_floats", values}, {"default_float", otherwise}});
  m_graph.mutable_node(m_graph.node_size() - 1)->set_domain(onnxMlDomain);
  return numbers;
}

OnnxGraph::Name OnnxGraph::node(const char* type, const Names& inputs, const std::vector<OnnxAttribute>& attributes) {
  auto name = fresh();
  node(type, inputs, Names{name}, attributes);
  return name;
}

void OnnxGraph::node(const char* type, const Names& inputs, const Names& outputs,
                     const std::vector<OnnxAttribute>& attributes) {
  auto& node = *m_graph.add_node();
  node.set_op_type(type);
  node.set_name(fmt::format("{}_{}", type, m_graph.node_size()));
  for (const auto& input : inputs) node.add_input(input);
  for (const auto& output : outputs) node.add_output(output);
  for (const auto& attribute : attributes) set(*node.add_attribute(), attribute);
}

OnnxGraph::Name OnnxGraph::tensor(const std::string& name, const spec::Shape& shape, std::span<const float> values) {
  return packed(name, OnnxType::Float, shape, std::as_bytes(values));
}

OnnxGraph::Name OnnxGraph::packed(const std::string& name, OnnxType type, const spec::Shape& shape,
                                  std::span<const std::byte> values) {
  auto& tensor = *m_graph.add_initializer();
  fill(tensor, type, shape, values.data(), values.size());
  tensor.set_name(unused("w", "_" + name));
  return tensor.name();
}

template <class T>
OnnxGraph::Name OnnxGraph::scalar(OnnxType type, T value) {
  auto& known = m_known[fmt::format("{}:{}", static_cast<int>(type), value)];
  if (!known.empty()) return known;
  auto& tensor = *m_graph.add_initializer();
  fill(tensor, type, {}, &value, sizeof value);
  known = unused("k", "");
  tensor.set_name(known);
  return known;
}

OnnxGraph::Name OnnxGraph::number(double value) { return scalar(OnnxType::Float, static_cast<float>(value)); }
OnnxGraph::Name OnnxGraph::wideNumber(double value) { return scalar(OnnxType::Double, value); }
OnnxGraph::Name OnnxGraph::whole(std::int64_t value) { return scalar(OnnxType::Int64, value); }
OnnxGraph::Name OnnxGraph::byte(std::uint8_t value) { return scalar(OnnxType::UInt8, value); }

OnnxGraph::Name OnnxGraph::list(const std::vector<std::int64_t>& values) {
  auto& known = m_known[fmt::format("[{}]", fmt::join(values, ","))];
  if (!known.empty()) return known;
  auto& tensor = *m_graph.add_initializer();
  fill(tensor, OnnxType::Int64, {static_cast<std::int64_t>(values.size())}, values.data(),
       values.size() * sizeof(std::int64_t));
  known = unused("k", "");
  tensor.set_name(known);
  return known;
}

}  // namespace lathe::exporting
