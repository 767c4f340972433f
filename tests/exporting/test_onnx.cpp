// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <cstring>
#include <onnx/onnx_pb.h>

#include "core/exporting/onnx/onnx_model.h"
#include "tests/support/testing.h"

using namespace lathe;

namespace {

/// Three numbers: the last two, filled, through a dense layer and a normalisation; dropout; softmax.
spec::Program smallProgram(bool normReadAlone = true) {
  using spec::Primitive;
  spec::Program program;
  program.values = {{3}, {2}, {2}, {2}, {2}, {2}, {2}};
  program.parameters = {{"fc.weight", {2, 2}, {}}, {"fc.bias", {2}, {}},   {"norm.weight", {2}, {}},
                        {"norm.bias", {2}, {}},    {"norm.mean", {2}, {}}, {"norm.var", {2}, {}}};
  program.constants = {{"fill", {2}, {5, 6}}};
  program.preprocess = {{Primitive::SelectColumns, "in", {0}, 1, {}, {}, {1, 2}, {}},
                        {Primitive::FillMissing, "in", {1}, 2, {}, {0}, {}, {}}};
  program.model = {{Primitive::Linear, "fc", {2}, 3, {0, 1}, {}, {}, {}},
                   {Primitive::BatchNorm, "norm", {3}, 4, {2, 3, 4, 5}, {}, {}, {0.0, 0.1}},
                   {Primitive::Dropout, "drop", {4}, 5, {}, {}, {}, {0.5}}};
  if (!normReadAlone) program.model.push_back({Primitive::Add, "both", {5, 3}, 5, {}, {}, {}, {}});
  program.head = {{Primitive::Softmax, "out", {5}, 6, {}, {}, {}, {}}};
  program.prepared = {2};
  program.logits = 5;
  program.output = 6;
  return program;
}

const std::vector<std::vector<float>> weights{{1, 2, 3, 4}, {0.5F, -0.5F}, {2, 3}, {1, -1}, {0.5F, 1}, {4, 9}};

onnx::ModelProto parsed(const Result<std::string>& bytes) {
  onnx::ModelProto model;
  if (!bytes || !model.ParseFromString(*bytes)) testing::reportFailure(__FILE__, __LINE__, "no ONNX model");
  return model;
}

std::vector<std::string> operations(const onnx::ModelProto& model) {
  std::vector<std::string> names;
  for (const auto& node : model.graph().node()) names.push_back(node.op_type());
  return names;
}

std::vector<float> numbers(const onnx::ModelProto& model, const std::string& part) {
  for (const auto& each : model.graph().initializer())
    if (each.name().find(part) != std::string::npos) {
      std::vector<float> values(each.raw_data().size() / sizeof(float));
      std::memcpy(values.data(), each.raw_data().data(), each.raw_data().size());
      return values;
    }
  return {};
}

}  // namespace

LATHE_TEST("an ONNX file names its tensors, its opset and what it was told") {
  const auto model =
      parsed(exporting::writeOnnx(smallProgram(), weights, {"net", "1.2", {{"classes", "[\"a\",\"b\"]"}}}));
  CHECK_EQ(model.ir_version(), std::int64_t{8});
  REQUIRE(model.opset_import_size() == 1);
  CHECK_EQ(model.opset_import(0).version(), std::int64_t{17});
  CHECK_EQ(model.producer_version(), std::string("1.2"));
  REQUIRE(model.metadata_props_size() == 1);
  CHECK_EQ(model.metadata_props(0).value(), std::string("[\"a\",\"b\"]"));
  const auto& graph = model.graph();
  CHECK_EQ(graph.name(), std::string("net"));
  REQUIRE(graph.input_size() == 1 && graph.output_size() == 1);
  CHECK_EQ(graph.input(0).name(), std::string("input_tensor"));
  CHECK_EQ(graph.output(0).name(), std::string("output_tensor"));
  const auto& shape = graph.input(0).type().tensor_type().shape();
  REQUIRE(shape.dim_size() == 2);
  CHECK_EQ(shape.dim(0).dim_param(), std::string("N"));
  CHECK_EQ(shape.dim(1).dim_value(), std::int64_t{3});
}

LATHE_TEST("dropout is gone from an ONNX file and a normalisation is part of the layer before it") {
  const auto model = parsed(exporting::writeOnnx(smallProgram(), weights, {}));
  CHECK((operations(model) ==
         std::vector<std::string>{"Gather", "IsNaN", "Where", "MatMul", "Add", "Softmax", "Identity"}));
  // W is transposed; scale = weight / sqrt(var) = 1, 1; bias = (b - mean) * scale + shift.
  CHECK((numbers(model, "fc.weight") == std::vector<float>{1, 3, 2, 4}));
  CHECK((numbers(model, "fc.bias") == std::vector<float>{1, -2.5F}));
}

LATHE_TEST("a normalisation stays where others read the layer before it too") {
  const auto model = parsed(exporting::writeOnnx(smallProgram(false), weights, {}));
  const auto names = operations(model);
  CHECK_EQ(std::count(names.begin(), names.end(), std::string("Mul")), std::ptrdiff_t{1});
  CHECK((numbers(model, "fc.bias") == std::vector<float>{0.5F, -0.5F}));
}

LATHE_TEST("an ONNX file of a table with words can take one named input a column") {
  spec::DataSchema schema;
  schema.inputShape = {3};
  schema.features = {{"job title", spec::ColumnKind::Category, 0, 1, {"cook", "smith"}},
                     {"v0", spec::ColumnKind::Integer, 1, 1, {}},
                     {"pay", spec::ColumnKind::Real, 2, 1, {}}};
  exporting::OnnxDescription description;
  description.columns = &schema;
  const auto model = parsed(exporting::writeOnnx(smallProgram(), weights, description));
  REQUIRE(model.opset_import_size() == 2);
  CHECK_EQ(model.opset_import(1).domain(), std::string("ai.onnx.ml"));
  CHECK_EQ(model.opset_import(1).version(), std::int64_t{2});
  const auto& graph = model.graph();
  REQUIRE(graph.input_size() == 3);
  CHECK_EQ(graph.input(0).name(), std::string("job_title"));
  CHECK_EQ(graph.input(0).doc_string(), std::string("job title"));
  CHECK_EQ(graph.input(0).type().tensor_type().elem_type(), static_cast<int>(onnx::TensorProto::STRING));
  CHECK_EQ(graph.input(1).name(), std::string("v0"));
  CHECK_EQ(graph.input(1).type().tensor_type().elem_type(), static_cast<int>(onnx::TensorProto::FLOAT));
  CHECK_EQ(graph.input(2).type().tensor_type().shape().dim(1).dim_value(), std::int64_t{1});
  for (const auto& node : graph.node()) CHECK(node.output(0) != "v0");  // is a column
  const auto& lookup = graph.node(0);
  CHECK_EQ(lookup.op_type(), std::string("LabelEncoder"));
  CHECK_EQ(lookup.domain(), std::string("ai.onnx.ml"));
  const auto attribute = [&](const std::string& name) {
    const auto found = std::find_if(lookup.attribute().begin(), lookup.attribute().end(),
                                    [&](const auto& each) { return each.name() == name; });
    return found == lookup.attribute().end() ? onnx::AttributeProto() : *found;
  };
  const auto words = attribute("keys_strings"), codes = attribute("values_floats");
  REQUIRE(words.strings_size() == 3 && codes.floats_size() == 3);
  CHECK_EQ(words.strings(1), std::string("smith"));
  CHECK_EQ(codes.floats(1), 1.0F);
  CHECK(words.strings(2).empty() && std::isnan(codes.floats(2)));
  CHECK_EQ(attribute("default_float").f(), -1.0F);
}
