// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/onnx/onnx_model.h"

#include <exception>
#include <onnx/checker.h>
#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>

#include "core/exporting/onnx/onnx_writer.h"

namespace lathe::exporting {
namespace {

void describe(onnx::ValueInfoProto& value, const char* name, const spec::Shape& row) {
  value.set_name(name);
  auto& tensor = *value.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(onnx::TensorProto::FLOAT);
  tensor.mutable_shape()->add_dim()->set_dim_param("N");
  for (const auto size : row) tensor.mutable_shape()->add_dim()->set_dim_value(size);
}

}  // namespace

Result<std::string> writeOnnx(const spec::Program& program, std::span<const std::vector<float>> parameters,
                              const OnnxDescription& description, const OnnxStorage& storage) {
  try {
    onnx::ModelProto model;
    model.set_ir_version(onnxIrVersion);
    model.set_producer_name("Lathe");
    model.set_producer_version(description.version);
    auto& opset = *model.add_opset_import();
    opset.set_domain("");
    opset.set_version(onnxOpset);
    for (const auto& [key, value] : description.metadata) {
      auto& entry = *model.add_metadata_props();
      entry.set_key(key);
      entry.set_value(value);
    }
    auto& graph = *model.mutable_graph();
    graph.set_name(description.name.empty() ? "model" : description.name);
    constexpr const char *input = "input_tensor", *output = "output_tensor";
    describe(*graph.add_input(), input, program.values[static_cast<std::size_t>(program.input)]);
    const int last = program.output >= 0 ? program.output : program.logits;
    describe(*graph.add_output(), output, program.values[static_cast<std::size_t>(last)]);
    OnnxWriter(graph, program, parameters, storage).write(input, output);
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
