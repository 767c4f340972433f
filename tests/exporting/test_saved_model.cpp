// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstring>

#include "core/exporting/tensorflow/proto/tensorflow.pb.h"
#include "core/exporting/tensorflow/saved_model.h"
#include "tests/support/testing.h"

using namespace lathe;

namespace {

/// Three columns, of which the last two are filled and go through a dense layer and a normalisation; dropout; softmax.
exporting::ModelSource smallModel(bool words) {
  using spec::ColumnKind;
  using spec::Primitive;
  exporting::ModelSource source;
  source.name = "net";
  source.scoring = "{\"loss\":1}";
  auto& schema = source.model.schema;
  schema.inputShape = {3};
  schema.features = {{"job", words ? ColumnKind::Category : ColumnKind::Real, 0, 1, {"cook", "smith"}},
                     {"age", ColumnKind::Integer, 1, 1, {}},
                     {"pay", ColumnKind::Real, 2, 1, {}}};
  schema.target = {"risk", {"low", "high"}};
  auto& program = source.program;
  program.values = {{3}, {2}, {2}, {2}, {2}, {2}, {2}};
  program.parameters = {{"fc.weight", {2, 2}, {}}, {"fc.bias", {2}, {}},   {"norm.weight", {2}, {}},
                        {"norm.bias", {2}, {}},    {"norm.mean", {2}, {}}, {"norm.var", {2}, {}}};
  program.constants = {{"fill", {2}, {5, 6}}};
  program.preprocess = {{Primitive::SelectColumns, "in", {0}, 1, {}, {}, {1, 2}, {}},
                        {Primitive::FillMissing, "in", {1}, 2, {}, {0}, {}, {}}};
  program.model = {{Primitive::Linear, "fc", {2}, 3, {0, 1}, {}, {}, {}},
                   {Primitive::BatchNorm, "norm", {3}, 4, {2, 3, 4, 5}, {}, {}, {0.0, 0.1}},
                   {Primitive::Dropout, "drop", {4}, 5, {}, {}, {}, {0.5}}};
  program.head = {{Primitive::Softmax, "out", {5}, 6, {}, {}, {}, {}}};
  program.prepared = {2};
  program.logits = 5;
  program.output = 6;
  source.weights = {{1, 2, 3, 4}, {0.5F, -0.5F}, {2, 3}, {1, -1}, {0.5F, 1}, {4, 9}};
  return source;
}

tensorflow::SavedModel parsed(const Result<std::string>& bytes) {
  tensorflow::SavedModel model;
  if (!bytes || !model.ParseFromString(*bytes) || model.meta_graphs_size() != 1)
    testing::reportFailure(__FILE__, __LINE__, "no SavedModel");
  return model;
}

const tensorflow::NodeDef& nodeOf(const tensorflow::SavedModel& model, const std::string& name) {
  for (const auto& node : model.meta_graphs(0).graph_def().node())
    if (name == node.name() + ":0" || name == node.name()) return node;
  testing::reportFailure(__FILE__, __LINE__, "no node " + name);
  return tensorflow::NodeDef::default_instance();
}

std::vector<float> numbers(const tensorflow::SavedModel& model, const std::string& part) {
  for (const auto& node : model.meta_graphs(0).graph_def().node()) {
    if (node.op() != "Const" || node.name().find(part) == std::string::npos) continue;
    const auto& bytes = node.attr().at("value").tensor().tensor_content();
    std::vector<float> values(bytes.size() / sizeof(float));
    std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }
  return {};
}

std::int64_t countOf(const tensorflow::SavedModel& model, const std::string& operation) {
  const auto& nodes = model.meta_graphs(0).graph_def().node();
  return std::count_if(nodes.begin(), nodes.end(), [&](const auto& node) { return node.op() == operation; });
}

std::string shapeText(const tensorflow::TensorInfo& info) {
  std::string text;
  for (const auto& dimension : info.tensor_shape().dim()) text += " " + std::to_string(dimension.size());
  return text;
}

}  // namespace

LATHE_TEST("a SavedModel is tagged for serving and names its tensors") {
  const auto model = parsed(exporting::writeSavedModel(smallModel(false), "1.2"));
  CHECK_EQ(model.saved_model_schema_version(), std::int64_t{1});
  const auto& graph = model.meta_graphs(0);
  REQUIRE(graph.meta_info_def().tags_size() == 1);
  CHECK_EQ(graph.meta_info_def().tags(0), std::string("serve"));
  for (const char* name : {"predict_signature", "serving_default"}) {
    const auto& signature = graph.signature_def().at(name);
    CHECK_EQ(signature.method_name(), std::string("tensorflow/serving/predict"));
    REQUIRE(signature.inputs_size() == 1 && signature.outputs_size() == 1);
    CHECK_EQ(shapeText(signature.inputs().at("input_tensor")), std::string(" -1 3"));
    CHECK_EQ(shapeText(signature.outputs().at("output_tensor")), std::string(" -1 2"));
    CHECK_EQ(nodeOf(model, signature.outputs().at("output_tensor").name()).op(), std::string("Identity"));
  }
  CHECK(graph.signature_def().count("regress") == 0);
}

LATHE_TEST("a SavedModel of a table with words takes one named input a column") {
  const auto model = parsed(exporting::writeSavedModel(smallModel(true), "1.2"));
  const auto& signatures = model.meta_graphs(0).signature_def();
  CHECK(signatures.at("predict_signature").inputs().count("input_tensor") == 1);
  const auto& inputs = signatures.at("serving_default").inputs();
  REQUIRE(inputs.size() == 3);
  CHECK(inputs.at("job").dtype() == tensorflow::DT_STRING);
  CHECK(inputs.at("age").dtype() == tensorflow::DT_FLOAT);
  CHECK_EQ(shapeText(inputs.at("pay")), std::string(" -1"));
  // Where nobody feeds rows they are made of the columns, and those of examples.
  CHECK_EQ(nodeOf(model, "input_tensor").op(), std::string("PlaceholderWithDefault"));
  CHECK_EQ(nodeOf(model, inputs.at("job").name()).op(), std::string("PlaceholderWithDefault"));
  const auto& classify = signatures.at("classify");
  CHECK_EQ(classify.method_name(), std::string("tensorflow/serving/classify"));
  CHECK(classify.inputs().at("inputs").dtype() == tensorflow::DT_STRING);
  CHECK(classify.outputs().at("classes").dtype() == tensorflow::DT_STRING);
  CHECK_EQ(shapeText(classify.outputs().at("scores")), std::string(" -1 2"));
}

LATHE_TEST("a SavedModel is the same bytes each time") {
  const auto first = exporting::writeSavedModel(smallModel(true), "1.2");
  for (int i = 0; i < 5; ++i) CHECK(*exporting::writeSavedModel(smallModel(true), "1.2") == *first);
}

LATHE_TEST("a SavedModel holds the model's description and scoring as strings") {
  const auto source = smallModel(true);
  const auto model = parsed(exporting::writeSavedModel(source, "1.2"));
  const auto text = [&](const char* name) { return nodeOf(model, name).attr().at("value").tensor().string_val(0); };
  CHECK_EQ(text("lathe/model"), spec::toJson(source.model));
  CHECK_EQ(text("lathe/scoring"), source.scoring);
  CHECK_EQ(text("lathe/classes"), std::string("[\"low\",\"high\"]"));
  CHECK_EQ(text("lathe/version"), std::string("1.2"));
  CHECK(text("lathe/schema").find("\"smith\"") != std::string::npos);
}

LATHE_TEST("dropout is gone from a SavedModel and a normalisation is part of the layer before it") {
  const auto model = parsed(exporting::writeSavedModel(smallModel(false), ""));
  CHECK_EQ(countOf(model, "MatMul"), std::int64_t{1});
  CHECK_EQ(countOf(model, "BiasAdd"), std::int64_t{1});
  CHECK_EQ(countOf(model, "Mul"), std::int64_t{0});
  // scale = weight / sqrt(var) = 1, 1; bias = (b - mean) * scale + shift.
  CHECK((numbers(model, "fc.weight") == std::vector<float>{1, 2, 3, 4}));
  CHECK((numbers(model, "fc.bias") == std::vector<float>{1, -2.5F}));
}

LATHE_TEST("nodes of a SavedModel stand behind those that they read") {
  const auto model = parsed(exporting::writeSavedModel(smallModel(true), ""));
  std::vector<std::string> seen;
  for (const auto& node : model.meta_graphs(0).graph_def().node()) {
    for (const auto& input : node.input()) {
      const auto name = input.substr(0, input.find(':'));
      CHECK(std::find(seen.begin(), seen.end(), name) != seen.end());
    }
    seen.push_back(node.name());
  }
}

LATHE_TEST("more words than are worth comparing are looked up in a table") {
  auto source = smallModel(true);
  for (int i = 0; i < 2000; ++i) source.model.schema.features[0].vocabulary.push_back("job" + std::to_string(i));
  const auto model = parsed(exporting::writeSavedModel(source, ""));
  CHECK_EQ(countOf(model, "LookupTableFindV2"), std::int64_t{1});
  CHECK_EQ(countOf(model, "Equal"), std::int64_t{1});  // with the missing word
}
