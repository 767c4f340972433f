// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/grpc/tensor_messages.h"

#include <algorithm>
#include <fmt/format.h>

namespace lathe::serving {
namespace {

using tensorflow::TensorProto;

DataType dataTypeOf(tensorflow::DataType type) {
  switch (type) {
    case tensorflow::DT_FLOAT:
      return DataType::Fp32;
    case tensorflow::DT_DOUBLE:
      return DataType::Fp64;
    case tensorflow::DT_INT32:
      return DataType::Int32;
    case tensorflow::DT_UINT8:
      return DataType::Uint8;
    case tensorflow::DT_INT16:
      return DataType::Int16;
    case tensorflow::DT_INT8:
      return DataType::Int8;
    case tensorflow::DT_STRING:
      return DataType::Bytes;
    case tensorflow::DT_INT64:
      return DataType::Int64;
    case tensorflow::DT_BOOL:
      return DataType::Bool;
    case tensorflow::DT_BFLOAT16:
      return DataType::Bf16;
    case tensorflow::DT_UINT16:
      return DataType::Uint16;
    case tensorflow::DT_HALF:
      return DataType::Fp16;
    case tensorflow::DT_UINT32:
      return DataType::Uint32;
    case tensorflow::DT_UINT64:
      return DataType::Uint64;
    default:
      return DataType::Unknown;
  }
}

template <class Values>
bool fill(const Values& values, std::size_t count, std::vector<float>& out) {
  const auto given = static_cast<std::size_t>(values.size());
  if (given > count || (given == 0 && count > 0)) return false;
  out.reserve(count);
  for (const auto value : values) out.push_back(static_cast<float>(value));
  out.resize(count, out.empty() ? 0.0F : out.back());
  return true;
}

bool fillBits(const TensorProto& message, DataType type, std::size_t count, std::vector<float>& out) {
  if (!fill(message.half_val(), count, out)) return false;
  for (std::size_t i = 0; i < count; ++i) {
    const auto given = std::min(i, static_cast<std::size_t>(message.half_val_size()) - 1);
    const auto bits = static_cast<std::uint16_t>(message.half_val(static_cast<int>(given)));
    out[i] = type == DataType::Fp16 ? halfToFloat(bits) : brainToFloat(bits);
  }
  return true;
}

bool fillValues(const TensorProto& message, DataType type, std::size_t count, Tensor& tensor) {
  auto& out = tensor.numbers;
  switch (type) {
    case DataType::Fp32:
      return fill(message.float_val(), count, out);
    case DataType::Fp64:
      return fill(message.double_val(), count, out);
    case DataType::Int64:
      return fill(message.int64_val(), count, out);
    case DataType::Bool:
      return fill(message.bool_val(), count, out);
    case DataType::Uint32:
      return fill(message.uint32_val(), count, out);
    case DataType::Uint64:
      return fill(message.uint64_val(), count, out);
    case DataType::Fp16:
    case DataType::Bf16:
      return fillBits(message, type, count, out);
    case DataType::Bytes: {
      const auto given = static_cast<std::size_t>(message.string_val_size());
      if (given > count || (given == 0 && count > 0)) return false;
      tensor.texts.assign(message.string_val().begin(), message.string_val().end());
      tensor.texts.resize(count, tensor.texts.empty() ? std::string() : tensor.texts.back());
      return true;
    }
    default:
      return fill(message.int_val(), count, out);
  }
}

const tensorflow::serving::Feature* featureIn(const tensorflow::serving::Example& example,
                                              const tensorflow::serving::Example* context, const std::string& name) {
  const auto& own = example.features().feature();
  if (const auto found = own.find(name); found != own.end()) return &found->second;
  if (context == nullptr) return nullptr;
  const auto& shared = context->features().feature();
  const auto found = shared.find(name);
  return found == shared.end() ? nullptr : &found->second;
}

Answer<void> writeFeature(const InputColumn& column, const tensorflow::serving::Feature& feature, float* row) {
  if (feature.has_bytes_list() && feature.bytes_list().value_size() == 1)
    return column.writeText(feature.bytes_list().value(0), row);
  if (feature.has_float_list() && feature.float_list().value_size() == 1)
    return column.writeNumber(static_cast<double>(feature.float_list().value(0)), row);
  if (feature.has_int64_list() && feature.int64_list().value_size() == 1)
    return column.writeNumber(static_cast<double>(feature.int64_list().value(0)), row);
  const bool empty =
      feature.bytes_list().value_size() + feature.float_list().value_size() + feature.int64_list().value_size() == 0;
  if (!empty) return refuse(FaultKind::BadInput, fmt::format("Column \"{}\" takes one value", column.name()));
  column.writeMissing(row);
  return {};
}

Answer<void> appendExample(const ServedModel& model, const tensorflow::serving::Example& example,
                           const tensorflow::serving::Example* context, InputRows& rows) {
  const auto& layout = model.layout();
  const auto* whole =
      layout.column(inputTensorName) == nullptr ? featureIn(example, context, inputTensorName) : nullptr;
  if (whole != nullptr) {
    if (whole->has_bytes_list() && layout.image() && whole->bytes_list().value_size() == 1)
      return appendImageFile(layout, whole->bytes_list().value(0), rows);
    std::vector<float> values(whole->float_list().value().begin(), whole->float_list().value().end());
    for (const auto value : whole->int64_list().value()) values.push_back(static_cast<float>(value));
    if (values.size() != layout.inputSize())
      return refuse(FaultKind::BadInput, fmt::format("Key: {}. Can't parse serialized Example: {} values, not {}",
                                                     inputTensorName, layout.inputSize(), values.size()));
    if (layout.image())
      appendImage(layout, values, ImageOrder::ChannelsLast, rows);
    else
      appendInput(layout, values, rows);
    return {};
  }
  if (!layout.table() || layout.window() > 1)
    return refuse(FaultKind::BadInput,
                  fmt::format("Feature: {} (data type: float) is required but could not be found.", inputTensorName));
  const auto first = rows.numbers.size();
  rows.numbers.resize(first + layout.inputSize());
  for (const auto& column : layout.columns()) {
    const auto* feature = featureIn(example, context, column.name());
    if (feature == nullptr)
      return refuse(FaultKind::BadInput, fmt::format("Feature: {} (data type: {}) is required but could not be found.",
                                                     column.name(), column.isText() ? "string" : "float"));
    SERVING_TRY(writeFeature(column, *feature, rows.numbers.data() + first));
  }
  ++rows.rows;
  return {};
}

/// The list of an input's type.
bool readContents(const inference::InferTensorContents& contents, DataType type, Tensor& tensor) {
  const auto count = elementsIn(tensor.shape);
  if (!count) return false;
  const auto copy = [&](const auto& values) {
    if (static_cast<std::size_t>(values.size()) != *count) return false;
    tensor.numbers.reserve(*count);
    for (const auto value : values) tensor.numbers.push_back(static_cast<float>(value));
    return true;
  };
  switch (type) {
    case DataType::Bool:
      return copy(contents.bool_contents());
    case DataType::Int8:
    case DataType::Int16:
    case DataType::Int32:
      return copy(contents.int_contents());
    case DataType::Int64:
      return copy(contents.int64_contents());
    case DataType::Uint8:
    case DataType::Uint16:
    case DataType::Uint32:
      return copy(contents.uint_contents());
    case DataType::Uint64:
      return copy(contents.uint64_contents());
    case DataType::Fp32:
      return copy(contents.fp32_contents());
    case DataType::Fp64:
      return copy(contents.fp64_contents());
    case DataType::Bytes:
      tensor.text = true;
      tensor.texts.assign(contents.bytes_contents().begin(), contents.bytes_contents().end());
      return tensor.texts.size() == *count;
    default:
      return false;
  }
}

void fillInfos(const std::vector<TensorFact>& facts,
               google::protobuf::Map<std::string, tensorflow::TensorInfo>& infos) {
  for (const auto& fact : facts) {
    auto& info = infos[fact.name];
    info.set_name(fact.name + ":0");
    info.set_dtype(fact.text ? tensorflow::DT_STRING : tensorflow::DT_FLOAT);
    for (const auto size : fact.shape) info.mutable_tensor_shape()->add_dim()->set_size(size);
  }
}

}  // namespace

Answer<Tensor> tensorOf(const std::string& name, const TensorProto& message) {
  Tensor tensor;
  tensor.name = name;
  for (const auto& dim : message.tensor_shape().dim()) tensor.shape.push_back(dim.size());
  const auto count = elementsIn(tensor.shape);
  const auto type = dataTypeOf(message.dtype());
  constexpr std::size_t most = std::size_t{1} << 28U;
  if (!count || *count > most || message.tensor_shape().unknown_rank())
    return refuse(FaultKind::BadInput, fmt::format("tensor parsing error: {}", name));
  if (type == DataType::Unknown)
    return refuse(FaultKind::BadInput, fmt::format("input {} has data type {}, which is not supported", name,
                                                   static_cast<int>(message.dtype())));
  tensor.text = type == DataType::Bytes;
  const bool read = !message.tensor_content().empty() && !tensor.text ? readRaw(message.tensor_content(), type, tensor)
                                                                      : fillValues(message, type, *count, tensor);
  if (!read) return refuse(FaultKind::BadInput, fmt::format("tensor parsing error: {}", name));
  return tensor;
}

void fillTensor(const ServedModel& model, const Outputs& outputs, TensorProto& message) {
  message.set_dtype(tensorflow::DT_FLOAT);
  auto& shape = *message.mutable_tensor_shape();
  shape.add_dim()->set_size(static_cast<std::int64_t>(outputs.rows));
  for (const auto size : model.outputShape()) shape.add_dim()->set_size(size);
  message.mutable_float_val()->Add(outputs.values.begin(), outputs.values.end());
}

Answer<InputRows> rowsOfPredict(const ServedModel& model, const tensorflow::serving::PredictRequest& request) {
  SERVING_ASSIGN(signature, predictSignature(model, request.model_spec().signature_name()));
  std::vector<std::string> sent;
  for (const auto& [name, unused] : request.inputs()) sent.push_back(name);
  SERVING_TRY(checkInputNames(signature, sent));
  SERVING_TRY(checkOutputNames(signature, {request.output_filter().begin(), request.output_filter().end()}));
  std::vector<Tensor> tensors;
  for (const auto& input : signature.inputs) {
    const auto& message = request.inputs().at(input.name);
    SERVING_ASSIGN(tensor, tensorOf(input.name, message));
    const bool image = model.layout().image();
    if (tensor.text != input.text && !image)
      return refuse(FaultKind::BadInput,
                    fmt::format("Expects arg[0] to be {} but {} is provided: {}", input.text ? "string" : "float",
                                tensor.text ? "string" : "a number", input.name));
    if (input.name == inputTensorName && !image && message.dtype() != tensorflow::DT_FLOAT)
      return refuse(FaultKind::BadInput, fmt::format("Expects arg[0] to be float but {} is provided",
                                                     message.dtype() == tensorflow::DT_INT64 ? "int64"
                                                     : message.dtype() == tensorflow::DT_DOUBLE
                                                         ? "double"
                                                         : fmt::format("type {}", static_cast<int>(message.dtype()))));
    tensors.push_back(std::move(tensor));
  }
  return rowsOfTensors(model.layout(), tensors, ImageOrder::ChannelsLast);
}

Answer<InputRows> rowsOfExamples(const ServedModel& model, const tensorflow::serving::Input& input) {
  const bool shared = input.has_example_list_with_context();
  const auto& examples = shared ? input.example_list_with_context().examples() : input.example_list().examples();
  const auto* context = shared ? &input.example_list_with_context().context() : nullptr;
  if (examples.empty()) return refuse(FaultKind::BadInput, "Input is empty.");
  InputRows rows;
  for (const auto& example : examples) SERVING_TRY(appendExample(model, example, context, rows));
  return rows;
}

Answer<InputRows> rowsOfInfer(const ServedModel& model, const inference::ModelInferRequest& request) {
  const auto& name = model.facts().name;
  if (request.inputs().empty())
    return refuse(FaultKind::BadInput, fmt::format("expected 1 inputs but got 0 inputs for model '{}'", name));
  const bool raw = request.raw_input_contents_size() > 0;
  if (raw && request.raw_input_contents_size() != request.inputs_size())
    return refuse(FaultKind::BadInput, fmt::format("expected {} raw_input_contents but got {}", request.inputs_size(),
                                                   request.raw_input_contents_size()));
  for (const auto& output : request.outputs())
    if (output.name() != outputTensorName)
      return refuse(FaultKind::BadInput,
                    fmt::format("unexpected inference output '{}' for model '{}'", output.name(), name));
  std::vector<Tensor> tensors;
  for (int i = 0; i < request.inputs_size(); ++i) {
    const auto& input = request.inputs(i);
    if (raw && input.has_contents())
      return refuse(
          FaultKind::BadInput,
          fmt::format("contents field must not be specified when using raw_input_contents for '{}' for model '{}'",
                      input.name(), name));
    Tensor tensor;
    tensor.name = input.name();
    tensor.shape.assign(input.shape().begin(), input.shape().end());
    SERVING_TRY(checkOpenInput(model, request.id(), input.name(), input.datatype(), tensor.shape));
    const auto type = dataType(input.datatype());
    const bool read =
        raw ? readRaw(request.raw_input_contents(i), type, tensor) : readContents(input.contents(), type, tensor);
    if (!read)
      return refuse(FaultKind::BadInput,
                    fmt::format("input byte size mismatch for input '{}' for model '{}'", input.name(), name));
    tensors.push_back(std::move(tensor));
  }
  return rowsOfTensors(model.layout(), tensors, ImageOrder::ChannelsFirst);
}

void fillSignature(const ServedSignature& signature, tensorflow::SignatureDef& message) {
  message.set_method_name(signature.method);
  fillInfos(signature.inputs, *message.mutable_inputs());
  fillInfos(signature.outputs, *message.mutable_outputs());
}

}  // namespace lathe::serving
