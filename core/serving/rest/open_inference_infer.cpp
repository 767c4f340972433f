// SPDX-License-Identifier: GPL-3.0-or-later
// Open Inference's /infer with its binary extension.
#include <charconv>
#include <cstring>
#include <fmt/format.h>

#include "core/serving/rest/open_inference_rest.h"

namespace lathe::serving {
namespace {

bool trueMember(const Json& value, std::string_view name) {
  const auto* parameters = member(value, "parameters");
  const auto* flag = parameters == nullptr ? nullptr : member(*parameters, name);
  return flag != nullptr && flag->IsTrue();
}

Answer<std::string> textMember(const Json& value, const char* name, const char* what) {
  const auto* text = member(value, name);
  if (text == nullptr || !text->IsString())
    return refuse(FaultKind::BadInput,
                  fmt::format("Unable to parse '{}': attempt to access non-existing or wrong '{}'", what, name));
  return std::string(textOf(*text));
}

/// Flat or nested "data" of an input, whose shape is known.
Answer<void> readData(const Json& data, Tensor& tensor) {
  Tensor flat;
  flat.name = tensor.name;
  if (const auto read = readTensor(data, flat); !read)
    return refuse(read.error().kind,
                  fmt::format("Unable to parse 'data' of input '{}': {}", tensor.name, read.error().text));
  if (elementsIn(tensor.shape) != flat.size())
    return refuse(FaultKind::BadInput, "Unable to parse 'data': Shape does not match true shape of 'data' field");
  if (flat.text != tensor.text && flat.size() > 0)
    return refuse(FaultKind::BadInput, fmt::format("Unable to parse 'data': input '{}' takes {}", tensor.name,
                                                   tensor.text ? "texts" : "numbers"));
  tensor.numbers = std::move(flat.numbers);
  tensor.texts = std::move(flat.texts);
  return {};
}

/// One of "inputs"; what is binary is taken off the front of `raw`.
Answer<Tensor> readInput(const ServedModel& model, const std::string& id, const Json& input, std::string_view& raw) {
  Tensor tensor;
  SERVING_ASSIGN(name, textMember(input, "name", "inputs"));
  tensor.name = name;
  SERVING_ASSIGN(type, textMember(input, "datatype", "inputs"));
  const auto* shape = member(input, "shape");
  if (shape == nullptr || !shape->IsArray())
    return refuse(FaultKind::BadInput, "Unable to parse 'inputs': attempt to access non-existing or wrong 'shape'");
  for (const auto& size : shape->GetArray()) {
    if (!size.IsInt64())
      return refuse(FaultKind::BadInput,
                    fmt::format("Unable to parse 'shape' of input '{}': {} is no size", name, shownJson(size)));
    tensor.shape.push_back(size.GetInt64());
  }
  SERVING_TRY(checkOpenInput(model, id, name, type, tensor.shape));
  const auto known = dataType(type);
  const auto* parameters = member(input, "parameters");
  const auto* size = parameters == nullptr ? nullptr : member(*parameters, "binary_data_size");
  if (size != nullptr) {
    if (!size->IsUint64() || size->GetUint64() > raw.size())
      return refuse(FaultKind::BadInput,
                    fmt::format("unexpected size for input '{}', expecting {} bytes for model '{}'", name,
                                shownJson(*size), model.facts().name));
    const auto bytes = raw.substr(0, static_cast<std::size_t>(size->GetUint64()));
    raw.remove_prefix(bytes.size());
    if (!readRaw(bytes, known, tensor))
      return refuse(
          FaultKind::BadInput,
          fmt::format("input byte size mismatch for input '{}' for model '{}'. Shape {} does not hold {} bytes", name,
                      model.facts().name, bracketed(tensor.shape), bytes.size()));
    return tensor;
  }
  tensor.text = known == DataType::Bytes;
  const auto* data = member(input, "data");
  if (data == nullptr)
    return refuse(FaultKind::BadInput,
                  fmt::format("Unable to parse 'inputs': input '{}' has neither 'data' nor 'binary_data_size'", name));
  SERVING_TRY(readData(*data, tensor));
  return tensor;
}

Answer<void> readOutputs(const ServedModel& model, const Json& body, OpenRequest& request) {
  const auto* outputs = member(body, "outputs");
  request.binaryOutput = trueMember(body, "binary_data_output");
  if (outputs == nullptr) return {};
  if (!outputs->IsArray())
    return refuse(FaultKind::BadInput, "Unable to parse 'outputs': attempt to access JSON non-array as array");
  for (const auto& output : outputs->GetArray()) {
    SERVING_ASSIGN(name, textMember(output, "name", "outputs"));
    if (name != outputTensorName)
      return refuse(FaultKind::BadInput,
                    fmt::format("unexpected inference output '{}' for model '{}'", name, model.facts().name));
    const auto* parameters = member(output, "parameters");
    const auto* binary = parameters == nullptr ? nullptr : member(*parameters, "binary_data");
    if (binary != nullptr) request.binaryOutput = binary->IsTrue();
  }
  return {};
}

void sendOutputs(Exchange& exchange, const OpenRequest& asked, const Outputs& outputs) {
  const auto& model = *exchange.model;
  std::string body = "{";
  if (!asked.id.empty()) {
    body += "\"id\":";
    appendJsonText(body, asked.id);
    body += ',';
  }
  body += "\"model_name\":";
  appendJsonText(body, model.facts().name);
  std::vector<std::int64_t> shape{static_cast<std::int64_t>(outputs.rows)};
  shape.insert(shape.end(), model.outputShape().begin(), model.outputShape().end());
  fmt::format_to(std::back_inserter(body),
                 ",\"model_version\":\"{}\",\"outputs\":[{{\"name\":\"{}\",\"datatype\":\"FP32\",\"shape\":{},",
                 model.facts().version, outputTensorName, bracketed(shape));
  if (!asked.binaryOutput) {
    body += "\"data\":[";
    for (std::size_t i = 0; i < outputs.values.size(); ++i) {
      if (i > 0) body += ',';
      appendJsonNumber(body, outputs.values[i]);
    }
    exchange.send(200, body + "]}]}");
    return;
  }
  const auto bytes = outputs.values.size_bytes();
  fmt::format_to(std::back_inserter(body), "\"parameters\":{{\"binary_data_size\":{}}}}}]}}", bytes);
  HttpResponse response{200, "application/octet-stream", std::move(body)};
  response.headers.emplace_back("Inference-Header-Content-Length", std::to_string(response.body.size()));
  response.body.append(reinterpret_cast<const char*>(outputs.values.data()), bytes);
  exchange.respond(std::move(response));
}

}  // namespace

Answer<OpenRequest> readOpenRequest(const ServedModel& model, std::string_view body, std::string_view headerLength) {
  std::string_view raw;
  if (!headerLength.empty()) {
    std::size_t length = 0;
    const auto read = std::from_chars(headerLength.data(), headerLength.data() + headerLength.size(), length);
    if (read.ec != std::errc() || read.ptr != headerLength.data() + headerLength.size() || length > body.size())
      return refuse(FaultKind::BadInput,
                    "Unable to parse Inference-Header-Content-Length: it is no length of a part of the body");
    raw = body.substr(length);
    body = body.substr(0, length);
  }
  JsonBody json;
  if (const auto parsed = json.parse(body); !parsed)
    return refuse(FaultKind::BadInput, fmt::format("failed to parse the request JSON buffer: {}", parsed.error().text));
  const auto& root = json.root();
  OpenRequest request;
  if (const auto* id = member(root, "id"); id != nullptr) {
    if (!id->IsString())
      return refuse(FaultKind::BadInput, "Unable to parse 'id': attempt to access JSON non-string as string");
    request.id = std::string(textOf(*id));
  }
  const auto* inputs = member(root, "inputs");
  if (inputs == nullptr || !inputs->IsArray())
    return refuse(FaultKind::BadInput,
                  "Unable to parse 'inputs': attempt to access non-existing object member 'inputs'");
  std::vector<Tensor> tensors;
  for (const auto& input : inputs->GetArray()) {
    SERVING_ASSIGN(tensor, readInput(model, request.id, input, raw));
    tensors.push_back(std::move(tensor));
  }
  if (tensors.empty())
    return refuse(FaultKind::BadInput,
                  fmt::format("expected 1 inputs but got 0 inputs for model '{}'", model.facts().name));
  if (!raw.empty())
    return refuse(FaultKind::BadInput,
                  fmt::format("unexpected additional input data for model '{}'", model.facts().name));
  SERVING_TRY(readOutputs(model, root, request));
  SERVING_ASSIGN(rows, rowsOfTensors(model.layout(), tensors, ImageOrder::ChannelsFirst));
  request.rows = std::move(rows);
  return request;
}

void openInferenceInfer(const ExchangePtr& exchange) {
  const auto asked = std::make_shared<OpenRequest>();  // from the reading to the answering
  const auto posted = exchange->model->post(
      [exchange, asked](const InputLayout&) -> Answer<InputRows> {
        auto read = readOpenRequest(*exchange->model, exchange->request.body,
                                    exchange->request.header("Inference-Header-Content-Length"));
        if (!read) return tl::unexpected<Fault>(std::move(read).error());
        *asked = std::move(*read);
        return std::move(asked->rows);
      },
      [exchange, asked](const Answer<Outputs>& outputs) {
        if (outputs)
          sendOutputs(*exchange, *asked, *outputs);
        else
          sendFault(*exchange, outputs.error());
      });
  if (!posted) sendFault(*exchange, posted.error());
}

}  // namespace lathe::serving
