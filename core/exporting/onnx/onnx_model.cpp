// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/onnx/onnx_model.h"

#include <algorithm>
#include <exception>
#include <limits>
#include <onnx/checker.h>
#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>

#include "core/exporting/onnx/onnx_writer.h"
#include "core/exporting/table_columns.h"

namespace lathe::exporting {
namespace {

void setOpset(onnx::ModelProto& model, const char* domain, int version) {
  auto& opset = *model.add_opset_import();
  opset.set_domain(domain);
  opset.set_version(version);
}

/// Raw rows put together from one input a column.
OnnxGraph::Name rowsOfColumns(OnnxGraph& g, const spec::DataSchema& schema) {
  const auto inputs = columnInputs(schema);
  auto shape = schema.inputShape;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto& feature = schema.features[i];
    shape.back() = feature.width;
    g.input(inputs[i], isWord(feature) ? OnnxType::String : OnnxType::Float, shape, feature.name);
  }
  OnnxGraph::Names parts;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto& feature = schema.features[i];
    if (!isWord(feature)) {
      parts.push_back(inputs[i]);
      continue;
    }
    auto words = feature.vocabulary;
    std::vector<float> codes(words.size());
    for (std::size_t k = 0; k < codes.size(); ++k) codes[k] = static_cast<float>(k);
    if (std::find(words.begin(), words.end(), "") == words.end()) {
      words.emplace_back();
      codes.push_back(std::numeric_limits<float>::quiet_NaN());
    }
    parts.push_back(g.numbersOfWords(inputs[i], words, codes, -1));
  }
  return g.joined(parts, static_cast<std::int64_t>(shape.size()));
}

}  // namespace

Result<std::string> writeOnnx(const spec::Program& whole, std::span<const std::vector<float>> numbers,
                              const OnnxDescription& description, const OnnxStorage& storage) {
  try {
    // What is folded into weights of half precision these cannot hold.
    const auto fold =
        isHalf(storage.precision) ? FoldedModel{whole, {numbers.begin(), numbers.end()}} : folded(whole, numbers);
    const auto& program = fold.program;
    onnx::ModelProto model;
    model.set_ir_version(onnxIrVersion);
    model.set_producer_name("Lathe");
    model.set_producer_version(description.version);
    setOpset(model, "", onnxOpset);
    if (description.columns != nullptr) setOpset(model, onnxMlDomain, onnxMlOpset);
    for (const auto& [key, value] : description.metadata) {
      auto& entry = *model.add_metadata_props();
      entry.set_key(key);
      entry.set_value(value);
    }
    auto& graph = *model.mutable_graph();
    graph.set_name(description.name.empty() ? "model" : description.name);
    constexpr const char *input = "input_tensor", *output = "output_tensor";
    OnnxWriter writer(graph, program, fold.weights, storage);
    OnnxGraph::Name rows = input;
    if (description.columns != nullptr)
      rows = rowsOfColumns(writer.graph(), *description.columns);
    else
      writer.graph().input(input, OnnxType::Float, program.values[static_cast<std::size_t>(program.input)]);
    const int last = program.output >= 0 ? program.output : program.logits;
    writer.graph().output(output, program.values[static_cast<std::size_t>(last)]);
    writer.write(rows, output);
    constexpr std::size_t most = (std::size_t{1} << 31) - 1;
    if (model.ByteSizeLong() > most)
      return fail("export.too_large",
                  LATHE_TEXT("errors", "The model is larger than the 2 GB that an ONNX file can hold."),
                  LATHE_TEXT("errors", "Export it as TorchScript, or choose a smaller model."));
    onnx::checker::check_model(model);
    onnx::shape_inference::InferShapes(model, onnx::OpSchemaRegistry::Instance(),
                                       onnx::ShapeInferenceOptions{true, 1, false});
    // What was inferred is not needed by anybody.
    graph.clear_value_info();
    return model.SerializeAsString();
  } catch (const std::exception& error) {
    return fail("export.onnx", LATHE_TEXT("errors", "The ONNX file could not be made: {reason}."),
                LATHE_TEXT("errors", "Export the run as TorchScript, and report this: Help > Save a report for a bug."),
                {{"reason", error.what()}});
  }
}

}  // namespace lathe::exporting
