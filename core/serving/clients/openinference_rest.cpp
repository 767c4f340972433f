// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>
#include <fmt/format.h>
#include <optional>

#include "core/serving/clients/http_client.h"
#include "core/serving/clients/little_endian.h"
#include "core/serving/clients/tensor_json.h"
#include "core/serving/clients/torchserve_client.h"

namespace lathe::serving {
namespace {

using Json = nlohmann::json;
constexpr const char* lengthHeader = "inference-header-content-length";

std::vector<std::int64_t> shapeOf(const Json& tensor) {
  std::vector<std::int64_t> shape;
  for (const auto& size : valueAt(tensor, "shape"))
    if (size.is_number_integer()) shape.push_back(size.get<std::int64_t>());
  return shape;
}

std::vector<TensorFacts> factsFrom(const Json& list) {
  std::vector<TensorFacts> all;
  for (const auto& entry : list) {
    if (!entry.is_object()) continue;
    const auto type = textAt(entry, "datatype");
    all.push_back({textAt(entry, "name"), tensorType(type), type, shapeOf(entry)});
  }
  return all;
}

class OpenInferenceRest final : public TensorService {
 public:
  explicit OpenInferenceRest(HttpClient client) : m_client(std::move(client)) {}

  Result<std::string> notReady(const ModelAddress& model) override {
    auto answer = m_client.get(pathOf(model) + "/ready");
    if (!answer) return passOn(answer);
    return answer->ok() ? std::string() : fmt::format("status {}", answer->status);
  }

  Result<Signature> signature(const ModelAddress& model) override {
    auto answer = m_client.get(pathOf(model));
    if (!answer) return passOn(answer);
    if (!answer->ok()) return refusal(m_client.address(), *answer);
    const auto json = lenientJson(answer->body);
    if (!json.is_object() || !json.contains("inputs") || !json["inputs"].is_array())
      return badAnswer(m_client.address(), "it names no inputs");
    return Signature{factsFrom(json["inputs"]), factsFrom(valueAt(json, "outputs")), {}};
  }

  Result<std::vector<NamedValues>> predict(const ModelAddress& model, const std::vector<NamedValues>& inputs,
                                           std::string* version) override {
    LATHE_ASSIGN(binary, takesBinary());
    auto answer = m_client.post(pathOf(model) + "/infer", binary ? binaryBody(inputs) : textBody(inputs));
    if (!answer) return passOn(answer);
    if (!answer->ok()) return refusal(m_client.address(), *answer);
    std::size_t length = answer->body.size();
    if (const auto found = answer->headers.find(lengthHeader); found != answer->headers.end())
      length = std::strtoull(found->second.c_str(), nullptr, 10);
    if (length > answer->body.size()) return badAnswer(m_client.address(), "it is cut off");
    const auto json = lenientJson(answer->body.substr(0, length));
    if (!json.is_object() || !json.contains("outputs") || !json["outputs"].is_array())
      return badAnswer(m_client.address(), "it holds no outputs");
    if (version != nullptr) *version = textAt(json, "model_version");
    return outputsFrom(json["outputs"], std::string_view(answer->body).substr(length));
  }

 private:
  static std::string pathOf(const ModelAddress& model) {
    auto path = "/v2/models/" + percentEncoded(model.model);
    return model.version.empty() ? path : path + "/versions/" + percentEncoded(model.version);
  }

  /// The extension that carries NaN: JSON has none.
  Result<bool> takesBinary() {
    if (m_binary) return *m_binary;
    auto answer = m_client.get("/v2");
    if (!answer) return passOn(answer);
    m_binary = answer->body.find("binary_tensor_data") != std::string::npos;
    return *m_binary;
  }

  static Json headOf(const NamedValues& input) {
    return {
        {"name", input.name}, {"shape", input.shape}, {"datatype", input.typeName.empty() ? "FP32" : input.typeName}};
  }

  static HttpBody textBody(const std::vector<NamedValues>& inputs) {
    std::string text = "{\"inputs\":[";
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      auto head = headOf(inputs[i]).dump();
      head.pop_back();
      text += (i > 0 ? "," : "") + head + ",\"data\":" + nestedJson(inputs[i]) + "}";
    }
    return {text + "]}", "application/json"};
  }

  static HttpBody binaryBody(const std::vector<NamedValues>& inputs) {
    Json head = {{"inputs", Json::array()}, {"parameters", {{"binary_data_output", true}}}};
    std::string bytes;
    for (const auto& input : inputs) {
      const auto start = bytes.size();
      appendBytes(bytes, input);
      auto entry = headOf(input);
      entry["parameters"] = {{"binary_data_size", bytes.size() - start}};
      head["inputs"].push_back(std::move(entry));
    }
    const auto text = head.dump();
    return {
        text + bytes, "application/octet-stream", {{"Inference-Header-Content-Length", std::to_string(text.size())}}};
  }

  Result<std::vector<NamedValues>> outputsFrom(const Json& outputs, std::string_view bytes) const {
    std::vector<NamedValues> all;
    for (const auto& output : outputs) {
      if (!output.is_object()) return badAnswer(m_client.address(), "an output is no object");
      const auto type = textAt(output, "datatype");
      NamedValues values{textAt(output, "name"), shapeOf(output), {}, tensorType(type), type};
      const auto& parameters = valueAt(output, "parameters");
      if (parameters.is_object() && parameters.contains("binary_data_size")) {
        const auto size = parameters["binary_data_size"].is_number_unsigned()
                              ? parameters["binary_data_size"].get<std::size_t>()
                              : std::string_view::npos;
        if (size > bytes.size()) return badAnswer(m_client.address(), "it is cut off");
        LATHE_TRY(readBytes(bytes.substr(0, size), values));
        bytes.remove_prefix(size);
      } else {
        const auto& data = valueAt(output, "data");
        if (!data.is_array()) return badAnswer(m_client.address(), "the output " + values.name + " holds no data");
        LATHE_ASSIGN(given, valuesFrom(values.name, data));
        values.values = std::move(given.values);
      }
      LATHE_TRY(checkShape(values));
      all.push_back(std::move(values));
    }
    return all;
  }

  HttpClient m_client;
  std::optional<bool> m_binary;
};

}  // namespace

Result<std::unique_ptr<TensorService>> openInferenceRest(const ServiceSettings& settings) {
  LATHE_ASSIGN(client, HttpClient::to(settings.address, settings.token, settings.timeoutSeconds));
  return std::unique_ptr<TensorService>(std::make_unique<OpenInferenceRest>(std::move(client)));
}

}  // namespace lathe::serving
