// SPDX-License-Identifier: GPL-3.0-or-later
// What is left of a network in each format: no dropout, no normalisation behind a convolution or a dense layer, and
// nothing to compute that only depends on the file's own numbers.
#include <algorithm>
#include <functional>
#include <map>
#include <onnx/onnx_pb.h>
#include <set>

#include "core/base/random.h"
#include "core/exporting/c/c_source.h"
#include "core/exporting/folding.h"
#include "core/exporting/onnx/onnx_model.h"
#include "core/exporting/tensorflow/proto/tensorflow.pb.h"
#include "core/exporting/tensorflow/saved_model.h"
#include "core/exporting/torchscript_source.h"
#include "core/spec/image_scaling.h"
#include "core/spec/templates.h"
#include "tests/engine/engine_samples.h"
#include "tests/engine/sequence_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using spec::Primitive;

namespace {

using Counts = std::map<std::string, int>;

exporting::ModelSource sourceOf(spec::ModelDescription model, const std::string& name) {
  auto program = spec::lower(model);
  REQUIRE_OK(program);
  Random random(5, "weights");
  exporting::Weights weights;
  for (const auto& parameter : program->parameters) {
    auto& numbers = weights.emplace_back(static_cast<std::size_t>(spec::elementCount(parameter.shape)));
    for (float& number : numbers) number = static_cast<float>(0.5 + random.uniform());
  }
  return {name, std::move(model), std::move(*program), std::move(weights), ""};
}

void eachTemplate(const data::Dataset& data, const std::function<void(const exporting::ModelSource&)>& look) {
  for (const auto& info : spec::templates()) {
    if (info.forAnomalies || info.name == "resnet34" || info.name == "resnet50") continue;
    auto model = tests::modelFor(data);
    model.preprocessing.categories = "embedding";
    spec::ModelSpec chosen;
    chosen.templateName = info.name;
    model.preprocessing.imageScaling = spec::imageScalingFor(chosen);
    const spec::TemplateContext context{spec::graphContext(model.schema, model.fitted, model.preprocessing),
                                        model.schema.task, 200};
    auto graph = spec::buildTemplate(info.name, {{"dropout", 0.2}}, context);
    if (!graph) continue;  // it is for other data
    model.graph = std::move(*graph);
    look(sourceOf(model, info.name));
  }
}

Counts primitives(const spec::Program& program) {
  Counts counts;
  for (const auto* section : {&program.preprocess, &program.model, &program.head})
    for (const auto& operation : *section) ++counts[spec::name(operation.primitive)];
  return counts;
}

int of(const Counts& counts, const std::string& name) {
  const auto found = counts.find(name);
  return found == counts.end() ? 0 : found->second;
}

/// Normalisations by running statistics that read no convolution and no dense layer.
int behindOthers(const spec::Program& program) {
  std::map<int, Primitive> makers;
  for (const auto& operation : program.model) makers[operation.output] = operation.primitive;
  return static_cast<int>(std::count_if(program.model.begin(), program.model.end(), [&](const auto& operation) {
    const auto maker = makers.find(operation.inputs.empty() ? -1 : operation.inputs[0]);
    const bool layer =
        maker != makers.end() && (maker->second == Primitive::Conv2d || maker->second == Primitive::Linear);
    return operation.primitive == Primitive::BatchNorm && !layer;
  }));
}

int count(const spec::Program& program, Primitive primitive) { return of(primitives(program), spec::name(primitive)); }

/// The file's operations; complains of those that read nothing but the file's own numbers.
Counts onnxCounts(const exporting::ModelSource& source) {
  const auto bytes = exporting::writeOnnx(source.program, source.weights, {});
  onnx::ModelProto model;
  if (!bytes || !model.ParseFromString(*bytes)) lathe::testing::reportFailure(__FILE__, __LINE__, "no ONNX model");
  std::set<std::string> own;
  for (const auto& tensor : model.graph().initializer()) own.insert(tensor.name());
  Counts counts;
  for (const auto& node : model.graph().node()) {
    ++counts[node.op_type()];
    if (std::all_of(node.input().begin(), node.input().end(),
                    [&](const auto& input) { return input.empty() || own.contains(input); }))
      lathe::testing::reportFailure(__FILE__, __LINE__, source.name + " as ONNX computes constants: " + node.op_type());
  }
  return counts;
}

Counts savedModelCounts(const exporting::ModelSource& source) {
  const auto bytes = exporting::writeSavedModel(source, "");
  tensorflow::SavedModel model;
  if (!bytes || !model.ParseFromString(*bytes)) lathe::testing::reportFailure(__FILE__, __LINE__, "no SavedModel");
  std::set<std::string> own;
  Counts counts;
  for (const auto& node : model.meta_graphs(0).graph_def().node()) {
    ++counts[node.op()];
    if (node.op() == "Const") {
      own.insert(node.name());
      continue;
    }
    if (node.input_size() > 0 &&
        std::all_of(node.input().begin(), node.input().end(), [&](const auto& input) { return own.contains(input); }))
      lathe::testing::reportFailure(__FILE__, __LINE__,
                                    source.name + " as SavedModel computes constants: " + node.op());
  }
  return counts;
}

int occurrences(const std::string& text, const std::string& what) {
  int found = 0;
  for (auto place = text.find(what); place != std::string::npos; place = text.find(what, place + what.size())) ++found;
  return found;
}

}  // namespace

LATHE_TEST("no format holds a normalisation behind a convolution, a dropout, or sums of its own numbers: images") {
  const auto images = tests::quarterImages(20);
  int seen = 0;
  eachTemplate(*images, [&](const exporting::ModelSource& source) {
    const auto before = primitives(source.program);
    const auto convolutions = of(before, spec::name(Primitive::Conv2d));
    if (convolutions == 0) return;
    ++seen;
    const auto flat = exporting::folded(source.program, source.weights).program;
    // Those of wide residual networks stand before the convolutions of their blocks.
    const auto norms = count(flat, Primitive::BatchNorm);
    CHECK_EQ(norms, behindOthers(source.program));
    if (source.name != "wide-resnet") CHECK_EQ(norms, 0);

    const auto onnx = onnxCounts(source);
    CHECK_EQ(of(onnx, "Conv"), convolutions);
    for (const char* gone : {"BatchNormalization", "Dropout"}) CHECK_EQ(of(onnx, gone), 0);
    // Pixels are brought to their scale by one subtraction and one product.
    CHECK_EQ(of(onnx, "Sub"), 1);

    const auto saved = savedModelCounts(source);
    CHECK_EQ(of(saved, "Conv2D") + of(saved, "DepthwiseConv2dNative"), convolutions);
    CHECK_EQ(of(saved, "FusedBatchNormV3") + of(saved, "Rsqrt"), 0);
    CHECK_EQ(of(saved, "Sub"), 1);

    const auto script = exporting::writeTorchScriptSource(flat).code;
    CHECK_EQ(occurrences(script, "torch.conv2d("), convolutions);
    CHECK_EQ(occurrences(script, "batch_norm"), norms);
    CHECK_EQ(occurrences(script, "dropout"), 0);

    std::int64_t numbers = 0;
    for (const auto& weights : source.weights) numbers += static_cast<std::int64_t>(weights.size());
    if (numbers > 200'000) return;
    const auto c = exporting::writeC(source);
    REQUIRE_OK(c);
    CHECK_EQ(occurrences(c->source, "    convolve("), convolutions);
    CHECK_EQ(occurrences(c->source, "    batch_norm("), norms);
  });
  CHECK(seen >= 4);
}

LATHE_TEST("no format holds a dropout or sums of its own numbers: tables and windows") {
  const auto table = tests::mixedTable(spec::Task::Classification, 60);
  const auto look = [](const exporting::ModelSource& source) {
    const auto linears = of(primitives(source.program), spec::name(Primitive::Linear));
    const auto onnx = onnxCounts(source), saved = savedModelCounts(source);
    CHECK(of(onnx, "MatMul") >= linears);
    for (const auto& counts : {onnx, saved}) CHECK_EQ(of(counts, "Dropout") + of(counts, "BatchNormalization"), 0);
  };
  eachTemplate(*table, look);
  const auto windows = tests::waves(spec::Task::Forecast, 12, 3);
  for (const char* layers : {"lstm", "gru", "conv1d", "transformer"})
    look(sourceOf(tests::sequenceModel(*windows, layers), layers));
}
